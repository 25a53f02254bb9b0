"""Word (docx): its styles and numbering say what each part is.

Read from the XML itself, because every word counts: also those in text boxes, tables in tables, notes, and what was
inserted with changes kept. What was deleted so is left out. Numbers that Word counts itself are counted here.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import docx
from django.utils.translation import gettext as _
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from omkering.deliberate.reading import labels
from omkering.deliberate.reading.inline import escaped
from omkering.deliberate.reading.parts import BOX, HEADING, ITEM, PARAGRAPH, TABLE, Parsed, Part, Unreadable
from omkering.deliberate.reading.tables import markdown_table
from omkering.deliberate.reading.word_numbers import Numbering

_HEADING_STYLE = re.compile(r"(?:heading|kop|überschrift)\s*(\d)$", re.IGNORECASE)
_CONTENTS_STYLE = re.compile(r"(?:toc|inhopg|inhoudsopgave)\s*\d?", re.IGNORECASE)
_LIST_STYLE = re.compile(r"(?:list|lijst)\b.*?(\d)?$", re.IGNORECASE)
_TITLE_STYLES = frozenset({"title", "titel"})


def read(data: bytes) -> Parsed:
    """The parts of a Word document; Unreadable where it is broken."""
    try:
        document = docx.Document(io.BytesIO(data))
        return _Walk(document).parsed()
    except Unreadable:
        raise
    except (
        KeyError,
        ValueError,
        AttributeError,
        OSError,
        EOFError,
        zipfile.BadZipFile,
        SyntaxError,
    ) as problem:
        # lxml's errors are SyntaxErrors
        raise Unreadable(_("This file is broken. Open it in Word, and save it as docx again.")) from problem


def _depth_of(name: str) -> int:
    """How deep a list of this style is: Word has "List Bullet", "List Bullet 2" and so on."""
    match = _LIST_STYLE.match(name)
    return int(match.group(1) or 1) if match else 1


class _Walk:
    """One way through a document."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self.numbering = Numbering(document)
        self.styles = {style.style_id: style for style in document.styles}
        self.notes_of = {
            "footnoteReference": self._notes("footnotes"),
            "endnoteReference": self._notes("endnotes"),
        }
        self.title = ""
        self.changes = self.contents = False
        self.noted = 0

    def parsed(self) -> Parsed:
        """The whole document."""
        parts = self._blocks(self.document.element.body)
        notes = []
        if self.changes:
            notes.append(_("This file holds changes that nobody accepted yet. They are read as accepted."))
        if self.contents:
            notes.append(_("The table of contents was left out: there is one here by itself."))
        return Parsed(self.title, tuple(self._titled(parts)), tuple(notes))

    def _titled(self, parts: list[Part]) -> list[Part]:
        """Without a title of its own, a first heading above all others is that."""
        levels = [part.level for part in parts if part.kind == HEADING]
        first = parts[0] if parts else None
        if self.title or first is None or first.kind != HEADING or first.label or len(levels) < 2:
            return parts
        if levels.count(first.level) > 1 or first.level > min(levels):
            return parts
        self.title = first.text
        shift = min(levels[1:]) - 1
        return [
            Part(part.kind, part.level - shift, part.label, part.text) if part.kind == HEADING else part
            for part in parts[1:]
        ]

    def _blocks(self, element: Any) -> list[Part]:
        made: list[Part] = []
        for child in element.iterchildren():
            tag = child.tag
            if tag == qn("w:p"):
                made += self._paragraph(child)
            elif tag == qn("w:tbl"):
                made += self._table(child)
            elif tag == qn("w:sdt"):
                if (content := child.find(qn("w:sdtContent"))) is not None:
                    made += self._blocks(content)
            elif tag in (qn("w:ins"), qn("w:customXml"), qn("w:smartTag")):
                made += self._blocks(child)
        return made

    # --- paragraphs ------------------------------------------------------------------------------------------
    def _paragraph(self, element: Any) -> list[Part]:
        text, boxes, references = self._words(element)
        name = self._style_name(element)
        made: list[Part] = []
        number = self.numbering.next(element, self._style_chain(element)) if text else None
        if _CONTENTS_STYLE.match(name):
            self.contents = self.contents or bool(text)
            text = ""
        if text:
            if name.casefold() in _TITLE_STYLES and not self.title and not made:
                self.title = " ".join(text.split())
            else:
                made.append(self._part(element, text, name, number))
        for content in boxes:
            inner = self._blocks(content)
            made += [
                Part(BOX, 0, part.label, part.text) if part.kind == PARAGRAPH else part for part in inner
            ]
        for kind, key in references:
            self.noted += 1
            label = _("note %(number)s") % {"number": self.noted}
            made.append(Part(PARAGRAPH, 0, label, self.notes_of[kind].get(key, "").strip()))
        return made

    def _part(self, element: Any, text: str, name: str, number: tuple[str, int] | None) -> Part:
        level = self._heading_level(element, name)
        if level:
            part = labels.heading(" ".join(text.split()), level)
            label = number[0].rstrip(".") if number and number[0] else part.label
            return Part(part.kind, part.level, label, part.text) if number and number[0] else part
        if (found := labels.proposal(text)) is not None:
            return found
        if number is not None:
            label, depth = number
            depth = max(depth, _depth_of(name))
            if label and len(text) >= labels.LONG_ITEM:
                return Part(PARAGRAPH, 0, label, text)
            return Part(ITEM, depth, label, text)
        if self._is_bordered(element):
            return labels.box(text)[0] if "\n\n" not in text else Part(BOX, 0, "", text)
        return labels.paragraph(text, level=_depth_of(name))

    def _words(self, element: Any) -> tuple[str, list[Any], list[tuple[str, str]]]:
        """The words of a paragraph, the text boxes in it, and the notes it refers to."""
        pieces: list[str] = []
        boxes: list[Any] = []
        references: list[tuple[str, str]] = []
        self._gather(element, pieces, boxes, references)
        text = "".join(pieces).replace("\u00ad", "")
        text = re.sub(r"[ \t\u00a0]+", " ", text)
        return escaped(re.sub(r" ?\n ?", "\n", text).strip()), boxes, references

    def _gather(
        self, element: Any, pieces: list[str], boxes: list[Any], references: list[tuple[str, str]]
    ) -> None:
        for child in element.iterchildren():
            name = child.tag.rsplit("}", 1)[-1] if isinstance(child.tag, str) else ""
            if name == "t":
                pieces.append(child.text or "")
            elif name in ("tab", "br", "cr", "noBreakHyphen"):
                is_break = name in ("br", "cr") and child.get(qn("w:type")) not in ("page", "column")
                pieces.append("-" if name == "noBreakHyphen" else "\n" if is_break else " ")
            elif name == "txbxContent":
                boxes.append(child)
            elif name in self.notes_of:
                references.append((name, child.get(qn("w:id"))))
                pieces.append("")
            elif name in ("del", "moveFrom"):
                self.changes = True
            elif name not in ("pPr", "rPr", "Fallback", "instrText"):
                self.changes = self.changes or name in ("ins", "moveTo")
                self._gather(child, pieces, boxes, references)

    # --- styles ----------------------------------------------------------------------------------------------
    def _style_chain(self, element: Any) -> Iterator[Any]:
        """The style of a paragraph and those it is based on."""
        properties = element.find(qn("w:pPr"))
        named = properties.find(qn("w:pStyle")) if properties is not None else None
        style = self.styles.get(named.get(qn("w:val"))) if named is not None else None
        for _step in range(20):
            if style is None:
                return
            yield style
            style = style.base_style

    def _style_name(self, element: Any) -> str:
        return next((style.name or "" for style in self._style_chain(element)), "")

    def _heading_level(self, element: Any, name: str) -> int:
        for style in self._style_chain(element):
            if match := _HEADING_STYLE.match(style.name or ""):
                return int(match.group(1))
        for properties in (element.find(qn("w:pPr")), *(s.element.pPr for s in self._style_chain(element))):
            outline = properties.find(qn("w:outlineLvl")) if properties is not None else None
            if outline is not None and outline.get(qn("w:val"), "9").isdigit():
                level = int(outline.get(qn("w:val")))
                return level + 1 if level < 9 else 0
        return 0

    def _is_bordered(self, element: Any) -> bool:
        properties = element.find(qn("w:pPr"))
        borders = properties.find(qn("w:pBdr")) if properties is not None else None
        sides = {child.tag.rsplit("}", 1)[-1] for child in borders} if borders is not None else set()
        return {"top", "bottom", "left", "right"} <= sides

    # --- tables, notes ---------------------------------------------------------------------------------------
    def _table(self, element: Any) -> list[Part]:
        """A table; one with a single cell is a box."""
        rows: list[list[str]] = []
        cells: list[Any] = []
        for row in element.iter(qn("w:tr")):
            if next(row.iterancestors(qn("w:tbl"))) is not element:
                continue
            mine = [cell for cell in row.iter(qn("w:tc")) if next(cell.iterancestors(qn("w:tr"))) is row]
            cells += mine
            words: list[str] = []
            for cell in mine:
                words.append("\n".join(self._cell(cell)))
                span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
                words += [""] * (int(span.get(qn("w:val"), "1")) - 1 if span is not None else 0)
            rows.append(words)
        if len(cells) == 1:
            inner = self._blocks(cells[0])
            return [Part(BOX, 0, part.label, part.text) if part.kind == PARAGRAPH else part for part in inner]
        return [Part(TABLE, 0, "", markdown_table(rows))] if any(any(row) for row in rows) else []

    def _cell(self, cell: Any) -> list[str]:
        return [f"{part.label} {part.text}".strip() for part in self._blocks(cell)]

    def _notes(self, kind: str) -> dict[str, str]:
        """The notes of this kind, by their id."""
        for relation in self.document.part.rels.values():
            if relation.reltype.endswith(f"/{kind}") and not relation.is_external:
                root = parse_xml(relation.target_part.blob)
                return {
                    note.get(qn("w:id")): " ".join(
                        "".join(t.text or "" for t in p.iter(qn("w:t"))) for p in note
                    )
                    for note in root
                }
        return {}
