"""Documents for the tests of this room."""

from typing import Any

from omkering.deliberate.commands.documents import confirm_import, publish_document
from omkering.deliberate.models import Document, Import
from omkering.thread.models import Visibility
from omkering.who.models import Network, Person

BLOCKS: list[dict[str, Any]] = [
    {"kind": "heading", "level": 1, "label": "1", "text": "De stand van het land"},
    {"kind": "paragraph", "level": 0, "label": "", "text": "Gemeenten doen veel werk voor hun inwoners."},
    {"kind": "item", "level": 1, "label": "", "text": "Zij bouwen huizen."},
    {"kind": "item", "level": 1, "label": "", "text": "Zij helpen wie hulp nodig heeft."},
    {"kind": "heading", "level": 1, "label": "2", "text": "Wat wij voorstellen"},
    {"kind": "proposal", "level": 0, "label": "Voorstel 1", "text": "Gemeenten werken samen in één fonds."},
    {"kind": "table", "level": 0, "label": "", "text": "| jaar | bedrag |\n|---|---|\n| 2027 | 10 |"},
]


def make_import(person: Person, blocks: list[dict[str, Any]] | None = None, **fields: Any) -> Import:
    """A file that was read and waits to be looked at."""
    fields = {"title": "Samen verder", "file_name": "samen.md", **fields}
    return Import.objects.create(person=person, blocks=BLOCKS if blocks is None else blocks, **fields)


def make_document(
    actor: Person,
    blocks: list[dict[str, Any]] | None = None,
    *,
    visibility: str = Visibility.MEMBERS,
    audience: Network | None = None,
    **fields: Any,
) -> Document:
    """A document with its first version, made and published through the commands; unpublished for `bureau`."""
    document = confirm_import(actor=actor, imported=make_import(actor, blocks), **fields)
    if visibility != Visibility.BUREAU:
        document = publish_document(actor=actor, document=document, visibility=visibility, audience=audience)
    return document


def blocks_of(document: Document) -> list[dict[str, Any]]:
    """The present text as `new_version` takes it, to change something in."""
    last = document.versions.order_by("-number").first()
    assert last is not None
    return [
        {
            "paragraph": row.paragraph,
            "kind": row.kind,
            "level": row.level,
            "label": row.label,
            "text": row.text,
        }
        for row in last.blocks.select_related("paragraph")
    ]
