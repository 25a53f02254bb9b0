"""What was put in during a consultation and gets an answer: reactions, points of views and reports, advice of chapters,
statements that were shown, and amendments.

A point counts from the moment it was handed in. What was withdrawn gets no answer any more; what went up in another
amendment is answered there. A point that has an answer stays in the note, whatever becomes of it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection

from omkering.deliberate.models import (
    Amendment,
    AmendmentState,
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


_PART = """
SELECT item.id, round.consultation_id, round.id, round.state, {paragraph}::bigint, given.answer_id
FROM deliberate_consultationround AS round
JOIN {table} AS point ON point.in_round_id = round.id
JOIN thread_item AS item ON item.id = point.item_ptr_id
LEFT JOIN deliberate_answered AS given ON given.item_id = item.id AND given.ended_at IS NULL
WHERE round.consultation_id = ANY(%(consultations)s) AND (given.id IS NOT NULL OR {counts})"""
# In SQL, and not by the models: to make these four would take as long as all else on the page of the note.
_POINTS = " UNION ALL ".join(
    _PART.format(table=table, paragraph=paragraph, counts=counts)
    for table, paragraph, counts in (
        ("deliberate_contribution", "point.paragraph_id", "item.state = ANY(%(handed_in)s)"),
        ("deliberate_amendment", "point.paragraph_id", "item.state = ANY(%(put_forward)s)"),
        ("deliberate_statement", "NULL", "item.state = ANY(%(shown)s)"),
        (
            "deliberate_view",
            "NULL",
            "item.state = ANY(%(handed_in)s) AND point.handed_in_at IS NOT NULL AND point.text <> ''",
        ),
    )
)


def points_of(consultations: Collection[int]) -> list[Point]:
    """Everything that gets an answer in these consultations, in the order it came in; one query."""
    if not consultations:
        return []
    values: dict[str, Any] = {
        "consultations": list(consultations),
        "handed_in": list(map(str, HANDED_IN)),
        "put_forward": list(map(str, PUT_FORWARD)),
        "shown": list(map(str, SHOWN)),
    }
    with connection.cursor() as cursor:
        cursor.execute(f"{_POINTS} ORDER BY 1", values)
        return [Point(*row) for row in cursor.fetchall()]


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
