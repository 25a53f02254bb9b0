"""Reading CSV with a fault at the right line for every cell that is missing or wrong."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path

from omkering.who.association.faults import Faults
from omkering.who.association.records import Names


class Row:
    """One row. Getters record a fault and give a harmless value where a cell is wrong."""

    def __init__(self, file: str, line: int, cells: dict[str, str], faults: Faults) -> None:
        self.file, self.line, self.cells, self.faults = file, line, cells, faults

    def fault(self, reason: str) -> None:
        """Record a fault at this line."""
        self.faults.add(self.file, self.line, reason)

    def text(self, column: str, *, optional: bool = False) -> str:
        """The cell without surrounding space."""
        value = self.cells.get(column, "").strip()
        if not value and not optional:
            self.fault(f'"{column}" is empty.')
        return value

    def day(self, column: str) -> date | None:
        """A day as 2022-01-31; None for an empty cell or a wrong one (with a fault)."""
        value = self.text(column, optional=True)
        return parse_day(value, column, self.fault) if value else None

    def integer(self, column: str, *, low: int = 0) -> int | None:
        """A whole number of at least `low`; None for an empty cell or a wrong one (with a fault)."""
        value = self.text(column, optional=True)
        if not value:
            return None
        if not re.fullmatch(r"-?[0-9]+", value):
            self.fault(f'"{column}" is "{value}", which is not a whole number.')
            return None
        if int(value) < low:
            self.fault(f'"{column}" is {value}; it must be at least {low}.')
            return None
        return int(value)

    def flag(self, column: str) -> bool:
        """yes or no."""
        value = self.text(column)
        if value and value not in ("yes", "no"):
            self.fault(f'"{column}" is "{value}"; it must be yes or no.')
        return value == "yes"

    def names(self, column: str, languages: Sequence[str], *, optional: bool = False) -> Names:
        """A text per language: `column` is the main language, `column_xx` another, where it differs."""
        first = self.text(column, optional=optional)
        names = Names({languages[0]: first})
        for language in languages[1:]:
            names[language] = self.text(f"{column}_{language}", optional=True) or first
        return names


def parse_day(value: str, column: str, fault: Callable[[str], None]) -> date | None:
    """The day written in `value`, or None and a fault."""
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            raise ValueError
        return date.fromisoformat(value)
    except ValueError:
        fault(f'"{column}" is "{value}", which is not a day such as 2022-01-31.')
        return None


def read_csv(
    folder: Path, file: str, faults: Faults, *, required: Sequence[str], optional: Sequence[str] = ()
) -> list[Row]:
    """The rows of a CSV file of the folder; empty (and a fault) if it is not there or no UTF-8 text."""
    try:
        text = (folder / file).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        faults.add(file, 1, "The file is missing.")
    except UnicodeDecodeError:
        faults.add(file, 1, "The file is not UTF-8 text.")
    else:
        return parse_csv(
            text, file, faults, required=required, known=lambda c: c in required or c in optional
        )
    return []


def parse_csv(
    text: str, file: str, faults: Faults, *, required: Iterable[str], known: Callable[[str], bool]
) -> list[Row]:
    """The rows of a CSV text with a header.

    Columns that are not `known`, twice there or missing are faults, as are rows with another number of cells
    than the header; without the required columns there are no rows.
    """
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    rows: list[Row] = []
    line = 1
    try:
        header = [cell.strip() for cell in next(reader, [])]
        missing = [column for column in required if column not in header]
        for column in missing:
            faults.add(file, 1, f'The column "{column}" is missing.')
        for index, column in enumerate(header):
            if column in header[:index]:
                faults.add(file, 1, f'The column "{column}" stands there twice.')
            elif not known(column):
                faults.add(file, 1, f'The column "{column}" is not known here.')
        if missing:
            return []
        line = reader.line_num + 1
        for cells in reader:
            if len(cells) == len(header):
                rows.append(Row(file, line, dict(zip(header, cells, strict=True)), faults))
            elif cells:
                faults.add(file, line, f"The row has {len(cells)} cells; the header has {len(header)}.")
            line = reader.line_num + 1
    except csv.Error as error:
        faults.add(file, line, f"Not valid CSV: {error}.")
    return rows
