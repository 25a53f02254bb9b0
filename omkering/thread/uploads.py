"""Files and links that people add as evidence: known by their content, not by their name."""

import hashlib
import logging
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import PurePath
from uuid import uuid4

import filetype
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import URLValidator
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from omkering.engine.personal_data import find
from omkering.thread import clamd

logger = logging.getLogger(__name__)
LARGEST = 10 * 1024 * 1024
LONGEST_NAME = 120
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXTENSIONS = {"application/pdf": "pdf", DOCX: "docx", "image/png": "png", "image/jpeg": "jpg"}
TEXTS = {"md": "text/markdown", "txt": "text/plain"}
_DIRECTION_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class SoundFile:
    """A file that may be kept: its shown name (with the extension of its real type), type, bytes and hash."""

    name: str
    content_type: str
    size: int
    sha256: str


def check_upload(upload: UploadedFile) -> SoundFile:
    """What the file is; ValidationError for `upload` with one sentence when it cannot be taken.

    The setting `UPLOAD_SCANNER` names a clamd (`host:port`, or the path of its socket), or a function that gets
    the open file and returns what it found against it ("" or None when it is clean). Once it is set, a file that
    cannot be looked through is refused.
    """
    size = upload.size or 0
    if size > LARGEST:
        raise _refused(_("This file is larger than 10 MB. Make it smaller, or add a link to it."))
    if size == 0:
        raise _refused(_("This file is empty."))
    content_type = _content_type(upload)
    if content_type is None:
        raise _refused(_("This is not a pdf, docx, png or jpg file. Save it as one of these, or add a link."))
    return _sound(upload, size, content_type, EXTENSIONS[content_type])


def _sound(upload: UploadedFile, size: int, content_type: str, extension: str) -> SoundFile:
    name = _shown_name(upload.name or "", extension)
    if find(name):
        raise _refused(_("The name of this file holds personal data. Give it another name first."))
    _scan(upload)
    upload.seek(0)
    digest = hashlib.file_digest(upload, "sha256").hexdigest()
    upload.seek(0)
    return SoundFile(name, content_type, size, digest)


def check_text_upload(upload: UploadedFile) -> SoundFile:
    """As `check_upload`, for a file with text: pdf and docx, and what is plain text (also Markdown)."""
    size = upload.size or 0
    if 0 < size <= LARGEST and _content_type(upload) is None:
        upload.seek(0)
        start = upload.read(8192)
        if b"\0" not in start and not start.startswith((b"PK", b"%PDF")):
            extension = "md" if (upload.name or "").lower().endswith((".md", ".markdown")) else "txt"
            return _sound(upload, size, TEXTS[extension], extension)
    return check_upload(upload)


def _refused(sentence: str) -> ValidationError:
    return ValidationError({"upload": ValidationError(sentence, code="upload")})  # type: ignore[dict-item]


def _content_type(upload: UploadedFile) -> str | None:
    upload.seek(0)
    start = upload.read(8192)
    if start.startswith(b"PK\x03\x04"):
        return DOCX if _is_docx(upload) else None
    kind = filetype.guess(start)
    return kind.mime if kind is not None and kind.mime in EXTENSIONS else None


def _is_docx(upload: UploadedFile) -> bool:
    """A zip file with a Word document in it and no macros. Only its table of contents is read."""
    upload.seek(0)
    try:
        with zipfile.ZipFile(upload) as archive:  # type: ignore[arg-type]
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, EOFError):
        return False
    macros = any(name.lower().endswith("vbaproject.bin") for name in names)
    return {"[Content_Types].xml", "word/document.xml"} <= names and not macros


def _shown_name(given: str, extension: str) -> str:
    """A name that is safe to show and to save under, with the extension of what the file is."""
    plain = _DIRECTION_MARKS.sub("", unicodedata.normalize("NFC", PurePath(given.replace("\\", "/")).name))
    plain = "".join(sign for sign in plain if unicodedata.category(sign) != "Cc" and sign not in '<>:"/|?*')
    stem = PurePath(plain).stem.strip(". ")[:LONGEST_NAME]
    return f"{stem or _('attachment')}.{extension}"


def _scan(upload: UploadedFile) -> None:
    scanner = settings.UPLOAD_SCANNER
    if not scanner:
        return
    upload.seek(0)
    try:
        if ":" in scanner or "/" in scanner:
            found: str | None = clamd.scan(upload, scanner)  # type: ignore[arg-type]
        else:
            found = import_string(scanner)(upload)
    except Exception as problem:  # whatever goes wrong there, an unchecked file is not kept
        logger.exception("an upload could not be looked through for malware")
        sentence = _("This file could not be checked for malware just now. Try again later.")
        raise _refused(sentence) from problem
    if found:
        logger.warning("an upload was refused: the scanner found %s", found)
        raise _refused(_("The malware check refuses this file."))


def random_name(sound: SoundFile) -> str:
    """The name under which a file is stored: it tells nothing and cannot be guessed."""
    return f"{uuid4().hex}.{PurePath(sound.name).suffix.lstrip('.')}"


def check_link(url: str) -> str:
    """The address tidied; ValidationError for `url` when it is no web address or holds personal data."""
    url = url.strip()
    problem = ""
    if len(url) > 500:
        problem = _("This address is too long.")
    elif find(url):
        problem = _("This address holds personal data. Leave it out.")
    else:
        try:
            URLValidator(schemes=["https", "http"])(url)
        except ValidationError:
            problem = _("This is not a web address. It begins with https://.")
    if problem:
        raise ValidationError({"url": ValidationError(problem, code="link")})  # type: ignore[dict-item]
    return url
