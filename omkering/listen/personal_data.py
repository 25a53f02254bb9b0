"""What this room keeps of a person: reports, recognitions, evidence, answers and objections.

All but the drafts was contributed, so it stays when the person goes.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q

from omkering.listen.commands.signals import remove_drafts_of, remove_old_drafts
from omkering.listen.models import Answer, Draft, Evidence, Objection, Recognition
from omkering.who import retention
from omkering.who.models import Person
from omkering.who.personal_data import erases, files, part


@part("drafts")
def _drafts(person: Person) -> list[dict[str, Any]]:
    rows = Draft.objects.filter(person=person, signal__isnull=True).order_by("pk")
    return [
        {
            **{field: str(draft.data.get(field, "")) for field in ("title", "case", "touches", "helps")},
            "made": draft.changed_at.isoformat(),
        }
        for draft in rows
    ]


@part("recognitions")
def _recognitions(person: Person) -> list[dict[str, Any]]:
    rows = Recognition.objects.filter(person=person).select_related("member", "signal").order_by("pk")
    return [
        {
            "id": row.signal_id,
            "title": row.signal.title,
            "member": row.member.name,
            "case": row.case,
            "made": row.created_at.isoformat(),
            "until": row.withdrawn_at.isoformat() if row.withdrawn_at else None,
        }
        for row in rows.defer("signal__body", "signal__search")
    ]


@part("evidence")
def _evidence(person: Person) -> list[dict[str, Any]]:
    return [
        {"id": row.signal_id, "name": str(row), "url": row.url, "made": row.created_at.isoformat()}
        for row in Evidence.objects.filter(person=person).order_by("pk")
    ]


@part("answers")
def _answers(person: Person) -> list[dict[str, Any]]:
    rows = Answer.objects.filter(person=person).order_by("pk")
    return [
        {"id": row.item_id, "state": row.state, "text": row.reason, "made": row.created_at.isoformat()}
        for row in rows
    ]


@part("objections")
def _objections(person: Person) -> list[dict[str, Any]]:
    rows = Objection.objects.filter(Q(person=person) | Q(replied_by=person)).order_by("pk")
    return [
        {
            "id": row.signal_id,
            "text": row.text if row.person_id == person.pk else "",
            "reply": row.reply if row.replied_by_id == person.pk else "",
            "made": row.created_at.isoformat(),
        }
        for row in rows
    ]


@files
def _files(person: Person) -> Iterator[tuple[str, Any]]:
    for row in Evidence.objects.filter(person=person).exclude(file="").order_by("pk"):
        yield f"{row.pk}-{row.name}", row.file


@erases
def _erase(person: Person) -> None:
    remove_drafts_of(person)


@retention.rule("drafts", term="draft_kept")
def _old_drafts(_now: datetime) -> int:
    """Reports that nobody sent, after the association's term `draft_kept`."""
    return remove_old_drafts()
