"""Documents: make one from a file that was read, give it a new version, publish, adopt and withdraw it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.deliberate.commands.document_rows import (
    Bases,
    Blocks,
    locked,
    newest,
    refuse_ended,
    refuse_old,
    refuse_older_import,
    refuse_withdrawn,
    write_version,
)
from omkering.deliberate.document_texts import checked
from omkering.deliberate.matching import match_parts
from omkering.deliberate.models import Block, Document, DocumentState, Import, Version
from omkering.journal.commands import record
from omkering.thread.commands import announce, remember_meaning
from omkering.thread.models import Theme, Visibility
from omkering.thread.privacy import check_personal_data
from omkering.thread.texts import summary_of
from omkering.who.authority import require
from omkering.who.models import Body, Network, Person
from omkering.who.owners import BUREAU

UNCHANGED: Any = object()  # a value that is not given: it stays as it is


@transaction.atomic
def new_version(
    *,
    actor: Person,
    document: Document,
    blocks: Blocks,
    note: str = "",
    bases: Bases | None = None,
    based_on: int | None = None,
    personal_data_reason: str | None = None,
) -> Version:
    """Give a document its next text; the versions before it stay. The same text again is the same version.

    `blocks` is the whole text: dicts with `paragraph` (its lasting address, None for a new part), `kind`, `level`,
    `label` and `text`, and where a part follows from contributions or amendments `bases`, their items. `bases` says
    the same by the address of a part, also for a part that is dropped. `based_on` is the number of the version one
    looked at: where another one came since, nothing is written and a ValidationError has the code `changed`.
    ValidationError (`blocks`, `note`) for what cannot be kept.
    """
    require(actor, "deliberate.edit_document", document)
    note = checked({"note": note})["note"]
    check_personal_data({"note": note})
    row = locked(document)
    refuse_withdrawn(row)
    if based_on is not None and not _repeats(row, blocks := list(blocks), based_on):
        refuse_old(row, based_on)
    return write_version(
        row, blocks, person=actor, note=note, bases=bases, personal_data_reason=personal_data_reason
    )


@transaction.atomic
def confirm_import(
    *,
    actor: Person,
    imported: Import,
    version: int | None = None,
    title: str = UNCHANGED,
    summary: str = "",
    theme: Theme | None = None,
    owner: Person | None = None,
    owner_body: Body | None = None,
    note: str = "",
    personal_data_reason: str | None = None,
    language: str = "nl",
    example: bool = False,
) -> Document:
    """Make a document of a file that was read and looked at, or, for a document that is there, its next version.

    Only the bureau sees it until it is published. `version` is that of the import one looked at (code `changed` in
    the ValidationError where it is older). Doing it twice is doing it once.
    """
    require(actor, "deliberate.import_document")
    row = Import.objects.select_for_update().get(pk=imported.pk)
    if row.state == Import.State.DONE and row.document_id is not None:
        return Document.objects.get(pk=row.document_id)
    refuse_ended(row)
    if version is not None:
        refuse_older_import(row, version)
    if row.document is not None:
        document = locked(row.document)
        refuse_withdrawn(document)
        if row.based_on is not None:
            refuse_old(document, row.based_on.number)
        blocks = with_paragraphs(document, row.blocks)
        note = checked({"note": note})["note"]
        check_personal_data({"note": note})
    else:
        document = _make(actor, row, title, summary, theme, owner, owner_body, language, example)
        blocks = row.blocks
    write_version(document, blocks, person=actor, note=note, personal_data_reason=personal_data_reason)
    row.document, row.state, row.ended_at = document, Import.State.DONE, timezone.now()
    row.save(update_fields=["document", "state", "ended_at"])
    return document


@transaction.atomic
def edit_document(
    *,
    actor: Person,
    document: Document,
    revision: int,
    title: str = UNCHANGED,
    summary: str = UNCHANGED,
    theme: Theme | None = UNCHANGED,
    owner: Person | None = UNCHANGED,
    owner_body: Body | None = UNCHANGED,
) -> Document:
    """Change what is said about a document; its text has versions of its own. What is not given stays as it is.

    `revision` is that of the document one looked at; where somebody changed it since, a ValidationError has the code
    `changed`. With the new one it is saved.
    """
    require(actor, "deliberate.edit_document", document)
    written = {"title": title, "summary": summary}
    values: dict[str, Any] = checked({k: v for k, v in written.items() if v is not UNCHANGED})
    check_personal_data(values)
    given = {"theme": theme, "owner": owner, "owner_body": owner_body}
    values |= {name: value for name, value in given.items() if value is not UNCHANGED}
    row = locked(document)
    fields = [name for name, value in values.items() if getattr(row, name) != value]
    if not fields:
        return row
    if revision != row.revision:
        raise ValidationError(
            _(
                "Somebody changed this document while you were busy. Look at what it says now, and send it again."
            ),
            code="changed",
        )
    for name in fields:
        setattr(row, name, values[name])
    _save(row, *fields)
    if {"title", "summary"} & set(fields):
        remember_meaning(item=row)
    _record("edited", row, actor, fields=fields)
    return row


@transaction.atomic
def publish_document(
    *,
    actor: Person,
    document: Document,
    visibility: str = Visibility.MEMBERS,
    audience: Network | None = None,
) -> Document:
    """Let others read it: everyone, all members or one network. Publishing again for others changes who may read."""
    require(actor, "deliberate.edit_document", document)
    if visibility not in Visibility.values or visibility == Visibility.BUREAU:
        raise ValidationError({"visibility": _("Choose who may read this.")})
    if visibility == Visibility.NETWORK and audience is None:
        raise ValidationError({"audience": _("Choose the network that may read this.")})
    audience = audience if visibility == Visibility.NETWORK else None
    row = locked(document)
    refuse_withdrawn(row)
    first = row.state == DocumentState.DRAFT
    if not first and (row.visibility, row.audience) == (visibility, audience):
        return row
    row.visibility, row.audience = visibility, audience
    if first:
        row.state = DocumentState.PUBLISHED
    _save(row, "visibility", "audience", "state")
    _record("published", row, actor, visibility=visibility)
    if first:
        announce(item=row, milestone="document.published", actor=actor)
    return row


@transaction.atomic
def adopt_document(*, actor: Person, document: Document, reason: str) -> Document:
    """Say that the association adopted the present text, and where that was decided. Twice is once."""
    require(actor, "deliberate.edit_document", document)
    row = locked(document)
    refuse_withdrawn(row)
    if row.state == DocumentState.ADOPTED:
        return row
    if row.state == DocumentState.DRAFT:
        raise ValidationError(_("Publish this document first, so that members can read what was adopted."))
    return _end(row, actor, DocumentState.ADOPTED, "adopted", reason)


@transaction.atomic
def withdraw_document(*, actor: Person, document: Document, reason: str) -> Document:
    """Say that a document no longer counts, and why; who read it can still read it. Twice is once."""
    require(actor, "deliberate.edit_document", document)
    row = locked(document)
    if row.state == DocumentState.WITHDRAWN:
        return row
    return _end(row, actor, DocumentState.WITHDRAWN, "withdrawn", reason)


# --- pieces ----------------------------------------------------------------------------------------------------
def with_paragraphs(document: Document, blocks: Blocks) -> list[dict[str, Any]]:
    """The parts of a text, each with its lasting address: the one it has, else that of the same part of the present
    text.
    """
    last = newest(document)
    given = list(blocks)
    known = {block["address"] for block in given if block.get("address") is not None}
    by_address = {row.address: row for row in document.paragraphs.filter(address__in=known)}
    rows = last.blocks.select_related("paragraph").order_by("position") if last else []
    old = [row for row in rows if row.paragraph.address not in known]
    fresh = [place for place, block in enumerate(given) if block.get("address") not in by_address]
    # Who writes a text here has the addresses already: what has none is new.
    places = (
        match_parts(
            [(row.kind, row.text or row.label) for row in old],
            [
                (str(given[place]["kind"]), str(given[place]["text"] or given[place]["label"]))
                for place in fresh
            ],
        )
        if not known
        else [None] * len(fresh)
    )
    found = {
        place: old[match].paragraph for place, match in zip(fresh, places, strict=True) if match is not None
    }
    return [
        {**block, "paragraph": by_address.get(block.get("address", 0)) or found.get(place)}
        for place, block in enumerate(given)
    ]


def _make(
    actor: Person,
    row: Import,
    title: str,
    summary: str,
    theme: Theme | None,
    owner: Person | None,
    owner_body: Body | None,
    language: str,
    example: bool,
) -> Document:
    texts = checked({"title": row.title if title is UNCHANGED else title, "summary": summary})
    check_personal_data(texts)
    document = Document.objects.create(
        kind="document",
        state=DocumentState.DRAFT,
        visibility=Visibility.BUREAU,
        title=texts["title"],
        summary=texts["summary"] or _first_words(row.blocks),
        theme=theme,
        owner=owner or actor,
        owner_body=owner_body or (theme.body if theme else None),
        author=actor,
        language=language,
        example=example,
    )
    remember_meaning(item=document)
    return document


def _first_words(blocks: list[dict[str, Any]]) -> str:
    """The beginning of the first paragraph."""
    return next((summary_of(block["text"]) for block in blocks if block["kind"] == "paragraph"), "")


def _repeats(row: Document, blocks: Blocks, based_on: int) -> bool:
    """Whether the version after this one says just this: a double click is one click."""
    last = newest(row)
    if last is None or last.number != based_on + 1:
        return False
    written = [(block.get("kind"), (block.get("text") or "").strip()) for block in blocks]
    return written == list(
        Block.objects.filter(version=last).order_by("position").values_list("kind", "text")
    )


def _end(row: Document, actor: Person, state: str, what: str, reason: str) -> Document:
    reason = checked({"reason": reason})["reason"]
    check_personal_data({"reason": reason})
    row.state = state
    row.state_reason = reason
    _save(row, "state", "state_reason")
    last = newest(row)
    _record(what, row, actor, number=last.number if last else 0)
    if row.visibility != Visibility.BUREAU:
        announce(item=row, milestone=f"document.{what}", actor=actor, data={"reason": summary_of(reason)})
    return row


def _save(row: Document, *fields: str) -> None:
    row.changed_at = timezone.now()
    row.revision += 1
    row.save(update_fields=[*fields, "changed_at", "revision"])


def _record(what: str, row: Document, actor: Person, **data: Any) -> None:
    record(
        verb=f"document.{what}",
        subject=row.subject,
        actor=actor.pk,
        on_behalf_of=BUREAU,
        data={"revision": row.revision, **data},
    )
