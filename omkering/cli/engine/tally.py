"""`omkering engine tally`: count ballots against a roll under a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from omkering.cli.engine import _io

if TYPE_CHECKING:
    from omkering.engine.tally import Ballot, Result, Roll

RollOption = Annotated[
    str, typer.Option("--roll", help="CSV: member,weight[,grouping…]; groups in a cell with | between.")
]
RuleOption = Annotated[
    str, typer.Option("--rule", help="JSON: kind, threshold(s), quorum, options, method, seats, …")
]
PresentOption = Annotated[
    str | None, typer.Option("--present", help="CSV: member. Who is present; without it those with a ballot.")
]


def register(app: typer.Typer) -> None:
    app.command()(tally)


def tally(
    ballots: Annotated[str, typer.Argument(help="CSV: member,choice[,votes]; - for standard input.")],
    roll: RollOption,
    rule: RuleOption,
    present: PresentOption = None,
    as_json: _io.JsonFlag = False,
) -> None:
    """Count ballots exactly and decide under the rule; every tie is stated.

    A choice is a name; a|b for approval; a>b=c for a ranking; a:3|b:2 for points.
    Every kind knows abstain. With a column votes a member divides its votes over lines.

    A rule: {"kind": "for_against_abstain", "threshold": {"numerator": 2,
    "denominator": 3, "strict": false, "base": "cast_without_abstentions",
    "in": "votes"}, "quorum": {"numerator": 1, "denominator": 2, "in": "heads"}}

    Kinds: for_against_abstain, options, approval, ranking (method: schulze, irv), points.
    Bases: cast_without_abstentions, cast, present, all. In: votes, heads, both.

    Example: omkering engine tally BALLOTS.csv --roll ROLL.csv --rule RULE.json --json
    """
    with _io.refusing():
        result = counted(ballots, roll, rule, present)
    data = result.as_dict()
    _io.output(data, as_json, lambda: show(result))


def counted(ballots_path: str, roll_path: str, rule_path: str, present_path: str | None) -> Result:
    """The result of the vote in these files; `InputError` names file and line of what cannot be counted."""
    from omkering.engine import tally as engine

    paths = [ballots_path, roll_path, rule_path, present_path]
    if paths.count(_io.STDIN) > 1:
        raise _io.InputError(_io.STDIN, None, "can be read once, so only one file may be -")
    voters = read_roll(roll_path)
    try:
        rule = engine.Rule.from_mapping(_io.read_json(rule_path))
    except engine.RuleError as error:
        raise _io.InputError(rule_path, None, error) from None
    here = None if present_path is None else read_present(present_path, voters)
    file = _io.read_csv(ballots_path, ["member", "choice"])
    ballots = [read_ballot(row) for row in file.rows]
    try:
        return engine.tally(voters, ballots, rule, present=here)
    except engine.BallotError as error:
        raise file.error_at(error.position, error) from None


def read_roll(path: str) -> Roll:
    """The roll in a CSV file ``member,weight[,grouping…]``; every further column is a grouping."""
    from omkering.engine.tally import Entry, Roll, RollError

    file = _io.read_csv(path, ["member", "weight"])
    groupings = [column for column in file.columns if column not in ("member", "weight")]
    entries = [
        Entry(
            row.required("member"),
            row.whole("weight"),
            {name: [group.strip() for group in row[name].split("|")] for name in groupings},
        )
        for row in file.rows
    ]
    try:
        return Roll(entries)
    except RollError as error:
        raise file.error_at(error.position, error) from None


def read_present(path: str, roll: Roll) -> set[str]:
    """The members in a CSV file with a column ``member``, each of them on the roll."""
    here = set()
    for row in _io.read_csv(path, ["member"]).rows:
        member = row.required("member")
        if member not in roll.index:
            raise row.error(f"member {member} is not on the roll")
        here.add(member)
    return here


def read_ballot(row: _io.Row) -> Ballot:
    """The ballot on one line ``member,choice[,votes]``."""
    from omkering.engine.tally import Ballot

    votes = row.whole("votes") if row.get("votes") else None
    return Ballot(row.required("member"), row["choice"], votes)


def show(result: Result) -> None:
    """The result as tables."""
    typer.echo(f"Outcome: {result.outcome}" + (f" ({', '.join(result.elected)})" if result.elected else ""))
    if result.tied:
        typer.echo(f"Tied: {', '.join(result.tied)}")
    typer.echo(
        f"Base {result.base}, required {result.required}, absent {result.absent} of {result.roll.heads}"
    )
    _io.print_table(
        "Votes",
        ("option", "votes", "heads"),
        ((option, votes, result.heads[option]) for option, votes in result.votes.items()),
    )
    for grouping, groups in result.slices.items():
        _io.print_table(
            grouping,
            ("group", *result.votes),
            ((group, *sums.values()) for group, sums in groups.items()),
        )
    _io.print_table(
        "Reasons", ("step", "facts"), ((step.code, _facts(step.facts)) for step in result.reason), left=2
    )


def _facts(facts: Any) -> str:
    return ", ".join(f"{name} {value}" for name, value in facts.items())
