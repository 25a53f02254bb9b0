"""What the commands of documents share: lock, refuse what changed meanwhile, and write a version.

`write_version` asks nobody's permission: commands of this room that change a text by another right (an amendment that
was adopted) call it within their own transaction.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import count
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from omkering.deliberate.document_texts import BlockText, checked_blocks, whole_text
from omkering.deliberate.models import Basis, Block, Document, DocumentState, Import, Paragraph, Version
from omkering.journal.commands import record
from omkering.thread.commands import announce
from omkering.thread.models import Item, Visibility
from omkering.thread.privacy import check_personal_data
from omkering.thread.texts import summary_of
from omkering.who.models import Person
from omkering.who.owners import BUREAU

Blocks = Iterable[Mapping[str, Any]]
Bases = Mapping[int, Collection[Item]]


def locked(document: Document) -> Document:
    """The document as it is now, locked against who changes it at the same time."""
    rows = Document.objects.select_for_update(of=("self", "item_ptr"), no_key=True)
    return rows.defer("search").get(pk=document.pk)


def newest(document: Document) -> Version | None:
    """The present text of a document; None before there is one."""
    return document.versions.select_related("person").order_by("-number").first()


def refuse_old(document: Document, version: int) -> None:
    """Raise ValidationError with code `changed` unless `version` is the number of the present text."""
    last = newest(document)
    if last is None or last.number == version:
        return
    raise ValidationError(
        _(
            "%(who)s made version %(number)s of this text on %(when)s, while you were busy. "
            "Look at what it says now, and send yours again."
        )
        % {
            "who": last.person.name if last.person else _("A decision"),
            "number": last.number,
            "when": date_format(timezone.localtime(last.created_at), "j F Y, H:i"),
        },
        code="changed",
    )


def refuse_withdrawn(document: Document) -> None:
    """Raise ValidationError for a document that was withdrawn: its text stays as it is."""
    if document.state == DocumentState.WITHDRAWN:
        raise ValidationError(_("This document was withdrawn, so its text stays as it is."))


def refuse_ended(row: Import) -> None:
    """Raise ValidationError for a file that was dropped, or became a document."""
    if row.state == Import.State.DROPPED:
        raise ValidationError(_("This file was dropped. Upload it again."))
    if row.state == Import.State.DONE:
        raise ValidationError(_("This file became a document already. Change the document itself."))


def refuse_older_import(row: Import, version: int) -> None:
    """Raise ValidationError with code `changed` unless `version` is the import as it is now."""
    if version != row.version:
        raise ValidationError(
            _("Somebody corrected this while you were busy. Look at what it says now, and send it again."),
            code="changed",
        )


def write_version(
    document: Document,
    blocks: Blocks,
    *,
    person: Person | None,
    note: str = "",
    bases: Bases | None = None,
    personal_data_reason: str | None = None,
) -> Version:
    """Write the next version of a locked document, its event and its news; see `commands.documents.new_version`."""
    given = list(blocks)
    texts = checked_blocks(given)
    last = newest(document)
    old = {row.paragraph_id: row for row in last.blocks.select_related("paragraph")} if last else {}
    paragraphs = [_own(document, block.get("paragraph")) for block in given]
    named = [paragraph.pk for paragraph in paragraphs if paragraph is not None]
    if len(named) != len(set(named)):
        raise ValidationError({"blocks": _("A part stands in this text twice. Leave one of them out.")})
    if last is not None and _says(old, list(zip(paragraphs, texts, strict=True))):
        return last  # nothing changed: doing it twice is doing it once
    _refuse_personal_data(old, paragraphs, texts, personal_data_reason)
    version = Version.objects.create(
        document=document,
        number=last.number + 1 if last else 1,
        note=note,
        personal_data_reason=(personal_data_reason or "").strip(),
        person=person,
    )
    addressed = _addressed(document, paragraphs)
    Block.objects.bulk_create(
        Block(
            version=version,
            paragraph=paragraph,
            position=position,
            kind=block.kind,
            level=block.level,
            label=block.label,
            text=block.text,
        )
        for position, (paragraph, block) in enumerate(zip(addressed, texts, strict=True))
    )
    behind = _write_bases(document, version, given, addressed, bases or {})
    document.body = whole_text(texts)
    document.changed_at = timezone.now()
    document.save(update_fields=["body", "changed_at"])
    record(
        verb="document.new_version" if last else "document.made",
        subject=document.subject,
        actor=person.pk if person else None,
        on_behalf_of=BUREAU,
        data={
            "version": version.number,
            "blocks": len(texts),
            "added": sum(paragraph is None for paragraph in paragraphs),
            "dropped": len(set(old) - set(named)),
            "bases": sorted({item.pk for item in behind}),
        },
    )
    if last is not None and document.visibility != Visibility.BUREAU:
        # Who wrote what this version follows from hears of it too.
        announce(
            item=document,
            milestone="document.new_version",
            actor=person,
            data={"number": version.number, "note": summary_of(note)},
            once=str(version.number),
            audience=sorted({item.author_id for item in behind if item.author_id is not None}),
        )
    return version


def _own(document: Document, paragraph: Paragraph | None) -> Paragraph | None:
    if paragraph is not None and paragraph.document_id != document.pk:
        raise ValueError("this paragraph is of another document")
    return paragraph


def _says(old: Mapping[int, Block], new: Sequence[tuple[Paragraph | None, BlockText]]) -> bool:
    """Whether the present text is this very text."""
    before = [
        (row.paragraph_id, BlockText(row.kind, row.level, row.label, row.text))
        for row in sorted(old.values(), key=lambda row: row.position)
    ]
    return before == [(paragraph.pk if paragraph else None, text) for paragraph, text in new]


def _refuse_personal_data(
    old: Mapping[int, Block],
    paragraphs: Sequence[Paragraph | None],
    texts: Sequence[BlockText],
    reason: str | None,
) -> None:
    """Look through what is new; what stood there before was looked through then."""
    fresh = [
        text.text
        for paragraph, text in zip(paragraphs, texts, strict=True)
        if paragraph is None or paragraph.pk not in old or old[paragraph.pk].text != text.text
    ]
    check_personal_data({"blocks": "\n\n".join(fresh)}, reason)


def _addressed(document: Document, paragraphs: Sequence[Paragraph | None]) -> list[Paragraph]:
    """Every part with its address; new parts get the next ones, which were never given before."""
    highest = document.paragraphs.aggregate(highest=Max("address"))["highest"] or 0
    addresses = count(highest + 1)
    made = Paragraph.objects.bulk_create(
        Paragraph(document=document, address=next(addresses)) for paragraph in paragraphs if paragraph is None
    )
    fresh = iter(made)
    return [paragraph if paragraph is not None else next(fresh) for paragraph in paragraphs]


def _write_bases(
    document: Document,
    version: Version,
    given: Sequence[Mapping[str, Any]],
    addressed: Sequence[Paragraph],
    bases: Bases,
) -> list[Item]:
    """Keep what each part follows from; returns those items."""
    pairs: dict[tuple[int, int], Item] = {}
    if bases:
        known = {row.address: row.pk for row in document.paragraphs.filter(address__in=list(bases))}
        if missing := sorted(set(bases) - set(known)):
            raise ValueError(f"this document has no paragraph {missing[0]}")
        pairs |= {(known[address], item.pk): item for address, items in bases.items() for item in items}
    for block, paragraph in zip(given, addressed, strict=True):
        pairs |= {(paragraph.pk, item.pk): item for item in block.get("bases") or ()}
    Basis.objects.bulk_create(
        Basis(version=version, paragraph_id=paragraph, item_id=item) for paragraph, item in sorted(pairs)
    )
    return list(pairs.values())
