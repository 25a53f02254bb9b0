"""Motions to read: the board and the table of all, and who may write one; each with a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from omkering.decide.meeting_rules import moment
from omkering.decide.models import (
    Advice,
    AgendaItem,
    AgendaState,
    Meeting,
    MeetingState,
    Motion,
    MotionState,
    Signature,
)
from omkering.decide.motion_steps import BOARD, ON_THE_TABLE
from omkering.decide.queries.meetings import numbered, visible_meetings
from omkering.thread.models import Theme
from omkering.thread.search import search_query
from omkering.who.models import Member, Network
from omkering.who.owners import owner_key
from omkering.who.standing import standing_of

IN_COLUMN = 12  # motions that a column of the board shows
HEAVY = ("search", "body", "considering", "noting")
# What a list says of a motion; the texts of hundreds stay unread.
NAMED = ("owner_member", "network", "meeting")
SHOWN = (
    *("title", "state", "year", "number", "part_number", "admission", "agenda_item"),
    *("filed_at", "decided_at", "due_at", "answered_at"),
    *("owner_member__name", "network__names", "meeting__title"),
)


def readable_motions(person: Any) -> QuerySet[Motion]:
    """What somebody may read: what is filed by who may read it, and drafts of one's own member or network."""
    standing = standing_of(person)
    rows = Motion.objects.visible_to(standing, getattr(person, "pk", None))
    if standing.networks:
        rows = rows | Motion.objects.filter(network_id__in=standing.networks)
    return rows


@dataclass(frozen=True)
class Filters:
    """What of all motions somebody wants to see; empty is all."""

    state: str = ""  # a column of the board, or a state
    year: int | None = None
    meeting: int | None = None
    filer: str = ""  # "member-12", "network-3"
    theme: int | None = None
    words: str = ""


def listed(person: Any, chosen: Filters) -> QuerySet[Motion]:
    """The motions that were filed, as far as somebody may read them; parts stand by themselves, split ones do not."""
    rows = readable_motions(person).exclude(state=MotionState.DRAFT).filter(number__isnull=False)
    if chosen.state in BOARD:
        rows = rows.filter(state__in=BOARD[chosen.state])
    elif chosen.state:
        rows = rows.filter(state=chosen.state)
    if chosen.year is not None:
        rows = rows.filter(year=chosen.year)
    if chosen.meeting is not None:
        rows = rows.filter(meeting_id=chosen.meeting)
    if chosen.theme is not None:
        rows = rows.filter(theme_id=chosen.theme)
    kind, _dash, pk = chosen.filer.partition("-")
    if kind in ("member", "network") and pk.isdecimal():
        signed = Signature.objects.filter(
            motion=OuterRef("pk"), filer=True, withdrawn_at__isnull=True, **{f"{kind}_id": int(pk)}
        )
        rows = rows.filter(Exists(signed))
    query = search_query(chosen.words)
    if query is not None:
        rows = rows.filter(search=query)
    return rows.select_related(*NAMED).only(*SHOWN)


def signed_by(person: Any) -> QuerySet[Motion]:
    """The motions that the members and networks of somebody filed or signed."""
    standing = standing_of(person)
    signed = Signature.objects.filter(
        Q(member_id__in=standing.members | standing.votes_for) | Q(network_id__in=standing.networks),
        motion=OuterRef("pk"),
        withdrawn_at__isnull=True,
    )
    return listed(person, Filters()).filter(Exists(signed))


@dataclass(frozen=True)
class Line:
    """A motion in a list: how many signed beside its filers, and the advice on it."""

    motion: Motion
    cosigners: int
    advice: tuple[Advice, ...]


def lines(rows: list[Motion]) -> list[Line]:
    """What a list says of each; two queries, none for none."""
    if not rows:
        return []
    ids = frozenset(row.pk for row in rows)
    signed = dict(
        Signature.objects.filter(motion__among=ids, withdrawn_at__isnull=True, filer=False)
        .values_list("motion_id")
        .annotate(n=Count("pk"))
        .order_by()
    )
    advice: dict[int, list[Advice]] = {}
    given = Advice.objects.filter(about__among=ids, ended_at__isnull=True).select_related("body")
    for one in given.only("about", "kind", "body__names").order_by("pk"):
        advice.setdefault(one.about_id, []).append(one)
    return [Line(row, signed.get(row.pk, 0), tuple(advice.get(row.pk, ()))) for row in rows]


@dataclass(frozen=True)
class Column:
    """A column of the board: its key, how many there are in all, and the first of them, oldest first."""

    key: str
    count: int
    lines: list[Line]


def board(person: Any, chosen: Filters) -> list[Column]:
    """All motions by how far they are, the oldest first (of what is over the newest); five queries.

    First the keys of what each column shows, in one query, so that only these rows are read with all that stands there.
    """
    rows = listed(person, chosen)
    keys = rows.select_related(None).only("pk")
    counts = dict(keys.order_by().values_list("state").annotate(n=Count("pk")))
    first, *others = (
        keys.filter(state__in=states).order_by(*_order(column)).values_list("pk", flat=True)[:IN_COLUMN]
        for column, states in BOARD.items()
    )
    found = lines(list(rows.filter(pk__among=frozenset(first.union(*others, all=True)))))
    return [
        Column(
            key,
            sum(counts.get(state, 0) for state in states),
            _in_order(key, [line for line in found if line.motion.state in states]),
        )
        for key, states in BOARD.items()
    ]


OVER = ("settled", "fell")  # columns of what is over, which show the newest


def _order(column: str) -> tuple[str, str]:
    return ("-decided_at", "-pk") if column in OVER else ("filed_at", "pk")


def _in_order(column: str, found: list[Line]) -> list[Line]:
    """The lines of a column in its order; where there is no moment it counts as the last, as in the database."""
    over = column in OVER

    def place(line: Line) -> tuple[bool, datetime, int]:
        at = line.motion.decided_at if over else line.motion.filed_at
        return at is None, at or line.motion.created_at, line.motion.pk

    return sorted(found, key=place, reverse=over)


@dataclass(frozen=True)
class Choices:
    """What the filters offer."""

    years: list[int]
    meetings: list[tuple[int, str]]
    filers: list[tuple[str, str]]  # members, then networks: key as `owner_key` gives it, name
    themes: list[Theme]


def choices(person: Any) -> Choices:
    """Years, meetings, filers and themes that motions have; five queries."""
    rows = readable_motions(person).filter(number__isnull=False)
    found = list(rows.order_by().values_list("year", "meeting", "theme").distinct())
    filed = Signature.objects.filter(motion__in=rows.values("pk"), filer=True, withdrawn_at__isnull=True)
    meetings = visible_meetings(person).filter(
        pk__among=frozenset(meeting for _year, meeting, _theme in found if meeting)
    )
    members = Member.objects.filter(pk__in=filed.values("member")).order_by("sort_key")
    networks = Network.objects.filter(pk__in=filed.values("network")).only("names").order_by("key")
    return Choices(
        years=sorted({year for year, _meeting, _theme in found if year}, reverse=True),
        meetings=list(meetings.order_by("-starts_at").values_list("pk", "title")[:100]),
        filers=[
            *((f"member-{pk}", name) for pk, name in members.values_list("pk", "name")),
            *((owner_key(network), network.name) for network in networks),
        ],
        themes=list(
            Theme.objects.filter(pk__in={theme for _year, _meeting, theme in found if theme}).only("names")
        ),
    )


# --- for who writes one ----------------------------------------------------------------------------------------
def drafts_of(person: Any) -> list[Motion]:
    """Drafts of the members and networks one writes for, and those that are shared with one; one query."""
    rows = readable_motions(person).filter(state=MotionState.DRAFT)
    standing = standing_of(person)
    if standing.is_bureau:
        rows = rows.filter(Q(author_id=person.pk) | Q(owner_member_id__in=standing.members))
    return list(rows.select_related("owner_member", "network").defer(*HEAVY).order_by("-changed_at")[:20])


def meetings_for_motions(person: Any, *, on_time: bool = False) -> list[Meeting]:
    """The meetings to come that motions can be filed for, the next first (`on_time`: before their deadline)."""
    rows = visible_meetings(person).exclude(state__in=(MeetingState.CLOSED, MeetingState.CANCELLED))
    rows = rows.filter(ends_at__gt=timezone.now() - timedelta(days=1)).select_related("owner_body")
    found = list(rows.defer("search", "body", "rules").order_by("starts_at", "pk")[:20])
    if on_time:
        now = timezone.now()
        found = [row for row in found if (until := moment(row.deadlines, "motions")) is None or until > now]
    return found


def items_for_motions(meetings: list[Meeting]) -> dict[int, list[tuple[str, AgendaItem]]]:
    """Of each of these meetings the items of its agenda that a motion can belong to, with their numbers; one query."""
    rows: dict[int, list[AgendaItem]] = {meeting.pk: [] for meeting in meetings}
    for item in AgendaItem.objects.filter(meeting__in=meetings).order_by("position"):
        rows[item.meeting_id].append(item)
    return {
        meeting.pk: [
            (line.number, line.item)
            for line in numbered(meeting, rows[meeting.pk])
            if line.item.state not in (AgendaState.DROPPED, AgendaState.DONE)
        ]
        for meeting in meetings
    }


def filed_for(meeting: Meeting, person: Any) -> QuerySet[Motion]:
    """The motions that were filed for a meeting, by number, as far as somebody may read them; with what a list in a
    meeting says alone: name, title, state, item and who filed it.
    """
    own = ("number", "year", "part_number", "title", "state", "agenda_item")
    rows = listed(person, Filters(meeting=meeting.pk)).select_related(None).defer(None)
    rows = rows.select_related("owner_member", "network").only(*own, "owner_member__name", "network__names")
    return rows.order_by("year", "number", "part_number", "pk")


def at_items(items: Iterable[AgendaItem], motions: Iterable[Motion]) -> dict[int, list[Motion]]:
    """The motions that belong to an item of an agenda, by item, of those filed for its meeting; no query.

    One that stands on the agenda by itself is there already.
    """
    about = {item.pk: item.about_id for item in items}
    found: dict[int, list[Motion]] = {}
    for row in motions:
        gone = row.state in (MotionState.WITHDRAWN, MotionState.MERGED)
        if row.agenda_item_id is not None and not gone and about.get(row.agenda_item_id) != row.pk:
            found.setdefault(row.agenda_item_id, []).append(row)
    return found


def others_to_talk_with(row: Motion, person: Any) -> list[Motion]:
    """Other motions on the table, for talks or a merger; first those of the same theme; one query."""
    rows = readable_motions(person).filter(state__in=ON_THE_TABLE, part_of__isnull=True).exclude(pk=row.pk)
    found = list(rows.select_related("owner_member", "network").defer(*HEAVY).order_by("-filed_at")[:40])
    return sorted(found, key=lambda other: other.theme_id != row.theme_id)
