"""What is kept of a person in documents: those they look after, versions they made, texts they worked on. It stays.

What waits to be looked at and is never confirmed goes when it is dropped, and with the drafts of the association.
"""

from collections.abc import Iterator
from typing import Any

from omkering.deliberate.models import Document, Import, Version
from omkering.who.models import Person
from omkering.who.personal_data import files, part


@part("documents_owned")
def _owned(person: Person) -> list[dict[str, Any]]:
    rows = Document.objects.filter(owner=person).order_by("pk")
    return [
        {"id": row.pk, "title": row.title, "state": row.state, "made": row.created_at.isoformat()}
        for row in rows.defer("body", "search")
    ]


@part("document_versions")
def _versions(person: Person) -> list[dict[str, Any]]:
    rows = Version.objects.filter(person=person).select_related("document").order_by("pk")
    return [
        {
            "id": row.document_id,
            "title": row.document.title,
            "version": row.number,
            "text": row.note,
            "reason": row.personal_data_reason,
            "made": row.created_at.isoformat(),
        }
        for row in rows.defer("document__body", "document__search")
    ]


@part("document_imports")
def _imports(person: Person) -> list[dict[str, Any]]:
    rows = Import.objects.filter(person=person).order_by("pk")
    return [
        {
            "id": row.pk,
            "title": row.title,
            "name": row.file_name,
            "state": row.state,
            "made": row.created_at.isoformat(),
            "until": row.ended_at.isoformat() if row.ended_at else None,
        }
        for row in rows.defer("blocks", "notes")
    ]


@files
def _files(person: Person) -> Iterator[tuple[str, Any]]:
    for row in Import.objects.filter(person=person).exclude(file="").order_by("pk"):
        yield f"import-{row.pk}-{row.file_name}", row.file
