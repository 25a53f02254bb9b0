"""What was put in during a consultation and gets an answer: reactions, points of views and reports, advice of chapters,
statements that were shown, and amendments.

A point counts from the moment it was handed in. What was withdrawn gets no answer any more; what went up in another
amendment is answered there. A point that has an answer stays in the note, whatever becomes of it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet, Value

from omkering.deliberate.models import (
    Amendment,
    AmendmentState,
    Answered,
    Consultation,
    ConsultationRound,
    ConsultationState,
    Contribution,
    ContributionState,
    Statement,
    StatementState,
    View,
)

ENDED = (ConsultationState.CLOSED, ConsultationState.ANSWERED)  # a round in which nothing changes any more
HANDED_IN = (ContributionState.SUBMITTED, ContributionState.ANSWERED)
SHOWN = (StatementState.SHOWN, StatementState.ANSWERED)
PUT_FORWARD = (
    AmendmentState.SUBMITTED,
    AmendmentState.HELD,
    AmendmentState.ADOPTED,
    AmendmentState.REJECTED,
    AmendmentState.FALLEN,
)
PERSONAL = (
    "reaction",
    "statement",
)  # kinds that somebody puts in for themselves: their name is nobody's business


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that gets an answer: the item, its round and paragraph, and the answer it has, by their ids."""

    pk: int
    consultation: int
    in_round: int
    round_state: str
    paragraph: int | None
    answer: int | None

    @property
    def ended(self) -> bool:
        """Whether its round is over, so that it can be answered."""
        return self.round_state in ENDED


def points_of(consultations: Collection[int]) -> list[Point]:
    """Everything that gets an answer in these consultations, in the order it came in; two queries."""
    if not consultations:
        return []
    live = Answered.objects.filter(item=OuterRef("pk"), ended_at__isnull=True)

    def rows(model: Any, counts: Q, paragraph: Any) -> QuerySet:
        found = model.objects.filter(in_round__consultation__in=consultations).filter(counts | Exists(live))
        return found.order_by().values_list(
            "pk", "in_round__consultation_id", "in_round_id", "in_round__state", paragraph
        )

    nowhere = Value(None, output_field=BigIntegerField())
    found = rows(Contribution, Q(state__in=HANDED_IN), F("paragraph_id")).union(
        rows(Amendment, Q(state__in=PUT_FORWARD), F("paragraph_id")),
        rows(Statement, Q(state__in=SHOWN), nowhere),
        rows(View, Q(state__in=HANDED_IN, handed_in_at__isnull=False) & ~Q(text=""), nowhere),
        all=True,
    )
    raw = sorted(found, key=lambda row: row[0])
    given = dict(
        Answered.objects.filter(answer__consultation__in=consultations, ended_at__isnull=True).values_list(
            "item_id", "answer_id"
        )
    )
    return [
        Point(pk, consultation, in_round, state, paragraph, given.get(pk))
        for pk, consultation, in_round, state, paragraph in raw
    ]


def open_points(consultations: Collection[int]) -> list[Point]:
    """Those of rounds that are over that have no answer; two queries."""
    return [point for point in points_of(consultations) if point.answer is None and point.ended]


def rounds_going_on(consultation: Consultation) -> bool:
    """Whether a round is still to come or open; one query."""
    unfinished = (ConsultationState.PLANNED, ConsultationState.OPEN)
    return ConsultationRound.objects.filter(consultation=consultation, state__in=unfinished).exists()


def consultation_of(item: int) -> int | None:
    """The consultation in which this was put in, by id; None where it is something else; at most four queries."""
    for model in (Contribution, Statement, Amendment, View):
        row = model.objects.filter(pk=item, in_round__isnull=False)  # type: ignore[attr-defined]
        if (found := row.values_list("in_round__consultation_id", flat=True).first()) is not None:
            return found
    return None
