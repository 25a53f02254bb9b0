"""What waits in consultations: views to hand in, meetings to plan and report, and rounds for the bureau to tend."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.deliberate.models import ConsultationRound, ConsultationState, Meeting, Public, View
from omkering.thread.models import Item
from omkering.thread.waiting import Waiting, moment_words, register
from omkering.who.models import Member, NetworkMembership, Person
from omkering.who.standing import Standing

SOON = timedelta(days=7)
CLOCK = timedelta(minutes=2)  # that the clock has before it counts as late
MOST = 20  # rounds that a home page names one by one


@register()
def views_to_hand_in(person: Person, standing: Standing) -> list[Waiting]:
    """Members this person has the mandate of that have no view yet in an open round that asks for one, and drafts that
    can still be handed in late. At most four queries.
    """
    if not standing.votes_for:
        return []
    rounds = _rounds_for_views(person, standing)
    if not rounds:
        return []
    views = {
        (in_round, member): (pk, handed_in_at is not None)
        for in_round, member, pk, handed_in_at in View.objects.filter(
            in_round__in=[row.pk for row in rounds], member__in=standing.votes_for
        ).values_list("in_round_id", "member_id", "pk", "handed_in_at")
    }

    def lacks(row: _Round, member: int) -> bool:
        view, handed_in = views.get((row.pk, member), (None, False))
        # Closed and nothing begun by this member: nobody waits for it any more.
        return not handed_in and (row.state == ConsultationState.OPEN or view is not None)

    if not any(lacks(row, member) for row in rounds for member in standing.votes_for):
        return []
    members = list(Member.objects.on(standing.day).filter(pk__in=standing.votes_for).order_by("sort_key"))
    inside = set(
        NetworkMembership.objects.on(standing.day)
        .filter(member__in=members)
        .values_list("network_id", "member_id")
    )
    return [
        _to_hand_in(row, member.name, views.get((row.pk, member.pk), (None, False))[0])
        for row in rounds
        for member in members
        if lacks(row, member.pk) and (row.public != Public.NETWORK or (row.network, member.pk) in inside)
    ][:MOST]


class _Round(NamedTuple):
    """A round that asks for views, with the title of its consultation."""

    pk: int
    state: str
    public: str
    network: int | None
    closes_at: datetime
    title: str


def _rounds_for_views(person: Person, standing: Standing) -> list[_Round]:
    """Open rounds that ask for a view, and closed ones in which one that was begun can still be handed in late; one
    query.
    """
    begun = View.objects.filter(
        in_round=OuterRef("pk"), member__in=standing.votes_for, handed_in_at__isnull=True
    )
    readable = Item.objects.visible_to(standing, person.pk).filter(kind="consultation")
    rows = ConsultationRound.objects.filter(
        Q(state=ConsultationState.OPEN, closes_at__gt=timezone.now())
        | Q(Exists(begun), state=ConsultationState.CLOSED, consultation__answer_published_at__isnull=True),
        takes_views=True,
        consultation__in=readable,
    ).order_by("closes_at", "pk")
    columns = ("pk", "state", "public", "network_id", "closes_at", "consultation__title")
    return [_Round(*row) for row in rows.values_list(*columns)[: MOST * 2]]


def _to_hand_in(row: _Round, member: str, view: int | None) -> Waiting:
    late = row.state == ConsultationState.CLOSED
    text = _("View of %(member)s on “%(title)s” (closes %(moment)s)")
    if late:
        text = _("The view of %(member)s on “%(title)s” was not handed in; it still can be, late")
    url = reverse("deliberate:view", args=[view]) if view else reverse("deliberate:round", args=[row.pk])
    words = {"member": member, "title": row.title, "moment": moment_words(row.closes_at)}
    return Waiting(text % words, 1, url, late, counted=False)


@register()
def meetings_to_tend(person: Person, standing: Standing) -> list[Waiting]:
    """For a network's secretary: its rounds without a meeting, and meetings without a report. Two queries."""
    if "network" not in standing.powers or not standing.networks:
        return []
    meetings = Meeting.objects.filter(
        network__in=standing.networks,
        cancelled_at__isnull=True,
        in_round__state__in=("planned", "open", "closed"),
    )
    without = ConsultationRound.objects.filter(
        ~Exists(meetings.filter(in_round=OuterRef("pk"))),
        public=Public.NETWORK,
        network__in=standing.networks,
        state__in=(ConsultationState.PLANNED, ConsultationState.OPEN),
    )
    found = [
        Waiting(
            _("Plan the meeting about “%(title)s”") % {"title": title},
            1,
            reverse("deliberate:round", args=[pk]),
            counted=False,
        )
        for pk, title in without.order_by("closes_at", "pk").values_list("pk", "consultation__title")[:MOST]
    ]
    held = meetings.filter(
        reported_at__isnull=True,
        ends_at__lt=timezone.now(),
        in_round__consultation__answer_published_at__isnull=True,
    ).exclude(in_round__state="planned")
    columns = ("pk", "in_round__consultation__title", "in_round__closes_at")
    for pk, title, closes_at in held.order_by("ends_at", "pk").values_list(*columns)[:MOST]:
        late = closes_at < timezone.now()
        text = _("Write the report of the meeting about “%(title)s”") % {"title": title}
        found.append(Waiting(text, 1, reverse("deliberate:report_meeting", args=[pk]), late, counted=False))
    return found


@register(of_bureau=True)
def rounds_to_tend(person: Person, standing: Standing) -> list[Waiting]:
    """For the bureau: rounds that open or close within a week, or should have. One query."""
    now = timezone.now()
    rounds = ConsultationRound.objects.filter(
        Q(state=ConsultationState.PLANNED, opens_at__lte=now + SOON)
        | Q(state=ConsultationState.OPEN, closes_at__lte=now + SOON)
    )
    rows = rounds.order_by("closes_at", "pk").values_list(
        "pk", "title", "consultation__title", "state", "opens_at", "closes_at"
    )
    return [_to_tend(now, *row) for row in rows[:MOST]]


def _to_tend(
    now: datetime, pk: int, round: str, title: str, state: str, opens_at: datetime, closes_at: datetime
) -> Waiting:
    planned = state == ConsultationState.PLANNED
    at = opens_at if planned else closes_at
    late = at < now - CLOCK
    if planned:
        text = (
            _("“%(round)s” of “%(title)s” should be open")
            if late
            else _("“%(round)s” of “%(title)s” opens %(moment)s")
        )
    else:
        text = (
            _("“%(round)s” of “%(title)s” should be closed")
            if late
            else _("“%(round)s” of “%(title)s” closes %(moment)s")
        )
    words = {"round": round, "title": title, "moment": moment_words(at)}
    return Waiting(text % words, 1, reverse("deliberate:round", args=[pk]), late, counted=False)
