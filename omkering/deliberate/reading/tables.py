"""A table as Markdown: its first row is the head."""

from collections.abc import Sequence


def markdown_table(rows: Sequence[Sequence[str]]) -> str:
    """The cells, row by row; rows that are too short are filled up. Line ends within a cell become blanks."""
    width = max((len(row) for row in rows), default=0)
    filled = [[_cell(text) for text in row] + [""] * (width - len(row)) for row in rows if any(row)]
    if not filled:
        return ""
    lines = ["| " + " | ".join(row) + " |" for row in filled]
    return "\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("\\|", "|").replace("|", "\\|")


def joined(first: str, second: str) -> str | None:
    """Two tables as one, where they have as many columns; a head that is repeated stands there once."""
    upper, lower = first.split("\n"), second.split("\n")
    if len(upper) < 2 or len(lower) < 2 or upper[1] != lower[1]:
        return None
    rows = lower[2:] if lower[0] == upper[0] else [lower[0], *lower[2:]]
    return "\n".join([*upper, *rows])
