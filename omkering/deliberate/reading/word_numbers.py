"""The numbers that Word counts itself, such as "2.1" before a heading or "a)" before an item."""

import re
from collections.abc import Iterable
from typing import Any

from docx.oxml.ns import qn

_PLACE = re.compile(r"%([1-9])")
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


class Numbering:
    """Counts along while the paragraphs of a document pass in order."""

    def __init__(self, document: Any) -> None:
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}  # of each list: format, text, start
        self._list_of: dict[str, str] = {}
        self._counts: dict[str, list[int]] = {}
        root = _numbering_root(document)
        if root is None:
            return
        abstract = {one.get(qn("w:abstractNumId")): _levels(one) for one in root.iter(qn("w:abstractNum"))}
        for one in root.iter(qn("w:num")):
            key = one.get(qn("w:numId"))
            named = one.find(qn("w:abstractNumId"))
            of = named.get(qn("w:val")) if named is not None else None
            if of not in abstract:
                continue
            self._levels[key] = dict(abstract[of])
            restarts = {int(row.get(qn("w:ilvl"), "0")): row for row in one.iter(qn("w:lvlOverride"))}
            self._list_of[key] = key if restarts else f"abstract {of}"
            for level, row in restarts.items():
                start = row.find(qn("w:startOverride"))
                if start is not None and level in self._levels[key]:
                    form, text, _old = self._levels[key][level]
                    self._levels[key][level] = (form, text, int(start.get(qn("w:val"), "1")))

    def next(self, element: Any, styles: Iterable[Any]) -> tuple[str, int] | None:
        """The number of this paragraph ("" for a bullet) and its depth from 1; None where it is not in a list."""
        key, level = _place(element, styles)
        known = self._levels.get(key or "", {})
        if key is None or level not in known:
            return None
        counts = self._counts.setdefault(
            self._list_of[key], [known[i][2] - 1 if i in known else 0 for i in range(10)]
        )
        counts[level] += 1
        for deeper in range(level + 1, 10):
            counts[deeper] = known[deeper][2] - 1 if deeper in known else 0
        form, text, _start = known[level]
        if form in ("bullet", "none") or not _PLACE.search(text):
            return "", level + 1

        def spelled(match: re.Match[str]) -> str:
            place = int(match.group(1)) - 1
            number = max(counts[place], known[place][2] if place in known else 1)
            return _spell(number, known[place][0] if place in known else "decimal")

        return _PLACE.sub(spelled, text).strip()[:60], level + 1


def _numbering_root(document: Any) -> Any:
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/numbering") and not relation.is_external:
            return relation.target_part.element
    return None


def _levels(abstract: Any) -> dict[int, tuple[str, str, int]]:
    made = {}
    for level in abstract.iter(qn("w:lvl")):
        found = {child.tag: child.get(qn("w:val"), "") for child in level}
        start = found.get(qn("w:start"), "1")
        made[int(level.get(qn("w:ilvl"), "0"))] = (
            found.get(qn("w:numFmt"), "decimal"),
            found.get(qn("w:lvlText"), ""),
            int(start) if start.isdigit() else 1,
        )
    return made


def _place(element: Any, styles: Iterable[Any]) -> tuple[str | None, int]:
    """In which list a paragraph stands, and how deep: its own word for it, else its style's."""
    level: int | None = None
    properties = element.find(qn("w:pPr"))
    for place in (properties, *(style.element.pPr for style in styles)):
        numbers = place.find(qn("w:numPr")) if place is not None else None
        if numbers is None:
            continue
        depth, key = numbers.find(qn("w:ilvl")), numbers.find(qn("w:numId"))
        if level is None and depth is not None:
            level = int(depth.get(qn("w:val"), "0"))
        if key is not None:
            value = key.get(qn("w:val"))
            return (None if value == "0" else value), level or 0
    return None, 0


def _spell(number: int, form: str) -> str:
    if form in ("lowerLetter", "upperLetter"):
        letters = chr(ord("a") + (number - 1) % 26) * (1 + (number - 1) // 26)
        return letters.upper() if form == "upperLetter" else letters
    if form in ("lowerRoman", "upperRoman"):
        made, rest = "", number
        for value, sign in _ROMAN:
            made += sign * (rest // value)
            rest %= value
        return made.upper() if form == "upperRoman" else made
    return f"{number:02}" if form == "decimalZero" else str(number)
