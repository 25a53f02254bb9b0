"""Documents for the tests of every address: one with three versions, and a file that waits to be looked at."""

from types import SimpleNamespace

from django.core.files.uploadedfile import SimpleUploadedFile

from omkering.deliberate.commands.documents import confirm_import, new_version, publish_document
from omkering.deliberate.commands.imports import start_draft, take_file
from omkering.deliberate.models import Document
from omkering.thread.models import Item
from tests.deliberate.documents import blocks_of
from tests.deliberate.made_texts import as_markdown, make_blocks

ARGUMENTS: dict[str, dict[str, str]] = {
    "deliberate:document": {"pk": "document"},
    "deliberate:compare": {"pk": "document"},
    "deliberate:print_document": {"pk": "document"},
    "deliberate:document_pdf": {"pk": "document"},
    "deliberate:document_docx": {"pk": "document"},
    "deliberate:edit_document": {"pk": "document"},
    "deliberate:write_version": {"pk": "document"},
    "deliberate:publish_document": {"pk": "document"},
    "deliberate:adopt_document": {"pk": "document"},
    "deliberate:withdraw_document": {"pk": "document"},
    "deliberate:import": {"pk": "import"},
    "deliberate:import_part": {"pk": "import", "place": "1"},
    "deliberate:import_add": {"pk": "import", "place": "1"},
    "deliberate:confirm_import": {"pk": "import"},
    "deliberate:renew_import": {"pk": "import"},
    "deliberate:drop_import": {"pk": "import"},
    "deliberate:import_file": {"pk": "import"},
}
POST_ONLY: set[str] = {"deliberate:write_version", "deliberate:renew_import", "deliberate:drop_import"}
REDIRECTS: set[str] = set()
FILES: set[str] = {"deliberate:document_pdf", "deliberate:document_docx", "deliberate:import_file"}
WITHIN: dict[str, tuple[tuple[str, ...], int]] = {}


def _file(size: int, seed: int = 1) -> SimpleUploadedFile:
    text = as_markdown(make_blocks(size, seed), f"Samen sterk {seed}")
    return SimpleUploadedFile(f"stuk-{seed}.md", text.encode())


def _changed(c: SimpleNamespace, document: Document, place: int) -> None:
    """The next version: other words at one part, because of a signal."""
    blocks = blocks_of(document)
    blocks[place]["text"] += " Dat vragen de leden."
    blocks[place]["bases"] = [Item.objects.get(pk=c.signals[place % len(c.signals)].pk)]
    new_version(actor=c.people["adviser"], document=document, blocks=blocks, note="Wat leden vroegen.")


def build(c: SimpleNamespace) -> dict[str, int]:
    """One of everything, through the commands."""
    adviser = c.people["adviser"]
    document = confirm_import(
        actor=adviser,
        imported=take_file(actor=adviser, upload=_file(12)),
        theme=c.theme,
        owner_body=c.body,
        title="Samen sterk in 2030",
    )
    document = publish_document(actor=adviser, document=document, visibility="public")
    _changed(c, document, 2)
    _changed(c, document, 3)
    start_draft(actor=adviser, document=document)
    waiting = take_file(actor=adviser, upload=_file(12, 2))
    return {"document": document.pk, "import": waiting.pk}


def grow(c: SimpleNamespace) -> None:
    """Much more of everything."""
    adviser = c.people["adviser"]
    document = Document.objects.get(pk=c.ids["document"])
    blocks = blocks_of(document)
    for part in make_blocks(40, 3):
        blocks.append({"paragraph": None, **part})
    new_version(actor=adviser, document=document, blocks=blocks, note="Meer onderdelen.")
    for place in range(2, 6):
        _changed(c, document, place)
    for seed in range(10, 18):
        imported = take_file(actor=adviser, upload=_file(12, seed))
        if seed % 2:
            made = confirm_import(actor=adviser, imported=imported, theme=c.theme)
            publish_document(actor=adviser, document=made, visibility="public")
