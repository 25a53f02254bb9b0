"""Reading the result of a closed round: priorities, what was not chosen and what it lacked, who stands behind what,
the minority report, and what became of each member's wishes. It is counted once, at closing, and read here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from omkering.agenda import counting
from omkering.agenda.models import Departure, PriorityBallot, Round
from omkering.agenda.queries.rounds import Shown, seat_name
from omkering.agenda.round_words import value_in_words
from omkering.ui.charts import Category, Map
from omkering.ui.groupings import Grouping, groupings
from omkering.ui.member_map import MemberPlace, Placed, member_category_map

HALF, SOME, NONE, ABSENT = "half", "some", "none", "absent"
DECIMALS = counting.WHOLE  # shares are kept in ten-thousandths


@dataclass(frozen=True)
class Priority:
    """A candidate that was chosen, in the order of choice, and how a body departed from that."""

    number: int
    candidate: Shown
    votes: int
    heads: int
    share: float  # of the votes cast
    paid: bool  # by who wants it; else it got a place that was left
    tie: bool  # another one stood equal
    departure: Departure | None


@dataclass(frozen=True)
class NotChosen:
    """A candidate that was not chosen, and what it lacked of the votes that a place costs."""

    candidate: Shown
    votes: int
    heads: int
    held: int
    lacked: int
    plain: str  # "in", "tied" or "" by plain counting
    departure: Departure | None


@dataclass(frozen=True)
class PlainRow:
    """A candidate by plain counting: most support first."""

    number: int
    candidate: Shown
    support: int
    tied: bool
    chosen: bool  # by equal shares


@dataclass(frozen=True)
class GroupRow:
    """A group: who of it chose, its share of the votes, how much of its wishes was chosen, and what it missed."""

    title: str
    name: str
    heads: int
    cast_heads: int
    votes_share: float
    share: float | None
    less: bool
    missed: list[tuple[Shown, int]]
    incomplete: bool


@dataclass(frozen=True)
class Matrix:
    """For each group of one grouping, the share of its votes that stands behind each priority."""

    key: str
    title: str
    rows: list[tuple[str, int, list[float | None]]]


@dataclass(frozen=True)
class SliceRow:
    """A group behind one candidate: votes and members, of those that chose."""

    name: str
    votes: int
    of_votes: int
    heads: int
    of_heads: int
    incomplete: bool

    @property
    def share(self) -> float | None:
        """Share of the votes that the group cast."""
        return self.votes / self.of_votes if self.of_votes else None


@dataclass(frozen=True)
class RoundResult:
    """What the page of a closed round shows; no query of its own."""

    data: Mapping[str, Any]
    candidates: Mapping[str, Shown]
    departures: Mapping[int, Departure] = field(default_factory=dict)

    @cached_property
    def chosen_keys(self) -> set[str]:
        """Keys of what was chosen."""
        return {each["candidate"] for each in self.data["chosen"]}

    @cached_property
    def groupings(self) -> list[Grouping]:
        """The groupings that the result was counted by."""
        return groupings(self.data["groups"])

    @property
    def share(self) -> float | None:
        """The mean share of its wishes that a ballot got."""
        return _share(self.data["share"])

    def place(self, key: str) -> int:
        """Where a candidate stands in the lists of the result."""
        return self.data["candidates"].index(key)

    def priorities(self) -> list[Priority]:
        """What was chosen, in the order of choice."""
        cast = self.data["cast"]["votes"]
        found = []
        for number, each in enumerate(self.data["chosen"], 1):
            at, candidate = self.place(each["candidate"]), self.candidates[each["candidate"]]
            votes = self.data["votes"][at]
            found.append(
                Priority(
                    number=number,
                    candidate=candidate,
                    votes=votes,
                    heads=self.data["heads"][at],
                    share=votes / cast if cast else 0.0,
                    paid=each["by"] != "score",
                    tie=each["tie"],
                    departure=self.departures.get(candidate.pk),
                )
            )
        return found

    def not_chosen(self) -> list[NotChosen]:
        """What was not chosen, most support first."""
        plain = self.data["plain"]
        found = []
        for each in self.data["short"]:
            key = each["candidate"]
            at, candidate = self.place(key), self.candidates[key]
            found.append(
                NotChosen(
                    candidate=candidate,
                    votes=self.data["votes"][at],
                    heads=self.data["heads"][at],
                    held=each["held"],
                    lacked=each["lacked"],
                    plain="in" if key in plain["chosen"] else "tied" if key in plain["tied"] else "",
                    departure=self.departures.get(candidate.pk),
                )
            )
        return found

    def in_force(self) -> list[Shown]:
        """The priorities as they hold: what was chosen and not set aside, and what a body took up."""
        chosen = [each.candidate for each in self.priorities() if each.departure is None]
        taken = [each.candidate for each in self.not_chosen() if each.departure and each.departure.takes_up]
        return chosen + taken

    def plain_rows(self) -> list[PlainRow]:
        """The candidates that plain counting would choose, with those that stand equal for the last places."""
        plain, chosen = self.data["plain"], self.chosen_keys
        return [
            PlainRow(
                number=number,
                candidate=self.candidates[key],
                support=self.data["support"][self.place(key)],
                tied=key in plain["tied"],
                chosen=key in chosen,
            )
            for number, key in enumerate([*plain["chosen"], *plain["tied"]], 1)
        ]

    def groups(self) -> list[GroupRow]:
        """Every group with at least one ballot, those that got clearly less first."""
        total = self.data["roll"]["votes"]
        rows = []
        for grouping in self.groupings:
            for key, name in grouping.names.items():
                group = self.data["groups"][grouping.key][key]
                if not group["cast"]["heads"]:
                    continue
                rows.append(
                    GroupRow(
                        title=grouping.title,
                        name=name,
                        heads=group["roll"]["heads"],
                        cast_heads=group["cast"]["heads"],
                        votes_share=group["roll"]["votes"] / total if total else 0.0,
                        share=_share(group["share"]),
                        less=group["less"],
                        missed=[(self.candidates[missed], heads) for missed, heads in group["missed"]],
                        incomplete=key in grouping.incomplete,
                    )
                )
        return sorted(rows, key=lambda row: not row.less)

    def matrices(self) -> list[Matrix]:
        """Who stands behind each priority, by main division, network and size class."""
        places = [self.place(each["candidate"]) for each in self.data["chosen"]]
        found = []
        for grouping in self.groupings:
            rows = []
            for key, name in grouping.names.items():
                group = self.data["groups"][grouping.key][key]
                cast = group["cast"]["votes"]
                shares = [group["votes"][at] / cast if cast else None for at in places]
                rows.append((name, group["cast"]["heads"], shares))
            found.append(Matrix(grouping.key, grouping.title, rows))
        return found

    def slices(self, candidate: Shown) -> list[tuple[str, str, list[SliceRow]]]:
        """Who stands behind one candidate: (key, title, groups) of each grouping."""
        at = self.place(candidate.key)
        found = []
        for grouping in self.groupings:
            rows = []
            for key, name in grouping.names.items():
                group = self.data["groups"][grouping.key][key]
                rows.append(
                    SliceRow(
                        name=name,
                        votes=group["votes"][at],
                        of_votes=group["cast"]["votes"],
                        heads=group["heads"][at],
                        of_heads=group["cast"]["heads"],
                        incomplete=key in grouping.incomplete,
                    )
                )
            found.append((grouping.key, grouping.title, rows))
        return found


def result_of(
    round: Round, candidates: Iterable[Shown], departures: Mapping[int, Departure]
) -> RoundResult | None:
    """The result of a round; None while it is not closed. No query."""
    if round.result is None:
        return None
    return RoundResult(round.result, {each.key: each for each in candidates}, departures)


def _share(ten_thousandths: int | None) -> float | None:
    return None if ten_thousandths is None else ten_thousandths / DECIMALS


# --- members ---------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Wish:
    """Something a ballot asked for: how much, and whether it was chosen."""

    candidate: Shown
    value: str
    made: bool


def wishes(round: Round, result: RoundResult, cast: Mapping[str, int]) -> list[Wish]:
    """The wishes on a ballot, what it wants most first; no query."""
    chosen = result.chosen_keys
    order = sorted(cast.items(), key=lambda pair: pair[1] if round.ballot_kind == "ranking" else -pair[1])
    return [
        Wish(result.candidates[key], value_in_words(round.ballot_kind, value), key in chosen)
        for key, value in order
        if key in result.candidates
    ]


@dataclass(frozen=True)
class BallotRow:
    """A line of the roll after closing, with what it chose; a seat of a body has no name."""

    name: str
    code: str
    weight: int
    cast: Mapping[str, int] | None
    member: Placed | None = None


def ballot_rows(round: Round) -> list[BallotRow]:
    """Every line with what it handed in, two queries.

    Of a body the seats stand in the order of what they chose, so that no number leads back to a person.
    """
    cast = dict(
        PriorityBallot.objects.filter(line__round=round, cast__isnull=False).values_list("line_id", "cast")
    )
    rows = round.roll.order_by("member__sort_key", "member__code", "pk")
    if round.electing_body_id is not None:
        secret = sorted(
            (cast.get(pk) for pk in rows.values_list("pk", flat=True)),
            key=lambda ballot: str(sorted((ballot or {}).items())),
        )
        return [BallotRow(seat_name(number), "", 1, ballot) for number, ballot in enumerate(secret, 1)]
    found = []
    named = rows.filter(member__isnull=False)
    for pk, weight, *of in named.values_list("pk", "weight", *MemberPlace.columns("member__")):
        place = MemberPlace(*of)
        found.append(BallotRow(place.name, place.code, weight, cast.get(pk), place))
    return found


def wishes_map(result: RoundResult, rows: list[BallotRow]) -> Map | None:
    """How much of its wishes each member got; one query. None for a body."""
    members = [row.member for row in rows if row.member is not None]
    if not members:
        return None
    chosen = result.chosen_keys
    found = {}
    for row in rows:
        if row.member is None:
            continue
        made = sum(key in chosen for key in row.cast or {})
        wished = len(row.cast or {})
        found[row.member.pk] = (
            ABSENT if not wished else HALF if 2 * made >= wished else SOME if made else NONE
        )
    return member_category_map(
        members,
        found,
        [
            Category(HALF, "app-bar--1", _("At least half of its wishes")),
            Category(SOME, "app-bar--2", _("Less than half of its wishes")),
            Category(NONE, "app-bar--3", _("None of its wishes")),
            Category(ABSENT, "app-bar--absent", _("Did not choose")),
        ],
        caption=_("How much of each member’s wishes became a priority"),
    )


def support_map(rows: list[BallotRow], candidate: Shown) -> Map | None:
    """Which members stand behind a candidate; one query. None for a body."""
    members = [row.member for row in rows if row.member is not None]
    if not members:
        return None
    found = {
        row.member.pk: ABSENT if not row.cast else HALF if candidate.key in row.cast else NONE
        for row in rows
        if row.member is not None
    }
    return member_category_map(
        members,
        found,
        [
            Category(HALF, "app-bar--1", _("Wants this")),
            Category(NONE, "app-bar--3", _("Chose something else")),
            Category(ABSENT, "app-bar--absent", _("Did not choose")),
        ],
        caption=_("Which members want this"),
    )
