"""What the commands of consultations share: locks, refusals, who is told, and the state that follows from rounds."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from omkering.deliberate.models import Consultation, ConsultationRound, ConsultationState, Public
from omkering.journal import clock
from omkering.journal.models import Event
from omkering.who.current import association
from omkering.who.models import Appointment, NetworkMembership, Person
from omkering.who.standing import standing_of

LIVE = (ConsultationState.PLANNED, ConsultationState.OPEN)


def locked(consultation: Consultation) -> Consultation:
    """The consultation as it is now, locked against who changes it at the same time."""
    rows = Consultation.objects.select_for_update(of=("self", "item_ptr"), no_key=True)
    rows = rows.select_related("document", "version", "audience", "theme", "owner")
    return rows.defer("search", "document__search", "document__body").get(pk=consultation.pk)


def locked_round(round: ConsultationRound) -> ConsultationRound:
    """The round as it is now, locked; always before its consultation."""
    rows = ConsultationRound.objects.select_for_update(of=("self",), no_key=True)
    rows = rows.select_related("consultation", "network", "of_body")
    return rows.defer("consultation__search", "consultation__body").get(pk=round.pk)


_HOLD = """
SELECT state, closes_at > coalesce(%s::timestamptz, clock_timestamp())
FROM deliberate_consultationround WHERE id = %s FOR SHARE
"""


def hold_open(round: ConsultationRound) -> bool:
    """Whether the round is open, by the clock of the database; it cannot close before this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [clock.set_now(), round.pk])
        state, in_time = cursor.fetchone()
    return state == ConsultationState.OPEN and in_time


def check_open(round: ConsultationRound) -> None:
    """ValidationError unless the round is open now; who writes and who closes wait for each other."""
    if hold_open(round):
        return
    if round.state == ConsultationState.PLANNED:
        raise ValidationError(_("This round has not opened yet."))
    raise ValidationError(_("This round has closed. Nothing can be added any more."))


def refuse_old(*, seen: int, present: int, subject: str, **of: int) -> None:
    """Raise ValidationError with code `changed`, which tells who changed it and when, unless it is as it was seen.

    `subject` and `of` (such as the id of a round) find the event that made the present version.
    """
    if seen == present:
        return
    wanted = {f"data__{name}": pk for name, pk in of.items()}
    event = Event.objects.filter(subject=subject, data__version=present, **wanted).order_by("-pk").first()
    person = Person.objects.filter(pk=event.actor).first() if event and event.actor else None
    raise ValidationError(
        _(
            "%(who)s changed this on %(when)s, while you were busy. Look at what it says now, and send yours again."
        )
        % {
            "who": person.name if person else _("Somebody"),
            "when": _moment(event.at if event else timezone.now()),
        },
        code="changed",
    )


def _moment(value: datetime) -> str:
    return date_format(timezone.localtime(value), "j F Y, H:i")


def moment_for_news(value: datetime) -> str:
    """A moment as news keeps it, the same in every language: 31-12-2026 17:00."""
    return date_format(timezone.localtime(value), "d-m-Y H:i")


def in_main_language() -> translation.override:
    """Words that are kept for others are those of the association's main language, whoever writes them."""
    return translation.override(association().languages[0])


def public_of(round: ConsultationRound) -> list[int]:
    """Ids of the people with an account who are told about a round; at most two queries.

    A round for everyone is told to who holds an appointment: others hear of it when they follow.
    """
    today = timezone.localdate()
    seats = Appointment.objects.on(today).filter(person__is_active=True)
    if round.public == Public.NETWORK:
        members = NetworkMembership.objects.on(today).filter(network_id=round.network_id).values("member_id")
        seats = seats.filter(Q(network_id=round.network_id) | Q(member_id__in=members))
    elif round.public == Public.BODY:
        seats = seats.filter(body_id=round.of_body_id)
    return list(seats.order_by("person_id").values_list("person_id", flat=True).distinct())


def works_for(person: Person, round: ConsultationRound) -> int | None:
    """The member that somebody works for today: of a network's round one that takes part in it, else the first."""
    members = standing_of(person).members
    if round.network_id is not None and len(members) > 1:
        inside = NetworkMembership.objects.on(timezone.localdate()).filter(
            network_id=round.network_id, member_id__in=members
        )
        members = frozenset(inside.values_list("member_id", flat=True)) or members
    return min(members, default=None)


def settle_state(consultation: Consultation, now: datetime) -> bool:
    """Let the state of a locked consultation follow from its rounds; returns whether it changed.

    It is open from its first round to its last, also in between.
    """
    if consultation.state in (ConsultationState.ANSWERED, ConsultationState.WITHDRAWN):
        return False
    states = set(
        ConsultationRound.objects.filter(consultation=consultation)
        .exclude(state=ConsultationState.WITHDRAWN)
        .values_list("state", flat=True)
    )
    begun = bool(states - {ConsultationState.PLANNED})
    state = ConsultationState.PLANNED
    if begun:
        state = ConsultationState.OPEN if states & set(LIVE) else ConsultationState.CLOSED
    if state == consultation.state:
        return False
    consultation.state, consultation.changed_at = state, now
    consultation.save(update_fields=["state", "changed_at"])
    return True


def check_errors(errors: dict[str, str]) -> None:
    """Raise ValidationError where there are any."""
    if errors:
        raise ValidationError(errors)  # type: ignore[arg-type]


def changed_fields(row: Any, values: dict[str, Any], names: Iterable[str] | None = None) -> list[str]:
    """The names of the values that differ from the row."""
    return [name for name in (names or values) if getattr(row, name) != values[name]]
