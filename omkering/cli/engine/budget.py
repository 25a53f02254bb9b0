"""`omkering engine budget`: spend a budget by the ballots in a Pabulib file."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from omkering.cli.engine import _io

if TYPE_CHECKING:
    from omkering.engine.budget import Outcome, Round
    from omkering.engine.formats.pabulib import PabulibFile

Rule = Literal["equal-shares", "greedy", "phragmen"]
Utility = Literal["cost", "cardinality"]
Completion = Literal["none", "add1", "add1u", "greedy"]
Ties = Literal["id", "cheapest", "dearest", "most_supported"]

RuleOption = Annotated[Rule, typer.Option("--rule", help="How projects are chosen.")]
UtilityOption = Annotated[
    Utility,
    typer.Option(
        "--utility",
        help="What a project is worth to a supporter: its cost, or one. Greedy: by votes, or votes per cost.",
    ),
]
CompletionOption = Annotated[
    Completion, typer.Option("--completion", help="What equal shares does with the money it leaves.")
]
StepOption = Annotated[
    str, typer.Option("--step", help="By how much add1 raises every share, in currency per unit of weight.")
]
TiesOption = Annotated[Ties, typer.Option("--ties", help="Which of equal projects goes first, then by id.")]
ExplainFlag = Annotated[bool, typer.Option("--explain", help="Add who paid what, and what is left to whom.")]


def register(app: typer.Typer) -> None:
    app.command()(budget)


def budget(
    file: Annotated[str, typer.Argument(help="A Pabulib file (.pb); - for standard input.")],
    rule: RuleOption = "equal-shares",
    utility: UtilityOption = "cost",
    completion: CompletionOption = "none",
    step: StepOption = "1",
    ties: TiesOption = "id",
    explain: ExplainFlag = False,
    as_json: _io.JsonFlag = False,
) -> None:
    """Choose projects within a budget by equal shares, greedily or by Phragmén; exact, with the reasons.

    Example: omkering engine budget FILE.pb --utility cost --completion add1 --explain --json
    """
    with _io.refusing():
        source = read(file)
        outcome = decided(file, source, rule, utility, completion, step, ties, explain)
    _io.output(as_data(outcome, explain), as_json, lambda: show(source, outcome, explain))


def read(path: str) -> PabulibFile:
    """The Pabulib file at ``path``; `InputError` names the line of what cannot be read."""
    from omkering.engine.formats import pabulib

    try:
        return pabulib.parse(_io.read_text(path))
    except pabulib.PabulibError as error:
        raise _io.InputError(path, error.line, error) from None


def decided(
    path: str,
    source: PabulibFile,
    rule: str,
    utility: str,
    completion: str,
    step: str,
    ties: str,
    explain: bool,
) -> Outcome:
    """The outcome of the rule on the election in the file."""
    from omkering.engine import budget as engine

    try:
        if rule == "greedy":
            return engine.greedy(source.election, utility=utility, ties=ties)
        if rule == "phragmen":
            return engine.phragmen(source.election, ties=ties, explain=explain)
        return engine.equal_shares(
            source.election, utility=utility, completion=completion, step=step, ties=ties, explain=explain
        )
    except engine.BudgetError as error:
        raise _io.InputError(path, None, error) from None


def as_data(outcome: Outcome, explain: bool) -> dict[str, Any]:
    """The outcome as plain data: amounts as numbers, payments and prices as exact fractions "a/b"."""
    data: dict[str, Any] = {
        "rule": outcome.rule,
        "utility": outcome.utility,
        "completion": outcome.completion,
        "selected": list(outcome.selected),
        "cost": _number(outcome.cost),
        "budget": _number(outcome.budget),
        "endowment": None if outcome.endowment is None else _fraction(outcome.endowment),
        "increments": outcome.increments,
        "ended_by": outcome.ended_by,
        "rounds": [
            {
                "project": each.project,
                "cost": _number(each.cost),
                "reason": each.reason,
                "price": None if each.price is None else _fraction(each.price),
                "spent_out": each.spent_out,
                "by_tie_rule": each.by_tie_rule,
            }
            for each in outcome.rounds
        ],
        "failures": [
            {
                "project": each.project,
                "cost": _number(each.cost),
                "reason": each.reason,
                "supporters": each.supporters,
                "held": _fraction(each.held),
                "lacking": _fraction(each.lacking),
            }
            for each in outcome.failures
        ],
    }
    if explain:
        data["payments"] = {
            project: {voter: _fraction(amount) for voter, amount in amounts.items()}
            for project, amounts in outcome.payments.items()
        }
        data["left"] = {voter: _fraction(amount) for voter, amount in outcome.left.items()}
    return data


def show(source: PabulibFile, outcome: Outcome, explain: bool) -> None:
    """The outcome as tables."""
    for note in source.notes:
        typer.echo(f"Note: {note}.", err=True)
    names = {project: fields.get("name", "") for project, fields in source.projects.items()}
    _io.print_table(
        f"Chosen for {_money(outcome.cost)} of {_money(outcome.budget)}",
        ("project", "name", "how", "cost", "price per vote"),
        (
            (each.project, names[each.project], _how(each), _money(each.cost), _price(each))
            for each in outcome.rounds
        ),
        left=3,
    )
    reasons = {
        "not_supported": "nobody supports it",
        "too_little_money": "its supporters hold too little",
        "does_not_fit": "too little is left of the budget",
        "not_reached": "the rule ended before its turn",
    }
    _io.print_table(
        "Not chosen",
        ("project", "name", "why", "cost", "supporters", "held", "lacking"),
        (
            (
                each.project,
                names[each.project],
                reasons[each.reason],
                _money(each.cost),
                each.supporters,
                _money(each.held),
                _money(each.lacking),
            )
            for each in outcome.failures
        ),
        left=3,
    )
    if explain and outcome.payments:
        _io.print_table(
            "Who paid what", ("project", "voter", "paid", "exactly"), _payment_lines(outcome), left=2
        )
    if explain and outcome.left:
        left = (
            (voter, _money(amount), _fraction(amount)) for voter, amount in outcome.left.items() if amount
        )
        _io.print_table("Who has what left", ("voter", "left", "exactly"), left)


def _payment_lines(outcome: Outcome) -> Iterator[tuple[str, str, str, str]]:
    for project, amounts in outcome.payments.items():
        for voter, amount in amounts.items():
            yield project, voter, _money(amount), _fraction(amount)


def _how(each: Round) -> str:
    how = {"paid": "paid by its supporters", "free": "costs nothing", "score": "by its score"}[each.reason]
    return f"{how}, first of equals" if each.by_tie_rule else how


def _price(each: Round) -> str:
    return "" if each.price is None else _money(each.price)


def _money(amount: Fraction) -> str:
    return f"{float(amount):,.2f}"


def _number(amount: Fraction) -> int | float:
    return int(amount) if amount.denominator == 1 else float(amount)


def _fraction(amount: Fraction) -> str:
    return f"{amount.numerator}/{amount.denominator}"
