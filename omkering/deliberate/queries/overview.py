"""What is open in this room now, for one reader; a fixed number of queries."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Count
from django.utils import timezone

from omkering.deliberate.models import (
    LIVE,
    Amendment,
    ConsultationRound,
    ConsultationState,
    Document,
    DocumentState,
)
from omkering.deliberate.publics import in_public
from omkering.deliberate.queries.amendments import readable_documents
from omkering.deliberate.queries.consultations import WAYS, bare_rounds, public_in_words, ways_in_words
from omkering.who.standing import standing_of

SHOWN = 10


@dataclass(frozen=True)
class OpenRound:
    """A round that is open: who is asked, how one takes part, and whether this reader is asked."""

    round: ConsultationRound
    public: str
    ways: list[str]
    asked: bool


class Amended(NamedTuple):
    """A document with the number of amendments on the table."""

    pk: int
    title: str
    live: int


@dataclass(frozen=True)
class Overview:
    """What is going on."""

    rounds: list[OpenRound]
    coming: list[ConsultationRound]
    amended: list[Amended]
    documents: list[Document]


def overview(person: Any) -> Overview:
    """What is open now: rounds, the one that closes first in front; what opens next; texts on the table."""
    now = timezone.now()
    named = ("consultation__title", "network__names", "of_body__names")
    rounds = bare_rounds(person).select_related("consultation", "network", "of_body")
    rounds = rounds.only("title", "public", "opens_at", "closes_at", *WAYS, *named)
    running = rounds.filter(state=ConsultationState.OPEN, closes_at__gt=now).order_by("closes_at", "pk")
    coming = rounds.filter(state=ConsultationState.PLANNED, closes_at__gt=now).order_by("opens_at", "pk")
    standing, pk = standing_of(person), getattr(person, "pk", None)
    proposed = Amendment.objects.visible_to(standing, pk).filter(state__in=LIVE)
    documents = readable_documents(person).exclude(state__in=(DocumentState.DRAFT, DocumentState.WITHDRAWN))
    amended = proposed.filter(document__in=documents.values("pk")).order_by()
    amended = amended.values_list("document_id", "document__title").annotate(live=Count("pk"))
    shown = documents.only("kind", "title", "summary", "state", "changed_at", "example")
    return Overview(
        rounds=[
            OpenRound(row, public_in_words(row), ways_in_words(row), in_public(person, row))
            for row in running[:SHOWN]
        ],
        coming=list(coming[:SHOWN]),
        amended=[Amended(*row) for row in amended.order_by("-live", "-document_id")[:SHOWN]],
        documents=list(shown.order_by("-changed_at", "-pk")[:SHOWN]),
    )
