"""Signals as CSV: export, and import with a plan first.

The plan says of each line whether it would be added, looks like a signal that is there, or has a fault. A file
with a fault writes nothing. What is exported can be imported: the columns are the same.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any, TextIO

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from omkering.journal.commands import record
from omkering.listen.commands.signals import submit_signal
from omkering.listen.models import BoardRow, Signal
from omkering.listen.texts import checked
from omkering.thread.models import Theme, Visibility
from omkering.thread.privacy import check_personal_data
from omkering.ui.export import csv_lines
from omkering.who.authority import may, require
from omkering.who.models import Member, Person
from omkering.who.standing import standing_of

MOST_ROWS = 300  # of one upload
LARGEST = 500_000  # bytes; the text travels with the form of the plan
EXPORTED = 50_000  # rows of one export
_CHUNK = 1_000

REQUIRED = ("member", "title", "case")
OPTIONAL = ("touches", "helps", "theme", "visibility")
# What an export tells besides; an import passes over it.
TOLD = ("id", "member_name", "state", "created", "due", "answered", "members", "example")
HEADER = ("id", "member", "member_name", *REQUIRED[1:], *OPTIONAL, *TOLD[2:])
# Networks are named per reader, so a file cannot give a signal to one.
READERS = (Visibility.PUBLIC, Visibility.MEMBERS, Visibility.BUREAU)


# --- export --------------------------------------------------------------------------------------------------
def export_rows(rows: Any, limit: int = EXPORTED) -> Iterator[list[Any]]:
    """The lines of a table of signals, in the order of `rows` (of `BoardRow`), read piece by piece."""
    ids = list(rows.values_list("pk", flat=True)[:limit])
    for start in range(0, len(ids), _CHUNK):
        piece = ids[start : start + _CHUNK]
        signals = Signal.objects.select_related("owner_member", "theme").defer("search", "body")
        found = signals.in_bulk(piece)
        yield from (_exported(found[pk]) for pk in piece if pk in found)


def _exported(signal: Signal) -> list[Any]:
    member = signal.owner_member
    return [
        signal.pk,
        member.code if member else "",
        member.name if member else "",
        signal.title,
        signal.case,
        signal.touches,
        signal.helps,
        signal.theme.key if signal.theme else "",
        signal.visibility,
        signal.state,
        signal.created_at,
        signal.due_at,
        signal.answered_at,
        signal.supporters,
        signal.example,
    ]


def export_signals(file: TextIO) -> int:
    """Write all signals as CSV, oldest first; returns how many. For the command line: it shows everything."""
    count = 0

    def counted() -> Iterator[list[Any]]:
        nonlocal count
        rows = BoardRow.objects.order_by("created_at", "pk")
        for row in export_rows(rows, limit=rows.count()):
            count += 1
            yield row

    file.writelines(csv_lines(HEADER, counted()))
    return count


# --- import --------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Fault:
    """What is wrong, and on which line of the file."""

    line: int
    reason: str

    def __str__(self) -> str:
        return _("line %(line)s: %(reason)s") % {"line": self.line, "reason": self.reason}


@dataclass(frozen=True)
class Row:
    """A signal that the file would add; `like` is one that is there and looks the same."""

    line: int
    member: Member
    theme: Theme | None
    visibility: str
    texts: dict[str, str]
    like: Signal | None = None

    @property
    def title(self) -> str:
        return self.texts["title"]


@dataclass
class Plan:
    """What an import would do."""

    added: list[Row] = field(default_factory=list)
    duplicates: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def plan_import(text: str, *, actor: Person | None) -> Plan:
    """Read a CSV and say what each line would do; a fixed number of queries.

    A member's people import for their own members only. `actor` None is the command line, which takes a file
    of any length.
    """
    plan = Plan()
    records = _records(text, plan, None if actor is None else MOST_ROWS)
    if plan.faults:
        return plan
    members = {member.code: member for member in Member.objects.all()}
    themes = {theme.key: theme for theme in Theme.objects.select_related("body")}
    rows = []
    for line, values in records:
        try:
            rows.append(_row(line, values, members, themes, actor))
        except ValidationError as error:
            plan.faults += [Fault(line, message) for message in _sentences(error)]
    there = _signals_like(rows)
    seen: dict[tuple[int, str], int] = {}
    for row in rows:
        key = _key(row.member.pk, row.title)
        if key in seen:
            plan.faults.append(
                Fault(row.line, _("the same signal stands on line %(line)s") % {"line": seen[key]})
            )
        elif key in there:
            plan.duplicates.append(
                Row(row.line, row.member, row.theme, row.visibility, row.texts, there[key])
            )
        else:
            plan.added.append(row)
        seen.setdefault(key, row.line)
    plan.faults.sort(key=lambda fault: fault.line)
    return plan


@transaction.atomic
def write_plan(*, actor: Person, plan: Plan, also: Iterable[int] = ()) -> list[Signal]:
    """Add what a plan would add, and the possible duplicates on the lines `also`. Nothing when it has a fault."""
    require(actor, "listen.import_signals")
    if plan.faults:
        raise ValidationError([str(fault) for fault in plan.faults])
    chosen = set(also)
    rows = plan.added + [row for row in plan.duplicates if row.line in chosen]
    made = [
        submit_signal(
            actor=actor,
            member=row.member,
            theme=row.theme,
            visibility=row.visibility,
            title=row.title,
            case=row.texts["case"],
            touches=row.texts["touches"],
            helps=row.texts["helps"],
        )
        for row in sorted(rows, key=lambda row: row.line)
    ]
    record(
        verb="signals.imported",
        subject="association",
        actor=actor.pk,
        data={"signals": [signal.pk for signal in made]},
    )
    return made


def import_signals(text: str, *, file: str, write: bool) -> Iterator[str]:
    """For the command line: the plan in words, and with `write` the deed, in the name of the bureau.

    Raises ValidationError, a sentence a line, for a file with faults: then nothing is written.
    """
    plan = plan_import(text, actor=None)
    if plan.faults:
        raise ValidationError([f"{file}, {fault}" for fault in plan.faults])
    for row in plan.added:
        yield f"added      line {row.line}: {row.title} ({row.member})"
    for row in plan.duplicates:
        yield f"duplicate? line {row.line}: {row.title} ({row.member}); it is not added"
    if write:
        yield f"{len(write_plan(actor=_bureau(), plan=plan))} signals were written."
    else:
        yield f"{len(plan.added)} would be added. Nothing was written; add --write to do this."


def _bureau() -> Person:
    """An administrator in whose name the command line writes."""
    for person in Person.objects.filter(is_active=True, appointments__member__isnull=True).distinct():
        if standing_of(person).is_administrator:
            return person
    raise ValidationError(_("There is no administrator yet in whose name to import."))


def _records(text: str, plan: Plan, most: int | None) -> list[tuple[int, dict[str, str]]]:
    """(line, values) of each line that is not empty; faults of the file as a whole go to the plan."""
    sample = text.split("\n", 1)[0]
    separator = ";" if sample.count(";") > sample.count(",") else ","
    reader = csv.reader(
        io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=separator, strict=True
    )
    found = []
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        plan.faults += [
            Fault(1, _("the column “%(column)s” is missing") % {"column": name})
            for name in REQUIRED
            if name not in header
        ]
        unknown = [name for name in header if name not in (*REQUIRED, *OPTIONAL, *TOLD)]
        plan.faults += [
            Fault(1, _("the column “%(column)s” is not known") % {"column": name[:40]}) for name in unknown
        ]
        plan.faults += [
            Fault(1, _("the column “%(column)s” stands twice") % {"column": name})
            for name in sorted({name for name in header if header.count(name) > 1})
        ]
        end = reader.line_num
        for cells in reader:
            line, end = end + 1, reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                plan.faults.append(
                    Fault(
                        line,
                        _("this line has %(cells)s cells, the first one %(columns)s")
                        % {"cells": len(cells), "columns": len(header)},
                    )
                )
                continue
            found.append((line, {name: _unguarded(cell) for name, cell in zip(header, cells, strict=True)}))
    except csv.Error as error:
        plan.faults.append(Fault(reader.line_num, _("this is not CSV (%(error)s)") % {"error": error}))
    if most is not None and len(found) > most:
        plan.faults.append(
            Fault(
                found[most][0],
                _("a file has at most %(rows)s signals; split it in parts") % {"rows": most},
            )
        )
    elif not found and not plan.faults:
        plan.faults.append(Fault(1, _("there is no signal in this file")))
    return found


def _unguarded(cell: str) -> str:
    """A cell without the apostrophe that an export puts before what a spreadsheet would run."""
    return cell[1:] if cell.startswith("'") and cell[1:2] in ("=", "+", "-", "@", "\t", "\r") else cell


def _row(
    line: int,
    values: dict[str, str],
    members: dict[str, Member],
    themes: dict[str, Theme],
    actor: Person | None,
) -> Row:
    code = values["member"].strip()
    member = members.get(code)
    if member is None:
        raise ValidationError(_("there is no member “%(code)s”") % {"code": code[:20]})
    if not member.holds_on(timezone.localdate()):
        raise ValidationError(_("%(member)s is no longer a member") % {"member": member.name})
    if actor is not None and not may(actor, "listen.submit_signal", member):
        raise ValidationError(_("you do not report for %(member)s") % {"member": member.name})
    theme_key = values.get("theme", "").strip()
    if theme_key and theme_key not in themes:
        raise ValidationError(_("there is no theme “%(theme)s”") % {"theme": theme_key[:40]})
    visibility = values.get("visibility", "").strip() or Visibility.MEMBERS
    if visibility not in READERS:
        raise ValidationError(
            _("“%(word)s” does not say who may read it; choose from %(choices)s")
            % {"word": visibility[:20], "choices": ", ".join(READERS)}
        )
    texts = checked({name: values.get(name, "") for name in ("title", "case", "touches", "helps")})
    check_personal_data(texts)
    return Row(line, member, themes.get(theme_key), visibility, texts)


def _sentences(error: ValidationError) -> list[str]:
    """What is wrong, with the column where it is known."""
    if not hasattr(error, "error_dict"):
        return [str(message) for message in error.messages]
    return [
        f"{column}: {unescape(strip_tags(message))}"
        for column, messages in error.message_dict.items()
        for message in messages
    ]


def _key(member: int, title: str) -> tuple[int, str]:
    return member, " ".join(title.casefold().split())


def _signals_like(rows: list[Row]) -> dict[tuple[int, str], Signal]:
    """Signals of the same member with the same title; one query."""
    there = Signal.objects.filter(owner_member__in={row.member for row in rows}, kind="signal")
    close = there.annotate(plain=Lower("title")).filter(plain__in={row.title.lower() for row in rows})
    found = close.only("title", "owner_member_id", "created_at").order_by("-pk")
    return {_key(signal.owner_member_id or 0, signal.title): signal for signal in found}
