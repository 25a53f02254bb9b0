"""Handing over what is kept of a person, and making a person unrecognisable."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from omkering.journal.commands import record
from omkering.who import retention
from omkering.who.authority import require
from omkering.who.commands.people import close
from omkering.who.current import association
from omkering.who.models import Appointment, Mandate, Person
from omkering.who.personal_data import erase_own, personal_data_of

DOMAIN = "erased.invalid"  # no mail can ever arrive there (RFC 2606)
BATCH = 1000  # people a night; the rest follows the next


@transaction.atomic
def export_person(*, actor: Person | None, person: Person) -> dict[str, Any]:
    """Everything that is kept of a person, as plain data, by kind.

    By the person, an administrator, or (actor None) the command line; that it was read is recorded.
    """
    if actor is not None and actor.pk != person.pk:
        require(actor, "who.manage_people")
    found = personal_data_of(person)
    record(verb="person.exported", subject=f"person:{person.pk}", actor=actor.pk if actor else None)
    return found


@transaction.atomic
def erase_person(*, actor: Person | None, person: Person) -> None:
    """Make a person unrecognisable: the account is closed, and name, address, ways to log in, news and what was
    followed are gone. What they contributed stays, under the name of a former participant.

    By an administrator, or (actor None) by the system and the command line. It cannot be undone. Raises
    ValidationError for one's own account; doing it twice is doing it once.
    """
    if actor is not None:
        require(actor, "who.manage_people")
        if actor.pk == person.pk:
            raise ValidationError(_("You cannot erase yourself. Another administrator can."))
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.erased_at:
        return
    name = _name_afterwards(person)
    if person.is_active:
        close(person=person, actor=actor)
    erase_own(person)
    person.name = name
    person.email = f"{person.pk}@{DOMAIN}"
    person.set_unusable_password()
    person.language, person.digest = association().languages[0], Person.Digest.NEVER
    person.last_login, person.erased_at = None, timezone.now()
    person.save()
    record(verb="person.erased", subject=f"person:{person.pk}", actor=actor.pk if actor else None)


def _name_afterwards(person: Person) -> str:
    """What stands where the name stood: where the person last held a role, and no more."""
    seat = person.appointments.select_related("member", "network", "body").order_by("-starts", "-pk").first()
    holder = (seat.member or seat.network or seat.body) if seat else None
    with translation.override(association().languages[0]):
        where = str(holder or association().short_names)
        return (_("former participant of %(where)s") % {"where": where})[:120]


@retention.rule("closed_accounts", period="closed_accounts")
def _erase_closed(cutoff: datetime) -> int:
    return _erase(Person.objects.filter(is_active=False, closed_at__lt=cutoff))


@retention.rule("accounts_without_role", period="accounts_without_role")
def _erase_without_role(cutoff: datetime) -> int:
    """Accounts that hold nothing, for so long, and were not used in that time."""
    day = timezone.localdate(cutoff)
    later = Q(ends__isnull=True) | Q(ends__gt=day)
    idle = Person.objects.filter(
        Q(last_login__isnull=True) | Q(last_login__lt=cutoff), is_active=True, joined__lt=cutoff
    )
    return _erase(
        idle.exclude(Exists(Appointment.objects.filter(later, person=OuterRef("pk")))).exclude(
            Exists(Mandate.objects.filter(later, person=OuterRef("pk")))
        )
    )


def _erase(people: Any) -> int:
    found = list(people.filter(erased_at__isnull=True).order_by("pk")[:BATCH])
    for person in found:
        erase_person(actor=None, person=person)
    return len(found)
