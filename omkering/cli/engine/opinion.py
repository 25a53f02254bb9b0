"""`omkering engine opinion`: the opinion map of votes on statements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from omkering.cli.engine import _io

if TYPE_CHECKING:
    from omkering.engine.opinion import OpinionMap

ExcludeOption = Annotated[
    list[str] | None, typer.Option("--exclude", help="A statement moderated out; may be repeated.")
]
PreviousOption = Annotated[
    str | None,
    typer.Option("--previous", help="An earlier run's --json output: groups keep their number."),
]


def register(app: typer.Typer) -> None:
    app.command()(opinion)


def opinion(
    votes: Annotated[
        str, typer.Argument(help="CSV: Polis' export or participant,statement,vote; - for input.")
    ],
    exclude: ExcludeOption = None,
    previous: PreviousOption = None,
    least_votes: Annotated[int, typer.Option(help="Votes from which a participant gets a group.")] = 7,
    least_group: Annotated[int, typer.Option(help="Size below which a group is never described.")] = 5,
    as_json: _io.JsonFlag = False,
) -> None:
    """Groups of opinion, what is typical of each, what divides them and what they share.

    Example: omkering engine opinion VOTES.csv --exclude 12 --json
    """
    with _io.refusing():
        result = mapped(votes, exclude or [], previous, least_votes, least_group)
    # Loaded here so that the menu of commands opens without the engine.
    from omkering.engine.opinion import as_json as plain

    _io.output(plain(result), as_json, lambda: show(result))


def mapped(
    path: str, exclude: list[str], previous: str | None, least_votes: int, least_group: int
) -> OpinionMap:
    """The opinion map of a file of votes."""
    from omkering.engine.opinion import OpinionError, opinion_map, read_memory, read_votes

    text = _io.read_text(path)
    try:
        memory = read_memory(_io.read_json(previous)) if previous is not None else None
    except OpinionError as error:
        raise _io.InputError(previous or "", error.line, error) from None
    try:
        table, _ = read_votes(text.splitlines(keepends=True))
        return opinion_map(
            table, excluded=exclude, least_votes=least_votes, least_group=least_group, memory=memory
        )
    except OpinionError as error:
        raise _io.InputError(path, error.line, error) from None


def show(result: OpinionMap) -> None:
    """The map as tables."""
    _io.print_table(
        "Groups",
        ("group", "participants", "described"),
        ((g.id, g.size, "yes" if g.described else "no, too small") for g in result.groups),
    )
    for group in result.groups:
        if group.representative:
            _io.print_table(
                f"Typical of group {group.id}",
                ("statement", "direction", "votes", "of", "z"),
                (
                    (r.statement, r.direction, r.successes, r.trials, f"{r.z:.2f}")
                    for r in group.representative
                ),
                left=2,
            )
    _io.print_table(
        "Statements",
        ("statement", "agree", "disagree", "pass", "consensus", "divisiveness"),
        (
            (s.id, s.agree, s.disagree, s.passed, _shown(s.consensus), _shown(s.divisiveness))
            for s in result.statements
        ),
    )


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
