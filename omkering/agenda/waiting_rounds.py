"""What waits in priority rounds: choices to hand in, and for the bureau rounds that open or close soon, or are late."""

from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.agenda.models import Round, RoundLine, RoundState
from omkering.thread.models import Item
from omkering.thread.waiting import Waiting, moment_words, register
from omkering.who.models import Person
from omkering.who.standing import Standing

SOON = timedelta(days=7)
CLOCK = timedelta(minutes=2)  # that the clock has before it counts as late
MOST = 20  # rounds that a home page names one by one


@register(
    sign="""
    SELECT FROM agenda_roundline AS line JOIN agenda_round AS round ON round.item_ptr_id = line.round_id
    WHERE (line.member_id = ANY(%(votes_for)s::bigint[]) OR line.person_id = %(person)s)
      AND round.closes_at > %(now)s
      AND NOT EXISTS (
          SELECT FROM agenda_priorityballot AS ballot WHERE ballot.line_id = line.id AND ballot."cast" IS NOT NULL
      )
    """
)
def choices_to_hand_in(person: Person, standing: Standing) -> list[Waiting]:
    """Open rounds in which nothing was handed in for a member this person chooses for, or for a seat of their own.

    One query. What is filled in and not handed in is told apart.
    """
    lines = RoundLine.objects.filter(
        Q(member_id__in=standing.votes_for) | Q(person_id=person.pk),
        round__state=RoundState.OPEN,
        round__closes_at__gt=timezone.now(),
        round__in=Item.objects.visible_to(standing, person.pk).filter(kind="round"),
        ballot__cast__isnull=True,
    )
    columns = ("round_id", "round__title", "round__closes_at", "pk", "ballot__draft")
    rounds: dict[tuple[int, str, datetime], list[tuple[int, bool]]] = {}
    for pk, title, closes_at, line, draft in lines.order_by("round__closes_at", "round_id", "pk").values_list(
        *columns
    ):
        rounds.setdefault((pk, title, closes_at), []).append((line, bool(draft)))
    return [_to_hand_in(*key, mine) for key, mine in rounds.items()]


def _to_hand_in(pk: int, title: str, closes_at: datetime, lines: list[tuple[int, bool]]) -> Waiting:
    text = _("Choose the priorities of “%(title)s” (closes %(moment)s)")
    if all(begun for _line, begun in lines):
        text = _("Hand in what you filled in for “%(title)s” (closes %(moment)s)")
    url = reverse("agenda:round", args=[pk])
    if len(lines) == 1:
        url = reverse("agenda:choose", args=[pk, lines[0][0]])
    words = {"title": title, "moment": moment_words(closes_at)}
    return Waiting(text % words, len(lines), url, counted=len(lines) > 1)


@register(
    sign="""
    SELECT FROM agenda_round AS round JOIN thread_item AS item ON item.id = round.item_ptr_id
    WHERE item.kind = 'round' AND (
        item.state = 'planned' AND round.opens_at <= %(now)s + interval '7 days'
        OR item.state = 'open' AND round.closes_at <= %(now)s + interval '7 days'
    )
    """,
    of_bureau=True,
)
def rounds_to_tend(person: Person, standing: Standing) -> list[Waiting]:
    """For the bureau: rounds that open or close within a week, that have too few candidates, or that are late.

    One query.
    """
    now = timezone.now()
    rounds = Round.objects.filter(
        Q(state=RoundState.PLANNED, opens_at__lte=now + SOON)
        | Q(state=RoundState.OPEN, closes_at__lte=now + SOON)
    ).annotate(number=Count("candidates", filter=Q(candidates__withdrawn_at__isnull=True)))
    rows = rounds.order_by("closes_at", "pk").values_list(
        "pk", "title", "state", "opens_at", "closes_at", "maximum", "number"
    )[:MOST]
    return [_to_tend(now, *row) for row in rows]


def _to_tend(
    now: datetime,
    pk: int,
    title: str,
    state: str,
    opens_at: datetime,
    closes_at: datetime,
    maximum: int,
    number: int,
) -> Waiting:
    planned = state == RoundState.PLANNED
    at = opens_at if planned else closes_at
    late = at < now - CLOCK
    if planned and number <= maximum:
        text = _("“%(title)s” needs more candidates before it can open (%(moment)s)")
    elif planned:
        text = _("“%(title)s” should be open") if late else _("“%(title)s” opens %(moment)s")
    else:
        text = _("“%(title)s” should be closed") if late else _("“%(title)s” closes %(moment)s")
    words = {"title": title, "moment": moment_words(at)}
    return Waiting(text % words, 1, reverse("agenda:round", args=[pk]), late, counted=False)
