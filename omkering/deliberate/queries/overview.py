"""What is open in this room now, for one reader; a fixed number of queries."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
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
from omkering.deliberate.queries.consultations import public_in_words, visible_rounds, ways_in_words
from omkering.deliberate.queries.documents import listed_documents
from omkering.who.standing import standing_of

SHOWN = 10


@dataclass(frozen=True)
class OpenRound:
    """A round that is open: who is asked, how one takes part, and whether this reader is asked."""

    round: ConsultationRound
    public: str
    ways: list[str]
    asked: bool


@dataclass(frozen=True)
class Overview:
    """What is going on."""

    rounds: list[OpenRound]
    coming: list[ConsultationRound]
    amended: list[Document]  # with `live`, the number of amendments on the table
    documents: list[Document]


def overview(person: Any) -> Overview:
    """What is open now: rounds, the one that closes first in front; what opens next; texts on the table."""
    now = timezone.now()
    rounds = visible_rounds(person)
    running = rounds.filter(state=ConsultationState.OPEN, closes_at__gt=now).order_by("closes_at", "pk")
    coming = rounds.filter(state=ConsultationState.PLANNED, closes_at__gt=now).order_by("opens_at", "pk")
    standing, pk = standing_of(person), getattr(person, "pk", None)
    proposed = Amendment.objects.visible_to(standing, pk).filter(state__in=LIVE)
    documents = listed_documents(person).exclude(state__in=(DocumentState.DRAFT, DocumentState.WITHDRAWN))
    amended = documents.annotate(
        live=Count("amendments", filter=Q(amendments__in=proposed.values("pk")), distinct=True)
    ).filter(live__gt=0)
    return Overview(
        rounds=[
            OpenRound(row, public_in_words(row), ways_in_words(row), in_public(person, row))
            for row in running[:SHOWN]
        ],
        coming=list(coming[:SHOWN]),
        amended=list(amended.order_by("-live", "-pk")[:SHOWN]),
        documents=list(documents.order_by("-changed_at", "-pk")[:SHOWN]),
    )
