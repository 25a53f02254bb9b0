"""Files behind a PDF of our own: what is joined and in what order, what stays, what is refused, what may not come."""

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Link
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
    TextStringObject,
)

from omkering.ui import pdf_pages
from omkering.ui.pdf import PdfUnavailable, make_pdf
from omkering.ui.pdf_joining import Joining

SET = (
    '<!DOCTYPE html><html lang="nl"><head><title>Stukken</title></head><body><h1>Stukken</h1>'
    '<h2 id="een">1. Opening</h2><h3>Brief</h3><p><a href="#twee">Naar 2</a> <a href="https://a.example">a</a></p>'
    '<h2 id="twee" style="break-before: page">2. Begroting</h2><p>Tekst</p></body></html>'
)
LETTER = DictionaryObject(
    {
        NameObject("/Type"): NameObject("/Font"),
        NameObject("/Subtype"): NameObject("/Type1"),
        NameObject("/BaseFont"): NameObject("/Helvetica"),
    }
)


@pytest.fixture(scope="module")
def ours() -> bytes:
    try:
        return make_pdf(SET)
    except PdfUnavailable:
        pytest.skip("this machine cannot make PDFs")


def obj(value):
    """A value of a PDF from plain Python: texts that begin with "/" are names."""
    if isinstance(value, PdfObject):
        return value
    if value is None:
        return NullObject()
    if isinstance(value, str):
        return NameObject(value) if value.startswith("/") else TextStringObject(value)
    if isinstance(value, int):
        return NumberObject(value)
    if isinstance(value, float):
        return FloatObject(value)
    if isinstance(value, list):
        return ArrayObject(obj(entry) for entry in value)
    return DictionaryObject({NameObject(key): obj(entry) for key, entry in value.items()})


def stream(writer: PdfWriter, data: str, keys: dict | None = None) -> IndirectObject:
    made = DecodedStreamObject()
    made.set_data(data.encode())
    made.update(obj(keys or {}))
    return writer._add_object(made)


def file_with(*texts: str) -> PdfWriter:
    """A file of other people with a page for each text."""
    writer = PdfWriter()
    for text in texts:
        page = writer.add_blank_page(200, 300)
        page[NameObject("/Contents")] = stream(writer, f"BT /F 12 Tf 20 200 Td ({text}) Tj ET")
        page[NameObject("/Resources")] = obj({"/Font": {"/F": LETTER}})
    return writer


def look(writer: PdfWriter, text: str) -> IndirectObject:
    """A drawing of a text, as an annotation has it."""
    keys = {
        "/Subtype": "/Form",
        "/BBox": [0, 0, 50, 20],
        "/Resources": {"/Font": {"/F": LETTER}},
    }
    return stream(writer, f"BT /F 12 Tf 2 2 Td ({text}) Tj ET", keys)


def annotate(writer: PdfWriter, number: int, **keys) -> None:
    page = writer.pages[number]
    page.setdefault(NameObject("/Annots"), ArrayObject())
    row = {"/Type": "/Annot", "/Rect": [10, 10, 60, 30], **{f"/{key}": value for key, value in keys.items()}}
    page["/Annots"].append(writer._add_object(obj(row)))


def as_bytes(writer: PdfWriter) -> bytes:
    target = BytesIO()
    writer.write(target)
    return target.getvalue()


def joined(first: bytes, *contents: bytes) -> PdfReader:
    joining = Joining()
    for number, content in enumerate(contents, 1):
        assert joining.take(f"Bijlage {number}", content)
    return PdfReader(BytesIO(joining.join(first)), strict=True)


def behind(first: bytes, content: bytes) -> list:
    """The pages that a file became."""
    return list(joined(first, content).pages)[len(PdfReader(BytesIO(first)).pages) :]


def everything(reader: PdfReader) -> str:
    """All objects of a file, written out."""
    found, waiting, seen = [], [reader.trailer], set()
    while waiting:
        value = waiting.pop()
        if isinstance(value, IndirectObject):
            if value.idnum in seen:
                continue
            seen.add(value.idnum)
            value = value.get_object()
        found.append(str(value))
        if isinstance(value, dict):
            waiting.extend(value.values())
            if hasattr(value, "get_data") and value.get("/Subtype") != "/Image":
                found.append(value.get_data().decode("latin-1"))
        elif isinstance(value, list):
            waiting.extend(value)
    return "\n".join(found)


# --- what is joined --------------------------------------------------------------------------------------
def test_the_pages_of_each_file_come_behind_ours_in_order_with_a_bookmark_each(ours):
    whole = joined(ours, as_bytes(file_with("een", "twee", "drie")), as_bytes(file_with("vier")))
    assert [page.extract_text().strip() for page in whole.pages][2:] == ["een", "twee", "drie", "vier"]
    top, (first, under, second), *appendices = whole.outline
    assert top.title == "Stukken" and [first.title, second.title] == ["1. Opening", "2. Begroting"]
    assert [entry.title for entry in under] == ["Brief"]
    assert [entry.title for entry in appendices] == ["Bijlage 1", "Bijlage 2"]
    assert [whole.get_destination_page_number(entry) for entry in appendices] == [2, 5]
    assert whole.get_destination_page_number(second) == 1


def test_our_own_part_stays_tagged_and_each_page_behind_it_is_in_the_tags(ours):
    whole, before = joined(ours, as_bytes(file_with("een", "twee"))), PdfReader(BytesIO(ours))
    root, old = whole.root_object, before.root_object
    assert (
        root["/Lang"] == "nl"
        and root["/MarkInfo"]["/Marked"]
        and root["/ViewerPreferences"]["/DisplayDocTitle"]
    )
    assert whole.metadata.title == before.metadata.title == "Stukken" and whole.pdf_header == "%PDF-1.7"
    document, was = (entry["/StructTreeRoot"]["/K"][0] for entry in (root, old))
    kinds = [kid.get_object()["/S"] for kid in document["/K"]]
    assert kinds == [*(kid.get_object()["/S"] for kid in was["/K"]), "/Part"]
    part = document["/K"][-1].get_object()
    assert part["/T"] == "Bijlage 1" and len(part["/K"]) == 2
    numbers = root["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    assert (
        list(numbers[::2]) == sorted(set(numbers[::2]))
        and numbers[: len(numbers) - 4 : 2] == (old["/StructTreeRoot"]["/ParentTree"]["/Nums"][::2])
    )
    by_number = dict(zip(numbers[::2], numbers[1::2], strict=True))
    for page, paragraph in zip(list(whole.pages)[2:], part["/K"], strict=True):
        (marked,) = by_number[page["/StructParents"]].get_object()
        assert (
            marked == paragraph and marked.get_object()["/Pg"].indirect_reference == page.indirect_reference
        )
        assert page.get_contents().get_data().startswith(b"/P <</MCID 0>> BDC")


def test_the_whole_does_not_claim_to_be_pdf_ua_while_ours_alone_does(ours):
    claim, keep = b"pdfuaid:part=", b"Stukken"
    alone = PdfReader(BytesIO(Joining().join(ours))).root_object["/Metadata"].get_data()
    whole = joined(ours, as_bytes(file_with("een"))).root_object["/Metadata"].get_data()
    assert Joining().join(ours) == ours and claim in alone
    assert claim not in whole and keep in whole


def test_a_page_keeps_its_size_turn_and_content_in_pieces(ours):
    writer = file_with("een")
    page = writer.pages[0]
    page[NameObject("/MediaBox")] = obj([-10, -20, 190, 280])
    page[NameObject("/CropBox")] = obj([0, 0, 100, 250])
    page[NameObject("/Rotate")] = obj(-90)
    pieces = [stream(writer, "BT /F 12 Tf 20 200"), stream(writer, "Td (in stukken) Tj ET")]
    page[NameObject("/Contents")] = obj(pieces)
    (new,) = behind(ours, as_bytes(writer))
    assert list(new["/MediaBox"]) == [-10, -20, 190, 280] and list(new["/CropBox"]) == [0, 0, 100, 250]
    assert new["/Rotate"] == 270 and new.extract_text().strip() == "in stukken"


def test_what_annotations_show_is_drawn_and_what_they_hide_is_not(ours):
    writer = file_with("een")
    annotate(writer, 0, Subtype="/Stamp", AP={"/N": look(writer, "gestempeld")})
    annotate(writer, 0, Subtype="/Widget", V="5", AP={"/N": look(writer, "ingevuld")})
    on_and_off = {"/Yes": look(writer, "aangekruist"), "/Off": look(writer, "leeg")}
    annotate(writer, 0, Subtype="/Widget", AS="/Yes", AP={"/N": on_and_off})
    annotate(writer, 0, Subtype="/Stamp", F=2, AP={"/N": look(writer, "verborgen")})
    annotate(writer, 0, Subtype="/FileAttachment", AP={"/N": look(writer, "paperclip")})
    annotate(writer, 0, Subtype="/Widget", Rect=[0, 0, 0, 0], AP={"/N": look(writer, "onzichtbaar")})
    (new,) = behind(ours, as_bytes(writer))
    text = new.extract_text()
    assert all(word in text for word in ("een", "gestempeld", "ingevuld", "aangekruist"))
    assert not any(word in text for word in ("leeg", "verborgen", "paperclip", "onzichtbaar"))
    assert "/Annots" not in new and b"1.00000 0.00000 0.00000 1.00000 10.00000 10.00000 cm" in (
        new.get_contents().get_data()
    )


# --- links -----------------------------------------------------------------------------------------------
def test_plain_links_stay_and_others_do_not(ours):
    writer = file_with("een", "twee")
    writer.add_named_destination("verder", 1)
    good = ("https://b.example/x?y=1", "http://b.example", "mailto:a@b.example")
    bad = (
        "javascript:app.alert(1)",
        "file:///etc/passwd",
        "JAVASCRIPT:x",
        "x.exe",
        "http://[",
        "data:text/html,x",
    )
    for address in (*good, *bad):
        annotate(
            writer, 0, Subtype="/Link", A={"/S": "/URI", "/URI": address, "/Next": {"/S": "/JavaScript"}}
        )
    writer.add_annotation(0, Link(rect=(1, 1, 9, 9), target_page_index=1))
    annotate(writer, 0, Subtype="/Link", Dest="verder")
    annotate(
        writer,
        0,
        Subtype="/Link",
        A={"/S": "/GoTo", "/D": [writer.pages[1].indirect_reference, "/XYZ", 5, None]},
    )
    annotate(writer, 0, Subtype="/Link", Dest="nergens")
    annotate(writer, 0, Subtype="/Link", A={"/S": "/Launch", "/F": "x.exe"})
    annotate(writer, 0, Subtype="/Link", A={"/S": "/GoToR", "/F": "x.pdf", "/D": [0, "/Fit"]})
    first, second = behind(ours, as_bytes(writer))
    links = [entry.get_object() for entry in first["/Annots"]]
    assert [link["/A"]["/URI"] for link in links if "/A" in link] == list(good)
    inside = [link["/Dest"] for link in links if "/Dest" in link]
    assert len(inside) == 3 and all(place[0] == second.indirect_reference for place in inside)
    assert all("/Next" not in link.get("/A", {}) for link in links)


# --- what may not come along -----------------------------------------------------------------------------
def test_nothing_that_acts_and_no_file_comes_along(ours):
    writer = file_with("een", "twee")
    secret = {"/S": "/JavaScript", "/JS": "app.alert('KWAAD')"}
    writer.add_attachment("KWAAD.exe", b"KWAAD")
    root, page = writer.root_object, writer.pages[0]
    root["/Names"][NameObject("/JavaScript")] = obj({"/Names": ["KWAAD", secret]})
    root[NameObject("/OpenAction")] = obj(secret)
    root[NameObject("/AA")] = obj({"/WC": secret})
    root[NameObject("/AcroForm")] = obj({"/Fields": [], "/XFA": stream(writer, "KWAAD")})
    page[NameObject("/AA")] = obj({"/O": secret})
    for name in ("/Metadata", "/PieceInfo", "/Thumb"):
        page[NameObject(name)] = stream(writer, "KWAAD")
    attached = {"/Type": "/Filespec", "/EF": {"/F": stream(writer, "KWAAD", {"/Type": "/EmbeddedFile"})}}
    inner = look(writer, "binnen").get_object()
    for name, value in {
        "/AF": [attached],
        "/Ref": {"/F": "KWAAD.pdf"},
        "/OPI": {"/2.0": {"/F": "KWAAD"}},
        "/PieceInfo": secret,
        "/F": "KWAAD.bin",
        "/Extra": {"/A": secret, "/Deeper": [secret, attached], "/Page": writer.pages[1].indirect_reference},
    }.items():
        inner[NameObject(name)] = obj(value)
    page["/Resources"][NameObject("/XObject")] = obj({"/X": inner.indirect_reference})
    page["/Resources"][NameObject("/Properties")] = obj({"/P": {"/AF": attached, "/A": secret}})
    annotate(writer, 0, Subtype="/Screen", A=secret, AA={"/E": secret})
    annotate(writer, 0, Subtype="/RichMedia", RichMediaContent=attached)
    annotate(writer, 0, Subtype="/FileAttachment", FS=attached)
    annotate(writer, 0, Subtype="/Widget", FT="/Btn", A=secret, AP={"/N": inner.indirect_reference})
    content = as_bytes(writer)
    assert everything(PdfReader(BytesIO(content))).count("KWAAD") > 8
    whole = joined(ours, content)
    text = everything(whole)
    for word in (
        "KWAAD",
        "JavaScript",
        "/JS",
        "/AA",
        "OpenAction",
        "/EF",
        "EmbeddedFile",
        "Filespec",
        "AcroForm",
    ):
        assert word not in text, word
    assert len(whole.pages) == 4 and not whole.attachments and "binnen" in whole.pages[2].extract_text()


def test_a_name_that_the_file_chose_is_no_key(ours):
    writer = file_with()
    page = writer.add_blank_page(200, 300)
    page[NameObject("/Contents")] = stream(writer, "BT /AA 12 Tf 20 200 Td (letters) Tj ET /EF Do")
    page[NameObject("/Resources")] = obj(
        {"/Font": {"/AA": LETTER}, "/XObject": {"/EF": look(writer, "beeld")}}
    )
    (new,) = behind(ours, as_bytes(writer))
    assert "letters" in new.extract_text() and "beeld" in new.extract_text()


def test_a_loop_of_references_ends(ours):
    writer = file_with("een")
    first = look(writer, "lus")
    first.get_object()["/Resources"][NameObject("/XObject")] = obj({"/Self": first})
    first.get_object()[NameObject("/Group")] = obj({"/S": "/Transparency", "/Again": first})
    writer.pages[0]["/Resources"][NameObject("/XObject")] = obj({"/X": first})
    assert len(behind(ours, as_bytes(writer))) == 1


# --- what is not put in ----------------------------------------------------------------------------------
def _encrypted() -> PdfWriter:
    writer = file_with("een")
    writer.encrypt("", "eigenaar", algorithm="RC4-128")
    return writer


def _with_root(**keys) -> PdfWriter:
    writer = file_with("een")
    writer.root_object.update(obj({f"/{key}": value for key, value in keys.items()}))
    return writer


def _unread_field() -> PdfWriter:
    writer = file_with("een")
    annotate(writer, 0, Subtype="/Widget", V="ingevuld")
    return writer


def _without_size() -> PdfWriter:
    writer = file_with("een")
    writer.pages[0][NameObject("/MediaBox")] = obj([0, 0, 0, 0])
    return writer


def _deep() -> bytes:
    writer = file_with("een")
    writer.pages[0]["/Resources"][NameObject("/Shading")] = NameObject("/DIEP")
    deep = b"[" * 5_000 + b"]" * 5_000
    return as_bytes(writer).replace(b"/DIEP", b"<< /S " + deep + b" >>")


REFUSED = {
    "nothing": lambda: b"",
    "no pdf": lambda: b"PK\x03\x04 een Word-document",
    "broken": lambda: b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n",
    "cut off": lambda: as_bytes(file_with("een"))[:300],
    "no pages": lambda: as_bytes(file_with()),
    "encrypted": lambda: as_bytes(_encrypted()),
    "a hidden layer": lambda: as_bytes(_with_root(OCProperties={"/D": {"/OFF": [{"/Type": "/OCG"}]}})),
    "all layers hidden": lambda: as_bytes(_with_root(OCProperties={"/D": {"/BaseState": "/OFF"}})),
    "a cover of other files": lambda: as_bytes(_with_root(Collection={})),
    "a field without its look": lambda: as_bytes(_unread_field()),
    "a page without size": lambda: as_bytes(_without_size()),
    "endless nesting": _deep,
    "pages in a loop": lambda: as_bytes(file_with("een")).replace(b"/Kids [", b"/Kids [ 1 0 R 1 0 R 1 0 R "),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_put_in_is_not_taken_and_the_next_file_is(ours, kind):
    joining, good = Joining(), as_bytes(file_with("goed"))
    before = joining.pages_left, joining.bytes_left
    assert not joining.take("Slecht", REFUSED[kind]())
    assert (joining.pages_left, joining.bytes_left) == before
    assert joining.take("Goed", good)
    assert len(PdfReader(BytesIO(joining.join(ours))).pages) == 3


def test_pages_bytes_objects_and_unpacked_bytes_have_a_bound(ours, monkeypatch):
    two, one = as_bytes(file_with("een", "twee")), as_bytes(file_with("een"))
    joining = Joining(most_pages=3)
    assert [joining.take("x", content) for content in (two, two, one, one)] == [True, False, True, False]
    joining = Joining(most_bytes=len(two) + len(one))
    assert [joining.take("x", content) for content in (two, two, one)] == [True, False, True]
    pieces = file_with("een")
    pieces.pages[0][NameObject("/Contents")] = obj([stream(pieces, "q" + " " * 500), stream(pieces, "Q")])
    assert Joining().take("x", as_bytes(pieces))
    monkeypatch.setattr(pdf_pages, "MOST_DECODED", 400)
    assert not Joining().take("x", as_bytes(pieces)) and Joining().take("x", two)
    monkeypatch.setattr(pdf_pages, "MOST_OBJECTS", 3)
    assert not Joining().take("x", two)


@settings(max_examples=150)
@given(changes=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=12))
def test_a_damaged_file_is_taken_or_not_and_what_was_taken_can_be_joined(ours_once, changes):
    ours, given_bytes = ours_once
    content = bytearray(given_bytes)
    for place, value in changes:
        content[place % len(content)] = value
    joining = Joining()
    if joining.take("Beschadigd", bytes(content)):
        whole = PdfReader(BytesIO(joining.join(ours)))
        assert len(whole.pages) == 2 + joining.parts[0][1].get_num_pages()


@pytest.fixture(scope="module")
def ours_once(ours) -> tuple[bytes, bytes]:
    writer = file_with("een", "twee")
    annotate(writer, 0, Subtype="/Stamp", AP={"/N": look(writer, "gestempeld")})
    annotate(writer, 0, Subtype="/Link", A={"/S": "/URI", "/URI": "https://b.example"})
    return ours, as_bytes(writer)
