"""Documents, consultations and rounds for the tests."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from omkering.deliberate.commands.consultation_rounds import plan_round
from omkering.deliberate.commands.consultation_times import open_round
from omkering.deliberate.commands.consultations import plan_consultation
from omkering.deliberate.models import (
    Block,
    Consultation,
    ConsultationRound,
    Document,
    Paragraph,
    Version,
)
from omkering.journal.models import Event
from omkering.thread.models import Notice
from omkering.thread.queries import in_words
from omkering.who.models import Body, Person
from tests.people import make_adviser

PARAGRAPHS = (
    ("heading", "Eén sterke laag"),
    ("paragraph", "Gemeenten werken samen in elke regio van het land."),
    ("paragraph", "De vereniging kiest elk jaar ten hoogste vijf prioriteiten."),
    ("proposal", "De vereniging maakt één visie die alles verbindt."),
)
LONG_ENOUGH = "Wij willen dat kleine gemeenten hier ook tijd voor krijgen."


def make_document(adviser: Person, *, visibility: str = "public", state: str = "published") -> Document:
    """A published document of four paragraphs, made row by row."""
    document = Document.objects.create(
        kind="document", title="Samen verder", state=state, visibility=visibility, author=adviser
    )
    make_version(document, adviser, [text for _kind, text in PARAGRAPHS])
    return document


def make_version(document: Document, person: Person, texts: list[str]) -> Version:
    number = document.versions.count() + 1
    version = Version.objects.create(document=document, number=number, person=person)
    for position, text in enumerate(texts):
        paragraph, _new = Paragraph.objects.get_or_create(document=document, address=position + 1)
        Block.objects.create(
            version=version,
            paragraph=paragraph,
            position=position,
            kind=PARAGRAPHS[position][0] if position < len(PARAGRAPHS) else "paragraph",
            level=1,
            text=text,
        )
    return version


def paragraph_of(round: ConsultationRound, address: int) -> Paragraph:
    return Paragraph.objects.get(document_id=round.consultation.document_id, address=address)


def make_consultation(adviser: Person | None = None, **changes: Any) -> Consultation:
    adviser = adviser or make_adviser()
    plan: dict[str, Any] = {
        "title": "Wat vindt u van de strategie",
        "summary": "Wij vragen alle leden wat zij van deze tekst vinden.",
        "visibility": "public",
    }
    if "document" not in changes and "question" not in changes:
        plan["document"] = make_document(adviser)
    return plan_consultation(actor=adviser, **{**plan, **changes})


def make_round(consultation: Consultation | None = None, **changes: Any) -> ConsultationRound:
    consultation = consultation or make_consultation()
    now = timezone.now()
    plan: dict[str, Any] = {
        "title": "Eerste ronde",
        "opens_at": now - timedelta(days=1),
        "closes_at": now + timedelta(days=21),
        "takes_reactions": True,
        "takes_views": True,
    }
    return plan_round(actor=consultation.author, consultation=consultation, **{**plan, **changes})


def open_one(consultation: Consultation | None = None, **changes: Any) -> ConsultationRound:
    """An open round."""
    round_ = make_round(consultation, **changes)
    return open_round(actor=round_.consultation.author, round=round_)


def past_its_time(round_: ConsultationRound) -> ConsultationRound:
    """The same round once its closing time is over and the clock has not come by yet."""
    moment = timezone.now() - timedelta(seconds=1)
    ConsultationRound.objects.filter(pk=round_.pk).update(
        opens_at=moment - timedelta(days=20), closes_at=moment
    )
    return fresh(round_)


def fresh(round_: ConsultationRound) -> ConsultationRound:
    return ConsultationRound.objects.select_related("consultation").get(pk=round_.pk)


def make_body(key: str = "commissie-zorg") -> Body:
    return Body.objects.create(key=key, names={"nl": "Commissie Zorg", "en": "Committee"}, kind="committee")


def told(person: Person, milestone: str) -> list[str]:
    """The news of this milestone that somebody got, in words."""
    rows = Notice.objects.filter(person=person, milestone=milestone).select_related("item", "because")
    return [in_words(row).text for row in rows.order_by("pk")]


def refused(error: Any) -> str:
    return " ".join(error.value.messages)


def fields(error: Any) -> set[str]:
    return set(error.value.message_dict)


def events(verb: str) -> int:
    return Event.objects.filter(verb=verb).count()
