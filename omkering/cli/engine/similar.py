"""`omkering engine similar`: what belongs together in a file of short texts, and the nearest texts of a new
one."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any

import typer

from omkering.cli.engine import _io

NearestOption = Annotated[
    str | None, typer.Option("--nearest", help="Only find the texts most like this one; no bundles.")
]
CountOption = Annotated[int, typer.Option("--count", min=1, help="How many texts --nearest gives.")]
ScoreOption = Annotated[
    float | None,
    typer.Option("--score", min=-1.0, max=1.0, help="Mean likeness from which texts belong together."),
]
AfreshFlag = Annotated[bool, typer.Option("--afresh", help="Ignore the column bundle.")]

_SHOWN_MEMBERS, _SHOWN_PAIRS, _SHOWN_LETTERS = 8, 20, 70


def register(app: typer.Typer) -> None:
    app.command()(similar)


def similar(
    texts: Annotated[
        str,
        typer.Argument(metavar="TEXTS.csv", help="id,text[,title][,bundle][,name]; - for standard input."),
    ],
    nearest: NearestOption = None,
    count: CountOption = 5,
    score: ScoreOption = None,
    afresh: AfreshFlag = False,
    as_json: _io.JsonFlag = False,
) -> None:
    """Near-duplicates and bundles of short Dutch texts, by words and meaning together.

    Texts with a bundle in the column of that name form an accepted bundle: it keeps its id, its name and its members;
    texts that resemble them come back as joining. All other texts are bundled or stay loose.

    Example: omkering engine similar TEXTS.csv --nearest "hoge gasprijzen" --json
    """
    with _io.refusing():
        rows = read_rows(texts)
    bodies = [". ".join(filter(None, (row.get("title"), row["text"]))) for row in rows]
    if nearest is not None:
        data = found(rows, bodies, nearest, count)
        _io.output(data, as_json, lambda: _show_nearest(data))
    else:
        data = bundled(rows, bodies, score, afresh)
        _io.output(data, as_json, lambda: _show_bundles(data))


def read_rows(path: str) -> tuple[_io.Row, ...]:
    """The rows of a file of texts: no id twice, no text empty."""
    rows = _io.read_csv(path, ("id", "text")).rows
    seen: dict[str, int] = {}
    for row in rows:
        row.required("text")
        identity = row.required("id")
        if identity in seen:
            raise row.error(f"the id {identity} also stands on line {seen[identity]}")
        seen[identity] = row.line
    return rows


def found(rows: tuple[_io.Row, ...], bodies: list[str], text: str, count: int) -> dict[str, Any]:
    """The nearest texts with their score, best first."""
    from omkering.engine.similar import Index

    best = Index(bodies).nearest(text, count)
    return {
        "nearest": [{"id": rows[i]["id"], "score": round(value, 6), "text": bodies[i]} for i, value in best]
    }


def bundled(
    rows: tuple[_io.Row, ...], bodies: list[str], score: float | None, afresh: bool
) -> dict[str, Any]:
    """Bundles, loose ids and pairs."""
    from omkering.engine.similar import BUNDLE_SCORE, suggest_bundles

    accepted: dict[str, list[str]] = {}
    names: dict[str, list[str]] = {}
    for row in rows:
        key = "" if afresh else row.get("bundle")
        if key:
            accepted.setdefault(key, []).append(row["id"])
            if row.get("name"):
                names.setdefault(key, row["name"].split())
    result = suggest_bundles(
        [row["id"] for row in rows],
        bodies,
        accepted=accepted,
        names=names,
        bundle_score=BUNDLE_SCORE if score is None else score,
    )
    return {
        "bundles": [
            {
                "id": bundle.id,
                "name": list(bundle.name),
                "members": list(bundle.members),
                "joining": list(bundle.joining),
                "accepted": bundle.accepted,
                "cohesion": round(bundle.cohesion, 6),
            }
            for bundle in result.bundles
        ],
        "loose": list(result.loose),
        "pairs": [{"a": pair.a, "b": pair.b, "score": round(pair.score, 6)} for pair in result.pairs],
    }


def _show_nearest(data: dict[str, Any]) -> None:
    rows = [(each["id"], each["text"][:_SHOWN_LETTERS], f"{each['score']:.3f}") for each in data["nearest"]]
    _io.print_table("Nearest texts", ("id", "text", "score"), rows, left=2)


def _show_bundles(data: dict[str, Any]) -> None:
    rows = []
    for bundle in data["bundles"]:
        members = bundle["members"]
        shown = ", ".join(members[:_SHOWN_MEMBERS]) + (" …" if len(members) > _SHOWN_MEMBERS else "")
        state = "accepted" if bundle["accepted"] else "suggested"
        size, joining = len(members), len(bundle["joining"])
        rows.append(
            (bundle["id"], " ".join(bundle["name"]), state, shown, size, joining, f"{bundle['cohesion']:.2f}")
        )
    columns = ("bundle", "name", "state", "members", "texts", "joining", "cohesion")
    _io.print_table("Bundles", columns, rows, left=4)
    pairs = [(pair["a"], pair["b"], f"{pair['score']:.3f}") for pair in data["pairs"][:_SHOWN_PAIRS]]
    _io.print_table("Most alike", ("text", "text", "score"), pairs, left=2)
    counts = Counter("accepted" if bundle["accepted"] else "suggested" for bundle in data["bundles"])
    typer.echo(
        f"{counts['accepted']} accepted and {counts['suggested']} suggested bundles, {len(data['loose'])} loose texts."
    )
