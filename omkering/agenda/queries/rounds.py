"""Reading rounds: lists, candidates, who may choose and who has; each function has a fixed number of queries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from omkering.agenda.commands.candidates import LIVE
from omkering.agenda.commands.round_plans import roll_of, standing
from omkering.agenda.models import (
    Candidate,
    Departure,
    Electorate,
    PriorityBallot,
    Round,
    RoundLine,
    RoundState,
)
from omkering.thread import kinds
from omkering.thread.models import Item, Visibility
from omkering.thread.search import search_query
from omkering.ui.charts import Category, Map
from omkering.ui.member_map import MemberPlace, Placed, member_category_map
from omkering.who.current import association
from omkering.who.queries import group_names
from omkering.who.standing import standing_of

CAST, NOT_YET = "cast", "not_yet"


# --- lists -----------------------------------------------------------------------------------------------
def visible_rounds(person: Any) -> QuerySet[Round]:
    """The rounds that somebody may know of."""
    return Round.objects.visible_to(standing_of(person), getattr(person, "pk", None))


def listed_rounds(person: Any, text: str = "") -> QuerySet[Round]:
    """The rounds for a list, each with its number of `candidates_count`; those that hold the words."""
    rows, query = visible_rounds(person), search_query(text)
    if text and query is None:
        return rows.none()
    if query is not None:
        rows = rows.filter(search=query)
    rows = rows.annotate(
        candidates_count=Count("candidates", filter=Q(candidates__withdrawn_at__isnull=True))
    )
    return rows.select_related("network", "electing_body").defer("body", "search", "result", "weight_rule")


def planned_rounds() -> list[Round]:
    """The rounds that take candidates, soonest first; one query."""
    rows = Round.objects.filter(state=RoundState.PLANNED).select_related("network", "electing_body")
    return list(rows.defer("body", "search").order_by("opens_at", "pk"))


# --- candidates ------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Shown:
    """A candidate as a page shows it; one that the reader may not read has no words and no address."""

    pk: int
    title: str
    summary: str
    kind: str
    url: str
    position: int

    @property
    def key(self) -> str:
        """Its key in ballots and results."""
        return str(self.pk)


def shown_candidates(round: Round, person: Any) -> list[Shown]:
    """The candidates of a round in the order in which they were nominated; two queries."""
    rows = list(
        standing(round).select_related("item").only("position", "item__kind", "item__title", "item__summary")
    )
    readable = Item.objects.filter(pk__among=frozenset(row.item_id for row in rows))
    seen = set(
        readable.visible_to(standing_of(person), getattr(person, "pk", None)).values_list("pk", flat=True)
    )
    words = {row.item.kind: kinds.label(row.item) for row in rows}
    return [
        Shown(
            pk=row.pk,
            title=row.item.title if row.item_id in seen else _("A candidate that is not open to you"),
            summary=row.item.summary if row.item_id in seen else "",
            kind=words[row.item.kind],
            url=kinds.url(row.item) if row.item_id in seen else "",
            position=row.position,
        )
        for row in rows
    ]


def withdrawn_candidates(round: Round) -> list[Candidate]:
    """What was taken out again, with its reason; one query."""
    rows = Candidate.objects.filter(round=round, withdrawn_at__isnull=False).select_related("item")
    return list(rows.defer("item__body", "item__search").order_by("withdrawn_at", "pk"))


def possible_candidates(round: Round, text: str, person: Any) -> QuerySet[Item]:
    """What may still be nominated in a round, as far as the reader may read it; those that hold the words."""
    live = Q()
    for kind, states in LIVE.items():
        live |= Q(kind=kind, state__in=states)
    open_to = [Visibility.PUBLIC]
    if round.visibility != Visibility.PUBLIC:
        open_to.append(Visibility.MEMBERS)
    rows = Item.objects.visible_to(standing_of(person), getattr(person, "pk", None))
    rows = rows.filter(live, visibility__in=open_to).exclude(pk__in=standing(round).values("item_id"))
    query = search_query(text)
    if text and query is None:
        return rows.none()
    if query is not None:
        rows = rows.filter(search=query)
    return rows.select_related("theme").defer("body", "search")


def departures_of(round: Round) -> dict[int, Departure]:
    """Candidate id → how a body departed from the result for it; one query."""
    rows = Departure.objects.filter(round=round).select_related("body").order_by("decided_on", "pk")
    return {row.candidate_id: row for row in rows}


# --- who may choose --------------------------------------------------------------------------------------
@dataclass(frozen=True)
class RollRow:
    """Who is on the roll: a member, or a seat of a body without a name. `cast`: has handed in (None: not open yet)."""

    name: str
    code: str
    division: str
    inhabitants: int
    weight: int
    cast: bool | None = None
    member: Placed | None = None


def heads(round: Round) -> list[RollRow]:
    """The roll as frozen, without what only the list of it shows: divisions and inhabitants; two queries."""
    rows = round.roll.order_by("member__sort_key", "member__code", "pk")
    lines = list(rows.values_list("pk", "weight", *MemberPlace.columns("member__")))
    cast = _handed_in(round)
    if round.electing_body_id is not None:
        lines.sort(key=lambda line: line[0] not in cast)
    found = []
    for number, (pk, weight, *of) in enumerate(lines, 1):
        place = MemberPlace(*of)
        if place.pk is None:
            found.append(RollRow(seat_name(number), "", "", 0, weight, pk in cast))
        else:
            found.append(RollRow(place.name, place.code, "", 0, weight, pk in cast, place))
    return found


def _handed_in(round: Round) -> set[int]:
    """Ids of the lines that handed in; one query."""
    rows = PriorityBallot.objects.filter(line__round=round, cast__isnull=False)
    return set(rows.values_list("line_id", flat=True))


def roll_rows(round: Round) -> list[RollRow]:
    """The roll as frozen (two queries), or for a planned round as it would be now; none where it cannot be made."""
    cast: set[int] = set()
    if round.opened_at is None:
        try:
            lines = roll_of(round)
        except ValidationError:
            return []
    else:
        lines = list(round.roll.select_related("member").order_by("member__sort_key", "member__code", "pk"))
        cast = _handed_in(round)
        if round.electing_body_id is not None:  # so that no number leads to a person
            lines.sort(key=lambda line: line.pk not in cast)
    main = association().main_division
    names = group_names().get(main, {})
    return [
        RollRow(
            name=line.member.name if line.member else seat_name(number),
            code=line.member.code if line.member else "",
            division=", ".join(names.get(key, key) for key in line.groups.get(main, [])),
            inhabitants=line.inhabitants,
            weight=line.weight,
            cast=line.pk in cast if round.opened_at else None,
            member=line.member,
        )
        for number, line in enumerate(lines, 1)
    ]


def seat_name(number: int) -> str:
    """How somebody in a body is called where no names are shown."""
    return _("Seat %(number)s") % {"number": number}


@dataclass(frozen=True)
class Turnout:
    """How many have chosen, and of how many: never what."""

    heads: int
    votes: int
    of_heads: int
    of_votes: int


def turnout(rows: Iterable[RollRow]) -> Turnout:
    """How many on this roll have handed in, and with how many votes; no query."""
    rows = list(rows)
    cast = [row for row in rows if row.cast]
    return Turnout(
        heads=len(cast),
        votes=sum(row.weight for row in cast),
        of_heads=len(rows),
        of_votes=sum(row.weight for row in rows),
    )


def turnout_map(rows: list[RollRow]) -> Map | None:
    """Which members have handed in, not what; one query. None for a body."""
    members = [row.member for row in rows if row.member is not None]
    if not members:
        return None
    return member_category_map(
        members,
        {row.member.pk: CAST if row.cast else NOT_YET for row in rows if row.member is not None},
        [
            Category(CAST, "app-bar--1", _("Has chosen")),
            Category(NOT_YET, "app-bar--absent", _("Has not chosen")),
        ],
        caption=_("Which members have chosen"),
    )


@dataclass(frozen=True)
class OwnLine:
    """A line of the roll that somebody chooses for, and its ballot so far."""

    line: RoundLine
    ballot: PriorityBallot | None
    name: str

    @property
    def cast(self) -> Mapping[str, int]:
        """What was handed in."""
        return (self.ballot.cast if self.ballot else None) or {}

    @property
    def draft(self) -> Mapping[str, int]:
        """What is filled in."""
        return self.ballot.draft if self.ballot else {}

    @property
    def not_handed_in(self) -> bool:
        """Whether something else is filled in than was handed in."""
        return bool(self.draft) and self.draft != self.cast


def own_lines(round: Round, person: Any) -> list[OwnLine]:
    """The lines that this person chooses for today; one query, none for a visitor."""
    if not getattr(person, "pk", None):
        return []
    mine = Q(person_id=person.pk) | Q(member_id__in=standing_of(person).votes_for)
    lines = RoundLine.objects.filter(mine, round=round).select_related("member", "ballot__person")
    return [_own(line) for line in lines.order_by("member__sort_key", "pk")]


def own_line(round: Round, person: Any, pk: int) -> OwnLine | None:
    """The same for one line; None where this person does not choose for it."""
    return next((own for own in own_lines(round, person) if own.line.pk == pk), None)


def _own(line: RoundLine) -> OwnLine:
    name = line.member.name if line.member else _("Your own ballot")
    return OwnLine(line, getattr(line, "ballot", None), name)


def electorate_in_words(round: Round) -> str:
    """Who chooses, in a word or two, for a list."""
    if round.electorate == Electorate.NETWORK and round.network:
        return round.network.name
    if round.electorate == Electorate.BODY and round.electing_body:
        return round.electing_body.name
    return str(Electorate.MEMBERS.label)


def rotated(candidates: list[Shown], line: RoundLine) -> list[Shown]:
    """The candidates in their order, beginning at another one for each line, always the same for one line."""
    start = line.pk % len(candidates) if candidates else 0
    return candidates[start:] + candidates[:start]
