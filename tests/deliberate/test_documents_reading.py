"""Files become the parts of a text, whatever they were written in, and no word is lost."""

import io
import zipfile
from pathlib import Path

import docx
import pytest
from django.utils import translation
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omkering.deliberate.reading import MOST_BYTES, Unreadable, read
from omkering.deliberate.reading.hyphens import Vocabulary, join
from omkering.deliberate.reading.inline import escaped
from omkering.ui.text import render_markdown
from tests.deliberate.made_texts import as_docx, as_markdown, as_pdf, make_blocks

CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault
SEEDS = [parent / "shared" / "seed" for parent in Path(__file__).resolve().parents]  # beside the product


def _kinds(data: bytes | str, name: str = "stuk.md") -> list[tuple[str, int, str, str]]:
    parsed = read(data.encode() if isinstance(data, str) else data, name)
    return [(part.kind, part.level, part.label, part.text) for part in parsed.blocks]


def _letters(text: str) -> str:
    return "".join(sign for sign in text if sign.isalnum())


# --- the same text in each form --------------------------------------------------------------------------------
@pytest.mark.parametrize("size", [20, 100, 400])
@pytest.mark.parametrize(
    ("write", "name"), [(lambda b: as_markdown(b).encode(), "a.md"), (as_docx, "a.docx")]
)
def test_what_was_written_is_what_is_read(size, write, name):
    blocks = make_blocks(size)
    parsed = read(write(blocks), name)
    assert [part.as_dict() for part in parsed.blocks] == blocks
    assert parsed.title == "Een stuk om te lezen"


@pytest.mark.parametrize("size", [20, 100])
def test_a_pdf_is_read_by_its_fonts_and_places(size):
    blocks = make_blocks(size)
    parsed = read(as_pdf(blocks), "a.pdf")
    assert [part.as_dict() for part in parsed.blocks] == blocks
    assert parsed.title == "Een stuk om te lezen"
    assert len(parsed.notes) == 1
    assert "Vereniging – concept" in parsed.notes[0]


def test_the_paper_comes_in_as_its_chapters_with_its_seven_proposals_and_every_word():
    papers = [paper for seed in SEEDS for paper in sorted(seed.glob("*.txt"))]
    if not papers:
        pytest.skip("the paper itself is not on this machine: its words were not compared")
    source = papers[0].read_text(encoding="utf-8")
    parsed = read(source.encode(), papers[0].name)
    chapters = [part.text for part in parsed.blocks if part.kind == "heading" and part.level == 1]
    assert chapters == [
        "Inleiding",
        "Kernboodschap",
        "De stand van het land",
        "Op weg naar de toekomst",
        "Andere tijden, nieuwe wegen",
        "Tot Slot",
    ]
    proposals = [part for part in parsed.blocks if part.kind == "proposal"]
    assert [part.label for part in proposals] == [f"Voorstel {number}" for number in range(1, 8)]
    assert all(part.text.startswith("Discussiepunt: ") for part in proposals)
    # The label of a proposal is ours: the paper does not number them.
    read_back = "".join(("" if part.kind == "proposal" else part.label) + part.text for part in parsed.blocks)
    assert _letters(read_back) == _letters(source)
    words = " ".join(part.text for part in parsed.blocks)
    for word in (
        "opstellen",
        "definitieve",
        "essentieel",
        "initiërende",
        "kortetermijnpolitiek",
        "civil society",
    ):
        assert word in words
    assert "wet- en regelgeving" in words


# --- plain text ------------------------------------------------------------------------------------------------
def test_plain_text_is_read_by_indents_numbers_and_line_ends():
    text = """   Vooraf

Dit is een alinea die over meer dan een regel loopt en die daarom weer aan elkaar gezet
moet worden, met een woord dat aan het eind van de regel is afge-
broken.

 1 Wat wij zien

 1.1  In de praktijk
Gemeenten merken drie dingen:
- het eerste punt
- het tweede punt
1. en een genummerd punt

Voorstel 2: Wij doen het samen.
"""
    assert _kinds(text, "a.txt") == [
        ("heading", 1, "", "Vooraf"),
        (
            "paragraph",
            0,
            "",
            "Dit is een alinea die over meer dan een regel loopt en die daarom weer aan elkaar gezet moet worden, "
            "met een woord dat aan het eind van de regel is afgebroken.",
        ),
        ("heading", 1, "1", "Wat wij zien"),
        ("heading", 2, "1.1", "In de praktijk"),
        ("paragraph", 0, "", "Gemeenten merken drie dingen:"),
        ("item", 1, "", "het eerste punt"),
        ("item", 1, "", "het tweede punt"),
        ("item", 1, "1.", "en een genummerd punt"),
        ("proposal", 0, "Voorstel 2", "Wij doen het samen."),
    ]


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        ("een agenda opstel-", "len en uitvoeren", "een agenda opstellen en uitvoeren"),
        ("de lange-", "termijnvisie van", "de langetermijnvisie van"),
        ("bij wet-", "en regelgeving", "bij wet- en regelgeving"),
        ("de VNG-", "bestuurder", "de VNG-bestuurder"),
        ("in de top-", "10 van", "in de top-10 van"),
        ("wind- en zonne-", "energie", "wind- en zonne-energie"),
        ("dat is essenti-", "eel voor", "dat is essentieel voor"),
        ("een niet-", "lid mag", "een niet-lid mag"),
        ("Noord-", "Brabant", "Noord-Brabant"),
        ("op zijn beloop -", "moeten", "op zijn beloop - moeten"),
        ("samen\u00ad", "werken", "samenwerken"),
        ("zonder streep", "verder", "zonder streep verder"),
    ],
)
def test_only_a_printers_hyphen_goes(first, second, whole):
    assert join(first, second, Vocabulary([first, second])) == whole


def test_the_same_word_elsewhere_decides_about_its_hyphen():
    assert join("een co-", "ouder", Vocabulary(["de co-ouder zegt"])) == "een co-ouder"
    assert join("een auto-", "onderdeel", Vocabulary(["elk autoonderdeel"])) == "een autoonderdeel"


_SIGNS = st.text(
    st.characters(blacklist_categories=("Cs", "Cc")) | st.sampled_from("\n\n  .-1•"), max_size=400
)


@CALM
@given(_SIGNS.filter(lambda text: any(sign.isalpha() for sign in text)))
def test_no_letter_of_a_plain_text_is_lost_and_none_comes_in(text):
    from omkering.deliberate.reading import plain

    read_back = "".join(part.label + part.text for part in plain.read(text).blocks)
    # A mark of a list is no word; a letter that is one ("o") does not exist among the marks.
    assert _letters(read_back) == _letters(text)


@CALM
@given(
    st.text(st.characters(blacklist_categories=("Cs", "Cc")) | st.sampled_from("*_[]()`~<&\\!"), max_size=60)
)
def test_words_without_markdown_are_shown_as_they_are(text):
    from html import unescape

    import nh3

    text = " ".join(text.split())
    shown = unescape(nh3.clean(render_markdown(f"x {escaped(text)}"), tags=set()))
    assert " ".join(shown.split()) == f"x {text}".strip()


# --- Markdown --------------------------------------------------------------------------------------------------
def test_markdown_keeps_lists_tables_quotes_and_emphasis():
    text = """# Titel

## 1 Eerst

Een *mooie* alinea
over twee regels met een [verwijzing][a].

1. een
   - diep
2. twee

> **Let op** dit kader

> Voorstel 4: Eén fonds.

| a | b |
|---|---|
| 1 | 2 |

[a]: https://vereniging.example/a
"""
    assert read(text.encode(), "a.md").title == "Titel"
    assert _kinds(text) == [
        ("heading", 1, "1", "Eerst"),
        (
            "paragraph",
            0,
            "",
            "Een *mooie* alinea over twee regels met een [verwijzing](https://vereniging.example/a).",
        ),
        ("item", 1, "1.", "een"),
        ("item", 2, "", "diep"),
        ("item", 1, "2.", "twee"),
        ("box", 0, "", "**Let op** dit kader"),
        ("proposal", 0, "Voorstel 4", "Eén fonds."),
        ("table", 0, "", "| a | b |\n|---|---|\n| 1 | 2 |"),
    ]


def test_proposals_without_a_number_get_the_next_and_amounts_are_no_numbers():
    text = "Voorstel: Eén.\n\nDiscussiepunt: Twee.\n\nVoorstel van wet.\n\n1.5 miljoen euro.\n\n170.000 mensen.\n"
    assert _kinds(text) == [
        ("proposal", 0, "Voorstel 1", "Voorstel: Eén."),
        ("proposal", 0, "Voorstel 2", "Discussiepunt: Twee."),
        ("paragraph", 0, "", "Voorstel van wet."),
        ("paragraph", 0, "", "1.5 miljoen euro."),
        ("paragraph", 0, "", "170.000 mensen."),
    ]


# --- Word ------------------------------------------------------------------------------------------------------
def _saved(document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_word_counts_its_own_numbers():
    document = docx.Document()
    document.add_heading("Eerst", 1)
    for text in ("een", "twee"):
        document.add_paragraph(text, style="List Number")
    document.add_paragraph("diep", style="List Bullet 2")
    document.add_heading("Dan", 1)
    assert _kinds(_saved(document), "a.docx") == [
        ("heading", 1, "", "Eerst"),
        ("item", 1, "1.", "een"),
        ("item", 1, "2.", "twee"),
        ("item", 2, "", "diep"),
        ("heading", 1, "", "Dan"),
    ]


def test_words_in_boxes_notes_tables_and_changes_are_read():
    document = docx.Document()
    document.add_paragraph("Vooraf staat dit.")
    paragraph = document.add_paragraph("Begin ")
    namespaces = nsdecls("w")
    paragraph._p.append(parse_xml(f"<w:ins {namespaces} w:id='1'><w:r><w:t>erbij</w:t></w:r></w:ins>"))
    paragraph._p.append(
        parse_xml(f"<w:del {namespaces} w:id='2'><w:r><w:delText>weg</w:delText></w:r></w:del>")
    )
    paragraph._p.append(
        parse_xml(
            f"<w:r {namespaces}><w:pict><w:txbxContent><w:p><w:r><w:t>In een kader.</w:t></w:r></w:p>"
            "</w:txbxContent></w:pict></w:r>"
        )
    )
    table = document.add_table(rows=1, cols=1)
    table.rows[0].cells[0].text = "Voorstel 9: Samen"
    table = document.add_table(rows=2, cols=2)
    table.rows[0].cells[0].text = "jaar"
    table.rows[1].cells[1].text = "a|b"
    data = _saved(document)
    assert _kinds(data, "a.docx") == [
        ("paragraph", 0, "", "Vooraf staat dit."),
        ("paragraph", 0, "", "Begin erbij"),
        ("box", 0, "", "In een kader."),
        ("proposal", 0, "Voorstel 9", "Samen"),
        ("table", 0, "", "| jaar |  |\n| --- | --- |\n|  | a\\|b |"),
    ]
    assert len(read(data, "a.docx").notes) == 1


# --- what cannot be read ---------------------------------------------------------------------------------------
def _pdf(body: str, trailer: str = "") -> bytes:
    return f"%PDF-1.4\n{body}\ntrailer << /Root 1 0 R {trailer} >>\n%%EOF\n".encode("latin-1")


_EMPTY_PAGE = (
    "1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj\n"
    "3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >> endobj\n"
)
_LOCK = (
    "4 0 obj << /Filter /Standard /V 1 /R 2 /Length 40 /P -4 /O <"
    + "11" * 32
    + "> /U <"
    + "22" * 32
    + "> >> endobj\n"
)


def _bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * (101 * 1024 * 1024))
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b"", "a.md", "is empty"),
        (b"a" * (MOST_BYTES + 1), "a.txt", "larger than 10 MB"),
        (b"PK\x03\x04 broken", "a.docx", "broken"),
        (as_docx(make_blocks(20))[:900], "a.docx", "broken"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 100, "a.doc", "password"),
        (_bomb(), "a.docx", "far too much"),
        (b"%PDF-1.4\nrubbish", "a.pdf", "broken"),
        (_pdf(_EMPTY_PAGE), "a.pdf", "scan"),
        (_pdf(_EMPTY_PAGE + _LOCK, "/Encrypt 4 0 R /ID [<00> <00>]"), "a.pdf", "password"),
        (b"\x00\x01\x02\x03", "a.txt", "docx, PDF, Markdown"),
        (bytes(range(128, 256)) * 4, "a.txt", "docx, PDF, Markdown"),
        (b"\x89PNG\r\n\x1a\n\0\0", "a.png", "docx, PDF, Markdown"),
        (b"---\n\n***\n", "a.md", "no text"),
    ],
)
def test_a_file_that_cannot_be_read_gets_one_sentence(data, name, says):
    with translation.override("en"), pytest.raises(Unreadable) as refused:
        read(data, name)
    assert says in str(refused.value)


@CALM
@given(st.binary(max_size=300), st.sampled_from([b"", b"%PDF-1.7\n", b"PK\x03\x04"]))
def test_no_bytes_at_all_make_the_reader_stumble(data, start):
    try:
        parsed = read(start + data, "a.txt")
    except Unreadable:
        return
    assert parsed.blocks
