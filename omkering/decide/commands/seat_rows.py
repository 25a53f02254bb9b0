"""What the commands of seats, nomination rounds and elections share: texts, locks, and somebody on a seat."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from omkering.decide.models import NominationRound, PartyKind, Seat, Term, Vacancy, VacancyState
from omkering.thread.privacy import check_personal_data
from omkering.thread.texts import Lengths, checked
from omkering.who.commands import people
from omkering.who.current import association, roles_by_key
from omkering.who.models import Appointment, Body, Member, Person
from omkering.who.rights import on_end

LONGEST_TERM, SHORTEST_TERM = 120, 6  # months

# Least and most characters of each text.
LENGTHS: Lengths = {
    "title": (5, 200),
    "note": (0, 1_000),
    "profile_note": (0, 10_000),
    "motivation": (20, 5_000),
    "text": (10, 5_000),
    "reason": (10, 2_000),
}


def texts_of(**written: str) -> dict[str, str]:
    """The texts tidied; ValidationError by field for a length that does not fit, or for personal data."""
    texts = checked(written, LENGTHS)
    check_personal_data(texts)
    return texts


def seat_role(body: Body) -> str:
    """The role that a seat in this body gives; "" where it has no seats."""
    kinds = {kind.key: kind.seat_role for kind in association().body_kinds}
    return kinds.get(body.kind, "")


def profile_roles() -> dict[str, Any]:
    """The roles that a seat can be meant for: those held at a member, by key."""
    return {key: role for key, role in roles_by_key().items() if role.held_at == "member"}


def locked_body(body_id: int) -> Body:
    """The body, locked: its seats and terms change one at a time."""
    return Body.objects.select_for_update(no_key=True).get(pk=body_id)


def locked_round(pk: int) -> NominationRound:
    """The round, locked."""
    rows = NominationRound.objects.select_for_update(no_key=True, of=("self", "item_ptr"))
    return rows.select_related("owner_body").defer("search").get(pk=pk)


def locked_vacancy(pk: int) -> Vacancy:
    """The vacancy with its round and seat, its own row locked."""
    rows = Vacancy.objects.select_for_update(no_key=True, of=("self", "item_ptr"))
    return (
        rows.select_related("nomination__owner_body", "seat__body", "seat__network")
        .defer("search")
        .get(pk=pk)
    )


def held_roles(person: Person, member: Member, day: date) -> list[str]:
    """The roles that somebody holds at a member on a day, in the order of the association folder."""
    held = set(
        Appointment.objects.on(day).filter(person=person, member=member).values_list("role", flat=True)
    )
    return [key for key in profile_roles() if key in held]


def fitting_role(
    seat: Seat, person: Person, member: Member | None, day: date, *, field: str = "member"
) -> str:
    """The role with which somebody of this member can take the seat; ValidationError where it is meant for others.

    Without a member "" fits a seat that is meant for nobody in particular.
    """
    if member is None:
        if seat.profile or seat.network_id:
            raise ValidationError({field: _("Say which member this person comes from.")})
        return ""
    roles = held_roles(person, member, day)
    if not roles:
        raise ValidationError({field: _("This person holds no role at that member then.")})
    if seat.profile and seat.profile not in roles:
        wanted = roles_by_key().get(seat.profile)
        raise ValidationError(
            {
                field: _("This seat is meant for another role: %(role)s.")
                % {"role": wanted.names if wanted else "?"}
            }
        )
    if seat.network is not None:
        memberships = member.network_memberships.on(day)  # type: ignore[attr-defined]
        if not memberships.filter(network_id=seat.network_id).exists():
            raise ValidationError(
                {field: _("This seat is meant for members of %(network)s.") % {"network": seat.network}}
            )
    return seat.profile or roles[0]


def place(
    *,
    actor: Person | None,
    seat: Seat,
    person: Person,
    member: Member | None,
    role: str,
    party_kind: str,
    starts: date,
) -> Term:
    """Somebody takes a seat from this day; who sat there goes on that day. The caller locked the body.

    The appointment carries the powers. ValidationError for somebody who sits in the body already, or where a later
    term was agreed.
    """
    running = (
        Term.objects.filter(seat=seat).filter(Q(ends__isnull=True) | Q(ends__gt=starts)).order_by("-starts")
    )
    before = running.first()
    if before is not None and before.appointment.person_id == person.pk and before.starts <= starts:
        return before  # doing it twice is doing it once
    if before is not None and before.starts >= starts:
        raise ValidationError(
            {"starts": _("Somebody begins on this seat on that day or later. Choose a later day.")}
        )
    elsewhere = Term.objects.filter(seat__body_id=seat.body_id, appointment__person=person)
    if elsewhere.filter(Q(ends__isnull=True) | Q(ends__gt=starts)).exists():
        raise ValidationError({"person": _("This person sits in this body already. End that term first.")})
    if before is not None:
        finish(actor=actor, term=before, ends=starts)
    body = seat.body
    appointment = people.seat(actor=actor, person=person, role=seat_role(body), body=body, starts=starts)
    return Term.objects.create(
        seat=seat,
        appointment=appointment,
        member=member,
        role=role,
        party_kind=party_kind if party_kind in PartyKind.values else PartyKind.UNKNOWN,
        starts=starts,
        number=elsewhere.count() + 1,
    )


def finish(*, actor: Person | None, term: Term, ends: date) -> None:
    """A term ends, and with it the appointment that carried the powers."""
    people.unseat(actor=actor, appointment=term.appointment, ends=ends)
    _end_terms(Term.objects.filter(pk=term.pk), ends)


@on_end
def _appointment_ends(appointment: Appointment, ends: date) -> None:
    """Where a role is ended elsewhere, the term on the seat ends with it."""
    _end_terms(Term.objects.filter(appointment=appointment), ends)


def _end_terms(terms: Any, ends: date) -> None:
    later = terms.filter(Q(ends__isnull=True) | Q(ends__gt=ends))
    later.filter(starts__gte=ends).delete()  # it would never have held; its history stays
    later.update(ends=ends)


def close_if_decided(round: NominationRound) -> bool:
    """Whether every seat of a round is decided."""
    open_states = (VacancyState.OPEN, VacancyState.VOTING)
    return not Vacancy.objects.filter(nomination_id=round.pk, state__in=open_states).exists()
