"""What is kept of a person in the note of answer: the answers they wrote. Those stay when the person goes."""

from typing import Any

from omkering.deliberate.models import Answer
from omkering.who.models import Person
from omkering.who.personal_data import part


@part("answers_to_contributions")
def _answers(person: Person) -> list[dict[str, Any]]:
    rows = Answer.objects.filter(person=person).order_by("pk")
    names = ("pk", "consultation__title", "kind", "reason", "created_at")
    return [
        {
            "id": row["pk"],
            "title": row["consultation__title"],
            "state": row["kind"],
            "text": row["reason"],
            "made": row["created_at"].isoformat(),
        }
        for row in rows.values(*names)
    ]
