"""What becomes of amendments: adopted into a new version of the text, rejected, held, or fallen with another one.

Nothing is resolved silently: an amendment that collides with the text, or with another one that is adopted with it, is
not merged. Somebody writes its words in (`write_in`), or says that it falls.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omkering.deliberate.amendment_texts import checked
from omkering.deliberate.commands.amendment_rows import (
    locked,
    locked_document,
    log,
    people_behind,
    refuse_old,
    refuse_unless_live,
    settle,
    tell,
)
from omkering.deliberate.commands.document_rows import refuse_withdrawn, write_version
from omkering.deliberate.consolidate import Piece
from omkering.deliberate.models import (
    LIVE,
    Amendment,
    AmendmentState,
    Basis,
    Block,
    BlockKind,
    Deed,
    Document,
    Version,
)
from omkering.deliberate.queries.amendment_studies import (
    Study,
    Text,
    clashes_with_text,
    study,
    text_of,
    unwritten,
)
from omkering.thread.models import Item, Link, LinkKind
from omkering.who.authority import require
from omkering.who.models import Person


@transaction.atomic
def adopt_amendments(
    *,
    actor: Person,
    amendments: Iterable[Amendment],
    reason: str = "",
    decided_in: Item | None = None,
    based_on: int | None = None,
) -> Version:
    """Adopt these together: one new version of the text holds them all, and says at each part whose words they are.

    ValidationError where they collide with each other or with the text as it is now. `based_on` is the number of the
    version one looked at; `reason` says where it was decided when that is no item here. Those that were adopted before
    are left out.
    """
    rows = sorted(amendments, key=lambda row: row.pk)
    for row in rows:
        require(actor, "deliberate.settle_amendment", row)
    if not rows or len({row.document_id for row in rows}) != 1:
        raise ValidationError(_("Choose amendments to one text."))
    reason = checked({"note": reason})["note"]
    document = locked_document(rows[0].document_id)
    rows = [locked(row) for row in rows]
    rows = [row for row in rows if row.state != AmendmentState.ADOPTED]
    text = _text(document)
    if not rows:
        return text.version
    for row in rows:
        refuse_unless_live(row)
    if based_on is not None and based_on != text.version.number:
        raise ValidationError(
            _("There is a newer version of this text. Look at what it says now, and adopt them then."),
            code="changed",
        )
    looked = study(text, rows)
    _refuse_clashes(looked)
    version = _write(document, looked, actor, _note(rows, reason))
    for row in rows:
        _adopted(row, actor, reason, decided_in, version)
    return version


@transaction.atomic
def adopt_amendment(
    *,
    actor: Person,
    amendment: Amendment,
    version: int,
    reason: str = "",
    decided_in: Item | None = None,
    text: str | None = None,
    falls: Iterable[Amendment] = (),
) -> Version:
    """Adopt one amendment, as it was read (`version`). `text` is the paragraph as it was decided, where that differs:
    adopted with a change, or written so that it fits the text as it is now. `falls` are those that fall with it.
    """
    require(actor, "deliberate.settle_amendment", amendment)
    document = locked_document(amendment.document_id)
    row = locked(amendment)
    if row.state == AmendmentState.ADOPTED:
        return _text(document).version
    refuse_old(row, version)
    if text is None or not text.strip():
        made = adopt_amendments(actor=actor, amendments=[row], reason=reason, decided_in=decided_in)
    else:
        refuse_unless_live(row)
        reason = checked({"note": reason})["note"]
        made = _write_words(document, row, actor, text, _note([row], reason))
        _adopted(row, actor, reason, decided_in, made)
    for other in falls:
        fall_amendment(actor=actor, amendment=other, because=row)
    return made


@transaction.atomic
def write_in(*, actor: Person, amendment: Amendment, text: str, note: str = "") -> Version:
    """Write an adopted amendment that collided with the text into it: `text` is the paragraph as it becomes."""
    require(actor, "deliberate.settle_amendment", amendment)
    note = checked({"note": note})["note"]
    document = locked_document(amendment.document_id)
    row = locked(amendment)
    if row.state != AmendmentState.ADOPTED:
        raise ValidationError(_("This amendment was not adopted."))
    if not unwritten(document).filter(pk=row.pk).exists():
        return _text(document).version
    made = _write_words(document, row, actor, text, _note([row], note))
    log("written_in", row, actor, None, number=made.number)
    return made


@transaction.atomic
def reject_amendment(
    *, actor: Person, amendment: Amendment, version: int, reason: str, decided_in: Item | None = None
) -> Amendment:
    """Record that an amendment was rejected, and why or where."""
    return _end(actor, amendment, version, AmendmentState.REJECTED, "rejected", reason, decided_in)


@transaction.atomic
def hold_amendment(
    *, actor: Person, amendment: Amendment, version: int, reason: str, decided_in: Item | None = None
) -> Amendment:
    """Record that an amendment is held: it stays on the table for later."""
    return _end(actor, amendment, version, AmendmentState.HELD, "held", reason, decided_in)


@transaction.atomic
def fall_amendment(*, actor: Person, amendment: Amendment, because: Amendment) -> Amendment:
    """Record that an amendment falls because another one was adopted: it can no longer stand in the text.

    ValidationError where it still can: then it is put to the vote.
    """
    require(actor, "deliberate.settle_amendment", amendment)
    document = locked_document(amendment.document_id)
    row = locked(amendment)
    if row.state == AmendmentState.FALLEN:
        return row
    refuse_unless_live(row)
    if because.document_id != row.document_id or because.state != AmendmentState.ADOPTED:
        because.refresh_from_db()
        if because.document_id != row.document_id or because.state != AmendmentState.ADOPTED:
            raise ValidationError(_("Choose the adopted amendment that this one falls with."))
    if not clashes_with_text(row, _text(document)):
        raise ValidationError(
            _("Amendment %(number)s still fits in the text, so it does not fall. Put it to the vote.")
            % {"number": row.number}
        )
    behind = people_behind(row)
    settle(row, AmendmentState.FALLEN, "", Item.objects.get(pk=because.pk))
    log("fell", row, actor, None, because=because.pk)
    tell(row, "fell", actor, behind, by=because.number)
    return row


# --- decided elsewhere -----------------------------------------------------------------------------------------
@transaction.atomic
def decided_elsewhere(*, item: Item, cause: Item, actor: Person | None, adopted: bool) -> None:
    """A vote on this very amendment was decided: adopted, it is in the text from then on; in the same transaction.

    Where it collides with the text it counts as adopted, and waits for somebody to write it in. Votes on what came of
    an amendment are not votes on it.
    """
    links = Link.objects.filter(
        upstream=item, downstream=cause, kind=LinkKind.DECIDED_IN, ended_at__isnull=True
    )
    if not links.exists():
        return
    document = locked_document(Amendment.objects.get(pk=item.pk).document_id)
    row = locked(Amendment(pk=item.pk))
    if row.state not in LIVE:
        return
    if not adopted:
        behind = people_behind(row)
        settle(row, AmendmentState.REJECTED, "", cause)
        log("rejected", row, actor, None, decided_in=cause.pk)
        tell(row, "rejected", actor, behind, reason="")
        return
    version = None
    looked = study(_text(document), [row])
    if not looked.result.clashes:
        try:
            with transaction.atomic():
                refuse_withdrawn(document)
                version = _write(document, looked, actor, _note([row], cause.title))
        except ValidationError:
            version = None  # the decision stands; somebody writes it in
    _adopted(row, actor, "", cause, version)


# --- what these share ------------------------------------------------------------------------------------------
def _text(document: Document) -> Text:
    found = text_of(document.pk)
    if found is None:
        raise ValidationError(_("This document has no text yet."))
    return found


def _end(
    actor: Person,
    amendment: Amendment,
    version: int,
    state: str,
    what: str,
    reason: str,
    decided_in: Item | None,
) -> Amendment:
    require(actor, "deliberate.settle_amendment", amendment)
    reason = checked({"why": reason})["why"]
    row = locked(amendment)
    if row.state == state and row.settled_reason == reason:
        return row  # a double click is one click
    refuse_old(row, version)
    refuse_unless_live(row)
    behind = people_behind(row)
    settle(row, state, reason, decided_in)
    log(what, row, actor, None, decided_in=decided_in.pk if decided_in else None)
    tell(row, what, actor, behind, once=row.version if state == AmendmentState.HELD else "", reason=reason)
    return row


def _adopted(
    row: Amendment, actor: Person | None, reason: str, decided_in: Item | None, version: Version | None
) -> None:
    behind = people_behind(row)
    settle(row, AmendmentState.ADOPTED, reason, decided_in)
    log(
        "adopted",
        row,
        actor,
        None,
        decided_in=decided_in.pk if decided_in else None,
        number=version.number if version else None,
    )
    tell(row, "adopted", actor, behind)


def _refuse_clashes(looked: Study) -> None:
    """Raise ValidationError that names what keeps these from being adopted together."""
    apart = [(key, others) for key, others in looked.excluding.items() if others]
    if apart:
        key, others = apart[0]
        raise ValidationError(
            _("Amendments %(first)s and %(second)s cannot both be adopted: they change the same words.")
            % {"first": key, "second": ", ".join(sorted(others, key=int))},
            code="collides",
        )
    against = sorted(int(key) for clash in looked.result.clashes for key in clash.amendments)
    if against:
        raise ValidationError(
            ngettext(
                "Amendment %(numbers)s collides with the text as it is now. Write the words as they were decided, or "
                "let it fall.",
                "Amendments %(numbers)s collide with the text as it is now. Adopt them one by one.",
                len(set(against)),
            )
            % {"numbers": ", ".join(map(str, dict.fromkeys(against)))},
            code="collides",
        )


def _note(rows: list[Amendment], reason: str) -> str:
    """What changed, for the list of versions."""
    numbers = ", ".join(str(row.number) for row in sorted(rows, key=lambda row: row.number))
    note = ngettext("Amendment %(numbers)s adopted.", "Amendments %(numbers)s adopted.", len(rows)) % {
        "numbers": numbers
    }
    return f"{note} {reason}".strip()


def _write(document: Document, looked: Study, person: Person | None, note: str) -> Version:
    """A new version with all of these in it; they collide with nothing."""
    refuse_withdrawn(document)
    found = Item.objects.in_bulk([row.pk for row in looked.amendments.values()])
    items = {key: found[row.pk] for key, row in looked.amendments.items()}
    at = {block.paragraph.address: block for block in looked.text.blocks}
    blocks: list[dict[str, Any]] = []
    bases: dict[int, list[Item]] = defaultdict(list)
    anchor: Block | None = None
    for piece in looked.result.pieces:
        behind = [items[key] for key in piece.by]
        if piece.address is None:
            blocks.append({**_added(piece, anchor), "bases": behind})
            continue
        anchor = at[piece.address]
        if behind:
            bases[piece.address] = behind
        if not piece.dropped:
            blocks.append({**_kept(anchor), "text": piece.text})
    return _new_version(document, looked.text, blocks, bases, items, person, note)


def _write_words(document: Document, row: Amendment, person: Person, words: str, note: str) -> Version:
    """A new version in which the paragraph of an amendment says what was decided."""
    refuse_withdrawn(document)
    words = checked({"text": words}, base=row.base)["text"]
    text = _text(document)
    item = Item.objects.get(pk=row.pk)
    blocks: list[dict[str, Any]] = []
    bases: dict[int, list[Item]] = {}
    for block in text.blocks:
        here = block.paragraph.address == row.paragraph.address
        blocks.append({**_kept(block), "text": words} if here and row.deed != Deed.ADD else _kept(block))
        if here and row.deed == Deed.ADD:
            blocks.append({**_after(block), "paragraph": None, "text": words, "bases": [item]})
        elif here:
            bases[row.paragraph.address] = [item]
    if text.block(row.paragraph.address) is None:  # the paragraph is gone: what was decided comes at the end
        blocks.append(
            {
                "paragraph": None,
                "kind": BlockKind.PARAGRAPH,
                "level": 0,
                "label": "",
                "text": words,
                "bases": [item],
            }
        )
    return _new_version(document, text, blocks, bases, {str(row.number): item}, person, note)


def _new_version(
    document: Document,
    text: Text,
    blocks: list[dict[str, Any]],
    bases: Mapping[int, list[Item]],
    items: Mapping[str, Item],
    person: Person | None,
    note: str,
) -> Version:
    made = write_version(
        document,
        blocks,
        person=person,
        note=note,
        bases=bases,
        personal_data_reason=text.version.personal_data_reason or None,
    )
    written = set(
        Basis.objects.filter(version=made, item__in=items.values()).values_list("item_id", flat=True)
    )
    for item in items.values():  # what the text said already still follows from it
        if item.pk not in written:
            paragraph = Amendment.objects.get(pk=item.pk).paragraph
            Basis.objects.get_or_create(version=made, paragraph=paragraph, item=item)
    return made


def _kept(block: Block) -> dict[str, Any]:
    return {
        "paragraph": block.paragraph,
        "kind": block.kind,
        "level": block.level,
        "label": block.label,
        "text": block.text,
    }


def _after(block: Block | None) -> dict[str, Any]:
    """The kind of a part that comes after this one: another item in a list, else a paragraph."""
    if block is not None and block.kind == BlockKind.ITEM:
        return {"kind": block.kind, "level": block.level, "label": ""}
    return {"kind": BlockKind.PARAGRAPH, "level": 0, "label": ""}


def _added(piece: Piece, anchor: Block | None) -> dict[str, Any]:
    return {"paragraph": None, **_after(anchor), "text": piece.text}
