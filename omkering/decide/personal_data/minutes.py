"""What minutes keep of a person: the notes they wrote. Those stay when the person goes; names are never in minutes."""

from typing import Any

from omkering.decide.models import MinutesNote
from omkering.who.models import Person
from omkering.who.personal_data import part


@part("notes_in_minutes")
def _notes(person: Person) -> list[dict[str, Any]]:
    rows = MinutesNote.objects.filter(person=person).order_by("pk")
    names = ("minutes_id", "minutes__title", "text", "changed_at")
    return [
        {
            "id": row["minutes_id"],
            "title": row["minutes__title"],
            "text": row["text"],
            "made": row["changed_at"].isoformat(),
        }
        for row in rows.values(*names)
    ]
