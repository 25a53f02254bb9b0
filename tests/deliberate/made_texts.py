"""Texts of any length for the tests: the same seed gives the same text, as parts, Markdown, HTML, docx and PDF."""

from html import escape
from random import Random
from typing import Any

from omkering.ui.docx import WordDocument

_SUBJECTS = [
    "De gemeente",
    "Het netwerk",
    "De afdeling",
    "Het bestuur",
    "De commissie",
    "De vereniging",
    "Elk lid",
]
_VERBS = [
    "onderzoekt",
    "bespreekt",
    "steunt",
    "ontwikkelt",
    "vergelijkt",
    "betaalt",
    "versterkt",
    "beschrijft",
]
_OBJECTS = [
    "de uitvoering van de warmtewet",
    "het gezamenlijke fonds",
    "een plan voor wonen en zorg",
    "de samenwerking in de regio",
    "het toezicht op de jeugdhulp",
    "een nieuwe verdeling van taken",
    "de opvang van vluchtelingen",
    "het tekort aan vakmensen",
]
_ENDS = [
    "samen met de inwoners",
    "vóór het einde van het jaar",
    "op basis van cijfers die iedereen kan nakijken",
    "zonder extra regels",
    "in overleg met het rijk en de provincies",
    "zodat kleine gemeenten mee kunnen doen",
]

Blocks = list[dict[str, Any]]


def make_blocks(size: int, seed: int = 2030) -> Blocks:
    """`size` parts that are no headings, under numbered chapters and sections, with lists, tables and proposals."""
    random = Random(f"{seed} {size}")
    blocks: Blocks = []
    chapter = section = proposals = made = 0
    while made < size:
        if made % 20 == 0:
            chapter, section = chapter + 1, 0
            blocks.append(_block("heading", f"Hoofdstuk over {_object(random)}", 1, str(chapter)))
        if made % 10 == 0:
            section += 1
            blocks.append(_block("heading", f"Wat {_object(random)} vraagt", 2, f"{chapter}.{section}"))
        what = made % 10
        if what in (3, 4):
            blocks.append(_block("item", _sentence(random), 1 if what == 3 else 2))
        elif what == 6 and made % 20 == 6:
            cells = "\n".join(f"| {year} | {random.randint(1, 90)} miljoen |" for year in (2027, 2028, 2029))
            blocks.append(_block("table", f"| Jaar | Bedrag |\n| --- | --- |\n{cells}"))
        elif what == 9:
            proposals += 1
            blocks.append(_block("proposal", _sentence(random), 0, f"Voorstel {proposals}"))
        else:
            blocks.append(
                _block("paragraph", " ".join(_sentence(random) for _ in range(random.randint(2, 5))))
            )
        made += 1
    return blocks


def _block(kind: str, text: str, level: int = 0, label: str = "") -> dict[str, Any]:
    return {"kind": kind, "level": level, "label": label, "text": text}


def _object(random: Random) -> str:
    return random.choice(_OBJECTS)


def _sentence(random: Random) -> str:
    return f"{random.choice(_SUBJECTS)} {random.choice(_VERBS)} {_object(random)} {random.choice(_ENDS)}."


def as_markdown(blocks: Blocks, title: str = "Een stuk om te lezen") -> str:
    """The text as somebody would write it in Markdown."""
    lines = [f"# {title}"]
    last = ""
    for block in blocks:
        text = f"{block['label']} {block['text']}".strip()
        if block["kind"] == "heading":
            text = f"{'#' * (block['level'] + 1)} {text}"
        elif block["kind"] == "item":
            text = f"{'    ' * (block['level'] - 1)}- {text}"
        elif block["kind"] == "proposal":
            text = f"> {block['label']}: {block['text']}"
        lines.append(("" if last == block["kind"] == "item" else "\n") + text)
        last = block["kind"]
    return "\n".join(lines) + "\n"


def as_html(blocks: Blocks, title: str = "Een stuk om te lezen") -> str:
    """The text as a page with a running header, page numbers and hyphens at line ends, to print."""
    body = []
    for block in blocks:
        text = escape(f"{block['label']} {block['text']}".strip())
        if block["kind"] == "heading":
            body.append(f"<h{block['level'] + 1}>{text}</h{block['level'] + 1}>")
        elif block["kind"] == "item":
            body.append(f"<ul class=l{block['level']}><li>{text}</li></ul>")
        elif block["kind"] == "proposal":
            body.append(f"<div class=box><p>{escape(block['label'])}: {escape(block['text'])}</p></div>")
        elif block["kind"] == "table":
            rows = [line.strip("| ").split(" | ") for line in block["text"].split("\n") if "---" not in line]
            cells = "".join(f"<tr>{''.join(f'<td>{escape(c)}</td>' for c in row)}</tr>" for row in rows)
            body.append(f"<table>{cells}</table>")
        else:
            body.append(f"<p>{text}</p>")
    return f"""<!DOCTYPE html><html lang="nl"><head><title>{escape(title)}</title><style>
@page {{ size: A4; margin: 2.5cm; @top-left {{ content: "Vereniging – concept" }}
         @bottom-right {{ content: "pagina " counter(page) " van " counter(pages) }} }}
body {{ font: 11pt/1.4 "Liberation Sans"; hyphens: auto; text-align: justify }}
table {{ border-collapse: collapse }} td {{ border: 1px solid; padding: 4pt }}
.box {{ border: 1px solid; background: #eef; padding: 6pt }} .l2 {{ margin-left: 1cm }}
</style></head><body><h1>{escape(title)}</h1>{"".join(body)}</body></html>"""


def as_pdf(blocks: Blocks, title: str = "Een stuk om te lezen") -> bytes:
    """The text as a PDF with a text layer."""
    import weasyprint

    return weasyprint.HTML(string=as_html(blocks, title)).write_pdf()


def as_docx(blocks: Blocks, title: str = "Een stuk om te lezen") -> bytes:
    """The text as a Word document."""
    made = WordDocument(title)
    for block in blocks:
        if block["kind"] == "heading":
            made.heading(block["text"], block["level"], label=block["label"])
        elif block["kind"] == "item":
            made.item(block["text"], block["level"])
        elif block["kind"] == "table":
            made.markdown_table(block["text"])
        elif block["kind"] == "proposal":
            made.box(block["text"], label=f"{block['label']}:")
        else:
            made.paragraph(block["text"])
    return made.content()
