"""The example log-ins of the demo: roles, not people."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from omkering.journal.commands import record
from omkering.who.current import roles_by_key
from omkering.who.example_people import DOMAIN, PASSWORD
from omkering.who.models import Appointment, Body, Mandate, Member, Network, Person

SINCE = date(2022, 1, 1)


@dataclass(frozen=True)
class _Seat:
    key: str
    role: str
    member: str = ""
    network: str = ""
    body: str = ""
    votes: bool = False


# Members of every size, and one of each role of the association.
SEATS = (
    _Seat("wethouder", "alderman", member="GM1680", votes=True),  # Aa en Hunze
    _Seat("burgemeester", "mayor", member="GM1900", votes=True),  # Súdwest-Fryslân
    _Seat("raadslid", "councillor", member="GM0106"),  # Assen
    _Seat("griffier", "clerk", member="GM0363", votes=True),  # Amsterdam
    _Seat("secretaris", "town_secretary", member="GM0796"),  # 's-Hertogenbosch
    _Seat("ambtenaar", "official", member="GM0088"),  # Schiermonnikoog
    _Seat("netwerk", "network_secretary", network="k80"),
    _Seat("commissielid", "committee_member", body="participatie-schuldhulpverlening-en-integratie"),
    _Seat("adviseur", "adviser"),
    _Seat("adviseur2", "adviser"),
    _Seat("beheerder", "administrator"),
)


@transaction.atomic
def make_people() -> dict[str, Person]:
    """Make the example log-ins that are not there yet; returns them by key."""
    made = {}
    for seat in SEATS:
        email = f"{seat.key}@{DOMAIN}"
        person = Person.objects.filter(email=email).first()
        if person is None:
            person = _make(seat, email)
        made[seat.key] = person
    return made


def _make(seat: _Seat, email: str) -> Person:
    role = roles_by_key()[seat.role]
    person = Person.objects.create_user(email, PASSWORD, name=str(role.names))
    member = Member.objects.get(code=seat.member) if seat.member else None
    Appointment.objects.create(
        person=person,
        role=seat.role,
        member=member,
        network=Network.objects.get(key=seat.network) if seat.network else None,
        body=Body.objects.get(key=seat.body) if seat.body else None,
        starts=SINCE,
    )
    if seat.votes:
        Mandate.objects.create(person=person, member=member, starts=SINCE)
    record(verb="person.made", subject=f"person:{person.pk}", data={"role": seat.role})
    return person
