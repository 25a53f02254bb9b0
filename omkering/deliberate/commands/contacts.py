"""The lobby register: who speaks when with whom about what, on whose behalf, and what came of it."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.deliberate.commands.position_rows import (
    behalf_of,
    locked_contact,
    names_of,
    readers_of,
    refuse_old,
    save,
    texts_of,
)
from omkering.deliberate.commands.relations import Said, check_said, follow_readers, relate
from omkering.deliberate.models import Alignment, Contact, ContactState
from omkering.deliberate.rules_positions import Party, party_of
from omkering.journal.commands import record
from omkering.journal.models import Event
from omkering.thread.commands import announce, remember_meaning
from omkering.thread.texts import summary_of
from omkering.who.authority import require
from omkering.who.current import association
from omkering.who.models import Member, Network, Organisation, Person

TEXTS = ("title", "with_function", "message")


@transaction.atomic
def record_contact(
    *,
    actor: Person,
    party: Party,
    organisation: Organisation,
    on: date,
    title: str,
    message: str,
    said: Said,
    with_function: str = "",
    readers: str = "members",
    example: bool = False,
) -> Contact:
    """Put a contact in the register, spoken on behalf of `party` (None: the association).

    `said` holds what the author says of every position that the message touches: position id → ("carries", "adds",
    "departs" or "none", a note). A departure starts the alignment. `readers` is "public", "members", "network" (the
    one that speaks) or "involved" (sensitive). ValidationError by field.
    """
    require(actor, "deliberate.record_contact", party)
    texts = texts_of(title=title, with_function=with_function, message=message)
    _check_party(organisation)
    network = party if isinstance(party, Network) else None
    seen_by = readers_of(readers, network)
    entries = check_said(actor, texts["title"], texts["message"], said)
    who = {"network": network, "owner_member": party if isinstance(party, Member) else None}
    own = Contact.objects.filter(author=actor, on=on, organisation=organisation, **who)
    if same := own.filter(title=texts["title"], message=texts["message"]).first():
        return same  # a double click is one click
    contact = Contact.objects.create(
        kind="contact",
        state=ContactState.PLANNED,
        organisation=organisation,
        on=on,
        summary=summary_of(texts["message"]),
        body=texts["message"],
        visibility=seen_by.visibility,
        audience=seen_by.audience,
        sensitive=seen_by.sensitive,
        theme=next((entry.position.theme for entry in entries if entry.kind != "none"), None),
        language=association().languages[0],
        author=actor,
        example=example,
        **who,
        **texts,
    )
    remember_meaning(item=contact)
    changed = relate(contact, entries, actor)
    _record("recorded", contact, actor, organisation=organisation.pk, **changed)
    return contact


@transaction.atomic
def edit_contact(
    *,
    actor: Person,
    contact: Contact,
    version: int,
    organisation: Organisation,
    on: date,
    title: str,
    message: str,
    said: Said,
    with_function: str = "",
    readers: str = "members",
) -> Contact:
    """Change a contact; a position that it touches only now must be answered for too. `version` is the one read.

    A position that `said` leaves out stays as it is. ValidationError by field.
    """
    require(actor, "deliberate.edit_contact", contact)
    texts = texts_of(title=title, with_function=with_function, message=message)
    contact = locked_contact(contact)
    refuse_old(contact, version)
    if contact.state == ContactState.CANCELLED:
        raise ValidationError(_("This contact did not take place. It stays in the register as it is."))
    if organisation.pk != contact.organisation_id:
        _check_party(organisation)
    if contact.state == ContactState.HELD:
        _check_held_on(on)
    seen_by = readers_of(readers, contact.network)
    kept = contact.relations.filter(ended_at__isnull=True).values_list("position_id", flat=True)
    entries = check_said(actor, texts["title"], texts["message"], said, kept=kept)
    values: dict[str, Any] = {
        **texts,
        "organisation": organisation,
        "on": on,
        "summary": summary_of(texts["message"]),
        "body": _searchable(texts["message"], contact.outcome),
        "visibility": seen_by.visibility,
        "audience": seen_by.audience,
        "sensitive": seen_by.sensitive,
    }
    for name, value in values.items():
        setattr(contact, name, value)
    save(contact, *values)
    remember_meaning(item=contact)
    changed = relate(contact, entries, actor)
    follow_readers(_alignments(contact))
    _record("edited", contact, actor, **changed)
    return contact


@transaction.atomic
def hold_contact(*, actor: Person, contact: Contact, on: date, outcome: str) -> Contact:
    """It took place on a day, today or before: say what came of it. Saying it anew replaces it; the history stays.

    Who is behind the positions that it rests on hears it, unless it is sensitive.
    """
    require(actor, "deliberate.edit_contact", contact)
    outcome = texts_of(outcome=outcome)["outcome"]
    contact = locked_contact(contact)
    if contact.state == ContactState.CANCELLED:
        raise ValidationError(_("This contact did not take place. It stays in the register as it is."))
    if contact.state == ContactState.HELD and (contact.on, contact.outcome) == (on, outcome):
        return contact  # a double click is one click
    _check_held_on(on)
    first = contact.state == ContactState.PLANNED
    contact.state, contact.on, contact.outcome = ContactState.HELD, on, outcome
    contact.body = _searchable(contact.message, outcome)
    save(contact, "state", "on", "outcome", "body")
    _record("held", contact, actor)
    if first:
        announce(
            item=contact,
            milestone="contact.held",
            actor=actor,
            data={
                "who": names_of(party_of(contact)),
                "party": dict(contact.organisation.names),
                "day": on.isoformat(),
            },
            upstream=not contact.sensitive,
        )
    return contact


@transaction.atomic
def cancel_contact(*, actor: Person, contact: Contact, reason: str) -> Contact:
    """It does not take place, with the reason; it stays in the register. Talks about a departure go on."""
    require(actor, "deliberate.edit_contact", contact)
    reason = texts_of(reason=reason)["reason"]
    contact = locked_contact(contact)
    if contact.state == ContactState.CANCELLED:
        return contact
    if contact.state == ContactState.HELD:
        raise ValidationError(_("This contact took place, so it cannot be called off."))
    contact.state, contact.outcome = ContactState.CANCELLED, reason
    contact.body = _searchable(contact.message, reason)
    save(contact, "state", "outcome", "body")
    _record("cancelled", contact, actor)
    return contact


# --- pieces ----------------------------------------------------------------------------------------------------
def _check_party(organisation: Organisation) -> None:
    if organisation.retired_at is not None:
        raise ValidationError({"organisation": _("This organisation is retired. Choose another one.")})


def _check_held_on(on: date) -> None:
    if on > timezone.localdate():
        raise ValidationError({"on": _("This day is still to come. Give the day on which it took place.")})


def _searchable(message: str, outcome: str) -> str:
    return f"{message}\n\n{outcome}" if outcome else message


def _alignments(contact: Contact) -> Any:
    return Alignment.objects.filter(relation__contact=contact).select_related(
        "relation__contact__network", "relation__contact__audience", "relation__position"
    )


def _record(what: str, contact: Contact, actor: Person, **data: Any) -> Event:
    return record(
        verb=f"contact.{what}",
        subject=contact.subject,
        actor=actor.pk,
        on_behalf_of=behalf_of(party_of(contact)),
        data={"version": contact.version, **data},
    )
