"""A text as a Word document (docx): headings, paragraphs, lists, tables and boxes, for a screen reader too.

The words are Markdown on one line (emphasis, links); marks become what Word has for them. Headings and lists are the
styles of Word itself, so that its table of contents and its navigation know them.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import docx
from django.http import HttpResponse
from django.utils import timezone
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm
from markdown_it import MarkdownIt
from markdown_it.token import Token

from omkering.ui.export import disposition

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MOST_LEVELS = 9  # of headings in Word
LIST_LEVELS = 3  # styles of lists that Word has
_PARSER = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


class WordDocument:
    """A Word document that is written from top to bottom."""

    def __init__(self, title: str, *, language: str = "nl") -> None:
        """Begin with the title; `language` is that of the text, as in "nl"."""
        self._document = docx.Document()
        core = self._document.core_properties
        core.title, core.author, core.comments, core.language = title[:255], "", "", language
        core.created = core.modified = timezone.now().replace(tzinfo=None)
        self._speak(language)
        self._document.add_heading(_clean(title), 0)

    def heading(self, text: str, level: int = 1, *, label: str = "") -> None:
        """A heading; level 1 is the highest under the title."""
        made = self._document.add_heading("", min(max(level, 1), MOST_LEVELS))
        self._write(made, f"{label} {text}".strip())

    def paragraph(self, text: str, *, label: str = "", style: str | None = None) -> None:
        """A paragraph; its number stands before it in bold. A line end in the text is one in Word."""
        made = self._document.add_paragraph(style=style)
        self._labelled(made, text, label)

    def item(self, text: str, level: int = 1, *, label: str = "") -> None:
        """An item of a list; with a label of its own ("a)") that stands there instead of the mark."""
        step = min(max(level, 1), LIST_LEVELS)
        style = "List Continue" if label else "List Bullet"
        made = self._document.add_paragraph(style=f"{style} {step}" if step > 1 else style)
        self._labelled(made, text, label)

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """A table; its first row is the head, and is repeated on each page."""
        width = max((len(row) for row in rows), default=0)
        if not width:
            return
        table = self._document.add_table(rows=0, cols=width, style="Table Grid")
        for number, row in enumerate(rows):
            cells = table.add_row().cells
            for cell, text in zip(cells, row, strict=False):
                self._write(cell.paragraphs[0], text, bold=number == 0)
        head = table.rows[0]._tr.get_or_add_trPr()
        head.append(_element("w:tblHeader", val="true"))
        self._document.add_paragraph()

    def markdown_table(self, source: str) -> None:
        """A table that is written in Markdown."""
        self.table(table_rows(source))

    def box(self, text: str, *, label: str = "") -> None:
        """Words in a box, with what it is called before them."""
        cell = self._document.add_table(rows=1, cols=1, style="Table Grid").rows[0].cells[0]
        self._labelled(cell.paragraphs[0], text, label)
        self._document.add_paragraph()

    def content(self) -> bytes:
        """The bytes of the file."""
        stream = BytesIO()
        self._document.save(stream)
        return stream.getvalue()

    # --- pieces ----------------------------------------------------------------------------------------------
    def _speak(self, language: str) -> None:
        """Say in which language the text is, so that it is read aloud and checked in that one."""
        properties = self._document.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
        if properties is not None:
            for old in properties.findall(qn("w:lang")):
                properties.remove(old)
            properties.append(_element("w:lang", val={"nl": "nl-NL", "en": "en-GB"}.get(language, language)))
        for section in self._document.sections:
            section.page_width, section.page_height = Cm(21), Cm(29.7)

    def _labelled(self, paragraph: Any, text: str, label: str) -> None:
        if label:
            paragraph.add_run(f"{_clean(label)} ").bold = True
        self._write(paragraph, text)

    def _write(self, paragraph: Any, text: str, *, bold: bool = False) -> None:
        """Words with their emphasis and links."""
        for token in _PARSER.parseInline(_clean(text))[0:1]:
            self._runs(paragraph, token.children or [], bold)

    def _runs(self, paragraph: Any, tokens: Sequence[Token], bold: bool) -> None:
        strong, slanted, struck = int(bold), 0, 0
        link: str | None = None
        for token in tokens:
            if token.type in ("softbreak", "hardbreak"):
                paragraph.add_run().add_break()
            elif token.type in ("strong_open", "strong_close"):
                strong += token.nesting
            elif token.type in ("em_open", "em_close"):
                slanted += token.nesting
            elif token.type in ("s_open", "s_close"):
                struck += token.nesting
            elif token.type == "link_open":
                link = str(token.attrs.get("href", ""))
            elif token.type == "link_close":
                link = None
            elif token.content:
                run = paragraph.add_run(token.content)
                run.bold, run.italic = bool(strong) or None, bool(slanted) or None
                run.font.strike = bool(struck) or None
                if link and link.startswith(("https://", "http://", "mailto:")):
                    _link(paragraph, run, link)


def table_rows(source: str) -> list[list[str]]:
    """The cells of a Markdown table, row by row, as they are written."""
    rows: list[list[str]] = []
    for token in _PARSER.parse(source):
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline" and rows:
            rows[-1].append(token.content)
    return rows


def docx_response(made: WordDocument, filename: str) -> HttpResponse:
    """A Word document to download."""
    response = HttpResponse(made.content(), content_type=DOCX)
    response["Content-Disposition"] = disposition(filename)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _clean(text: str) -> str:
    """Without signs that XML cannot hold."""
    return "".join(
        sign for sign in text if sign in "\n\t" or (ord(sign) >= 32 and not 0xD800 <= ord(sign) < 0xE000)
    )


def _element(tag: str, **values: str) -> Any:
    made = OxmlElement(tag)
    for name, value in values.items():
        made.set(qn(f"w:{name}"), value)
    return made


def _link(paragraph: Any, run: Any, url: str) -> None:
    """Make the run a link."""
    made = OxmlElement("w:hyperlink")
    made.set(qn("r:id"), paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run.font.underline = True
    made.append(run._r)
    paragraph._p.append(made)
