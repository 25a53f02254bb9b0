"""PDF with a text layer: sizes, weights and places of its letters say what each part is."""

import io
import re
import struct
import zlib
from collections import Counter
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from pdfminer.layout import LTImage, LTPage
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfminer.psexceptions import PSException

from omkering.deliberate.reading import labels
from omkering.deliberate.reading.hyphens import Vocabulary
from omkering.deliberate.reading.parts import HEADING, Parsed, Part, Unreadable
from omkering.deliberate.reading.pdf_pages import Page, layouts, page_of
from omkering.deliberate.reading.pdf_paragraphs import Piece, pieces_of
from omkering.deliberate.reading.pdf_running import without_running_lines

MOST_PAGES = 500
FEW_LETTERS = 25  # on an average page; a text has hundreds
_BROKEN = (
    *(PDFException, PSException, ValueError, KeyError, TypeError, IndexError, AttributeError, AssertionError),
    *(
        struct.error,
        zlib.error,
        RecursionError,
        OverflowError,
        ZeroDivisionError,
        EOFError,
        NotImplementedError,
    ),
)


def read(data: bytes) -> Parsed:
    """The parts of a PDF; Unreadable where it has a password, no text, or is broken."""
    try:
        pages, without_text = _pages(data)
    except (PDFPasswordIncorrect, PDFEncryptionError) as problem:
        raise Unreadable(_("This PDF has a password. Save it without one.")) from problem
    except Unreadable:
        raise
    except _BROKEN as problem:
        raise Unreadable(_("This PDF is broken. Make it again from the original.")) from problem
    _refuse_without_text(pages)
    pages, dropped = without_running_lines(pages)
    words = Vocabulary(line.text for page in pages for line in page.lines)
    pieces = pieces_of(pages, words)
    title, parts = _headed(pieces)
    notes = [
        ngettext(
            "“%(text)s” stands on %(n)s page and was left out there.",
            "“%(text)s” stands on %(n)s pages and was left out there.",
            number,
        )
        % {"text": text, "n": number}
        for text, number in dropped
    ]
    if without_text:
        notes.append(
            _("Some pages hold a picture and no text, so nothing was read there: %(pages)s.")
            % {"pages": ", ".join(str(number) for number in without_text)}
        )
    return Parsed(title, tuple(parts), tuple(notes))


def _pages(data: bytes) -> tuple[list[Page], list[int]]:
    """The pages, and the numbers of those with a picture and no text."""
    pages: list[Page] = []
    without_text = []
    for number, layout in enumerate(layouts(io.BytesIO(data)), 1):
        if number > MOST_PAGES:
            raise Unreadable(
                _("This PDF has more than %(most)s pages. Split it into smaller documents.")
                % {"most": MOST_PAGES}
            )
        page = page_of(layout, number)
        pages.append(page)
        if not page.lines and not page.tables and _has_picture(layout):
            without_text.append(number)
    if not pages:
        raise Unreadable(_("This PDF is broken. Make it again from the original."))
    return pages, without_text


def _has_picture(layout: LTPage) -> bool:
    waiting: list = [layout]
    while waiting:
        for item in waiting.pop():
            if isinstance(item, LTImage):
                return True
            if hasattr(item, "__iter__") and not hasattr(item, "get_text"):
                waiting.append(item)
    return False


def _refuse_without_text(pages: Sequence[Page]) -> None:
    text = "".join(line.text for page in pages for line in page.lines)
    text += "".join(table.text for page in pages for table in page.tables)
    unknown = text.count("(cid:")
    letters = sum(sign.isalpha() for sign in text) - 3 * unknown
    if letters < min(FEW_LETTERS, FEW_LETTERS * len(pages) // 2 + 1) or (
        len(pages) > 1 and letters < FEW_LETTERS * len(pages)
    ):
        raise Unreadable(
            _(
                "This PDF is a scan: pictures without text. Use the original, or have the text recognised first."
            )
        )
    if unknown * 20 > letters:
        raise Unreadable(
            _("The letters in this PDF cannot be read as text. Use the original, such as the docx.")
        )


# --- headings --------------------------------------------------------------------------------------------------
def _headed(pieces: Sequence[Piece]) -> tuple[str, list[Part]]:
    """The title, and the parts with the levels of headings: by their number, else by the size of their letters."""
    headings = [piece for piece in pieces if piece.part.kind == HEADING]
    title = ""
    if pieces and len(headings) > 1 and pieces[0].part.kind == HEADING and not pieces[0].part.label:
        first, rest = pieces[0], max(piece.rank for piece in headings[1:])
        if first.rank > rest and first.page == 1:
            title, pieces, headings = first.part.text, pieces[1:], headings[1:]
    depths: dict[float, Counter[int]] = {}
    for piece in headings:
        if depth := labels.depth(piece.part.label):
            depths.setdefault(piece.rank, Counter())[depth] += 1
    ranks = sorted({piece.rank for piece in headings}, reverse=True)
    level_of: dict[float, int] = {}
    for place, rank in enumerate(ranks, 1):
        above = level_of[ranks[place - 2]] if place > 1 else 0
        known = depths.get(rank)
        level_of[rank] = known.most_common(1)[0][0] if known else above + 1
    made = []
    for piece in pieces:
        part = piece.part
        if part.kind == HEADING:
            level = labels.depth(part.label) or level_of[piece.rank]
            part = Part(HEADING, min(level, 6), part.label, part.text)
        made.append(part)
    return re.sub(r"\s+", " ", title), made
