"""A consultation that is over, with points of every kind that gets an answer; made without other parts' commands."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from omkering.deliberate.models import (
    Amendment,
    Backing,
    Block,
    Consultation,
    ConsultationRound,
    Contribution,
    Document,
    Meeting,
    Paragraph,
    Statement,
    Version,
    View,
)
from omkering.thread.models import Item, Visibility
from omkering.thread.texts import summary_of
from omkering.who.models import Member, Network, Person
from tests.people import make_adviser, make_member, make_network, make_person

_number = count(1)
REASON = "Wij nemen dit over, want het maakt de tekst duidelijker voor iedereen."
PARAGRAPHS = (
    ("heading", "1", "Inleiding"),
    ("paragraph", "1.1", "Gemeenten werken samen aan de opgaven van deze tijd."),
    ("paragraph", "1.2", "De vereniging maakt daarvoor elk jaar een agenda."),
    ("proposal", "Voorstel 1", "Leden kiezen zelf waarover zij samen spreken."),
)


@dataclass
class Made:
    """What there is to answer, and who put it in."""

    adviser: Person
    consultation: Consultation
    round: ConsultationRound
    document: Document
    paragraphs: list[Paragraph]
    member: Member
    network: Network
    official: Person
    mayor: Person
    secretary: Person
    resident: Person


def make_document(adviser: Person) -> tuple[Document, Version, list[Paragraph]]:
    document = Document.objects.create(
        kind="document",
        title="Discussienota",
        state="published",
        visibility=Visibility.PUBLIC,
        author=adviser,
    )
    version = Version.objects.create(document=document, number=1, person=adviser)
    paragraphs = [Paragraph.objects.create(document=document, address=n + 1) for n in range(len(PARAGRAPHS))]
    for position, (kind, label, text) in enumerate(PARAGRAPHS):
        Block.objects.create(
            version=version,
            paragraph=paragraphs[position],
            position=position,
            kind=kind,
            level=1 if kind == "heading" else 0,
            label=label,
            text=text,
        )
    return document, version, paragraphs


def make_consultation(*, state: str = "closed", round_state: str = "closed", **fields: Any) -> Made:
    adviser = make_adviser()
    member = make_member(name=f"Voorbeeldstad {next(_number)}")
    network = make_network(f"afdeling-{next(_number)}", member, kind="chapter")
    document, version, paragraphs = make_document(adviser)
    now = timezone.now()
    consultation = Consultation.objects.create(
        **{
            "kind": "consultation",
            "title": "Consultatie over de discussienota",
            "state": state,
            "visibility": Visibility.PUBLIC,
            "author": adviser,
            "owner": adviser,
            "document": document,
            "version": version,
            **fields,
        }
    )
    round = ConsultationRound.objects.create(
        consultation=consultation,
        number=1,
        title="Alle leden",
        public="everyone",
        takes_statements=True,
        takes_amendments=True,
        takes_views=True,
        opens_at=now - timedelta(days=40),
        closes_at=now - timedelta(days=10),
        closed_at=now - timedelta(days=10) if round_state == "closed" else None,
        state=round_state,
    )
    return Made(
        adviser=adviser,
        consultation=consultation,
        round=round,
        document=document,
        paragraphs=paragraphs,
        member=member,
        network=network,
        official=make_person("official", member=member),
        mayor=make_person("mayor", member=member, votes=True),
        secretary=make_person("network_secretary", network=network),
        resident=make_person(),
    )


def _contribution(made: Made, kind: str, text: str, **fields: Any) -> Contribution:
    return Contribution.objects.create(
        **{
            "kind": kind,
            "title": text[:80],
            "summary": summary_of(text),
            "text": text,
            "state": "submitted",
            "visibility": Visibility.PUBLIC,
            "in_round": made.round,
            "paragraph": made.paragraphs[1],
            **fields,
        }
    )


def reaction(made: Made, text: str = "De inleiding is te lang om te lezen.", **fields: Any) -> Contribution:
    return _contribution(made, "reaction", text, **{"author": made.resident, **fields})


def view_point(made: Made, text: str = "Noem ook de kleine gemeenten.", **fields: Any) -> Contribution:
    view, _new = View.objects.get_or_create(
        in_round=made.round,
        member=made.member,
        defaults={
            "kind": "view",
            "title": f"Zienswijze van {made.member}",
            "state": "submitted",
            "visibility": Visibility.PUBLIC,
            "owner_member": made.member,
            "author": made.official,
            "handed_in_by": made.mayor,
            "handed_in_at": timezone.now(),
        },
    )
    more = {"view": view, "owner_member": made.member, "author": made.official}
    return _contribution(made, "view_point", text, **{**more, **fields})


def report_point(
    made: Made, text: str = "De afdeling vraagt om een planning.", **fields: Any
) -> Contribution:
    now = timezone.now()
    meeting = Meeting.objects.create(
        in_round=made.round,
        network=made.network,
        starts_at=now - timedelta(days=20),
        ends_at=now - timedelta(days=19),
        person=made.secretary,
    )
    return _contribution(
        made,
        "report_point",
        text,
        **{"meeting": meeting, "author": made.secretary, "paragraph": None, **fields},
    )


def statement(made: Made, text: str = "Leden kiezen zelf de agenda.", **fields: Any) -> Statement:
    return Statement.objects.create(
        **{
            "kind": "statement",
            "title": text,
            "text": text,
            "state": "shown",
            "visibility": Visibility.PUBLIC,
            "author": made.resident,
            "in_round": made.round,
            "number": Statement.objects.filter(in_round=made.round).count() + 1,
            **fields,
        }
    )


def amendment(made: Made, text: str = "De vereniging maakt elk jaar een agenda.", **fields: Any) -> Amendment:
    values = {
        "kind": "amendment",
        "title": f"Amendement {next(_number)}",
        "state": "submitted",
        "visibility": Visibility.PUBLIC,
        "author": made.official,
        "owner_member": made.member,
        "document": made.document,
        "in_round": made.round,
        "paragraph": made.paragraphs[2],
        "written_on": made.consultation.version,
        "number": Amendment.objects.filter(document=made.document).count() + 1,
        "base": PARAGRAPHS[2][2],
        "text": text,
        "reason": "Korter is beter.",
        **fields,
    }
    row = Amendment.objects.create(**values)
    Backing.objects.create(amendment=row, member=made.member, part="author", person=made.mayor)
    return row


def one_of_each(made: Made) -> list[Item]:
    """A point of each kind that gets an answer."""
    return [reaction(made), view_point(made), report_point(made), statement(made), amendment(made)]
