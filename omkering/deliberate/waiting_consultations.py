"""What waits in consultations: views to hand in, meetings to plan and report, and rounds for the bureau to tend."""

from datetime import datetime, timedelta

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


@register
def views_to_hand_in(person: Person, standing: Standing) -> list[Waiting]:
    """Members this person has the mandate of that have no view yet in an open round that asks for one, and drafts that
    can still be handed in late. At most four queries.
    """
    if not standing.votes_for:
        return []
    readable = Item.objects.visible_to(standing, person.pk).filter(kind="consultation")
    now = timezone.now()
    rounds = list(
        ConsultationRound.objects.filter(
            Q(state=ConsultationState.OPEN, closes_at__gt=now)
            | Q(state=ConsultationState.CLOSED, consultation__answer_published_at__isnull=True),
            takes_views=True,
            consultation__in=readable,
        )
        .select_related("consultation")
        .defer("consultation__search", "consultation__body")
        .order_by("closes_at", "pk")[: MOST * 2]
    )
    if not rounds:
        return []
    members = list(Member.objects.on(standing.day).filter(pk__in=standing.votes_for).order_by("sort_key"))
    inside = set(
        NetworkMembership.objects.on(standing.day)
        .filter(member__in=members)
        .values_list("network_id", "member_id")
    )
    views = {
        (view.in_round_id, view.member_id): view
        for view in View.objects.filter(in_round__in=rounds, member__in=members).defer(
            "search", "body", "text"
        )
    }
    found = []
    for row in rounds:
        for member in members:
            if row.public == Public.NETWORK and (row.network_id, member.pk) not in inside:
                continue
            view = views.get((row.pk, member.pk))
            if view is not None and view.handed_in_at is not None:
                continue
            if row.state == ConsultationState.CLOSED and view is None:
                continue  # nothing was begun: nobody waits for it any more
            found.append(_to_hand_in(row, member, view))
    return found[:MOST]


def _to_hand_in(row: ConsultationRound, member: Member, view: View | None) -> Waiting:
    late = row.state == ConsultationState.CLOSED
    text = _("View of %(member)s on “%(title)s” (closes %(moment)s)")
    if late:
        text = _("The view of %(member)s on “%(title)s” was not handed in; it still can be, late")
    url = reverse("deliberate:view", args=[view.pk]) if view else reverse("deliberate:round", args=[row.pk])
    words = {"member": member.name, "title": row.consultation.title, "moment": moment_words(row.closes_at)}
    return Waiting(text % words, 1, url, late, counted=False)


@register
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


@register
def rounds_to_tend(person: Person, standing: Standing) -> list[Waiting]:
    """For the bureau: rounds that open or close within a week, or should have. One query."""
    if not standing.is_bureau:
        return []
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
