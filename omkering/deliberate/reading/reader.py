"""Reads a file: finds out what it is, and hands it to the reader of that kind."""

import io
import zipfile
from dataclasses import replace
from pathlib import PurePath

from django.utils.translation import gettext as _

from omkering.deliberate.reading import markdown, pdf, plain, word
from omkering.deliberate.reading.inline import escaped
from omkering.deliberate.reading.labels import count_proposals
from omkering.deliberate.reading.parts import MOST_BYTES, Parsed, Part, Unreadable

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # how Word files before 2007, and those with a password, begin
LONGEST_TITLE = 200


def read(data: bytes, name: str) -> Parsed:
    """The parts of a file of at most 10 MB; Unreadable with one sentence when that does not go.

    `name` says only whether a text is Markdown, and gives the title where the text has none.
    """
    if len(data) > MOST_BYTES:
        raise Unreadable(_("This file is larger than 10 MB. Save it without pictures, or in a smaller size."))
    if not data.strip():
        raise Unreadable(_("This file is empty."))
    parsed = _read(data, name)
    parts = [part for part in parsed.blocks if part.text.strip() or part.label]
    if not parts:
        raise Unreadable(_("There is no text in this file."))
    title = " ".join((parsed.title or _title_of(parts, name)).split())[:LONGEST_TITLE]
    return Parsed(title, tuple(count_proposals(parts)), parsed.notes)


def _read(data: bytes, name: str) -> Parsed:
    if data.lstrip()[:5] == b"%PDF-" or b"%PDF-" in data[:1024]:
        return pdf.read(data)
    if data.startswith(_OLE):
        raise Unreadable(
            _("This is an old Word file, or one with a password. Save it as docx without a password.")
        )
    if data.startswith(b"PK\x03\x04"):
        return word.read(_sound_docx(data))
    text = _decoded(data)
    if PurePath(name).suffix.lower() in (".md", ".markdown", ".mkd"):
        return markdown.read(text)
    parsed = plain.read(text)
    return replace(parsed, blocks=tuple(replace(part, text=escaped(part.text)) for part in parsed.blocks))


def _sound_docx(data: bytes) -> bytes:
    """The file when it is a Word document that unpacks to a bearable size."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = {entry.filename: entry.file_size for entry in archive.infolist()}
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError) as problem:
        raise Unreadable(_("This file is broken. Open it in Word, and save it as docx again.")) from problem
    if "word/document.xml" not in entries:
        raise Unreadable(_("This is no docx, PDF, Markdown or text file. Save it as one of these."))
    if sum(size for entry, size in entries.items() if entry.endswith((".xml", ".rels"))) > 100 * 1024 * 1024:
        raise Unreadable(_("This file unpacks to far too much text. Split it into smaller documents."))
    return data


def _decoded(data: bytes) -> str:
    """The text of bytes in UTF-8, UTF-16 with a mark, or the Western code page of Windows."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as problem:
            raise Unreadable(_("This file is broken. Save it as text in UTF-8.")) from problem
    if b"\0" in data:
        raise Unreadable(_("This is no docx, PDF, Markdown or text file. Save it as one of these."))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    odd = sum(not (sign.isprintable() or sign in "\n\r\t\f") for sign in text) + text.count("\ufffd")
    if odd > len(text) // 50:
        raise Unreadable(_("This is no docx, PDF, Markdown or text file. Save it as one of these."))
    return text


def _title_of(parts: list[Part], name: str) -> str:
    """The name of the file in words; where that says nothing, how the text begins."""
    stem = PurePath(name.replace("\\", "/")).stem.replace("_", " ").replace("-", " ").strip()
    if any(sign.isalpha() for sign in stem):
        return stem[:1].upper() + stem[1:]
    return parts[0].text or parts[0].label
