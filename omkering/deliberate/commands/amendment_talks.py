"""Talks about amendments that cannot stand together, and the common text that may take their place."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.deliberate.amendment_texts import checked
from omkering.deliberate.commands.amendment_rows import (
    locked,
    locked_document,
    log,
    move_backings,
    people_behind,
    refuse_closed,
    refuse_old,
    refuse_unless_live,
    settle,
    standing_backings,
    tell,
    version_numbered,
    words_in,
)
from omkering.deliberate.commands.amendments import create_draft, is_late, publish, tell_new, texts_of
from omkering.deliberate.models import (
    LIVE,
    Amendment,
    AmendmentState,
    CollisionTalk,
    Deed,
)
from omkering.deliberate.rules_amendments import decides_for, owner_of
from omkering.journal.commands import record
from omkering.thread.commands import link
from omkering.thread.models import LinkKind
from omkering.who.authority import may, require
from omkering.who.models import Person
from omkering.who.owners import BUREAU, Owner, behalf

Outcome = CollisionTalk.Outcome


@transaction.atomic
def ask_talks(*, actor: Person, first: Amendment, second: Amendment) -> CollisionTalk:
    """Ask for talks about two amendments to one paragraph; both sides are told. Asked twice it is one talk."""
    side = first if may(actor, "deliberate.ask_talks", first) else second
    require(actor, "deliberate.ask_talks", side)
    first, second = sorted((first, second), key=lambda row: row.pk)
    if first.pk == second.pk or first.paragraph_id != second.paragraph_id:
        raise ValidationError(_("Choose two amendments to the same paragraph."))
    rows = [locked(first), locked(second)]
    for row in rows:
        refuse_unless_live(row)
    present = CollisionTalk.objects.filter(first=rows[0], second=rows[1], ended_at__isnull=True).first()
    if present is not None:
        return present
    talk = CollisionTalk.objects.create(first=rows[0], second=rows[1], person=actor)
    _log("asked", talk, actor)
    for row, other in (rows, rows[::-1]):
        tell(row, "talks", actor, people_behind(row), once=talk.pk, other=other.number)
    return talk


@transaction.atomic
def end_talks(*, actor: Person, talk: CollisionTalk, note: str) -> CollisionTalk:
    """End talks without a common text; both amendments stay on the table as they are."""
    require(actor, "deliberate.talk", talk)
    note = checked({"why": note})["why"]
    talk = _locked(talk)
    if talk.ended_at is not None:
        return talk
    _close(talk, Outcome.APART, note)
    _log("ended", talk, actor)
    for row, other in ((talk.first, talk.second), (talk.second, talk.first)):
        tell(row, "apart", actor, people_behind(row), once=talk.pk, other=other.number)
    return talk


@transaction.atomic
def propose_common(
    *,
    actor: Person,
    talk: CollisionTalk,
    owner: Owner,
    title: str,
    text: str = "",
    reason: str,
    consequences: str = "",
    deed: str = Deed.CHANGE,
    on_version: int | None = None,
) -> Amendment:
    """Propose a common text to the other side, in the name of an author of one of the two.

    It is on the table once the other side agrees. An earlier proposal in these talks is replaced by it.
    """
    require(actor, "deliberate.submit_amendment", owner)
    document = locked_document(talk.first.document_id)
    talk = _locked(talk)
    _refuse_ended(talk)
    refuse_closed(document)
    if not _sides_of(talk, owner):
        raise ValidationError({"owner": _("Only an author of one of the two can propose a common text.")})
    version = version_numbered(document.pk, on_version)
    base = words_in(version, talk.first.paragraph)
    values = texts_of(title, text, reason, consequences, deed, base, draft=False)
    before = talk.common
    if before is not None and before.author_id == actor.pk and _says(before) == (deed, *values.values()):
        return before  # a double click is one click
    common = create_draft(
        document,
        talk.first.paragraph,
        base,
        actor,
        talk.first.in_round,
        owner=owner,
        deed=deed,
        written_on=version,
        **values,
    )
    if before is not None:
        before = locked(before)
        settle(before, AmendmentState.REPLACED, "")
        link(upstream=before, downstream=common, kind=LinkKind.FOLLOWS_FROM, actor=actor)
    talk.common = common
    talk.save(update_fields=["common"])
    log("common_proposed", common, actor, owner, talk=talk.pk)
    for row, other in ((talk.first, talk.second), (talk.second, talk.first)):
        tell(row, "common_proposed", actor, people_behind(row), once=common.pk, other=other.number)
    return common


@transaction.atomic
def agree_common(*, actor: Person, talk: CollisionTalk, version: int) -> Amendment:
    """Agree, for the other side, to the common text as it was read (`version`): it takes the place of both.

    Everybody who stood behind either stands behind it, authors as authors.
    """
    common = talk.common
    if common is None:
        raise ValidationError(_("There is no common text yet. Propose one first."))
    proposer = owner_of(common)
    assert proposer is not None
    require(actor, "deliberate.talk", talk)
    document = locked_document(talk.first.document_id)
    talk = _locked(talk)
    common = locked(common)
    if talk.outcome == Outcome.COMMON:
        return common
    _refuse_ended(talk)
    if talk.common_id != common.pk:
        raise ValidationError(_("Another common text was proposed meanwhile. Look at that one first."))
    refuse_old(common, version)
    refuse_closed(document)
    asked = _asked(talk, proposer)
    if not any(_speaks(actor, row) for row in asked):
        raise ValidationError(
            _("The other side agrees to this text: those who handed in amendment %(number)s.")
            % {"number": asked[0].number}
        )
    common.late = is_late(common)
    old = [locked(talk.first), locked(talk.second)]
    moved = sum(move_backings(row, common) for row in old)
    publish(common, document, actor, proposer)
    for row in old:
        link(upstream=row, downstream=common, kind=LinkKind.FOLLOWS_FROM, actor=actor)
    _close(talk, Outcome.COMMON, "")
    for row in old:
        settle(row, AmendmentState.JOINED, "")
    log("joined", common, actor, next(iter(_owners_of(actor, asked)), None), talk=talk.pk, backings=moved)
    behind = people_behind(common)
    for row in old:
        tell(row, "joined", actor, behind, by=common.number)
    tell_new(common, document, actor)
    return common


# --- what these share ------------------------------------------------------------------------------------------
def _locked(talk: CollisionTalk) -> CollisionTalk:
    rows = CollisionTalk.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("first__paragraph", "second__paragraph", "common").get(pk=talk.pk)


def _refuse_ended(talk: CollisionTalk) -> None:
    if talk.ended_at is not None:
        raise ValidationError(_("These talks have ended. Ask for new ones."))
    for row in (talk.first, talk.second):
        if row.state not in LIVE:
            refuse_unless_live(row)


def _close(talk: CollisionTalk, outcome: str, note: str) -> None:
    talk.outcome, talk.note, talk.ended_at = outcome, note, timezone.now()
    talk.save(update_fields=["outcome", "note", "ended_at"])


def _says(row: Amendment) -> tuple[Any, ...]:
    return row.deed, row.text, row.title, row.reason, row.consequences


def _authors(row: Amendment) -> list[Owner]:
    rows = [one for one in standing_backings([row]) if one.part == "author"]
    return [owner for one in rows if (owner := one.member or one.network) is not None]


def _sides_of(talk: CollisionTalk, owner: Owner) -> set[int]:
    """Ids of the amendments of the two that this member or network is an author of."""
    return {row.pk for row in (talk.first, talk.second) if owner in _authors(row)}


def _asked(talk: CollisionTalk, proposer: Owner) -> list[Amendment]:
    """Those of the two whose authors agree to the common text, or not."""
    mine = _sides_of(talk, proposer)
    return [row for row in (talk.first, talk.second) if row.pk not in mine] or [talk.first]


def may_agree(actor: Person, talk: CollisionTalk) -> bool:
    """Whether a common text waits for this person's word."""
    proposer = owner_of(talk.common) if talk.common is not None and talk.ended_at is None else None
    return proposer is not None and any(_speaks(actor, row) for row in _asked(talk, proposer))


def _owners_of(actor: Person, rows: list[Amendment]) -> list[Owner]:
    return [owner for row in rows for owner in _authors(row) if decides_for(actor, owner)]


def _speaks(actor: Person, row: Amendment) -> bool:
    return bool(_owners_of(actor, [row]))


def _log(what: str, talk: CollisionTalk, actor: Person) -> None:
    owner = next(iter(_owners_of(actor, [talk.first, talk.second])), None)
    record(
        verb=f"talks.{what}",
        subject=talk.first.subject,
        actor=actor.pk,
        on_behalf_of=behalf(owner, BUREAU),
        data={"talk": talk.pk, "second": talk.second_id},
    )
