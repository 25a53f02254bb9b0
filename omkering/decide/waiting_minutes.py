"""What waits around minutes: for the bureau to lay them before a meeting and see them adopted; for others to read."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.decide.models import AgendaItem, AgendaState, Meeting, MeetingState, MinutesState
from omkering.decide.queries.meetings import TO_COME, visible_meetings
from omkering.thread.waiting import Waiting, moment_words, register
from omkering.ui.addresses import address_of
from omkering.who.models import Person
from omkering.who.standing import Standing

NEAR = timedelta(days=7)  # before the meeting that is to adopt them
READ_BEFORE = timedelta(days=45)  # as far as the home page looks ahead to meetings
LOOK_BACK = timedelta(days=400)  # a body that meets once a year adopts the minutes of the year before
MOST = 20
AGENDA_OUT = (MeetingState.CALLED, MeetingState.OPEN, MeetingState.SUSPENDED, MeetingState.CLOSED)


@register(of_bureau=True)
def minutes_to_tend(person: Person, standing: Standing) -> list[Waiting]:
    """For the bureau: minutes to lay before a meeting, and those that a meeting is to adopt or did not; two queries.

    Minutes to lay before a meeting are late once the agenda of a later meeting of the same body is out.
    """
    now = timezone.now()
    later = Meeting.objects.filter(
        kind="meeting",
        owner_body_id=OuterRef("owner_body_id"),
        starts_at__gt=OuterRef("starts_at"),
        state__in=AGENDA_OUT,
    )
    rows = (
        Meeting.objects.filter(kind="meeting", state=MeetingState.CLOSED, closed_at__gte=now - LOOK_BACK)
        .exclude(written_minutes__state=MinutesState.ADOPTED)
        .annotate(missed=Exists(later))
        .order_by("-closed_at", "-pk")
        .values_list("pk", "title", "missed", "written_minutes__pk", "written_minutes__title")
    )
    meetings = list(rows[:MOST])
    laid: dict[int, list[tuple[str, str, datetime]]] = {}
    for about, *meeting in _laid(minutes for *_rest, minutes, _title in meetings if minutes):
        laid.setdefault(about, []).append((meeting[0], meeting[1], meeting[2]))
    found, address = [], address_of("decide:minutes")
    for pk, title, missed, minutes, minutes_title in meetings:
        words, late = _to_tend(title, minutes_title, laid.get(minutes, []), missed, now)
        if words:
            found.append(Waiting(words, 1, address(pk), late, counted=False))
    return found


def _laid(minutes: Iterable[int]) -> Iterable[tuple[Any, ...]]:
    """(minutes, state, title and begin of the meeting) of each agenda that minutes are on, the first one first."""
    rows = AgendaItem.objects.filter(about_id__in=list(minutes)).exclude(state=AgendaState.DROPPED)
    return rows.order_by("meeting__starts_at", "pk").values_list(
        "about_id", "meeting__state", "meeting__title", "meeting__starts_at"
    )


def _to_tend(
    title: str, minutes: str | None, laid: list[tuple[str, str, datetime]], missed: bool, now: datetime
) -> tuple[str, bool]:
    """What the bureau is asked to do with the minutes of a meeting, and whether it is late; "" for nothing now."""
    if not laid:
        return _("Lay the minutes of “%(title)s” before a next meeting") % {"title": title}, missed
    for state, adopting, starts_at in laid:
        if state in TO_COME:
            near = starts_at <= now + NEAR
            text = _("“%(minutes)s” is to be adopted in “%(title)s” (%(moment)s)")
            words = {"minutes": minutes, "title": adopting, "moment": moment_words(starts_at)}
            return (text % words if near else "", False)
    text = _("“%(minutes)s” was not adopted in “%(title)s”. Lay it before another meeting")
    return text % {"minutes": minutes, "title": laid[-1][1]}, True


@register(sign="SELECT FROM thread_item WHERE kind = 'minutes' AND state = 'proposed'")
def minutes_to_read(person: Person, standing: Standing) -> list[Waiting]:
    """For who is called to a meeting soon: the minutes that were laid before it, until they are adopted; one query."""
    if not standing.votes_for and not standing.mandates_for and not standing.bodies:
        return []
    of_members = Q(pk=None)
    if standing.votes_for or standing.mandates_for:
        of_members = Q(meeting__rules__electorate="members")
    rows = (
        AgendaItem.objects.filter(
            of_members | Q(meeting__owner_body_id__in=standing.bodies),
            about__as_minutes__state=MinutesState.PROPOSED,
            about__as_minutes__meeting__in=visible_meetings(person).values("pk"),
            meeting__state__in=TO_COME,
            meeting__starts_at__lte=timezone.now() + READ_BEFORE,
        )
        .exclude(state=AgendaState.DROPPED)
        .order_by("meeting__starts_at", "pk")
        .values_list("about__as_minutes__meeting_id", "about__title", "meeting__title", "meeting__starts_at")
    )
    found: dict[int, Waiting] = {}
    for pk, minutes, title, starts_at in rows[:MOST]:
        text = _("To read before “%(title)s” (%(moment)s): “%(minutes)s”")
        words = {"title": title, "moment": moment_words(starts_at), "minutes": minutes}
        url = reverse("decide:minutes", args=[pk])
        found.setdefault(pk, Waiting(text % words, 1, url, counted=False))
    return list(found.values())
