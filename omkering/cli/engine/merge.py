"""`omkering engine merge`: merge amended texts on their base and report what collides."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from omkering.cli.engine import _io

if TYPE_CHECKING:
    from omkering.engine.merge import Merged


def register(app: typer.Typer) -> None:
    app.command()(merge)


def merge(
    base: Annotated[str, typer.Argument(help="The text that is amended; - for standard input.")],
    amended: Annotated[list[str], typer.Argument(help="The whole text as each amendment would have it.")],
    as_json: _io.JsonFlag = False,
) -> None:
    """Merge any number of amendments on one text; what collides stays as it was and is reported.

    An amendment is called by the name of its file. Positions count characters of the base, ends exclusive.

    Example: omkering engine merge BASE.txt A.txt B.txt --json
    """
    with _io.refusing():
        result = merged(base, amended)
    _io.output(plain(result), as_json, lambda: show(result))


def merged(base: str, amended: list[str]) -> Merged:
    """The amended texts in these files, merged."""
    from omkering.engine import merge as engine

    short = [Path(path).name for path in amended]
    names = short if len(set(short)) == len(short) else amended
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise _io.InputError(twice, None, "is given twice")
    texts = {name: _io.read_text(path) for name, path in zip(names, amended, strict=True)}
    return engine.merge(_io.read_text(base), texts)


def plain(result: Merged) -> dict[str, Any]:
    """The result as plain data."""
    return {
        "text": result.text,
        "collisions": [
            {
                "base_start": c.base_start,
                "base_end": c.base_end,
                "word_start": c.word_start,
                "word_end": c.word_end,
                "base_text": c.base_text,
                "amendments": list(c.amendments),
                "proposals": dict(c.proposals),
            }
            for c in result.collisions
        ],
        "spans": [
            {"kind": str(s.kind), "text": s.text, "amendments": list(s.amendments)} for s in result.spans
        ],
        "applied": {name: len(edits) for name, edits in result.applied.items()},
        "open": {name: len(edits) for name, edits in result.open.items()},
    }


def show(result: Merged) -> None:
    """The merged text, then what became of each amendment and every collision."""
    typer.echo(result.text)
    _io.print_table(
        "Amendments",
        ("amendment", "changes merged", "changes that collide"),
        ((name, len(edits), len(result.open[name])) for name, edits in result.applied.items()),
    )
    for c in result.collisions:
        _io.print_table(
            f"Collision at characters {c.base_start} to {c.base_end} (words {c.word_start} to {c.word_end})",
            ("who", "text"),
            [("base", c.base_text), *c.proposals.items()],
            left=2,
        )
