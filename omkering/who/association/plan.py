"""What an import of members would do, before anything is written."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

from omkering.who.association.faults import Fault, Faults
from omkering.who.association.members import FILE, MemberSchema, check_members, parse_members
from omkering.who.association.records import MemberRecord


@dataclass(frozen=True)
class Change:
    """A member as it is and as it would be; `columns` names what differs, as in the file's header."""

    before: MemberRecord
    after: MemberRecord
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """Each row of the file falls in one list. With `faults` all lists are empty: nothing may be written."""

    added: tuple[MemberRecord, ...] = ()
    changed: tuple[Change, ...] = ()
    ended: tuple[Change, ...] = ()  # gets a last day and no successor
    merged: tuple[Change, ...] = ()  # gets a last day and a successor
    unchanged: tuple[MemberRecord, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def records(self) -> list[MemberRecord]:
        """What is to be written, members that end after the members they merge into."""
        return [*self.added, *(change.after for change in (*self.changed, *self.merged, *self.ended))]


def plan(current: Iterable[MemberRecord], text: str, schema: MemberSchema, *, file: str = FILE) -> Plan:
    """Compare a CSV text in the format of members.csv with the members as they are.

    Members that the file leaves out stay as they are, and may be named as successor. An empty population
    cell keeps the figure that is known; any other empty cell empties. A division that differs is a correction
    of the whole lifetime. Faults carry the line of the file; the same text and members give the same plan.
    """
    faults = Faults()
    # Members that are known already have no place in this file to point at: line 0.
    known = {record.code: replace(record, line=0) for record in current}
    rows = [
        replace(row, populations={**known[row.code].populations, **row.populations})
        if row.code in known
        else row
        for row in parse_members(text, schema, faults, file=file)
    ]
    check_members([*({**known, **{row.code: row for row in rows}}).values()], faults, file=file)
    if not rows and not faults:
        faults.add(file, 1, "There are no members in the file.")
    if faults:
        return Plan(faults=tuple(faults.sorted()))
    added: list[MemberRecord] = []
    unchanged: list[MemberRecord] = []
    changed: list[Change] = []
    ended: list[Change] = []
    merged: list[Change] = []
    for row in rows:
        before = known.get(row.code)
        if before is None:
            added.append(row)
            continue
        change = Change(before, row, _differences(before, row))
        if not change.columns:
            unchanged.append(row)
        elif row.ends and not before.ends:
            (merged if row.successor else ended).append(change)
        elif row.successor and not before.successor:
            merged.append(change)
        else:
            changed.append(change)
    return Plan(tuple(added), tuple(changed), tuple(ended), tuple(merged), tuple(unchanged))


def _differences(before: MemberRecord, after: MemberRecord) -> tuple[str, ...]:
    columns = []
    for name in (entry.name for entry in fields(MemberRecord) if entry.compare):
        old, new = getattr(before, name), getattr(after, name)
        if old == new:
            continue
        if name == "divisions":
            columns += sorted(kind for kind in {*old, *new} if old.get(kind) != new.get(kind))
        elif name == "populations":
            columns += sorted(f"population_{day}" for day in {*old, *new} if old.get(day) != new.get(day))
        elif name == "tile":
            old, new = old or (None, None), new or (None, None)
            columns += [c for c, o, n in zip(("tile_column", "tile_row"), old, new, strict=True) if o != n]
        else:
            columns.append(name)
    return tuple(columns)
