"""Reading TOML with a fault at the right line for everything that is missing, wrong or unknown."""

import re
import tomllib
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from omkering.who.association.faults import Faults
from omkering.who.association.records import Names

KeyPath = tuple[str | int, ...]
_KEY = re.compile(r'^\s*((?:[A-Za-z0-9_-]+|"[^"]*")(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"))*)\s*=')
_TABLE = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_LIST = re.compile(r"=\s*\[\s*(?:#.*)?$")  # a list that goes on below


def find_lines(text: str) -> dict[KeyPath, int]:
    """The line (from 1) of each table and key of a TOML text, by its path.

    The parser keeps no positions, hence this second look: it knows headers and keys at the start of a line,
    which is how these files are written. Keys of an inline table have the line of the key it belongs to, or in a
    list of them, one on each line, the line where it begins.
    """
    lines: dict[KeyPath, int] = {(): 1}
    counts: dict[KeyPath, int] = {}
    table: KeyPath = ()
    inside = ""  # the mark that ends the multi-line text we are in
    listed: KeyPath = ()  # the list of inline tables we are in
    for number, line in enumerate(text.splitlines(), start=1):
        if inside:
            if inside in line:
                inside = ""
            continue
        if listed:
            if line.lstrip().startswith("]"):
                listed = ()
            elif line.lstrip().startswith("{"):
                counts[listed] = counts.get(listed, -1) + 1
                lines[*listed, counts[listed]] = number
            continue
        if match := _TABLE.match(line):
            path: KeyPath = ()
            parts = _parts(match[2])
            for part in parts[:-1]:
                path = (*path, part)
                if path in counts:
                    path = (*path, counts[path])
            path = (*path, parts[-1])
            if match[1] == "[[":
                counts[path] = counts.get(path, -1) + 1
                lines.setdefault(path, number)
                path = (*path, counts[path])
            table = path
            lines.setdefault(table, number)
        elif match := _KEY.match(line):
            key = (*table, *_parts(match[1]))
            lines.setdefault(key, number)
            listed = key if _LIST.search(line) else ()
            inside = next((mark for mark in ('"""', "'''") if line.count(mark) == 1), "")
    return lines


def _parts(dotted: str) -> list[str]:
    return [part.strip().strip('"') for part in re.findall(r'"[^"]*"|[^.\s][^.]*', dotted)]


class Table:
    """One table of a TOML file. Getters record a fault and give a harmless value where something is wrong."""

    def __init__(
        self, file: str, data: dict[str, Any], lines: dict[KeyPath, int], path: KeyPath, faults: Faults
    ):
        self.file, self.data, self.lines, self.path, self.faults = file, data, lines, path, faults
        self._asked: set[str] = set()

    def line(self, key: str | None = None) -> int:
        """The line of `key`, or of the nearest thing around it that has one."""
        path = self.path if key is None else (*self.path, key)
        while path not in self.lines:
            path = path[:-1]
        return self.lines[path]

    def fault(self, reason: str, key: str | None = None) -> None:
        """Record a fault at `key`."""
        self.faults.add(self.file, self.line(key), reason)

    def has(self, key: str) -> bool:
        """Whether the key is given."""
        self._asked.add(key)
        return key in self.data

    def _get(self, key: str, kind: type, what: str, empty: Any) -> Any:
        if not self.has(key):
            self.fault(f'"{key}" is missing.')
            return empty
        value = self.data[key]
        wrong = not isinstance(value, kind) or (kind is int and isinstance(value, bool))
        if wrong or (kind is date and isinstance(value, datetime)):
            self.fault(f'"{key}" must be {what}.', key)
            return empty
        return value

    def text(self, key: str, *, optional: bool = False, pattern: str = "", longest: int = 0) -> str:
        """A text that is not empty; with `pattern`, one that fits it whole; `longest` (0: any) in characters."""
        if optional and not self.has(key):
            return ""
        value = self._get(key, str, "a text", None)
        if value is None:
            return ""
        if not value.strip():
            self.fault(f'"{key}" is empty.', key)
        elif pattern and not re.fullmatch(pattern, value):
            self.fault(f'"{key}" is "{value}", which does not have the form {pattern}.', key)
        elif longest and len(value) > longest:
            self.fault(f'"{key}" has {len(value)} characters; it must have at most {longest}.', key)
        return value

    def choice(self, key: str, allowed: Sequence[str]) -> str:
        """One of the allowed words."""
        value = self.text(key)
        if value and value not in allowed:
            self.fault(f'"{key}" is "{value}"; it must be one of: {", ".join(allowed)}.', key)
        return value

    def integer(self, key: str, *, low: int, default: int | None = None) -> int:
        """A whole number of at least `low`."""
        if default is not None and not self.has(key):
            return default
        value = self._get(key, int, "a whole number", None)
        if value is None:
            return low
        if value < low:
            self.fault(f'"{key}" is {value}; it must be at least {low}.', key)
            return low
        return value

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        """true or false."""
        if default is not None and not self.has(key):
            return default
        return self._get(key, bool, "true or false", False)

    def day(self, key: str, *, optional: bool = False) -> date | None:
        """A day, written without quotes; None if optional and not given."""
        if optional and not self.has(key):
            return None
        return self._get(key, date, "a day such as 2022-01-31, without quotes", None)

    def words(self, key: str, *, optional: bool = False, allowed: Sequence[str] = ()) -> tuple[str, ...]:
        """A list of texts."""
        if optional and not self.has(key):
            return ()
        values = self._get(key, list, "a list of texts", [])
        good = []
        for value in values:
            if not isinstance(value, str) or not value:
                self.fault(f'"{key}" must hold texts only.', key)
            elif allowed and value not in allowed:
                self.fault(f'"{key}" holds "{value}"; it may hold: {", ".join(allowed)}.', key)
            else:
                good.append(value)
        return tuple(good)

    def days(self, key: str) -> frozenset[date]:
        """A list of days."""
        values = self._get(key, list, "a list of days", [])
        if any(not isinstance(value, date) or isinstance(value, datetime) for value in values):
            self.fault(f'"{key}" must hold days only, without quotes.', key)
            return frozenset()
        return frozenset(values)

    def names(self, key: str, languages: Sequence[str], *, longest: int = 0) -> Names:
        """A text in each language of the association, of at most `longest` characters (0: any)."""
        table = self.table(key)
        if table is None:
            return Names()
        names = Names()
        for language in languages:
            if not table.has(language):
                table.fault(f'"{key}" has no text in the language "{language}".')
            else:
                names[language] = table.text(language, longest=longest)
        table.finish()
        return names

    def table(self, key: str) -> "Table | None":
        """A table within this one; None (and a fault) if it is not there."""
        value = self._get(key, dict, "a table", None)
        return None if value is None else Table(self.file, value, self.lines, (*self.path, key), self.faults)

    def tables(self, key: str, *, optional: bool = False) -> list["Table"]:
        """A list of tables, [[key]]."""
        if optional and not self.has(key):
            return []
        values = self._get(key, list, "a list of tables", [])
        if not all(isinstance(value, dict) for value in values):
            self.fault(f'"{key}" must hold tables only.', key)
            return []
        return [
            Table(self.file, v, self.lines, (*self.path, key, i), self.faults) for i, v in enumerate(values)
        ]

    def finish(self) -> None:
        """Record a fault for each key that nobody asked for, such as a slip of the pen."""
        for key in self.data:
            if key not in self._asked:
                self.fault(f'"{key}" is not known here.', key)


def read_toml(folder: Path, file: str, faults: Faults, *, optional: bool = False) -> Table | None:
    """The whole file as a table; None (and a fault) if it is no TOML or, unless `optional`, not there."""
    try:
        text = (folder / file).read_text(encoding="utf-8")
        data = tomllib.loads(text)
    except FileNotFoundError:
        if not optional:
            faults.add(file, 1, "The file is missing.")
    except UnicodeDecodeError:
        faults.add(file, 1, "The file is not UTF-8 text.")
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at line (\d+)", str(error))
        line = int(place[1]) if place else max(1, len(text.splitlines()))
        faults.add(file, line, f"Not valid TOML: {error}.")
    else:
        return Table(file, data, find_lines(text), (), faults)
    return None
