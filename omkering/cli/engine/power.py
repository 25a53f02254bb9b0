"""`omkering engine power`: Banzhaf and Shapley–Shubik of the members on a roll."""

from __future__ import annotations

import re
from typing import Annotated, Any

import typer

from omkering.cli.engine import _io

QuotaOption = Annotated[
    str, typer.Option("--quota", help="The share of all votes that wins, as a fraction: 1/2.")
]
StrictFlag = Annotated[
    bool, typer.Option("--strict", help="More than the quota is needed, not just the quota.")
]
BlocsOption = Annotated[
    str | None, typer.Option("--blocs", help="A column of the roll: members with the same entry vote as one.")
]


def register(app: typer.Typer) -> None:
    app.command()(power)


def power(
    roll: Annotated[str, typer.Argument(help="CSV: member,weight; - for standard input.")],
    quota: QuotaOption,
    strict: StrictFlag = False,
    bloc_column: BlocsOption = None,
    as_json: _io.JsonFlag = False,
) -> None:
    """The voting power of every member, exact: Banzhaf (as a part of all, and absolute) and Shapley–Shubik.

    Example: omkering engine power ROLL.csv --quota 1/2 --strict --json
    """
    with _io.refusing():
        data = measured(roll, quota, strict, bloc_column)
    _io.output(data, as_json, lambda: show(data))


def measured(roll_path: str, quota: str, strict: bool, bloc_column: str | None) -> dict[str, Any]:
    """Total, quota and the power of every member; `InputError` names what cannot be used."""
    from omkering.engine import power as engine

    numerator, denominator = read_fraction(quota)
    file = _io.read_csv(roll_path, ["member", "weight", *([bloc_column] if bloc_column else [])])
    weights: dict[str, int] = {}
    members_of: dict[str, list[str]] = {}
    for row in file.rows:
        member, weight = row.required("member"), row.whole("weight")
        if member in weights:
            raise row.error(f"member {member} stands on the roll twice")
        if weight < 0:
            raise row.error(f"the weight of member {member} is at least 0, not {weight}")
        weights[member] = weight
        if bloc_column and row[bloc_column]:
            members_of.setdefault(row[bloc_column], []).append(member)
    try:
        weights = engine.blocs(weights, members_of)
        votes = engine.quota_of(sum(weights.values()), numerator, denominator, strict=strict)
        found = engine.power(list(weights.values()), votes)
    except engine.PowerError as error:
        raise _io.InputError(roll_path, None, error) from None
    rows = zip(weights.items(), found.banzhaf, found.banzhaf_absolute, found.shapley, strict=True)
    return {
        "total": found.total,
        "quota": found.quota,
        "members": [
            {
                "member": member,
                "weight": weight,
                # The float nearest to the exact fraction: 15 digits are right.
                "banzhaf": float(banzhaf),
                "banzhaf_absolute": float(absolute),
                "shapley": float(shapley),
            }
            for (member, weight), banzhaf, absolute, shapley in rows
        ],
    }


def read_fraction(text: str) -> tuple[int, int]:
    """A fraction written as two whole numbers; a decimal is refused, because 0.6667 is not 2/3."""
    match = re.fullmatch(r"([0-9]{1,18})/([0-9]{1,18})", text.strip())
    if match is None:
        raise _io.InputError("--quota", None, f"is a fraction of whole numbers such as 2/3, not {text!r}")
    return int(match[1]), int(match[2])


def show(data: dict[str, Any]) -> None:
    """The power as a table, largest first."""
    typer.echo(f"Quota {data['quota']} of {data['total']} votes")
    _io.print_table(
        "Voting power",
        ("member", "weight", "share of votes", "Banzhaf", "Shapley–Shubik", "Banzhaf absolute"),
        (
            (
                each["member"],
                each["weight"],
                f"{each['weight'] / data['total']:.6f}",
                f"{each['banzhaf']:.12f}",
                f"{each['shapley']:.12f}",
                f"{each['banzhaf_absolute']:.12f}",
            )
            for each in sorted(data["members"], key=lambda each: -each["weight"])
        ),
    )
