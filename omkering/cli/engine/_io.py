"""What the engine commands share: reading input with line numbers, refusing it in a sentence, printing."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

STDIN = "-"

JsonFlag = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of tables.")]

# Digits beyond this are no weight, cost or count of anything real, and would only serve to stall.
_MOST_DIGITS = 30
# Letters of a sentence that refuses input.
_LONGEST = 500


class InputError(Exception):
    """Bad input: which file, which line (None where no single one is at fault) and why."""

    def __init__(self, path: str, line: int | None, reason: object) -> None:
        where = "standard input" if path == STDIN else path
        place = where if line is None else f"{where}, line {line}"
        super().__init__(f"{place}: {_one_line(str(reason))}.")


def _one_line(reason: str) -> str:
    """A reason that quotes the input, without its line breaks and not without end."""
    shown = " ".join("".join(sign if sign.isprintable() else " " for sign in reason).split())
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a CSV file: the line it starts on and its cells by column, without spaces around them."""

    path: str
    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def get(self, column: str) -> str:
        """The cell, empty where the file has no such column."""
        return self.cells.get(column, "")

    def required(self, column: str) -> str:
        """The cell, refused when empty."""
        if not self.cells[column]:
            raise self.error(f"the column {column} is empty")
        return self.cells[column]

    def whole(self, column: str) -> int:
        """The cell as a whole number."""
        text = self.required(column)
        digits = text.removeprefix("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= _MOST_DIGITS):
            raise self.error(f"{column} is a whole number, not {text!r}")
        return int(text)

    def number(self, column: str) -> float:
        """The cell as a finite number, with a point for decimals."""
        text = self.required(column)
        try:
            value = float(text)
        except ValueError:
            raise self.error(f"{column} is a number, not {text!r}") from None
        if value - value != 0:
            raise self.error(f"{column} is a finite number, not {text!r}")
        return value

    def error(self, reason: object) -> InputError:
        """An error at this line."""
        return InputError(self.path, self.line, reason)


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A CSV file with a header: its columns in order and its rows."""

    path: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def error_at(self, position: int | None, reason: object) -> InputError:
        """An error at the row with this number from 0, or about the file where that is None."""
        return InputError(self.path, None if position is None else self.rows[position].line, reason)


def read_text(path: str) -> str:
    """The text of a file, or of standard input for ``-``. UTF-8, with or without a byte order mark."""
    try:
        data = sys.stdin.buffer.read() if path == STDIN else Path(path).read_bytes()
    except OSError as error:
        raise InputError(path, None, f"cannot be read ({error.strerror})") from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(path, data.count(b"\n", 0, error.start) + 1, "is not UTF-8 text") from None


def read_csv(path: str, required: Sequence[str]) -> CsvFile:
    """A CSV file with a header that has at least the ``required`` columns.

    Comma, semicolon or tab between cells, as the header shows. Empty lines are passed over; a record that
    spans lines counts by its first. Raises `InputError` for a missing or doubled column, a record with more
    or fewer cells than the header, or a broken quote.
    """
    text = read_text(path)
    header_line = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(",;\t", key=header_line.count)
    records = _records(path, text, delimiter)
    header_at, header = next(records, (1, []))
    columns = tuple(cell.strip() for cell in header)
    for name in required:
        if name not in columns:
            shown = ", ".join(columns) or "nothing"
            raise InputError(path, header_at, f"the column {name} is missing; the header has {shown}")
    for name in columns:
        if not name:
            raise InputError(path, header_at, "a column has no name")
        if columns.count(name) > 1:
            raise InputError(path, header_at, f"the header has the column {name} twice")
    rows = []
    for line, cells in records:
        if len(cells) != len(columns):
            raise InputError(path, line, f"has {len(cells)} cells where the header has {len(columns)}")
        rows.append(Row(path, line, dict(zip(columns, (cell.strip() for cell in cells), strict=True))))
    return CsvFile(path, columns, tuple(rows))


def _records(path: str, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise InputError(path, line, f"is no valid CSV ({error})") from None
        if cells:
            yield line, cells


def read_json(path: str) -> Any:
    """The value in a JSON file. Raises `InputError` with the line where it stops being JSON."""
    try:
        return json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise InputError(path, error.lineno, f"is no valid JSON ({error.msg})") from None
    except (RecursionError, ValueError):
        raise InputError(path, None, "is no JSON of a reasonable size") from None


@contextmanager
def refusing() -> Iterator[None]:
    """Turn bad input into one sentence on standard error and exit code 2."""
    try:
        yield
    except InputError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None


def print_json(data: Mapping[str, Any]) -> None:
    """One JSON object on standard output."""
    typer.echo(json.dumps(data))


def print_table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[object]], *, left: int = 1
) -> None:
    """A table for people; the first ``left`` columns hold names, the others numbers."""
    table = Table(title=Text(title), title_justify="left", title_style="bold")
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number < left else "right")
    for row in rows:
        # As Text, so that square brackets in a name are no markup.
        table.add_row(*(Text(str(cell)) for cell in row))
    Console().print(table)


def output(data: Mapping[str, Any], as_json: bool, show: Callable[[], None]) -> None:
    """Print ``data`` as JSON, or what ``show`` prints for people."""
    if as_json:
        print_json(data)
    else:
        show()
