"""Reading votes, rolls and results; each function has a fixed number of queries."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from omkering.decide.commands.votes import roll_of
from omkering.decide.models import Ballot, Choice, Proposal, Vote, VoteState
from omkering.decide.vote_rule import RuleData, threshold_of
from omkering.engine import tally
from omkering.thread.models import Item
from omkering.thread.search import search_query
from omkering.ui.charts import Bar, BarChart, Category, Map, bar_chart
from omkering.ui.groupings import groupings
from omkering.ui.member_map import member_category_map
from omkering.who.current import association
from omkering.who.models import Member
from omkering.who.queries import group_names
from omkering.who.standing import standing_of

NOT_CAST = "absent"


# --- lists -----------------------------------------------------------------------------------------------
def visible_votes(person: Any) -> QuerySet[Vote]:
    """The votes that somebody may know of."""
    return Vote.objects.visible_to(standing_of(person), getattr(person, "pk", None))


def visible_proposals(person: Any) -> QuerySet[Proposal]:
    """The proposals that somebody may know of."""
    return Proposal.objects.visible_to(standing_of(person), getattr(person, "pk", None))


Row = TypeVar("Row", Vote, Proposal)


def find(rows: QuerySet[Row], text: str) -> QuerySet[Row]:
    """Those that hold the words; all of them without words."""
    query = search_query(text)
    if text and query is None:
        return rows.none()
    if query is not None:
        rows = rows.filter(search=query)
    return rows.select_related("theme").defer("body", "search")


def votes_of(item: Item) -> list[Vote]:
    """The votes on an item, newest first; one query."""
    return list(Vote.objects.filter(about_id=item.pk).defer("body", "search").order_by("-pk"))


# --- a vote ----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class RollLine:
    """A member on the roll. `choice` is what it voted, known once the vote is closed ("absent": nothing)."""

    member: Member
    division: str
    inhabitants: int
    weight: int
    choice: str = ""

    @property
    def choice_words(self) -> str:
        """The choice in the reader's language."""
        return choice_words(self.choice) if self.choice else ""


def choice_words(choice: str) -> str:
    """A choice in the reader's language."""
    return _("Did not vote") if choice == NOT_CAST else str(Choice(choice).label)


def roll_lines(vote: Vote) -> list[RollLine]:
    """The roll in the order of names: as frozen (two queries), or for a planned vote as it would be now (six).

    A planned vote whose roll cannot be made (a population is missing) has none.
    """
    choices: dict[int, str] = {}
    if vote.state in (VoteState.PLANNED, VoteState.WITHDRAWN):
        try:
            entries = roll_of(vote)
        except ValidationError:
            return []
    else:
        entries = list(vote.roll.select_related("member").order_by("member__sort_key", "member__code"))
        if vote.state == VoteState.CLOSED:
            choices = dict(vote.ballots.values_list("member_id", "choice"))
    main = association().main_division
    names = group_names().get(main, {})
    return [
        RollLine(
            member=entry.member,
            division=", ".join(names.get(key, key) for key in entry.groups.get(main, [])),
            inhabitants=entry.inhabitants,
            weight=entry.weight,
            choice=choices.get(entry.member_id, NOT_CAST) if vote.state == VoteState.CLOSED else "",
        )
        for entry in entries
    ]


@dataclass(frozen=True)
class Turnout:
    """How many have voted, and of how many: never what."""

    heads: int
    votes: int
    of_heads: int
    of_votes: int


def turnout(vote: Vote) -> Turnout:
    """How many members have voted and with how many votes; one query."""
    voted = Ballot.objects.filter(vote=vote, member=OuterRef("member"))
    lines = list(vote.roll.annotate(voted=Exists(voted)).values_list("weight", "voted"))
    return Turnout(
        heads=sum(voted for _weight, voted in lines),
        votes=sum(weight for weight, voted in lines if voted),
        of_heads=len(lines),
        of_votes=sum(weight for weight, _voted in lines),
    )


@dataclass(frozen=True)
class OwnBallot:
    """A member that somebody votes for: its weight in a vote, and what it voted so far."""

    member: Member
    weight: int
    ballot: Ballot | None


def own_ballots(vote: Vote, person: Any) -> list[OwnBallot]:
    """One line for each member on the roll this person votes for today; two queries, none without a mandate."""
    members = standing_of(person).votes_for
    if not members:
        return []
    cast = {
        ballot.member_id: ballot
        for ballot in vote.ballots.filter(member_id__in=members).select_related("person")
    }
    entries = vote.roll.filter(member_id__in=members).select_related("member").order_by("member__sort_key")
    return [OwnBallot(entry.member, entry.weight, cast.get(entry.member_id)) for entry in entries]


def own_ballot(vote: Vote, person: Any, code: str) -> OwnBallot | None:
    """The same for one member; None where this person does not vote for it or it is not on the roll."""
    return next((own for own in own_ballots(vote, person) if own.member.code == code), None)


# --- a result --------------------------------------------------------------------------------------------
def parts() -> list[tuple[str, str]]:
    """The parts of a count with the class that colours them."""
    return [(category.css, category.label) for category in categories()]


def categories() -> list[Category]:
    """What a member can have done, in the order of every chart and table."""
    return [
        *(Category(choice.value, f"app-bar--{choice.value}", str(choice.label)) for choice in Choice),
        Category(NOT_CAST, "app-bar--absent", choice_words(NOT_CAST)),
    ]


def result_chart(result: dict[str, Any]) -> BarChart:
    """Votes and members beside each other; no query."""
    rows = [
        Bar(_("Votes"), [*(result["votes"][choice] for choice in Choice.values), result["absent_votes"]]),
        Bar(_("Members"), [*(result["heads"][choice] for choice in Choice.values), result["absent"]]),
    ]
    return bar_chart(
        rows, caption=_("Votes and members: for, against, abstained, did not vote"), parts=parts()
    )


def choice_map(lines: list[RollLine]) -> Map:
    """What every member voted; one query."""
    return member_category_map(
        (line.member for line in lines),
        {line.member.pk: line.choice for line in lines},
        categories(),
        caption=_("What every member voted"),
    )


@dataclass(frozen=True)
class SliceRow:
    """A group of members: its bar, its votes, its members, and how much of what counts was for."""

    name: str
    svg: SafeString
    votes: list[int]  # for, against, abstain, not cast
    heads: int
    cast_heads: int
    share: float | None  # of the votes for and against
    incomplete: bool = False


@dataclass(frozen=True)
class Slice:
    """The count by one grouping."""

    key: str
    title: str
    rows: list[SliceRow]


def slices(vote: Vote) -> list[Slice]:
    """The count by main division, network and size class, so that minorities stay visible; no query."""
    result = vote.result or {}
    return [
        Slice(each.key, each.title, _slice_rows(result, each.key, each.names, each.incomplete))
        for each in groupings(result.get("slice_totals", {}))
    ]


def _slice_rows(
    result: dict[str, Any], key: str, names: Mapping[str, str], partial: Collection[str]
) -> list[SliceRow]:
    counts = {}
    for group in names:
        votes, total = result["slices"][key][group], result["slice_totals"][key][group]
        counts[group] = [
            *(votes[choice] for choice in Choice.values),
            total["roll_votes"] - total["cast_votes"],
        ]
    chart = bar_chart([Bar(names[group], counts[group]) for group in names], caption="", parts=parts())
    rows = []
    for group, bar in zip(names, chart.rows, strict=True):
        total, (votes_for, against, *_rest) = result["slice_totals"][key][group], counts[group]
        rows.append(
            SliceRow(
                name=names[group],
                svg=bar.svg,
                votes=counts[group],
                heads=total["roll_heads"],
                cast_heads=total["cast_heads"],
                share=votes_for / (votes_for + against) if votes_for + against else None,
                incomplete=group in partial,
            )
        )
    return rows


def one_member_one_vote(rule: RuleData, lines: list[RollLine]) -> tally.Result:
    """What the same ballots would have come to with one vote each: to compare with, no result. No query."""
    counted = tally.Rule(kind="for_against_abstain", thresholds=(threshold_of(rule),), split="refused")
    roll = tally.Roll(tally.Entry(line.member.code, 1) for line in lines)
    cast = [line for line in lines if line.choice != NOT_CAST]
    return tally.tally(roll, [tally.Ballot(line.member.code, line.choice) for line in cast], counted)
