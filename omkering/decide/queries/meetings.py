"""Reading meetings: lists, the agenda with its numbers and times, papers, and the quorum as it is now."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from omkering.decide import meeting_rules
from omkering.decide.models import (
    AgendaItem,
    AgendaState,
    Interest,
    Meeting,
    MeetingForm,
    MeetingRequest,
    MeetingState,
    Paper,
    Vote,
    VoteState,
)
from omkering.decide.queries.attendance import attendance_of
from omkering.thread.models import Item
from omkering.thread.search import search_query
from omkering.who.standing import standing_of

HEAVY = ("search", "body", "rules", "on_screen")
LISTED = ("title", "state", "example", "form", "extra", "starts_at", "place", "owner_body__names")
TO_COME = (MeetingState.PLANNED, MeetingState.CALLED, MeetingState.OPEN, MeetingState.SUSPENDED)


# --- lists -----------------------------------------------------------------------------------------------
def visible_meetings(person: Any) -> QuerySet[Meeting]:
    """The meetings that somebody may know of; who sits in a body knows of all of its meetings."""
    standing, pk = standing_of(person), getattr(person, "pk", None)
    rows = Meeting.objects.visible_to(standing, pk)
    if standing.bodies and not standing.is_bureau:
        rows = rows | Meeting.objects.filter(owner_body_id__in=standing.bodies)
    return rows


def listed_meetings(
    person: Any, *, when: str = "", body: int | None = None, text: str = ""
) -> QuerySet[Meeting]:
    """Meetings to come (`when` "" ) or that are over ("over"), of one body, with these words."""
    rows = visible_meetings(person).select_related("owner_body").only(*LISTED)
    rows = rows.exclude(state__in=TO_COME) if when == "over" else rows.filter(state__in=TO_COME)
    if body is not None:
        rows = rows.filter(owner_body_id=body)
    query = search_query(text)
    return rows.filter(search=query) if query is not None else rows


def soon(person: Any, days: int = 60) -> list[Meeting]:
    """The meetings of the coming weeks, first the next; one query."""
    until = timezone.now() + timedelta(days=days)
    rows = listed_meetings(person).filter(starts_at__lte=until)
    return list(rows.order_by("starts_at", "pk")[:8])


def visible_requests(person: Any) -> QuerySet[MeetingRequest]:
    """The requests for an extra meeting that somebody may know of."""
    return MeetingRequest.objects.visible_to(standing_of(person), getattr(person, "pk", None))


# --- the agenda ------------------------------------------------------------------------------------------
@dataclass
class Line:
    """An item on an agenda: its number ("3", "3.1"; "" where it has none), when it begins, its papers and votes."""

    item: AgendaItem
    number: str
    starts_at: datetime | None
    about: Item | None = None
    papers: list[Paper] = field(default_factory=list)
    interests: list[Interest] = field(default_factory=list)
    votes: list[Vote] = field(default_factory=list)

    @property
    def dropped(self) -> bool:
        """Whether it was taken off after the agenda went out."""
        return self.item.state == AgendaState.DROPPED


def numbered(meeting: Meeting, items: list[AgendaItem]) -> list[Line]:
    """The items in their order with number and time; no query. What was taken off before the agenda went out is left
    out; what was taken off later keeps its number, so that those of the others stay.
    """
    shown = [
        row
        for row in items
        if row.state != AgendaState.DROPPED
        or (meeting.called_at is not None and row.ended_at is not None and row.ended_at >= meeting.called_at)
    ]
    kept = {row.pk for row in shown}
    at = meeting.starts_at if meeting.form != MeetingForm.CONSULTATION else None
    top, parts, found = 0, 0, []
    for row in shown:
        if row.parent_id is not None and row.parent_id in kept:
            parts += 1
            number = f"{top}.{parts}"
        else:
            top, parts = top + 1, 0
            number = str(top)
        gone = row.state == AgendaState.DROPPED
        found.append(Line(row, number, None if gone else at))
        if at is not None and not gone:
            at += timedelta(minutes=row.minutes)
    return found


def numbered_agenda(meeting: Meeting) -> list[Line]:
    """The agenda with its numbers and times alone; one query."""
    return numbered(meeting, list(meeting.agenda.order_by("position")))


def agenda_of(meeting: Meeting, person: Any) -> list[Line]:
    """The agenda with the papers, and the kind of what an item is about where somebody may read that; three queries."""
    lines = numbered_agenda(meeting)
    readable = _readable([line.item.about_id for line in lines], person).only("kind")
    about: dict[int | None, Item] = {row.pk: row for row in readable}
    papers = _by_item(papers_of(meeting))
    for line in lines:
        line.about = about.get(line.item.about_id)
        line.papers = papers.get(line.item.pk, [])
    return lines


def agenda_in_brief(meeting: Meeting, person: Any) -> tuple[list[Line], list[Paper]]:
    """The agenda as a list shows it, with the papers by title and the votes by state, and the papers for the whole
    meeting; three queries.
    """
    lines = numbered_agenda(meeting)
    papers = _by_item(papers_of(meeting, texts=False))
    votes = _by_item(_votes_at_items(meeting, person).only("kind", "state", "agenda_item"))
    for line in lines:
        line.papers = papers.get(line.item.pk, [])
        line.votes = votes.get(line.item.pk, [])
    return lines, papers.get(None, [])


def complete(line: Line, meeting: Meeting, person: Any) -> None:
    """Add to one item its papers, interests and votes, and what it is about, as far as somebody may read it; four
    queries.
    """
    item = line.item
    line.about = _readable([item.about_id], person).only("kind", "title", "summary").first()
    line.papers = [paper for paper in papers_of(meeting, texts=False) if paper.agenda_item_id == item.pk]
    declared = Interest.objects.filter(agenda_item=item, withdrawn_at__isnull=True)
    declared = declared.select_related("person", "member").only("text", "person__name", "member__name")
    line.interests = list(declared.order_by("pk"))
    held = _votes_at_items(meeting, person).filter(agenda_item=item)
    line.votes = list(held.only("kind", "title", "state", "announced_at", "chair_choice", "result"))


def _readable(ids: list[int | None], person: Any) -> QuerySet[Item]:
    rows = Item.objects.visible_to(standing_of(person), getattr(person, "pk", None))
    return rows.filter(pk__in=[pk for pk in ids if pk])


def _votes_at_items(meeting: Meeting, person: Any) -> QuerySet[Vote]:
    rows = Vote.objects.visible_to(standing_of(person), getattr(person, "pk", None))
    rows = rows.filter(meeting=meeting, agenda_item__isnull=False)
    return rows.exclude(state__in=(VoteState.UNDONE, VoteState.WITHDRAWN)).order_by("pk")


def _by_item(rows: Iterable[Any]) -> dict[int | None, list[Any]]:
    found: dict[int | None, list[Any]] = {}
    for row in rows:
        found.setdefault(row.agenda_item_id, []).append(row)
    return found


def papers_of(meeting: Meeting, *, texts: bool = True) -> list[Paper]:
    """The papers of a meeting that were not withdrawn, in order, with their texts or without; one query."""
    rows = Paper.objects.filter(meeting=meeting, withdrawn_at__isnull=True).order_by("order", "pk")
    return list(rows if texts else rows.only("agenda_item", "title", "file", "file_name", "late_number"))


def agenda_places(item: Item, person: Any) -> list[AgendaItem]:
    """Where an item is or was on an agenda, newest first, as far as somebody may know of it; at most two queries."""
    places = AgendaItem.objects.filter(about_id=item.pk)
    meetings = set(places.values_list("meeting_id", flat=True))
    if not meetings:  # most items never are: that is told without looking for what somebody may know of
        return []
    rows = places.filter(meeting__in=visible_meetings(person).filter(pk__in=meetings))
    rows = rows.exclude(state=AgendaState.DROPPED).select_related("meeting")
    rows = rows.only("state", "meeting__title", "meeting__state", "meeting__starts_at")
    return list(rows.order_by("-meeting__starts_at", "-pk")[:20])


# --- the quorum ------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Quorum:
    """Who is present or represented, each once, in heads and votes; `required` of one of them (None: nothing is)."""

    heads: int
    votes: int
    of_heads: int
    of_votes: int
    required_heads: int | None
    required_votes: int | None

    @property
    def met(self) -> bool:
        """Whether enough take part."""
        return self.heads >= (self.required_heads or 0) and self.votes >= (self.required_votes or 0)


def quorum_now(meeting: Meeting) -> Quorum:
    """The quorum of a meeting as it is now; at most five queries, whatever the size."""
    return quorum_from(meeting, attendance_of(meeting))


def quorum_from(meeting: Meeting, lines: list[Any]) -> Quorum:
    """The quorum from who is there; no query."""
    taking_part = [line for line in lines if line.stays or line.represented]
    heads, votes = len(taking_part), sum(line.votes for line in taking_part)
    of_heads, of_votes = len(lines), sum(line.votes for line in lines)
    rule = meeting.rules.get("quorum")
    required_heads = required_votes = None
    if rule:
        needed = meeting_rules.needed(of_heads if rule["of"] == "heads" else of_votes, rule)
        required_heads = needed if rule["of"] == "heads" else None
        required_votes = needed if rule["of"] == "votes" else None
    return Quorum(heads, votes, of_heads, of_votes, required_heads, required_votes)


# --- what is to do ---------------------------------------------------------------------------------------
def current_meetings(**filters: Any) -> QuerySet[Meeting]:
    """Meetings that were called and are not over."""
    states = (MeetingState.CALLED, MeetingState.OPEN, MeetingState.SUSPENDED)
    return Meeting.objects.filter(state__in=states, **filters).defer("search", "body", "on_screen")
