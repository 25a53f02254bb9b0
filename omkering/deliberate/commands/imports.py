"""Texts before they count: a file that was read, or the next version that somebody writes; correct it, or drop it."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.deliberate import reading
from omkering.deliberate.carrying import carry_over
from omkering.deliberate.commands.document_rows import (
    locked,
    newest,
    refuse_ended,
    refuse_older_import,
    refuse_withdrawn,
)
from omkering.deliberate.document_texts import checked, checked_blocks
from omkering.deliberate.models import Document, Import, Version
from omkering.journal.commands import record
from omkering.thread.privacy import check_personal_data
from omkering.thread.uploads import check_text_upload, random_name
from omkering.who.authority import require
from omkering.who.models import Person
from omkering.who.owners import BUREAU


def take_file(
    *, actor: Person, upload: UploadedFile, document: Document | None = None, title: str = ""
) -> Import:
    """Read a file (Markdown, text, docx, PDF with a text layer) into an import to look at; for a document that is
    there, its next version.

    ValidationError (`upload`) with one sentence for a file that cannot be taken; nothing of it is left then. The same
    file again, while it waits, is the same import.
    """
    require(actor, "deliberate.import_document")
    sound = check_text_upload(upload)
    upload.seek(0)
    try:
        parsed = reading.read(upload.read(), upload.name or sound.name)
    except reading.Unreadable as problem:
        raise ValidationError({"upload": ValidationError(str(problem), code="unreadable")}) from problem  # type: ignore[dict-item]
    upload.seek(0)
    blocks = [asdict(block) for block in checked_blocks(part.as_dict() for part in parsed.blocks)]
    title = checked({"title": title or (parsed.title if len(parsed.title) > 2 else sound.name)})["title"]
    kept = {"file_name": sound.name, "content_type": sound.content_type, "sha256": sound.sha256}
    upload.name = random_name(sound)
    return _keep(
        actor, document, {**kept, "title": title, "blocks": blocks, "notes": list(parsed.notes)}, upload
    )


@transaction.atomic
def start_draft(*, actor: Person, document: Document) -> Import:
    """Begin the next version of a document from its present text. Who has one that waits goes on with that one."""
    require(actor, "deliberate.edit_document", document)
    row = locked(document)
    refuse_withdrawn(row)
    waiting = Import.objects.filter(
        person=actor, document=row, state=Import.State.WAITING, based_on__isnull=False
    )
    if (found := waiting.first()) is not None:
        return found
    last = newest(row)
    if last is None:
        raise ValidationError(_("This document has no text yet. Read a file into it first."))
    made = Import.objects.create(
        person=actor, document=row, based_on=last, title=row.title, blocks=blocks_of(last)
    )
    _record("begun", made, actor, version=last.number)
    return made


@transaction.atomic
def correct_import(
    *,
    actor: Person,
    imported: Import,
    version: int,
    blocks: Iterable[Mapping[str, Any]],
    title: str | None = None,
) -> Import:
    """Keep a corrected structure. `version` is that of the import one looked at (code `changed` where it is older)."""
    require(actor, "deliberate.import_document")
    row = Import.objects.select_for_update().get(pk=imported.pk)
    refuse_ended(row)
    given = list(blocks)
    known = {block["address"] for block in row.blocks if block.get("address") is not None}
    corrected = []
    for block, text in zip(given, checked_blocks(given), strict=True):
        address = block.get("address")
        if address in known:  # each address once, and only those that were there
            known.discard(address)
            corrected.append({**asdict(text), "address": address})
        else:
            corrected.append(asdict(text))
    title = row.title if title is None else checked({"title": title})["title"]
    if (row.blocks, row.title) == (corrected, title):
        return row
    refuse_older_import(row, version)
    row.blocks, row.title = corrected, title
    row.version += 1
    row.save(update_fields=["blocks", "title", "version"])
    _record("corrected", row, actor, blocks=len(corrected))
    return row


@transaction.atomic
def renew_draft(*, actor: Person, imported: Import, version: int) -> Import:
    """Carry the next version over to the text as it became meanwhile. What both changed stays as it is written here;
    the notes name those parts, so that somebody looks at them.
    """
    require(actor, "deliberate.import_document")
    row = Import.objects.select_for_update().get(pk=imported.pk)
    refuse_ended(row)
    if row.document is None or row.based_on is None:
        return row
    last = newest(locked(row.document))
    if last is None or last.pk == row.based_on_id:
        return row
    refuse_older_import(row, version)
    carried = carry_over(
        row.blocks,
        {block["address"]: words_of(block) for block in blocks_of(row.based_on)},
        [(block["address"], words_of(block)) for block in blocks_of(last)],
    )
    row.blocks, row.based_on = carried.parts, last
    row.notes = [
        _("Both you and version %(number)s changed part %(address)s. It stands here as you wrote it.")
        % {"number": last.number, "address": address}
        for address in carried.collisions
    ]
    row.version += 1
    row.save(update_fields=["blocks", "based_on", "notes", "version"])
    _record("renewed", row, actor, version=last.number, collisions=list(carried.collisions))
    return row


@transaction.atomic
def drop_import(*, actor: Person, imported: Import) -> None:
    """Let go of a text that will not count: its file and its words go, that it was there stays known. Twice is once."""
    require(actor, "deliberate.import_document")
    row = Import.objects.select_for_update().get(pk=imported.pk)
    if row.state != Import.State.WAITING:
        return
    file = row.file.name
    storage = row.file.storage
    row.state, row.ended_at = Import.State.DROPPED, timezone.now()
    row.blocks, row.notes, row.file = [], [], ""
    row.save(update_fields=["state", "ended_at", "blocks", "notes", "file"])
    _record("dropped", row, actor)
    if file:
        transaction.on_commit(lambda: storage.delete(file))


# --- pieces ----------------------------------------------------------------------------------------------------
def blocks_of(version: Version) -> list[dict[str, Any]]:
    """The text of a version as an import holds it."""
    rows = version.blocks.select_related("paragraph").order_by("position")
    return [
        {
            "kind": row.kind,
            "level": row.level,
            "label": row.label,
            "text": row.text,
            "address": row.paragraph.address,
        }
        for row in rows
    ]


def words_of(block: Mapping[str, Any]) -> tuple[str, int, str, str]:
    """What a part is and says."""
    return str(block["kind"]), int(block["level"]), str(block["label"]), str(block["text"])


def _keep(actor: Person, document: Document | None, values: dict[str, Any], upload: UploadedFile) -> Import:
    """Store the file and the import; where that fails, no file is left behind."""
    stored = None
    try:
        with transaction.atomic():
            if document is not None:
                document = locked(document)
                refuse_withdrawn(document)
            same = Import.objects.filter(
                person=actor, document=document, state=Import.State.WAITING, sha256=values["sha256"]
            )
            if (found := same.first()) is not None:
                return found
            check_personal_data({"title": values["title"]})
            made = Import.objects.create(person=actor, document=document, file=upload, **values)
            stored = made.file
            _record("taken", made, actor, blocks=len(values["blocks"]), size=upload.size or 0)
    except BaseException:
        if stored is not None and stored.name:
            stored.storage.delete(stored.name)
        raise
    return made


def _record(what: str, row: Import, actor: Person, **data: Any) -> None:
    record(
        verb=f"import.{what}",
        subject=f"import:{row.pk}",
        actor=actor.pk,
        on_behalf_of=BUREAU,
        data={"document": row.document_id, **data},
    )
