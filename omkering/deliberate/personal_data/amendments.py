"""What is kept of a person in amendments: whose support they gave, advice they recorded, talks they asked for. All of
it stays when the person goes: it is the member's, the network's or the body's."""

from typing import Any

from omkering.deliberate.models import AmendmentAdvice, Backing, CollisionTalk
from omkering.who.models import Person
from omkering.who.personal_data import part


@part("amendment_backings")
def _backings(person: Person) -> list[dict[str, Any]]:
    rows = (
        Backing.objects.filter(person=person).select_related("amendment", "member", "network").order_by("pk")
    )
    return [
        {
            "id": row.amendment_id,
            "title": row.amendment.title,
            "member": str(row.member or row.network),
            "what": row.part,
            "made": row.created_at.isoformat(),
            "until": row.ended_at.isoformat() if row.ended_at else None,
        }
        for row in rows.defer("amendment__body", "amendment__search")
    ]


@part("amendment_advices")
def _advices(person: Person) -> list[dict[str, Any]]:
    rows = AmendmentAdvice.objects.filter(person=person).select_related("amendment").order_by("pk")
    return [
        {
            "id": row.amendment_id,
            "title": row.amendment.title,
            "state": row.kind,
            "text": "\n\n".join(text for text in (row.reason, row.alternative) if text),
            "made": row.created_at.isoformat(),
        }
        for row in rows.defer("amendment__body", "amendment__search")
    ]


@part("amendment_talks")
def _talks(person: Person) -> list[dict[str, Any]]:
    rows = CollisionTalk.objects.filter(person=person).select_related("first").order_by("pk")
    return [
        {
            "id": row.first_id,
            "title": row.first.title,
            "state": row.outcome,
            "made": row.created_at.isoformat(),
            "until": row.ended_at.isoformat() if row.ended_at else None,
        }
        for row in rows.defer("first__body", "first__search")
    ]
