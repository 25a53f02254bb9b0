"""Undertakings to read: the list, and the life of one; each with a fixed number of queries."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.decide.models import Meeting, Undertaking, UndertakingState
from omkering.decide.queries.follow_up import FollowUp, follow_up_entries, follow_up_of
from omkering.decide.queries.motion_pages import Entry
from omkering.thread.search import search_query
from omkering.who.standing import standing_of


def readable_undertakings(person: Any) -> QuerySet[Undertaking]:
    """The undertakings that somebody may know of; who sits in a body knows of those in its meetings."""
    standing, pk = standing_of(person), getattr(person, "pk", None)
    rows = Undertaking.objects.visible_to(standing, pk)
    if standing.bodies and not standing.is_bureau:
        rows = rows | Undertaking.objects.filter(meeting__owner_body_id__in=standing.bodies)
    return rows


def promised_in(meeting: Meeting, most: int) -> list[Undertaking]:
    """What was promised in a meeting, for whoever may know of that: title, who promised it, until when; one query."""
    rows = Undertaking.objects.filter(meeting=meeting).exclude(state=UndertakingState.WITHDRAWN)
    rows = rows.select_related("owner_body").only("title", "due_at", "owner_body__names")
    return list(rows.order_by("pk")[:most])


@dataclass(frozen=True)
class UndertakingFilters:
    """What of all undertakings somebody wants to see; empty is all."""

    state: str = ""  # "late", or a state
    year: int | None = None
    meeting: int | None = None
    words: str = ""


def listed_undertakings(person: Any, chosen: UndertakingFilters) -> QuerySet[Undertaking]:
    """The undertakings, without what was recorded by mistake unless that is asked for."""
    rows = readable_undertakings(person)
    if chosen.state == "late":
        rows = rows.filter(state=UndertakingState.OPEN, due_at__lt=timezone.now(), answered_at__isnull=True)
    elif chosen.state:
        rows = rows.filter(state=chosen.state)
    else:
        rows = rows.exclude(state=UndertakingState.WITHDRAWN)
    if chosen.year is not None:
        rows = rows.filter(created_at__year=chosen.year)
    if chosen.meeting is not None:
        rows = rows.filter(meeting_id=chosen.meeting)
    query = search_query(chosen.words)
    if query is not None:
        rows = rows.filter(search=query)
    return rows.select_related("meeting", "owner_body", "asked_by").defer(
        "search", "body", "meeting__search", "meeting__body", "meeting__rules"
    )


@dataclass(frozen=True)
class UndertakingPage:
    """What the page of an undertaking shows."""

    follow_up: FollowUp
    timeline: list[Entry]


def undertaking_page(row: Undertaking) -> UndertakingPage:
    """All of it; three queries."""
    found = follow_up_of(row)
    entries = [Entry(row.created_at, _("It was promised in “%(meeting)s”.") % {"meeting": row.meeting.title})]
    entries += [Entry(at, text, detail) for at, text, detail in follow_up_entries(found)]
    last = found.settlement
    if last is not None and last.decided_at is not None and row.state == UndertakingState.SETTLED:
        entries.append(Entry(last.decided_at, _("It was settled.")))
    return UndertakingPage(found, sorted(entries, key=lambda entry: entry.at))
