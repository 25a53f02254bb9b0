"""The pages of a PDF that somebody else made, drawn into another PDF as they look, with nothing in them that acts.

A page is not taken over: a new one is made, and only what draws is copied to it, object by object. Its content and
what its annotations show (comments, stamps, filled-in fields, visible signatures) become drawings; of the annotations
only plain links stay, to the web and within the file. Scripts, actions, forms, attached files and references to other
files are reached by no road that is walked here; what could be among what draws is cut out by its key or its type.
"""

import logging
import math
from collections.abc import Mapping
from io import BytesIO
from typing import Any, cast
from urllib.parse import urlsplit

from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NullObject,
    NumberObject,
    PdfObject,
    StreamObject,
    TextStringObject,
)

MOST_OBJECTS = 100_000  # of one file: ten times what a report of 500 pages has, and some seconds of work
MOST_DECODED = 100 * 1024 * 1024  # bytes of one file that are unpacked here: a small file can hold many
LINKS = ("http", "https", "mailto")

RESOURCES = ("/ColorSpace", "/ExtGState", "/Font", "/Pattern", "/ProcSet", "/Shading", "/XObject")
# Dictionaries whose keys are names that the file chose: there a key says nothing.
CHOSEN_NAMES = {"/CharProcs", "/Colorants", *RESOURCES}
LEFT_OUT = {
    *("/A", "/AA", "/AcroForm", "/Annots", "/JS", "/JavaScript", "/Names", "/OpenAction", "/Parent"),
    *("/AF", "/EF", "/EmbeddedFiles", "/F", "/FDecodeParms", "/FFilter", "/FS", "/Ref", "/OPI"),
    *("/Alternates", "/Metadata", "/OC", "/PieceInfo", "/Properties", "/StructParent", "/StructParents"),
}
CUT_TYPES = {"/Action", "/Annot", "/Catalog", "/EmbeddedFile", "/F", "/Filespec", "/Page", "/Pages", "/Sig"}
CUT_ACTIONS = {
    *("/GoTo", "/GoTo3DView", "/GoToE", "/GoToR", "/Hide", "/ImportData", "/JavaScript", "/Launch", "/Movie"),
    *("/Named", "/Rendition", "/ResetForm", "/RichMediaExecute", "/SetOCGState", "/Sound", "/SubmitForm"),
    *("/Thread", "/Trans", "/URI"),
}
SHOWN = {
    *("/Caret", "/Circle", "/FreeText", "/Highlight", "/Ink", "/Line", "/PolyLine", "/Polygon", "/Redact"),
    *("/Square", "/Squiggly", "/Stamp", "/StrikeOut", "/Underline", "/Widget"),
}
HIDDEN_OR_NOT_ON_SCREEN = 2 | 32  # bits of an annotation's flags
VIEWS = {"/Fit", "/FitB", "/FitBH", "/FitBV", "/FitH", "/FitR", "/FitV", "/XYZ"}

# It warns of each oddity of a file, and a file can have a million of them.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


class NotJoinable(ValueError):
    """A file whose pages cannot be drawn elsewhere, or would look different there; it says why, for the log."""


def open_pdf(content: bytes) -> PdfReader:
    """A PDF to take pages of; NotJoinable when it is none, encrypted, or shows more or less than its pages hold."""
    if b"%PDF-" not in content[:1024]:
        raise NotJoinable("no PDF")
    reader = PdfReader(BytesIO(content))
    if reader.is_encrypted:
        raise NotJoinable("encrypted")
    root = reader.root_object
    layers = _mapping(_mapping(root.get("/OCProperties")).get("/D"))
    if _found(layers.get("/OFF")) or layers.get("/BaseState", "/ON") != "/ON":
        raise NotJoinable("layers that are hidden")
    if "/Collection" in root or _found(root.get("/NeedsRendering")):
        raise NotJoinable("the cover of other files, or a form that a program draws")
    if not len(reader.pages):
        raise NotJoinable("no pages")
    return reader


def put_pages(reader: PdfReader, writer: PdfWriter, *, tag: str = "") -> list[DictionaryObject]:
    """Draw all pages of a PDF after those of the writer, each within one marked content 0 of this `tag`, if any.

    It gives the new pages. NotJoinable, or whatever else reading a broken file raises; the writer is no good then.
    """
    copier = _Copier(writer)
    made: list[DictionaryObject] = []
    for page in reader.pages:
        box = _box(page.mediabox)
        new: DictionaryObject = writer.add_blank_page(width=box[2] - box[0], height=box[3] - box[1])
        new[NameObject("/MediaBox")] = _numbers(box)
        new[NameObject("/CropBox")] = _numbers(_box(page.cropbox))
        if (turn := int(_number(page.get("/Rotate")))) % 90 == 0:
            new[NameObject("/Rotate")] = NumberObject(turn % 360)
        if "/UserUnit" in page:
            new[NameObject("/UserUnit")] = FloatObject(_number(page["/UserUnit"]) or 1)
        if "/Group" in page:
            new[NameObject("/Group")] = copier.copy(page["/Group"])
        made.append(new)
    targets = _Targets(reader, made)
    for page, new in zip(reader.pages, made, strict=True):
        _draw(page, new, copier, tag)
        links = [link for entry in _entries(page.get("/Annots")) if (link := _link(entry, targets))]
        if links:
            new[NameObject("/Annots")] = ArrayObject(writer._add_object(link) for link in links)
    return made


# --- what is drawn ---------------------------------------------------------------------------------------
def _draw(page: DictionaryObject, new: DictionaryObject, copier: "_Copier", tag: str) -> None:
    """The content of a page as one drawing, and above it what each annotation shows."""
    body = copier.content(page)
    body.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Form"),
            NameObject("/BBox"): _numbers(_box(new["/MediaBox"])),
            NameObject("/Resources"): copier.resources(page.get("/Resources")),
        }
    )
    drawings = DictionaryObject({NameObject("/Body"): copier.writer._add_object(body)})
    words = [f"{tag} <</MCID 0>> BDC" if tag else "", "q /Body Do Q"]
    for number, annotation in enumerate(_entries(page.get("/Annots"))):
        look = _look(annotation)
        if look is None or (place := _placed(annotation, look[1])) is None:
            continue
        copied = copier.copy(look[0])
        copied.get_object()[NameObject("/Type")] = NameObject("/XObject")
        copied.get_object()[NameObject("/Subtype")] = NameObject("/Form")
        drawings[NameObject(f"/Note{number}")] = copied
        words.append(f"q {' '.join(f'{value:.5f}' for value in place)} cm /Note{number} Do Q")
    content = DecodedStreamObject()
    content.set_data("\n".join([*words, "EMC" if tag else ""]).strip().encode())
    new[NameObject("/Contents")] = copier.writer._add_object(content)
    new[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): drawings})


def _look(annotation: Mapping) -> tuple[PdfObject, StreamObject] | None:
    """What an annotation shows on the page, as it stands in the file and as a stream; None where that is nothing."""
    kind = _found(annotation.get("/Subtype"))
    if kind not in SHOWN or int(_number(annotation.get("/F"))) & HIDDEN_OR_NOT_ON_SCREEN:
        return None
    looks = _mapping(annotation.get("/AP"))
    if not looks and (kind == "/FreeText" or (kind == "/Widget" and _filled(annotation))):
        raise NotJoinable("a text that only a program for forms would draw")
    given = looks.get("/N")
    if given is not None and not isinstance(_found(given), StreamObject):
        given = _mapping(given).get(_found(annotation.get("/AS")))
    stream = _found(given)
    return (given, stream) if given is not None and isinstance(stream, StreamObject) else None


def _filled(field: Mapping) -> bool:
    """Whether a field of a form has a value."""
    rows = (field, _mapping(field.get("/Parent")))
    return any(_found(row.get("/V")) not in (None, "", "/Off") for row in rows)


def _placed(annotation: Mapping, look: StreamObject) -> tuple[float, ...] | None:
    """The matrix that puts a drawing into the rectangle of its annotation (ISO 32000, 12.5.5); None without size."""
    left, bottom, right, top = _corners(annotation.get("/Rect"))
    x0, y0, x1, y1 = _corners(look.get("/BBox"))
    given = [_number(value) for value in _entries_raw(look.get("/Matrix"))]
    a, b, c, d, e, f = given if len(given) == 6 else (1, 0, 0, 1, 0, 0)
    across = [a * x + c * y + e for x in (x0, x1) for y in (y0, y1)]
    up = [b * x + d * y + f for x in (x0, x1) for y in (y0, y1)]
    width, height = max(across) - min(across), max(up) - min(up)
    if min(width, height, right - left, top - bottom) <= 0:
        return None
    wide, high = (right - left) / width, (top - bottom) / height
    return wide, 0, 0, high, left - min(across) * wide, bottom - min(up) * high


class _Copier:
    """Copies what draws from one file to a writer, each object once; a loop of references ends at what is there."""

    def __init__(self, writer: PdfWriter) -> None:
        self.writer = writer
        self.made: dict[tuple[int, int, bool], PdfObject] = {}
        self.count = self.decoded = 0

    def copy(self, value: Any, *, chosen_names: bool = False) -> Any:
        """The value for the writer: references as new references, what acts as null."""
        if isinstance(value, IndirectObject):
            key = (value.idnum, value.generation, chosen_names)
            if key not in self.made:
                self.made[key] = self._copy(_found(value), chosen_names, key)
            return self.made[key]
        return self._copy(value, chosen_names, None)

    def _copy(self, value: Any, chosen_names: bool, key: tuple[int, int, bool] | None) -> Any:
        if value is None:
            return NullObject()
        if not isinstance(value, dict | list):
            return value
        self.count += 1
        if self.count > MOST_OBJECTS:
            raise NotJoinable("too many objects")
        if isinstance(value, DictionaryObject) and not chosen_names and _acts(value):
            return NullObject()
        made: DictionaryObject | ArrayObject = ArrayObject()
        if isinstance(value, StreamObject):
            made = DecodedStreamObject()
            made.set_data(value._data)  # packed as it is: its filters are copied with its keys
        elif isinstance(value, DictionaryObject):
            made = DictionaryObject()
        reference = None
        if key is not None:
            reference = self.made[key] = self.writer._add_object(made)
        if isinstance(made, DictionaryObject):
            self._fill(made, cast(DictionaryObject, value), chosen_names)
        else:
            made.extend(self.copy(entry) for entry in value)
        return made if reference is None else reference

    def _fill(self, made: DictionaryObject, value: DictionaryObject, chosen_names: bool) -> None:
        for name, entry in value.items():
            if chosen_names:
                made[NameObject(name)] = self.copy(entry)
            elif name == "/Resources":
                made[NameObject(name)] = self.resources(entry)
            elif name not in LEFT_OUT and name != "/Length":
                made[NameObject(name)] = self.copy(entry, chosen_names=name in CHOSEN_NAMES)

    def resources(self, value: Any) -> DictionaryObject:
        """What a content refers to by name: fonts, pictures, colours, patterns."""
        kinds = _mapping(value)
        return DictionaryObject(
            {
                NameObject(kind): self.copy(kinds[kind], chosen_names=True)
                for kind in RESOURCES
                if kind in kinds
            }
        )

    def content(self, page: DictionaryObject) -> StreamObject:
        """The content of a page as one stream: packed as it is, or unpacked and joined where it is in pieces."""
        found = _found(page.get("/Contents"))
        pieces = [found] if isinstance(found, StreamObject) else _entries_raw(found)
        streams = [piece for entry in pieces if isinstance(piece := _found(entry), StreamObject)]
        made = DecodedStreamObject()
        if len(streams) == 1:
            made.set_data(streams[0]._data)
            for name in ("/Filter", "/DecodeParms"):
                if name in streams[0]:
                    made[NameObject(name)] = self.copy(streams[0][name])
            return made
        for piece in streams:
            self.decoded += len(piece.get_data())
            if self.decoded > MOST_DECODED:
                raise NotJoinable("too much content")
        made.set_data(b"\n".join(piece.get_data() for piece in streams))
        return made.flate_encode()


def _acts(value: DictionaryObject) -> bool:
    return _found(value.get("/Type")) in CUT_TYPES or _found(value.get("/S")) in CUT_ACTIONS


# --- links -----------------------------------------------------------------------------------------------
class _Targets:
    """The pages of a file by their number in it, for links within it."""

    def __init__(self, reader: PdfReader, made: list[DictionaryObject]) -> None:
        self.reader = reader
        self.pages = {
            page.indirect_reference.idnum: new.indirect_reference
            for page, new in zip(reader.pages, made, strict=True)
            if page.indirect_reference is not None
        }
        self.named: dict[str, Any] | None = None

    def find(self, destination: Any) -> ArrayObject | None:
        """A place in the file as a place in the new one; None when it is none."""
        found = _found(destination)
        if isinstance(found, str):
            if self.named is None:
                self.named = self.reader.named_destinations
            found = getattr(self.named.get(found), "dest_array", None)
        if not isinstance(found, ArrayObject) or not isinstance(found[0] if found else None, IndirectObject):
            return None
        page = self.pages.get(found[0].idnum)
        if page is None:
            return None
        view = [_found(entry) for entry in found[1:6]]
        if not view or view[0] not in VIEWS:
            view = [NameObject("/Fit")]
        numbers = [NullObject() if value is None else FloatObject(_number(value)) for value in view[1:]]
        return ArrayObject([page, NameObject(view[0]), *numbers])


def _link(annotation: Mapping, targets: _Targets) -> DictionaryObject | None:
    """A plain link made anew: to the web, by mail, or to a page of the same file; None for anything else."""
    if _found(annotation.get("/Subtype")) != "/Link":
        return None
    made = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Link"),
            NameObject("/Rect"): _numbers(_corners(annotation.get("/Rect"))),
            NameObject("/Border"): ArrayObject([NumberObject(0)] * 3),
            NameObject("/F"): NumberObject(4),  # it is printed too
        }
    )
    action = _mapping(annotation.get("/A"))
    kind = _found(action.get("/S"))
    if kind == "/URI":
        address = _address(_found(action.get("/URI")))
        if not address:
            return None
        made[NameObject("/A")] = DictionaryObject(
            {NameObject("/S"): NameObject("/URI"), NameObject("/URI"): TextStringObject(address)}
        )
        return made
    place = targets.find(annotation.get("/Dest") if kind is None else action.get("/D"))
    if kind not in (None, "/GoTo") or place is None:
        return None
    made[NameObject("/Dest")] = place
    return made


def _address(given: Any) -> str:
    """The address of a link as it may stand; "" when it is no plain one."""
    text = given.decode("latin-1") if isinstance(given, bytes) else given if isinstance(given, str) else ""
    try:
        plain = text.isascii() and text.isprintable() and urlsplit(text).scheme.lower() in LINKS
    except ValueError:
        return ""
    return text if plain else ""


# --- reading ---------------------------------------------------------------------------------------------
def _found(value: Any) -> Any:
    """What a reference leads to; None for null and for what is not there."""
    if isinstance(value, IndirectObject):
        value = value.get_object()
    return None if isinstance(value, NullObject) else value


def _mapping(value: Any) -> Mapping[str, Any]:
    found = _found(value)
    return dict(found.items()) if isinstance(found, DictionaryObject) else {}


def _entries_raw(value: Any) -> list[Any]:
    found = _found(value)
    return list(found) if isinstance(found, ArrayObject) else []


def _entries(value: Any) -> list[Mapping[str, Any]]:
    return [mapping for entry in _entries_raw(value) if (mapping := _mapping(entry))]


def _number(value: Any) -> float:
    """A number of the file; 0 for anything else. NotJoinable when it has no end."""
    found = _found(value)
    number = float(found) if isinstance(found, int | float) else 0.0
    if not math.isfinite(number):
        raise NotJoinable("a number without end")
    return number


def _corners(value: Any) -> tuple[float, float, float, float]:
    """Left, bottom, right and top of a rectangle, however it was written down; zeros where it is none."""
    found = [_number(entry) for entry in _entries_raw(value)]
    x0, y0, x1, y1 = found if len(found) == 4 else (0.0, 0.0, 0.0, 0.0)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _box(value: Any) -> tuple[float, float, float, float]:
    """The corners of a box that must have a size."""
    box = _corners(value)
    if box[0] >= box[2] or box[1] >= box[3]:
        raise NotJoinable("a page without size")
    return box


def _numbers(values: tuple[float, ...]) -> ArrayObject:
    return ArrayObject(FloatObject(value) for value in values)
