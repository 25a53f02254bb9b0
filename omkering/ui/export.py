"""Tables to take away: CSV and ODS, row by row, safe to open in a spreadsheet.

A text cell that starts with `=`, `+`, `-`, `@`, tab or carriage return would be run as a formula by a
spreadsheet, so it gets a leading apostrophe (OWASP, CSV injection). Numbers stay numbers.
"""

import csv
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import odswriter
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone

Cell = str | int | float | Decimal | date | datetime | bool | None

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?\Z")
# What XML 1.0 does not allow, and what no cell needs.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
ODS = "application/vnd.oasis.opendocument.spreadsheet"


def safe_cell(value: Any) -> Cell:
    """The cell as it may stand in a file: numbers and dates as they are, texts guarded, other things as
    text.
    """
    if value is None or isinstance(value, bool | int | float | Decimal):
        return value
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
    if isinstance(value, date):
        return value
    text = _CONTROL.sub("", str(value))
    if text.startswith(_DANGEROUS) and not _NUMBER.match(text):
        return f"'{text}"
    return text


def disposition(filename: str) -> str:
    """A Content-Disposition header for a download with this name (RFC 6266)."""
    plain = re.sub(r"[^\w.-]+", "-", filename.encode("ascii", "ignore").decode()).strip("-") or "export"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, value: str) -> str:
        return value


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The lines of a CSV file with a byte order mark, so that a spreadsheet reads it as UTF-8."""
    writer = csv.writer(_Echo())
    yield "\ufeff"
    yield writer.writerow([safe_cell(name) for name in header])
    for row in rows:
        yield writer.writerow([safe_cell(value) for value in row])


def csv_response(
    filename: str, header: Sequence[str], rows: Iterable[Sequence[Any]]
) -> StreamingHttpResponse:
    """A streamed CSV download. `filename` carries its extension."""
    response = StreamingHttpResponse(csv_lines(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = disposition(filename)
    response["X-Content-Type-Options"] = "nosniff"
    return response


Sheet = tuple[str, Sequence[str], Iterable[Sequence[Any]]]  # its name, its header and its rows
_SHEET_NAME = 31  # characters that every spreadsheet shows
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]*?:/\\']+")


def write_ods(target: Any, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write one sheet to an open binary file, row by row."""
    write_sheets(target, [("1", header, rows)])


def write_sheets(target: Any, sheets: Iterable[Sheet]) -> None:
    """Write several sheets to an open binary file, row by row; a name that is there already gets a number."""
    names: set[str] = set()
    with odswriter.writer(target) as book:
        for name, header, rows in sheets:
            sheet = book.new_sheet(_sheet_name(name, names))
            sheet.writerow([safe_cell(title) for title in header])
            for row in rows:
                sheet.writerow([safe_cell(value) for value in row])


def _sheet_name(name: str, taken: set[str]) -> str:
    """A name that a spreadsheet takes, and that no other sheet has."""
    plain = " ".join(_NOT_IN_SHEET_NAMES.sub(" ", _CONTROL.sub("", name)).split()) or "1"
    found, number = plain[:_SHEET_NAME].strip(), 1
    while found.casefold() in taken:
        number += 1
        found = f"{plain[: _SHEET_NAME - 4].strip()} {number}"
    taken.add(found.casefold())
    return found


def ods_response(filename: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> FileResponse:
    """An ODS download of one sheet."""
    return sheets_response(filename, [("1", header, rows)])


def sheets_response(filename: str, sheets: Iterable[Sheet]) -> FileResponse:
    """An ODS download of several sheets, written to a temporary file and sent from it."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  # closed by the response
    write_sheets(file, sheets)
    file.seek(0)
    response = FileResponse(file, content_type=ODS)
    response["Content-Disposition"] = disposition(filename)
    return response


def table_response(
    kind: str, name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]
) -> HttpResponseBase:
    """A download in the asked form: `kind` is "csv" or "ods"; `name` is the file's name without extension."""
    if kind not in ("csv", "ods"):
        raise ValueError(f"A table can be taken as csv or ods, not as {kind!r}.")
    respond = csv_response if kind == "csv" else ods_response
    return respond(f"{name}.{kind}", header, rows)
