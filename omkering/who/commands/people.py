"""People, appointments and mandates."""

import secrets
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.journal.commands import record
from omkering.who.authority import require
from omkering.who.current import powers_of, roles_by_key
from omkering.who.models import Appointment, Body, Mandate, Member, Network, Person
from omkering.who.rights import tell_of_change, tell_of_end
from omkering.who.standing import standing_of


@transaction.atomic
def change_preferences(*, person: Person, name: str, language: str, digest: str) -> None:
    """Change one's own name, language and mail."""
    person.name, person.language, person.digest = name.strip(), language, digest
    person.save(update_fields=["name", "language", "digest"])
    record(verb="person.changed", subject=f"person:{person.pk}", actor=person.pk)


@transaction.atomic
def add_person(*, actor: Person, email: str, name: str, language: str = "nl") -> Person:
    """Make an account without a password: its owner sets one by mail, or logs in through the municipality.

    Raises ValidationError at `email` when there is one already.
    """
    require(actor, "who.manage_people")
    if Person.objects.filter(email__iexact=email).exists():
        raise ValidationError({"email": _("There is an account with this e-mail address already.")})
    person = Person.objects.create_user(email, None, name=name.strip(), language=language)
    record(verb="person.made", subject=f"person:{person.pk}", actor=actor.pk)
    return person


@transaction.atomic
def appoint(
    *,
    actor: Person,
    person: Person,
    role: str,
    starts: date,
    ends: date | None = None,
    member: Member | None = None,
    network: Network | None = None,
    body: Body | None = None,
) -> Appointment:
    """Give a person a role, where that role is held. Raises ValidationError at the field that does not fit."""
    require(actor, "who.manage_people")
    known = roles_by_key().get(role)
    if known is None:
        raise ValidationError({"role": _("This role does not exist.")})
    holders = {"member": member, "network": network, "body": body}
    for kind, holder in holders.items():
        if kind == known.held_at and holder is None:
            raise ValidationError({kind: _("Say where this role is held.")})
        if kind != known.held_at and holder is not None:
            raise ValidationError({kind: _("This role is not held there.")})
    _check_period(starts, ends)
    seat = Appointment.objects.create(person=person, role=role, starts=starts, ends=ends, **holders)
    record(
        verb="person.appointed",
        subject=f"person:{person.pk}",
        actor=actor.pk,
        on_behalf_of=_holder(member, network, body),
        data={"appointment": seat.pk, "role": role},
    )
    tell_of_change(person, role, given=True)
    return seat


def seat(
    *, actor: Person | None, person: Person, role: str, body: Body, starts: date, ends: date | None = None
) -> Appointment:
    """Give the role that a seat in a body carries; inside the caller's transaction, which answers for the right to it.

    `actor` None: it follows from a decision. Whoever holds the role there already from that day keeps it as it is.
    ValueError for a role that is not held at a body: no other role comes this way.
    """
    known = roles_by_key().get(role)
    if known is None or known.held_at != "body":
        raise ValueError(f"no seat gives the role {role!r}")
    held = Appointment.objects.on(starts).filter(person=person, role=role, body=body).order_by("pk").first()
    if held is not None:
        return held
    made = Appointment.objects.create(person=person, role=role, body=body, starts=starts, ends=ends)
    record(
        verb="person.appointed",
        subject=f"person:{person.pk}",
        actor=actor.pk if actor else None,
        on_behalf_of=_holder(None, None, body),
        data={"appointment": made.pk, "role": role},
    )
    tell_of_change(person, role, given=True)
    return made


def unseat(*, actor: Person | None, appointment: Appointment, ends: date) -> None:
    """The role of a seat ends on `ends`, the first day no more; inside the caller's transaction, as `seat`."""
    if appointment.body_id is None:
        raise ValueError("no seat gave this role")
    if appointment.ends is not None and appointment.ends <= ends:
        return
    tell_of_end(appointment, ends)
    if appointment.starts >= ends:
        appointment.delete()  # it would never have held; its history stays
    else:
        appointment.ends = ends
        appointment.save(update_fields=["ends"])
    record(
        verb="person.dismissed",
        subject=f"person:{appointment.person_id}",
        actor=actor.pk if actor else None,
        data={"appointment": appointment.pk, "role": appointment.role},
    )
    tell_of_change(appointment.person, appointment.role, given=False)


@transaction.atomic
def close_account(*, actor: Person, person: Person) -> None:
    """Somebody leaves: no more logging in, all roles and mandates end today. What they wrote stays.

    Raises ValidationError for one's own account.
    """
    require(actor, "who.manage_people")
    if person.pk == actor.pk:
        raise ValidationError(_("You cannot close your own account. Another administrator can."))
    close(person=person, actor=actor)


def close(*, person: Person, actor: Person | None) -> None:
    """End all roles and mandates today, and shut the account; inside the caller's transaction."""
    today = timezone.localdate()
    for seat in Appointment.objects.filter(Q(ends__isnull=True) | Q(ends__gt=today), person=person):
        record(
            verb="person.dismissed",
            subject=f"person:{person.pk}",
            actor=actor.pk if actor else None,
            data={"appointment": seat.pk, "role": seat.role},
        )
        tell_of_change(person, seat.role, given=False)
        _end(seat, today)
    for mandate in Mandate.objects.filter(Q(ends__isnull=True) | Q(ends__gt=today), person=person):
        _end(mandate, today)
    person.is_active, person.closed_at = False, timezone.now()
    person.save(update_fields=["is_active", "closed_at"])
    record(verb="person.closed", subject=f"person:{person.pk}", actor=actor.pk if actor else None)


@transaction.atomic
def reopen_account(*, actor: Person, person: Person) -> None:
    """Somebody is back: may log in again, without any role until one is given.

    Raises ValidationError for somebody whose data was erased.
    """
    require(actor, "who.manage_people")
    if person.erased_at:
        raise ValidationError(_("What was kept of this person is erased. Make a new account."))
    person.is_active, person.closed_at = True, None
    person.save(update_fields=["is_active", "closed_at"])
    record(verb="person.reopened", subject=f"person:{person.pk}", actor=actor.pk)


@transaction.atomic
def end_appointment(*, actor: Person, appointment: Appointment, ends: date) -> None:
    """End a role; mandates of the same person for that member end with the last role there.

    Raises ValidationError at `ends`, and for one's own role of administrator.
    """
    require(actor, "who.manage_people")
    _check_period(appointment.starts, ends)
    if appointment.person_id == actor.pk and "administer" in powers_of([appointment.role]):
        raise ValidationError(_("You cannot end your own role of administrator. Another administrator can."))
    tell_of_end(appointment, ends)
    appointment.ends = ends
    appointment.save()
    if appointment.member_id:
        others = Appointment.objects.on(ends).filter(
            person_id=appointment.person_id, member_id=appointment.member_id
        )
        if not others.exclude(pk=appointment.pk).exists():
            for mandate in Mandate.objects.on(ends).filter(
                person_id=appointment.person_id, member_id=appointment.member_id
            ):
                _end(mandate, ends)
    record(
        verb="person.dismissed",
        subject=f"person:{appointment.person_id}",
        actor=actor.pk,
        data={"appointment": appointment.pk, "role": appointment.role},
    )
    tell_of_change(appointment.person, appointment.role, given=False)


@transaction.atomic
def give_mandate(
    *, actor: Person, person: Person, member: Member, starts: date, ends: date | None = None
) -> Mandate:
    """Let one person vote for a member; whoever had the mandate before loses it from that day.

    By an administrator, or by somebody of the member whose role may mandate. ValidationError when the
    person's role there may not vote.
    """
    require_mandating(actor, member)
    _check_period(starts, ends)
    roles = Appointment.objects.on(starts).filter(person=person, member=member).values_list("role", flat=True)
    if not any("vote" in roles_by_key()[role].powers for role in roles if role in roles_by_key()):
        raise ValidationError({"person": _("This person has no role at the member that may vote.")})
    Member.objects.select_for_update().get(pk=member.pk)
    for other in Mandate.objects.on(starts).filter(member=member, scope=Mandate.Scope.VOTE):
        _end(other, starts)
    mandate = Mandate.objects.create(person=person, member=member, starts=starts, ends=ends)
    record(
        verb="mandate.given",
        subject=f"person:{person.pk}",
        actor=actor.pk,
        on_behalf_of=f"member:{member.code}",
        data={"mandate": mandate.pk},
    )
    return mandate


@transaction.atomic
def withdraw_mandate(*, actor: Person, mandate: Mandate) -> None:
    """The person no longer votes for the member, from today."""
    require_mandating(actor, mandate.member)
    _end(mandate, timezone.localdate())
    record(
        verb="mandate.withdrawn",
        subject=f"person:{mandate.person_id}",
        actor=actor.pk,
        on_behalf_of=f"member:{mandate.member.code}",
        data={"mandate": mandate.pk},
    )


def may_mandate(actor: Person, member: Member) -> bool:
    """Whether somebody may say who votes for a member."""
    standing = standing_of(actor)
    return standing.is_administrator or member.pk in standing.mandates_for


def require_mandating(actor: Person, member: Member) -> None:
    """PermissionDenied unless `actor` may say who votes for the member."""
    if not may_mandate(actor, member):
        raise PermissionDenied("who.mandate")


def _end(period: Mandate | Appointment, day: date) -> None:
    """End a mandate or a role; one that would never have held is taken back (its history stays)."""
    if isinstance(period, Appointment):
        tell_of_end(period, day)
    if period.starts >= day:
        period.delete()
    else:
        period.ends = day
        period.save()


def _check_period(starts: date, ends: date | None) -> None:
    if ends is not None and ends <= starts:
        raise ValidationError({"ends": _("The last day must be after the first.")})


def _holder(member: Member | None, network: Network | None, body: Body | None) -> str:
    if member is not None:
        return f"member:{member.code}"
    if network is not None:
        return f"network:{network.key}"
    return f"body:{body.key}" if body is not None else ""


@transaction.atomic
def make_first_administrator(*, email: str) -> str | None:
    """Make the account that can make all others; returns its password, or None when one is there already."""
    roles = [role.key for role in roles_by_key().values() if "administer" in role.powers]
    today = timezone.localdate()
    if Appointment.objects.on(today).filter(role__in=roles).exists():
        return None
    password = secrets.token_urlsafe(18)
    person = Person.objects.create_user(email, password, name=str(roles_by_key()[roles[0]].names))
    Appointment.objects.create(person=person, role=roles[0], starts=today)
    record(verb="person.made", subject=f"person:{person.pk}", data={"role": roles[0]})
    return password
