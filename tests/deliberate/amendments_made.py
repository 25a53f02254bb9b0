"""A document with two paragraphs, and the people who amend it."""

from types import SimpleNamespace

from omkering.deliberate.commands.amendments import draft_amendment, submit_amendment
from omkering.deliberate.commands.document_rows import write_version
from omkering.deliberate.models import Amendment, Document, Paragraph
from tests.people import make_adviser, make_member, make_network, make_person

ONE = "De gemeente betaalt de zorg vanaf 2030 zelf."
TWO = "Het Rijk vergoedt alle kosten van de uitvoering."
REASON = "De gemeenten kunnen dit niet alleen betalen."


def make_document(
    *texts: str, state: str = "published", visibility: str = "members", reason: str | None = None
) -> Document:
    """A published document of which each text is a paragraph, under one heading."""
    document = Document.objects.create(
        kind="document", state=state, visibility=visibility, title="Strategie voor de zorg"
    )
    blocks = [{"kind": "heading", "level": 1, "label": "1", "text": "Zorg", "paragraph": None}]
    blocks += [
        {"kind": "paragraph", "level": 0, "label": "", "text": text, "paragraph": None} for text in texts
    ]
    write_version(document, blocks, person=None, personal_data_reason=reason)
    return document


def paragraph(document: Document, address: int) -> Paragraph:
    return Paragraph.objects.get(document=document, address=address)


def make_world() -> SimpleNamespace:
    """A document, two members with a mandated person each, an official, a network and its secretary, an adviser."""
    own, other, third = make_member(), make_member(), make_member()
    network = make_network("g9", own)
    document = make_document(ONE, TWO)
    return SimpleNamespace(
        document=document,
        one=paragraph(document, 2),
        two=paragraph(document, 3),
        own=own,
        other=other,
        third=third,
        network=network,
        mayor=make_person("mayor", member=own, votes=True),
        official=make_person("official", member=own),
        theirs=make_person("mayor", member=other, votes=True),
        far=make_person("mayor", member=third, votes=True),
        secretary=make_person("network_secretary", network=network),
        adviser=make_adviser(),
        stranger=make_person(),
    )


def submitted(
    w: SimpleNamespace, text: str = "", *, by=None, owner=None, at=None, deed: str = "change", **more
) -> Amendment:
    """An amendment that was handed in; of the first member on the first paragraph where nothing else is said."""
    actor, owner = by or w.mayor, owner or w.own
    row = draft_amendment(
        actor=actor,
        paragraph=at or w.one,
        owner=owner,
        title=more.pop("title", "Een ander jaar voor de zorg"),
        text=text,
        reason=more.pop("reason", REASON),
        deed=deed,
        **more,
    )
    return submit_amendment(actor=actor, amendment=row)


def words(document: Document) -> list[str]:
    """The text as it is now, without its heading."""
    version = document.versions.order_by("-number").first()
    return [block.text for block in version.blocks.order_by("position")][1:]
