"""What the thread keeps of a person: what they wrote, follow, look for, and were told."""

from datetime import datetime
from typing import Any

from omkering.thread.models import Follow, Item, Notice, SavedSearch
from omkering.who import retention
from omkering.who.models import Person
from omkering.who.personal_data import erases, part


@part("items")
def _items(person: Person) -> list[dict[str, Any]]:
    rows = Item.objects.filter(author=person).select_related("owner_member").defer("search").order_by("pk")
    return [
        {
            "id": item.pk,
            "kind": item.kind,
            "title": item.title,
            "text": item.body,
            "member": str(item.owner_member or ""),
            "state": item.state,
            "visibility": item.visibility,
            "made": item.created_at.isoformat(),
        }
        for item in rows
    ]


@part("follows")
def _follows(person: Person) -> list[dict[str, Any]]:
    rows = Follow.objects.filter(person=person).select_related("item", "theme", "search").order_by("pk")
    return [
        {"what": str(row.item or row.theme or row.search), "from": row.created_at.isoformat()}
        for row in rows.defer("item__body", "item__search")
    ]


@part("searches")
def _searches(person: Person) -> list[dict[str, Any]]:
    rows = SavedSearch.objects.filter(person=person).order_by("pk")
    return [
        {"name": row.name, "search": row.query_string, "made": row.created_at.isoformat()} for row in rows
    ]


@part("news")
def _news(person: Person) -> list[dict[str, Any]]:
    rows = Notice.objects.filter(person=person).order_by("pk")
    return [
        {
            "id": row.item_id,
            "what": row.milestone,
            "made": row.created_at.isoformat(),
            "read": row.read_at.isoformat() if row.read_at else None,
            "mailed": row.mailed_at.isoformat() if row.mailed_at else None,
        }
        for row in rows
    ]


@erases
def _erase(person: Person) -> None:
    Notice.objects.filter(person=person).delete()
    Follow.objects.filter(person=person).delete()
    SavedSearch.objects.filter(person=person).delete()


@retention.rule("notices", period="notices")
def _old_news(cutoff: datetime) -> int:
    """News of long ago goes: what happened can still be read at the item itself."""
    gone, _rows = Notice.objects.filter(created_at__lt=cutoff).delete()
    return gone
