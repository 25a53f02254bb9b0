"""members.csv: reading it, checking it row against row, and writing it."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from omkering.who.association.csv_file import Row, parse_csv, parse_day
from omkering.who.association.faults import Faults
from omkering.who.association.records import KindRecord, MemberRecord, overlap

FILE = "members.csv"
COLUMNS = ("code", "name", "starts", "ends", "successor", "tile_column", "tile_row")
POPULATION = "population_"
# A spreadsheet would take a cell that begins so for a formula; no member is called like that.
_FORMULA = ("=", "+", "-", "@")


@dataclass(frozen=True)
class MemberSchema:
    """What a row must fit: the form of codes, the kinds of division (a column each) and their parts."""

    code_pattern: str
    kinds: tuple[KindRecord, ...]
    parts: Mapping[str, frozenset[str]]  # kind -> codes
    register_starts: date


def parse_members(text: str, schema: MemberSchema, faults: Faults, *, file: str = FILE) -> list[MemberRecord]:
    """The members in a CSV text. Rows without a usable code, name or first day are faults and left out."""
    kinds = [kind.key for kind in schema.kinds]
    rows = parse_csv(
        text,
        file,
        faults,
        required=(*COLUMNS, *kinds),
        known=lambda column: column in COLUMNS or column in kinds or column.startswith(POPULATION),
    )
    days: dict[str, date] = {}
    for column in rows[0].cells if rows else ():
        if column.startswith(POPULATION):
            day = parse_day(column.removeprefix(POPULATION), column, lambda r: faults.add(file, 1, r))
            if day:
                days[column] = day
    records = [record for row in rows if (record := _read_member(row, schema, days))]
    seen: dict[str, int] = {}
    unique = []
    for record in records:
        if record.code in seen:
            faults.add(file, record.line, f"{record.code} stands there already, on line {seen[record.code]}.")
        else:
            seen[record.code] = record.line
            unique.append(record)
    return unique


def _read_member(row: Row, schema: MemberSchema, days: Mapping[str, date]) -> MemberRecord | None:
    code, name, starts = row.text("code"), row.text("name"), row.day("starts")
    well_formed = re.fullmatch(schema.code_pattern, code)
    if code and not well_formed:
        row.fault(f'The code "{code}" does not have the form {schema.code_pattern}.')
    if name.startswith(_FORMULA):
        row.fault(f'The name "{name}" begins with a sign that a spreadsheet takes for a formula.')
    if not row.cells["starts"].strip():
        row.fault('"starts" is empty.')
    ends = row.day("ends")
    if starts and ends and ends <= starts:
        row.fault(f"{code} ends on {ends}, which is not after its first day, {starts}.")
    if starts and starts < schema.register_starts:
        row.fault(f"{code} starts on {starts}, before the register does, {schema.register_starts}.")
    column, tile_row = row.integer("tile_column"), row.integer("tile_row")
    if bool(row.cells["tile_column"].strip()) != bool(row.cells["tile_row"].strip()):
        row.fault("A tile needs both a column and a row.")
    populations = {day: n for cell, day in days.items() if (n := row.integer(cell)) is not None}
    if not any(row.cells[cell].strip() for cell in days):
        row.fault(f"{code} has no population on any day.")
    divisions = {}
    for kind in schema.kinds:
        part = row.text(kind.key, optional=True)
        if part and part not in schema.parts.get(kind.key, ()):
            row.fault(f'"{kind.key}" is "{part}", which is not in the list of divisions.')
        elif part:
            divisions[kind.key] = part
        elif kind.required:
            row.fault(f'"{kind.key}" is empty; every member needs one.')
    if not (well_formed and name and starts):
        return None
    tile = (column, tile_row) if column is not None and tile_row is not None else None
    successor = row.text("successor", optional=True) or None
    return MemberRecord(code, name, starts, ends, successor, tile, divisions, populations, row.line)


def check_members(records: Sequence[MemberRecord], faults: Faults, *, file: str = FILE) -> None:
    """Check the rows against each other. A fault goes to the first record concerned that has a line; records
    without one (line 0) are known from elsewhere and count, but have no place to point at."""

    def fault(reason: str, *concerned: MemberRecord) -> None:
        line = next((record.line for record in concerned if record.line), 0)
        if line:
            faults.add(file, line, reason)

    by_code = {record.code: record for record in records}
    for record in records:
        if record.successor is None:
            continue
        if record.ends is None:
            fault(f"{record.code} has a successor and no last day.", record)
        if record.successor == record.code:
            fault(f"{record.code} cannot succeed itself.", record)
        elif record.successor not in by_code:
            fault(f"{record.code} merges into {record.successor}, which is not a member.", record)
        elif record.ends and not by_code[record.successor].exists_on(record.ends):
            successor = by_code[record.successor]
            reason = (
                f"{record.code} merges into {successor.code}, which is no member on that day, {record.ends}."
            )
            fault(reason, record, successor)
    tiles: dict[tuple[int, int], list[MemberRecord]] = {}
    names: dict[str, list[MemberRecord]] = {}
    for record in records:
        names.setdefault(record.name.casefold(), []).append(record)
        if record.tile:
            tiles.setdefault(record.tile, []).append(record)
    for tile, sharing in tiles.items():
        for a, b in _together(sharing):
            fault(f"{b.code} has the same tile as {a.code}: column {tile[0]}, row {tile[1]}.", b, a)
    for sharing in names.values():
        for a, b in _together(sharing):
            fault(f"{b.code} has the same name as {a.code} in the same time: {b.name}.", b, a)


def _together(records: list[MemberRecord]) -> Iterable[tuple[MemberRecord, MemberRecord]]:
    for a, b in combinations(records, 2):
        if overlap((a.starts, a.ends), (b.starts, b.ends)):
            yield a, b


def write_members(records: Iterable[MemberRecord], kinds: Sequence[str]) -> str:
    """The records as the text of members.csv, by code; `parse_members` reads the same records from it."""
    listed = sorted(records, key=lambda record: record.code)
    days = sorted({day for record in listed for day in record.populations})
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*COLUMNS, *kinds, *(f"{POPULATION}{day}" for day in days)])
    for record in listed:
        writer.writerow(
            [
                *(record.code, record.name, record.starts, record.ends, record.successor),
                *(record.tile or (None, None)),
                *(record.divisions.get(kind) for kind in kinds),
                *(record.populations.get(day) for day in days),
            ]
        )
    return text.getvalue()
