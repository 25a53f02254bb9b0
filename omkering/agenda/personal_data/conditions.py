"""What the conditions keep of a person: the answers and fulfilments they recorded. Both stay when the person goes."""

from typing import Any

from omkering.agenda.models import ConditionAnswer, Fulfilment
from omkering.who.models import Person
from omkering.who.personal_data import part


@part("condition_answers")
def _condition_answers(person: Person) -> list[dict[str, Any]]:
    rows = ConditionAnswer.objects.filter(person=person).order_by("pk")
    names = ("condition_id", "condition__title", "answer", "text", "evidence_url", "created_at")
    return [
        {
            "id": row["condition_id"],
            "title": row["condition__title"],
            "state": row["answer"],
            "text": row["text"],
            "url": row["evidence_url"],
            "made": row["created_at"].isoformat(),
        }
        for row in rows.values(*names)
    ]


@part("fulfilments")
def _fulfilments(person: Person) -> list[dict[str, Any]]:
    rows = Fulfilment.objects.filter(person=person).order_by("pk")
    names = ("condition_id", "condition__title", "met", "text", "evidence_url", "created_at")
    return [
        {
            "id": row["condition_id"],
            "title": row["condition__title"],
            "state": "met" if row["met"] else "not_met",
            "text": row["text"],
            "url": row["evidence_url"],
            "made": row["created_at"].isoformat(),
        }
        for row in rows.values(*names)
    ]
