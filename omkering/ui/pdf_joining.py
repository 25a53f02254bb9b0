"""Files put behind a PDF of our own, so that it is one document with a bookmark for each.

What WeasyPrint made comes first and stays what it was: tags, language, title, bookmarks. Behind it come the pages of
other people's PDFs (see `pdf_pages`), each file with a bookmark and a part in the tags of its own. How their makers
tagged them is not kept: a page is read as one piece, in the order in which it was drawn. So the whole no longer says
that it is PDF/UA.
"""

import logging
import re
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from omkering.ui.pdf_pages import NotJoinable, open_pdf, put_pages

logger = logging.getLogger(__name__)
MOST_PAGES = 2_000  # of all files together: more than anybody reads for a meeting, and some seconds of work
MOST_BYTES = 60 * 1024 * 1024  # of all files together: six of the largest; memory holds three times as much
PDF_UA = re.compile(rb"<rdf:Description\b[^>]*\bpdfuaid:part=[^>]*/>")


class Joining:
    """The files to put behind a PDF, in order; a file that cannot be put there is not taken, and the others are."""

    def __init__(self, *, most_pages: int = MOST_PAGES, most_bytes: int = MOST_BYTES) -> None:
        self.pages_left, self.bytes_left = most_pages, most_bytes
        self.parts: list[tuple[str, PdfReader]] = []

    def take(self, title: str, content: bytes) -> bool:
        """Whether the pages of this file will be there; it is tried out first, so that `join` cannot fail on it."""
        try:
            if len(content) > self.bytes_left:
                raise NotJoinable("too many bytes")
            reader = open_pdf(content)
            pages = len(reader.pages)
            if pages > self.pages_left:
                raise NotJoinable("too many pages")
            put_pages(reader, PdfWriter())
        except Exception as problem:  # a broken file can raise anything, and must not stop the others
            logger.info("a file was not put into a PDF: %s: %s", type(problem).__name__, problem)
            return False
        self.pages_left -= pages
        self.bytes_left -= len(content)
        self.parts.append((title, reader))
        return True

    def join(self, first: bytes) -> bytes:
        """The PDF with the files behind it; as it was where there are none."""
        if not self.parts:
            return first
        writer = PdfWriter(clone_from=PdfReader(BytesIO(first)))
        writer.pdf_header = "%PDF-1.7"
        tags = _mapping(writer.root_object.get("/StructTreeRoot"))
        for title, reader in self.parts:
            pages = put_pages(reader, writer, tag="/P" if tags else "")
            writer.add_outline_item(title=title, page_number=pages[0].indirect_reference)
            if tags:
                _tag(writer, tags, title, pages)
        _claim_no_standard(writer)
        target = BytesIO()
        writer.write(target)
        return target.getvalue()


def _tag(writer: PdfWriter, tags: DictionaryObject, title: str, pages: Sequence[DictionaryObject]) -> None:
    """A part of the document with the pages of a file, each one paragraph: what is not tagged is not read aloud."""
    # WeasyPrint writes one list of numbers, and one document that holds all.
    numbers: Any = _mapping(tags.get("/ParentTree"))["/Nums"]
    document: Any = _mapping(_first(tags["/K"]))
    kids = ArrayObject()
    part = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/StructElem"),
            NameObject("/S"): NameObject("/Part"),
            NameObject("/T"): TextStringObject(title),
            NameObject("/P"): document.indirect_reference,
            NameObject("/K"): kids,
        }
    )
    reference = writer._add_object(part)
    document["/K"].append(reference)
    key = max((int(number) for number in numbers[::2]), default=-1) + 1
    for number, page in enumerate(pages, key):
        paragraph = writer._add_object(
            DictionaryObject(
                {
                    NameObject("/Type"): NameObject("/StructElem"),
                    NameObject("/S"): NameObject("/P"),
                    NameObject("/P"): reference,
                    NameObject("/Pg"): page.indirect_reference,
                    NameObject("/K"): NumberObject(0),
                }
            )
        )
        kids.append(paragraph)
        page[NameObject("/StructParents")] = NumberObject(number)
        numbers.extend([NumberObject(number), ArrayObject([paragraph])])


def _claim_no_standard(writer: PdfWriter) -> None:
    """Take the claim to be PDF/UA from the metadata: it holds for our own part only."""
    about = writer.root_object.get("/Metadata")
    found = about.get_object() if about is not None else None
    if not isinstance(found, StreamObject):
        return
    made = DecodedStreamObject()
    made.set_data(PDF_UA.sub(b"", found.get_data()))
    made[NameObject("/Type")], made[NameObject("/Subtype")] = NameObject("/Metadata"), NameObject("/XML")
    writer.root_object[NameObject("/Metadata")] = writer._add_object(made)


def _first(value: Any) -> Any:
    found = value.get_object()
    return found[0] if isinstance(found, ArrayObject) else found


def _mapping(value: Any) -> DictionaryObject:
    found = value.get_object() if hasattr(value, "get_object") else value
    return found if isinstance(found, DictionaryObject) else DictionaryObject()
