"""What is kept of a person in dossiers: those they own, steps, documents, members they spoke for. It all stays."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from omkering.agenda.models import Dossier, DossierDocument, DossierStep, Participation, Party
from omkering.who.models import Person
from omkering.who.personal_data import files, part


@part("dossiers_owned")
def _owned(person: Person) -> list[dict[str, Any]]:
    rows = Dossier.objects.filter(owner=person).order_by("pk")
    return [
        {"id": row.pk, "title": row.title, "state": row.state, "made": row.created_at.isoformat()}
        for row in rows.defer("body", "search")
    ]


@part("dossier_steps")
def _steps(person: Person) -> list[dict[str, Any]]:
    """Steps they took or own; the words are theirs only where they took it."""
    rows = DossierStep.objects.filter(Q(person=person) | Q(owner_person=person)).select_related("dossier")
    return [
        {
            "id": row.dossier_id,
            "title": row.dossier.title,
            "what": row.step,
            "text": (row.reason or row.note) if row.person_id == person.pk else "",
            "made": row.started_at.isoformat(),
            "until": row.ended_at.isoformat() if row.ended_at else None,
        }
        for row in rows.defer("dossier__body", "dossier__search").order_by("pk")
    ]


@part("dossier_documents")
def _documents(person: Person) -> list[dict[str, Any]]:
    rows = DossierDocument.objects.filter(person=person).order_by("pk")
    return [
        {
            "id": row.dossier_id,
            "name": row.name,
            "url": row.url,
            "made": row.created_at.isoformat(),
            "until": row.withdrawn_at.isoformat() if row.withdrawn_at else None,
        }
        for row in rows
    ]


@part("dossier_members")
def _members(person: Person) -> list[dict[str, Any]]:
    rows = Participation.objects.filter(person=person).select_related("dossier", "member").order_by("pk")
    return [
        {
            "id": row.dossier_id,
            "title": row.dossier.title,
            "member": row.member.name,
            "text": row.what,
            "made": row.created_at.isoformat(),
            "until": row.ended_at.isoformat() if row.ended_at else None,
        }
        for row in rows.defer("dossier__body", "dossier__search")
    ]


@part("dossier_parties")
def _parties(person: Person) -> list[dict[str, Any]]:
    rows = Party.objects.filter(person=person).select_related("organisation").order_by("pk")
    return [
        {
            "id": row.dossier_id,
            "name": row.organisation.name,
            "text": row.part,
            "made": row.created_at.isoformat(),
            "until": row.ended_at.isoformat() if row.ended_at else None,
        }
        for row in rows
    ]


@files
def _files(person: Person) -> Iterator[tuple[str, Any]]:
    for row in DossierDocument.objects.filter(person=person).exclude(file="").order_by("pk"):
        yield f"dossier-{row.pk}-{row.file_name}", row.file
