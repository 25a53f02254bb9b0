"""What the challenges keep of a person: the couplings they made, and what they put under a challenge."""

from typing import Any

from omkering.agenda.models import Coupling, Placement
from omkering.who.models import Person
from omkering.who.personal_data import part


@part("couplings")
def _couplings(person: Person) -> list[dict[str, Any]]:
    rows = Coupling.objects.filter(person=person).order_by("pk")
    return [
        {
            "id": row["pk"],
            "title": f"{row['first__title']} – {row['second__title']}",
            "kind": row["kind"],
            "text": row["reason"],
            "made": row["created_at"].isoformat(),
        }
        for row in rows.values("pk", "first__title", "second__title", "kind", "reason", "created_at")
    ]


@part("placements")
def _placements(person: Person) -> list[dict[str, Any]]:
    rows = Placement.objects.filter(person=person).order_by("pk")
    return [
        {
            "id": row["item_id"],
            "title": row["item__title"],
            "what": row["challenge__title"],
            "made": row["created_at"].isoformat(),
        }
        for row in rows.values("item_id", "item__title", "challenge__title", "created_at")
    ]
