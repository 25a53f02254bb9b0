"""What a vote came to: pictures, slices, and what it would have been by other rules; each a fixed number of queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from omkering.decide import option_shares, vote_rule
from omkering.decide.models import Choice, Vote
from omkering.decide.queries.roll import DIVIDED, NOT_CAST, RollLine, choice_words, choices_of
from omkering.decide.vote_rule import RuleData
from omkering.engine import tally
from omkering.ui.charts import Bar, BarChart, Category, Map, bar_chart
from omkering.ui.groupings import Grouping, groupings
from omkering.ui.member_map import member_category_map


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


def result_chart(result: dict[str, Any], rule: RuleData | None = None) -> BarChart:
    """Votes and members beside each other, or a bar for each option; no query."""
    if result["kind"] != "for_against_abstain":
        return _options_chart(result, vote_rule.titles_of(rule) if rule else {})
    not_cast = {part: result["roll"][part] - result["cast"][part] for part in ("votes", "heads")}
    heads = [result["heads"][choice] for choice in Choice.values]
    # Who divides its votes both ways is in none of them, and did vote.
    heads.append(not_cast["heads"])
    rows = [
        Bar(_("Votes"), [*(result["votes"][choice] for choice in Choice.values), not_cast["votes"]]),
        Bar(_("Members"), heads),
    ]
    return bar_chart(
        rows, caption=_("Votes and members: for, against, abstained, did not vote"), parts=parts()
    )


def _options_chart(result: dict[str, Any], titles: Mapping[str, str]) -> BarChart:
    measure = _("Points") if result["kind"] == "points" else _("Votes")
    if result["kind"] == "ranking":
        measure = _("Votes as first choice")
    keys = [key for key in result["votes"] if key != Choice.ABSTAIN]
    rows = [Bar(titles.get(key, key), [result["votes"][key]]) for key in sorted(keys, key=_by_votes(result))]
    rows.append(Bar(str(Choice.ABSTAIN.label), [result["votes"][Choice.ABSTAIN]]))
    return bar_chart(rows, caption=_("What each option got"), parts=[("app-bar--for", measure)], shares=False)


def _by_votes(result: dict[str, Any]) -> Any:
    return lambda key: -result["votes"][key]


def choice_map(lines: list[RollLine]) -> Map:
    """What every member voted for or against; one query. A divided member stands apart."""
    shown = categories()
    if any(line.choice == DIVIDED for line in lines):
        shown.insert(-1, Category(DIVIDED, "app-bar--abstain", _("Divided")))
    return member_category_map(
        [line.member for line in lines if line.member],
        {line.member.pk: line.choice for line in lines if line.member},
        shown,
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
    result, coloured = vote.result or {}, parts()
    return [
        Slice(each.key, each.title, _slice_rows(result, each, coloured))
        for each in groupings(result.get("slice_totals", {}))
    ]


def _slice_rows(
    result: dict[str, Any], grouping: Grouping, coloured: list[tuple[str, str]]
) -> list[SliceRow]:
    key, names = grouping.key, grouping.names
    counts = {}
    for group in names:
        votes, total = result["slices"][key][group], result["slice_totals"][key][group]
        counts[group] = [
            *(votes[choice] for choice in Choice.values),
            total["roll_votes"] - total["cast_votes"],
        ]
    chart = bar_chart([Bar(names[group], counts[group]) for group in names], caption="", parts=coloured)
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
                incomplete=group in grouping.incomplete,
            )
        )
    return rows


@dataclass(frozen=True)
class OptionRow:
    """A group of members: the share of each option shown (None: it gave nothing), and how many of it voted."""

    name: str
    shares: list[float | None]
    heads: int
    cast_heads: int
    incomplete: bool = False

    @property
    def cells(self) -> list[tuple[float | None, bool]]:
        """Each share, with whether it is the largest of those shown."""
        most = max((share for share in self.shares if share), default=None)
        return [(share, share is not None and share == most) for share in self.shares]


@dataclass(frozen=True)
class OptionSlice:
    """What options got in one grouping."""

    key: str
    title: str
    rows: list[OptionRow]


@dataclass(frozen=True)
class OptionSlices:
    """The options shown as (key, title), what a share is a share of in words, and the groupings."""

    options: list[tuple[str, str]]
    measure: str
    groupings: list[OptionSlice]


def option_slices(vote: Vote, most: int) -> OptionSlices | None:
    """What the options that lead got in each group of members; no query.

    None where nobody gave anything, and of a secret vote: what a group voted in it is not known.
    """
    result = vote.result or {}
    if vote.secret or not vote_rule.is_election(vote.rule) or not result:
        return None
    options, titles = option_shares.leading(result, most), vote_rule.titles_of(vote.rule)
    found = [
        OptionSlice(
            each.key,
            each.title,
            [
                _option_row(result, each.key, group, name, options, group in each.incomplete)
                for group, name in each.names.items()
            ],
        )
        for each in groupings(result.get("slice_totals", {}))
    ]
    if not options or not found:
        return None
    return OptionSlices(
        [(option, titles.get(option, option)) for option in options], _measure(result["kind"]), found
    )


def _option_row(
    result: dict[str, Any], key: str, group: str, name: str, options: list[str], incomplete: bool
) -> OptionRow:
    counts, total = result["slices"][key][group], result["slice_totals"][key][group]
    return OptionRow(
        name=name,
        shares=[
            option_shares.share(result["kind"], counts, total["cast_votes"], option) for option in options
        ],
        heads=total["roll_heads"],
        cast_heads=total["cast_heads"],
        incomplete=incomplete,
    )


def _measure(kind: str) -> str:
    return {
        "approval": _("Share of the votes of each group. One vote can be for several options."),
        "ranking": _("Share of the votes of each group with this as first choice."),
        "points": _("Share of the points that each group gave."),
    }.get(kind, _("Share of the votes of each group."))


def recount(choices: Mapping[str, str], rule: RuleData, weights: Mapping[str, int]) -> tally.Result:
    """What the same ballots would have come to by another rule with these weights: to compare with, no result.

    `choices` as `roll.choices_of` gives them. No query.
    """
    roll = tally.Roll(tally.Entry(voter, weight) for voter, weight in weights.items())
    counted = vote_rule.tally_rule({**rule, "quorums": []})
    cast = [tally.Ballot(voter, choice) for voter, choice in choices.items() if voter in weights]
    return tally.tally(roll, cast, counted)


def one_member_one_vote(vote: Vote, lines: list[RollLine]) -> tally.Result:
    """What the same ballots would have come to with one vote each; no query."""
    return recount(choices_of(lines), {**vote.rule, "weight": None}, {line.voter: 1 for line in lines})
