"""What positions and the lobby register keep of a person: what they said for others. All of it stays when they go.

Positions, contacts and alignments that a person wrote are items, which the thread hands over.
"""

from typing import Any

from omkering.deliberate.models import Position, Relation, Stance, Talk
from omkering.who.models import Person
from omkering.who.personal_data import part


@part("stances")
def _stances(person: Person) -> list[dict[str, Any]]:
    rows = Stance.objects.filter(person=person).select_related("position", "member", "network").order_by("pk")
    return [
        {
            "id": row.position_id,
            "title": row.position.title,
            "member": str(row.member or row.network),
            "state": row.kind,
            "text": "\n\n".join(filter(None, (row.remark, row.red_line))),
            "made": row.created_at.isoformat(),
        }
        for row in rows.defer("position__search", "position__body")
    ]


@part("lobby_relations")
def _relations(person: Person) -> list[dict[str, Any]]:
    rows = Relation.objects.filter(person=person).select_related("contact").order_by("pk")
    return [
        {
            "id": row.contact_id,
            "title": row.contact.title,
            "state": row.kind,
            "text": row.note,
            "made": row.created_at.isoformat(),
        }
        for row in rows.defer("contact__search", "contact__body")
    ]


@part("alignment_talks")
def _talks(person: Person) -> list[dict[str, Any]]:
    rows = Talk.objects.filter(person=person).order_by("pk")
    return [{"id": row.alignment_id, "text": row.text, "made": row.created_at.isoformat()} for row in rows]


@part("positions_owned")
def _owned(person: Person) -> list[dict[str, Any]]:
    rows = Position.objects.filter(owner=person).order_by("pk")
    return [{"id": pk, "title": title} for pk, title in rows.values_list("pk", "title")]
