"""Seats of bodies: made, changed and retired; terms begun and ended; and the rota of resignation."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.decide.commands.seat_rows import (
    LONGEST_TERM,
    SHORTEST_TERM,
    finish,
    fitting_role,
    locked_body,
    place,
    profile_roles,
    seat_role,
    texts_of,
)
from omkering.decide.models import PartyKind, Seat, Term, Vacancy, VacancyState
from omkering.decide.rota import Sitting, rota
from omkering.journal.clock import database_now
from omkering.journal.commands import record
from omkering.who.authority import require
from omkering.who.models import Body, Member, Network, Person
from omkering.who.owners import BUREAU


# --- seats -----------------------------------------------------------------------------------------------
@transaction.atomic
def add_seat(
    *,
    actor: Person,
    body: Body,
    profile: str = "",
    chair: bool = False,
    network: Network | None = None,
    note: str = "",
    term_months: int = 48,
) -> Seat:
    """Make a seat in a body. `profile` is the role it is meant for ("": any), `network` those of whose members.

    ValidationError at the field, and for a body that has no seats.
    """
    require(actor, "decide.keep_seats", body)
    body = locked_body(body.pk)
    if not seat_role(body):
        raise ValidationError(_("A body of this kind has no seats: its members come together in it."))
    fields = _checked(body, profile=profile, chair=chair, network=network, note=note, term_months=term_months)
    last = Seat.objects.filter(body=body).order_by("-number").values_list("number", flat=True).first() or 0
    made = Seat.objects.create(body=body, number=last + 1, **fields)
    _record("seat.made", body, actor, seat=made.pk, number=made.number)
    return made


@transaction.atomic
def change_seat(
    *,
    actor: Person,
    seat: Seat,
    profile: str,
    chair: bool,
    network: Network | None,
    note: str,
    term_months: int,
) -> Seat:
    """Change for whom a seat is meant and how long a term lasts; who sits there stays until the term ends."""
    require(actor, "decide.keep_seats", seat.body)
    body = locked_body(seat.body_id)
    seat = Seat.objects.get(pk=seat.pk)
    _check_there(seat)
    fields = _checked(
        body, profile=profile, chair=chair, network=network, note=note, term_months=term_months, seat=seat
    )
    for name, value in fields.items():
        setattr(seat, name, value)
    seat.save(update_fields=list(fields))
    _record("seat.changed", body, actor, seat=seat.pk)
    return seat


@transaction.atomic
def retire_seat(*, actor: Person, seat: Seat) -> Seat:
    """A seat is there no more; who sat there stays known. ValidationError while it is held or being filled.

    Doing it twice is doing it once.
    """
    require(actor, "decide.keep_seats", seat.body)
    body = locked_body(seat.body_id)
    seat = Seat.objects.get(pk=seat.pk)
    if seat.retired_at is not None:
        return seat
    today = timezone.localdate()
    if Term.objects.filter(seat=seat).exclude(ends__lte=today).exists():
        raise ValidationError(_("Somebody sits on this seat, or will. End that term first."))
    if Vacancy.objects.filter(seat=seat, state__in=(VacancyState.OPEN, VacancyState.VOTING)).exists():
        raise ValidationError(
            _("This seat is being filled. Wait until that is decided, or leave it open there.")
        )
    seat.retired_at = database_now()
    seat.save(update_fields=["retired_at"])
    _record("seat.retired", body, actor, seat=seat.pk)
    return seat


def _checked(
    body: Body,
    *,
    profile: str,
    chair: bool,
    network: Network | None,
    note: str,
    term_months: int,
    seat: Seat | None = None,
) -> dict:
    if profile and profile not in profile_roles():
        raise ValidationError({"profile": _("There is no such role.")})
    if not SHORTEST_TERM <= term_months <= LONGEST_TERM:
        raise ValidationError(
            {
                "term_months": _("A term lasts between %(least)s and %(most)s months.")
                % {"least": SHORTEST_TERM, "most": LONGEST_TERM}
            }
        )
    others = Seat.objects.filter(body=body, chair=True, retired_at__isnull=True)
    if seat is not None:
        others = others.exclude(pk=seat.pk)
    if chair and others.exists():
        raise ValidationError({"chair": _("This body has a seat for its chair already.")})
    note = texts_of(note=note)["note"]
    return {
        "profile": profile,
        "chair": chair,
        "network": network,
        "note": note,
        "term_months": term_months,
    }


def _check_there(seat: Seat) -> None:
    if seat.retired_at is not None:
        raise ValidationError(_("This seat was retired. Make a new one."))


# --- terms -----------------------------------------------------------------------------------------------
@transaction.atomic
def begin_term(
    *,
    actor: Person,
    seat: Seat,
    person: Person,
    starts: date,
    member: Member | None = None,
    party_kind: str = PartyKind.UNKNOWN,
) -> Term:
    """Somebody takes a seat from `starts`; who sat there goes on that day. The role of the seat comes with it.

    For whoever was appointed before seats were kept here, or elsewhere than by a vote here. ValidationError at the
    field that does not fit the seat.
    """
    require(actor, "decide.keep_seats", seat.body)
    body = locked_body(seat.body_id)
    seat = Seat.objects.select_related("body", "network").get(pk=seat.pk)
    _check_there(seat)
    if not person.is_active:
        raise ValidationError({"person": _("This account is closed.")})
    role = fitting_role(seat, person, member, starts)
    term = place(
        actor=actor, seat=seat, person=person, member=member, role=role, party_kind=party_kind, starts=starts
    )
    _record("term.begun", body, actor, seat=seat.pk, term=term.pk, starts=starts.isoformat())
    return term


@transaction.atomic
def end_term(*, actor: Person, term: Term, ends: date) -> None:
    """Somebody leaves a seat: `ends` is the first day that they no longer hold it; their role there ends with it.

    Doing it twice is doing it once.
    """
    require(actor, "decide.keep_seats", term.seat.body)
    body = locked_body(term.seat.body_id)
    found = Term.objects.select_related("appointment__person", "seat").filter(pk=term.pk).first()
    if found is None or found.ends == ends:
        return
    if found.ends is not None and found.ends <= timezone.localdate():
        raise ValidationError({"ends": _("This term has ended already.")})
    if ends <= found.starts:
        raise ValidationError({"ends": _("The last day must be after the first.")})
    finish(actor=actor, term=found, ends=ends)
    _record("term.ended", body, actor, seat=found.seat_id, term=found.pk, ends=ends.isoformat())


# --- the rota of resignation -----------------------------------------------------------------------------
def sittings_of(body: Body, day: date) -> list[Sitting]:
    """Who sits in a body on a day, as the rota needs it; one query."""
    terms = Term.objects.on(day).filter(seat__body=body, seat__retired_at__isnull=True)
    return [
        Sitting(term.pk, term.seat.number, term.starts, term.seat.term_months, term.resigns)
        for term in terms.select_related("seat").order_by("seat__number")
    ]


@transaction.atomic
def set_rota(*, actor: Person, body: Body, month: int, day: int, keep: bool = True) -> dict[int, date]:
    """Set who resigns when, on this day of the year, so that not all go in one year; term → day.

    Days that were set before are kept; without `keep` all of them are set anew.
    """
    require(actor, "decide.keep_seats", body)
    body = locked_body(body.pk)
    if not (1 <= month <= 12 and 1 <= day <= 31):
        raise ValidationError({"day": _("There is no such day.")})
    today = timezone.localdate()
    found = rota(sittings_of(body, today), today=today, month=month, day=day, keep=keep)
    if not found:
        raise ValidationError(_("Nobody holds a seat in this body, so there is no rota to make."))
    for term in Term.objects.filter(pk__in=found):
        if term.resigns != found[term.pk]:
            term.resigns = found[term.pk]
            term.save(update_fields=["resigns"])
    _record("rota.set", body, actor, terms=len(found), anew=not keep)
    return found


@transaction.atomic
def set_resignation(*, actor: Person, term: Term, resigns: date) -> Term:
    """Agree on another day for one seat, within its full term."""
    require(actor, "decide.keep_seats", term.seat.body)
    body = locked_body(term.seat.body_id)
    term = Term.objects.select_related("seat").get(pk=term.pk)
    last = Sitting(term.pk, term.seat.number, term.starts, term.seat.term_months).last
    if not term.starts < resigns <= last:
        raise ValidationError(
            {
                "resigns": _("Choose a day within the term: until %(day)s.")
                % {"day": last.strftime("%d-%m-%Y")}
            }
        )
    term.resigns = resigns
    term.save(update_fields=["resigns"])
    _record("rota.changed", body, actor, term=term.pk, resigns=resigns.isoformat())
    return term


def _record(verb: str, body: Body, actor: Person | None, **data: object) -> None:
    record(
        verb=verb,
        subject=f"body:{body.key}",
        actor=actor.pk if actor else None,
        on_behalf_of=BUREAU,
        data=dict(data),
    )
