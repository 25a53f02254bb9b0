"""`omkering engine peers`: look-alikes from structure figures, and who does better than them."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from omkering.cli.engine import _io

if TYPE_CHECKING:
    from omkering.engine.peers import Kind, Outcome

OutcomesOption = Annotated[
    str | None,
    typer.Option("--outcomes", help="CSV: member,count,base[,period]; the last period is compared."),
]
WeightOption = Annotated[list[str] | None, typer.Option("--weight", help="figure=2; may be repeated.")]
LogOption = Annotated[
    list[str] | None, typer.Option("--log", help="A figure to compare by ratio, such as inhabitants.")
]
MemberOption = Annotated[
    list[str] | None, typer.Option("--member", help="Only this member; may be repeated.")
]
KindOption = Annotated[str, typer.Option(help="What the outcomes are: proportion or rate.")]
CorrectionOption = Annotated[str, typer.Option(help="benjamini-hochberg, holm or none.")]
LowerFlag = Annotated[bool, typer.Option("--lower-is-better", help="A low outcome is the good one.")]


def register(app: typer.Typer) -> None:
    app.command()(peers)


def peers(
    figures: Annotated[str, typer.Argument(help="CSV: member and one column a figure; empty is not known.")],
    outcomes: OutcomesOption = None,
    weight: WeightOption = None,
    log: LogOption = None,
    member: MemberOption = None,
    count: Annotated[int, typer.Option(help="Number of look-alikes.")] = 10,
    kind: KindOption = "proportion",
    correction: CorrectionOption = "benjamini-hochberg",
    lower_is_better: LowerFlag = False,
    as_json: _io.JsonFlag = False,
) -> None:
    """Look-alikes of members; with outcomes also the funnel, the trend and who does significantly better.

    Example: omkering engine peers FIGURES.csv --log inhabitants --outcomes OUTCOMES.csv --json
    """
    with _io.refusing():
        data = compared(
            figures, outcomes, weight or [], log or [], member, count, kind, correction, not lower_is_better
        )
    _io.output(data, as_json, lambda: show(data))


def compared(
    figures_path: str,
    outcomes_path: str | None,
    weight: list[str],
    log: list[str],
    members: list[str] | None,
    count: int,
    kind_name: str,
    correction_name: str,
    higher_is_better: bool,
) -> dict[str, Any]:
    """Look-alikes and comparisons as plain data."""
    from omkering.engine import peers as engine

    kind = _one_of(engine.Kind, kind_name, "--kind")
    correction = _one_of(engine.Correction, correction_name, "--correction")
    figures = read_figures(figures_path)
    path = figures_path
    try:
        alike = engine.lookalikes(
            figures, count=count, weights=_weights(weight), logarithmic=log, members=members
        )
        data: dict[str, Any] = {
            "peers": {name: [asdict(peer) for peer in found] for name, found in alike.items()}
        }
        if outcomes_path is None:
            return data
        path = outcomes_path
        series = read_outcomes(outcomes_path, kind)
        last = {name: by_period[max(by_period)] for name, by_period in series.items()}
        drawn = engine.funnel(last, kind)
        data["funnel"] = asdict(drawn)
        data["comparison"] = [
            asdict(row)
            for row in engine.better_than_peers(
                last,
                {name: [peer.member for peer in found] for name, found in alike.items()},
                kind,
                higher_is_better=higher_is_better,
                correction=correction,
            )
        ]
        data["trend"] = {
            name: asdict(engine.trend({period: o.value for period, o in by_period.items()}))
            for name, by_period in sorted(series.items())
            if len(by_period) >= 3 and (members is None or name in members)
        }
    except engine.PeersError as error:
        raise _io.InputError(path, None, error) from None
    return data


def read_figures(path: str) -> dict[str, dict[str, float | None]]:
    """Member to figure to value from CSV."""
    table = _io.read_csv(path, ["member"])
    found: dict[str, dict[str, float | None]] = {}
    for row in table.rows:
        name = row.required("member")
        if name in found:
            raise row.error(f"member {name} has a row already")
        found[name] = {
            column: row.number(column) if row[column] else None
            for column in table.columns
            if column != "member"
        }
    return found


def read_outcomes(path: str, kind: Kind) -> dict[str, dict[float, Outcome]]:
    """Member to period to outcome from CSV; without a column period there is one, 0."""
    from omkering.engine.peers import Outcome, PeersError, funnel

    table = _io.read_csv(path, ["member", "count", "base"])
    found: dict[str, dict[float, Outcome]] = defaultdict(dict)
    for row in table.rows:
        name = row.required("member")
        period = row.number("period") if "period" in table.columns else 0.0
        if period in found[name]:
            raise row.error(f"member {name} has an outcome for this period already")
        outcome = Outcome(row.whole("count"), row.number("base"))
        try:
            funnel({name: outcome}, kind)
        except PeersError as error:
            raise row.error(error) from None
        found[name][period] = outcome
    return dict(found)


def _weights(pairs: list[str]) -> dict[str, float]:
    found = {}
    for pair in pairs:
        match = re.fullmatch(r"(.+)=(\d+(?:\.\d+)?)", pair)
        if not match:
            raise _io.InputError("--weight", None, f"is figure=number, not {pair!r}")
        found[match[1]] = float(match[2])
    return found


def _one_of(kind: Any, name: str, option: str) -> Any:
    try:
        return kind(name)
    except ValueError:
        raise _io.InputError(option, None, f"is one of {', '.join(kind)}, not {name!r}") from None


def show(data: dict[str, Any]) -> None:
    """The look-alikes and comparisons as tables."""
    _io.print_table(
        "Look-alikes",
        ("member", "look-alike", "distance", "known"),
        (
            (name, peer["member"], f"{peer['distance']:.3f}", f"{peer['known']:.0%}")
            for name, found in data["peers"].items()
            for peer in found
        ),
        left=2,
    )
    if "comparison" not in data:
        return
    outside = {point["member"]: point["outside"] for point in data["funnel"]["points"]}
    _io.print_table(
        "Beside look-alikes",
        ("member", "verdict", "value", "look-alikes", "p", "adjusted", "outside funnel"),
        (
            (
                row["member"],
                row["verdict"],
                f"{row['value']:.4g}",
                f"{row['peer_value']:.4g}",
                f"{row['p']:.4f}",
                f"{row['adjusted']:.4f}",
                "" if outside[row["member"]] is None else f"{outside[row['member']]:.1%}",
            )
            for row in data["comparison"]
        ),
        left=2,
    )
    if data["trend"]:
        _io.print_table(
            "Trend",
            ("member", "direction", "slope", "p", "periods"),
            (
                (name, row["direction"], f"{row['slope']:.4g}", f"{row['p']:.4f}", row["periods"])
                for name, row in data["trend"].items()
            ),
            left=2,
        )
