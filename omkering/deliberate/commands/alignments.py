"""Alignment: talks about a message that departs from a position, and how they end."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.deliberate.commands.position_rows import (
    behalf_of,
    both_sides,
    in_languages,
    locked_alignment,
    locked_contact,
    refuse_old,
    save,
    texts_of,
)
from omkering.deliberate.commands.relations import news_of, tie
from omkering.deliberate.models import (
    Alignment,
    AlignmentState,
    ContactState,
    Relation,
    RelationKind,
    Talk,
)
from omkering.deliberate.rules_positions import party_of, speaks_for
from omkering.journal.commands import record
from omkering.thread.commands import announce, remember_meaning
from omkering.thread.texts import summary_of
from omkering.who.authority import require
from omkering.who.models import Member, Network, Person
from omkering.who.owners import BUREAU

OUTCOMES = (AlignmentState.ALIGNED, AlignmentState.JOINT, AlignmentState.APART)
UNSETTLED = (AlignmentState.OPEN, AlignmentState.APART)  # talks may go on, also after an open difference


@transaction.atomic
def log_talk(*, actor: Person, alignment: Alignment, on: date, said: str) -> Talk:
    """Write down a talk of today or before: what was said. The other side hears that it is there."""
    require(actor, "deliberate.align", alignment)
    text = texts_of(said=said)["said"]
    if on > timezone.localdate():
        raise ValidationError({"on": _("This day is still to come. Give the day on which you talked.")})
    alignment = locked_alignment(alignment)
    _refuse_settled(alignment)
    side = _side(actor, alignment)
    if same := Talk.objects.filter(alignment=alignment, on=on, text=text, person=actor).first():
        return same  # a double click is one click
    talk = Talk.objects.create(alignment=alignment, on=on, text=text, person=actor, **side)
    alignment.body = f"{alignment.body}\n\n{text}".strip()
    save(alignment, "body")
    _record("talked", alignment, actor, talk=talk.pk)
    _tell(alignment, "talked", actor, once=str(talk.pk))
    return talk


@transaction.atomic
def end_alignment(
    *, actor: Person, alignment: Alignment, version: int, outcome: str, reason: str, text: str = ""
) -> Alignment:
    """Say how it ends: the message follows the position, a joint text takes its place, or the difference stands.

    Only who speaks may say that its own message follows the position. A contact that is still planned then takes over
    the text; what was said already stays as it was said. An open difference may still be settled later.
    ValidationError by field.
    """
    require(actor, "deliberate.align", alignment)
    if outcome not in OUTCOMES:
        raise ValidationError({"outcome": _("Choose how it ends.")})
    texts = texts_of(reason=reason)
    texts |= {"text": ""} if outcome == AlignmentState.APART else texts_of(text=text)
    if outcome == AlignmentState.ALIGNED:
        require(actor, "deliberate.change_own_message", alignment)
    alignment = locked_alignment(alignment)
    now_says = (alignment.state, alignment.text, alignment.reason)
    if now_says == (str(outcome), texts["text"], texts["reason"]):
        return alignment  # a double click is one click
    refuse_old(alignment, version)
    _refuse_settled(alignment)
    alignment.state, alignment.ended_at = str(outcome), timezone.now()
    alignment.text, alignment.reason = texts["text"], texts["reason"]
    alignment.body = "\n\n".join(filter(None, (alignment.body, texts["text"], texts["reason"])))
    save(alignment, "state", "ended_at", "text", "reason", "body")
    if outcome != AlignmentState.APART:
        _carry_over(alignment, actor)
    _record("ended", alignment, actor, outcome=alignment.state)
    _tell(
        alignment,
        "ended",
        actor,
        once=str(alignment.version),
        outcome=in_languages(AlignmentState(alignment.state).label),
    )
    return alignment


def _carry_over(alignment: Alignment, actor: Person) -> None:
    """Let a planned contact say the agreed text; its relation to the position is then no departure any more."""
    relation = alignment.relation
    contact = locked_contact(relation.contact)
    if contact.state != ContactState.PLANNED:
        return
    contact.message = contact.body = alignment.text
    contact.summary = summary_of(alignment.text)
    save(contact, "message", "body", "summary")
    relation.ended_at = timezone.now()
    relation.save(update_fields=["ended_at"])
    aligned = alignment.state == AlignmentState.ALIGNED
    Relation.objects.create(
        contact=contact,
        position=relation.position,
        kind=RelationKind.CARRIES if aligned else RelationKind.ADDS,
        note=alignment.reason[:2000],
        person=actor,
    )
    tie(contact, actor)
    remember_meaning(item=contact)


def _refuse_settled(alignment: Alignment) -> None:
    if alignment.state not in UNSETTLED:
        raise ValidationError(_("This alignment has ended. It stays in the register as it is."))


def _side(actor: Person, alignment: Alignment) -> dict[str, Member | Network]:
    """On whose behalf somebody talks: the party that speaks in the contact, else the association."""
    party = party_of(alignment.relation.contact)
    if party is None or not speaks_for(actor, party):
        return {}
    return {"member": party} if isinstance(party, Member) else {"network": party}


def _record(what: str, alignment: Alignment, actor: Person, **data: Any) -> None:
    party = party_of(alignment.relation.contact)
    record(
        verb=f"alignment.{what}",
        subject=alignment.subject,
        actor=actor.pk,
        on_behalf_of=behalf_of(party) if speaks_for(actor, party) else BUREAU,
        data={"version": alignment.version, **data},
    )


def _tell(alignment: Alignment, what: str, actor: Person, *, once: str, **more: Any) -> None:
    """Tell both sides and whoever follows the alignment."""
    announce(
        item=alignment,
        milestone=f"alignment.{what}",
        actor=actor,
        data={**news_of(alignment), **more},
        once=once,
        audience=both_sides(alignment.relation),
        upstream=False,
    )
