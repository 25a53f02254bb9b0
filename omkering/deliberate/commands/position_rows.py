"""What the commands of positions, stances, contacts and alignments share: texts, readers, locks, old versions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from omkering.deliberate.models import Alignment, Contact, Position, Relation
from omkering.deliberate.rules_positions import Party, party_of
from omkering.journal.models import Event
from omkering.thread.models import Visibility
from omkering.thread.privacy import check_personal_data
from omkering.thread.texts import Lengths, checked
from omkering.who.current import association, roles_by_key
from omkering.who.models import Appointment, Mandate, Member, Network, Organisation, Person
from omkering.who.owners import BUREAU

INVOLVED = "involved"  # readers of what is sensitive
MOST_ADDRESSEES = 20

# Least and most characters of each text.
LENGTHS: Lengths = {
    "title": (5, 200),
    "summary": (10, 500),
    "text": (20, 20_000),
    "messages": (0, 5_000),
    "figures": (0, 5_000),
    "source_note": (0, 300),
    "reason": (10, 5_000),
    "remark": (0, 2_000),
    "red_line": (0, 1_000),
    "with_function": (0, 200),
    "message": (20, 10_000),
    "outcome": (10, 5_000),
    "note": (0, 2_000),
    "said": (10, 5_000),
}
ONE_LINE = ("title", "source_note", "with_function")


def texts_of(**written: str) -> dict[str, str]:
    """The texts tidied; ValidationError by field for a length that does not fit, or for personal data."""
    texts = checked(written, LENGTHS, one_line=ONE_LINE)
    check_personal_data(texts)
    return texts


# --- who may read it -------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Readers:
    """Who may read an item: the columns of the item, and whether it is sensitive."""

    visibility: str
    audience: Network | None
    sensitive: bool


def readers_of(readers: str, network: Network | None, *, field: str = "readers") -> Readers:
    """The columns for `readers`: everyone, members, one network, or those involved alone.

    What is sensitive is kept between the bureau, the author, the owning member and who speaks for `network`.
    """
    if readers == INVOLVED:
        return Readers(Visibility.BUREAU, network, True)
    if readers == Visibility.NETWORK:
        if network is None:
            raise ValidationError({field: _("Choose the network that may read this.")})
        return Readers(Visibility.NETWORK, network, False)
    if readers in (Visibility.PUBLIC, Visibility.MEMBERS):
        return Readers(readers, None, False)
    raise ValidationError({field: _("Choose who may read this.")})


def readers_word(row: Position | Contact) -> str:
    """The value of `readers` that gives what an item has."""
    return INVOLVED if row.sensitive else str(row.visibility)


# --- rows ------------------------------------------------------------------------------------------------------
def locked_position(position: Position) -> Position:
    """The position as it is now, locked."""
    rows = Position.objects.select_for_update(of=("self", "item_ptr"), no_key=True)
    return rows.select_related("theme", "owner").get(pk=position.pk)


def locked_contact(contact: Contact) -> Contact:
    """The contact as it is now, locked."""
    rows = Contact.objects.select_for_update(of=("self", "item_ptr"), no_key=True)
    return rows.select_related("organisation", "network", "owner_member").get(pk=contact.pk)


def locked_alignment(alignment: Alignment) -> Alignment:
    """The alignment as it is now, locked, with both sides of it."""
    rows = Alignment.objects.select_for_update(of=("self", "item_ptr"), no_key=True)
    return rows.select_related(
        "relation__contact__organisation",
        "relation__contact__network",
        "relation__contact__owner_member",
        "relation__position__owner",
    ).get(pk=alignment.pk)


def refuse_old(row: Position | Contact | Alignment, version: int) -> None:
    """Raise ValidationError with code `changed`, which tells who changed it and when, unless `version` is new."""
    if version == row.version:
        return
    event = Event.objects.filter(subject=row.subject, data__version=row.version).order_by("-pk").first()
    person = Person.objects.filter(pk=event.actor).first() if event and event.actor else None
    raise ValidationError(
        _(
            "%(who)s changed this on %(when)s, while you were busy. Look at what it says now, and send yours again."
        )
        % {
            "who": person.name if person else _("Somebody"),
            "when": date_format(timezone.localtime(row.changed_at), "j F Y, H:i"),
        },
        code="changed",
    )


def save(row: Any, *fields: str) -> None:
    """Save these fields as a new version."""
    row.changed_at = timezone.now()
    row.version += 1
    row.save(update_fields=[*fields, "changed_at", "version"])


def open_organisations(chosen: Iterable[Organisation], *, already: Iterable[int] = ()) -> list[Organisation]:
    """The organisations as they are now; ValidationError at `addressees` for none, too many, or a retired one."""
    wanted = {organisation.pk for organisation in chosen}
    rows = list(Organisation.objects.filter(pk__in=wanted).order_by("pk"))
    if not rows:
        raise ValidationError({"addressees": _("Choose at least one party that this is addressed to.")})
    if len(rows) > MOST_ADDRESSEES:
        raise ValidationError(
            {"addressees": _("Choose at most %(most)s parties.") % {"most": MOST_ADDRESSEES}}
        )
    kept = set(already)
    if any(row.retired_at is not None and row.pk not in kept for row in rows):
        raise ValidationError({"addressees": _("This organisation is retired. Choose another one.")})
    return rows


# --- people ----------------------------------------------------------------------------------------------------
def bureau_people(day: date) -> list[int]:
    """Ids of who works for the bureau on `day`."""
    roles = [key for key, role in roles_by_key().items() if {"review", "administer"} & {*role.powers}]
    seats = Appointment.objects.on(day).filter(role__in=roles, person__is_active=True)
    return list(seats.values_list("person_id", flat=True).distinct())


def people_of(party: Party, day: date) -> list[int]:
    """Ids of who answers for a party: a network's secretaries, or who holds the member's mandate; one query."""
    if isinstance(party, Network):
        roles = [key for key, role in roles_by_key().items() if "network" in role.powers]
        seats = Appointment.objects.on(day).filter(network=party, role__in=roles)
        return list(seats.values_list("person_id", flat=True))
    if isinstance(party, Member):
        held = Mandate.objects.on(day).filter(member=party, scope=Mandate.Scope.VOTE)
        return list(held.values_list("person_id", flat=True))
    return []


def both_sides(relation: Relation) -> list[int]:
    """Ids of those an alignment concerns: who speaks in the contact, the owner of the position, and the bureau."""
    today = timezone.localdate()
    contact, position = relation.contact, relation.position
    authors = [contact.author_id] if contact.author_id else []
    owners = [position.owner_id] if position.owner_id else []
    return sorted({*authors, *owners, *people_of(party_of(contact), today), *bureau_people(today)})


def behalf_of(party: Party) -> str:
    """How events name a party."""
    if isinstance(party, Member):
        return f"member:{party.code}"
    return f"network:{party.key}" if isinstance(party, Network) else BUREAU


def names_of(party: Party) -> str | dict[str, str]:
    """What news calls a party: in each language of the association where it has such names."""
    if isinstance(party, Member):
        return party.name
    return dict(party.names) if isinstance(party, Network) else dict(association().names)


def in_languages(lazy: Any) -> dict[str, str]:
    """Words in each language of the association, for news."""
    said = {}
    for language in association().languages:
        with override(language):
            said[language] = str(lazy)
    return said
