"""The example log-ins of the demo: roles, not people."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from omkering.journal.commands import record
from omkering.who.current import roles_by_key
from omkering.who.example_people import DOMAIN, PASSWORD
from omkering.who.models import Appointment, Body, Mandate, Member, Network, Person

SINCE = date(2022, 1, 1)
VOTERS_DOMAIN = "leden.example"


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
    if seat.votes and member is not None:
        Mandate.objects.create(person=person, member=member, starts=SINCE)
    record(verb="person.made", subject=f"person:{person.pk}", data={"role": seat.role})
    return person


@transaction.atomic
def make_voters() -> dict[int, Person]:
    """Somebody who votes for each member of today (member id → person): the example log-in, or a made one."""
    day = timezone.localdate()
    voters = {
        mandate.member_id: mandate.person for mandate in Mandate.objects.on(day).select_related("person")
    }
    members = [member for member in Member.objects.on(day) if member.pk not in voters]
    role = roles_by_key()["alderman"]
    people = Person.objects.bulk_create(
        Person(
            email=f"{member.code.lower()}@{VOTERS_DOMAIN}",
            name=str(role.names),
            password=make_password(None),
            digest=Person.Digest.NEVER,
        )
        for member in members
    )
    pairs = list(zip(members, people, strict=True))
    Appointment.objects.bulk_create(
        Appointment(person=person, role=role.key, member=member, starts=SINCE) for member, person in pairs
    )
    Mandate.objects.bulk_create(
        Mandate(person=person, member=member, starts=SINCE) for member, person in pairs
    )
    record(verb="people.made", subject="association", data={"people": len(people)})
    return voters | {member.pk: person for member, person in pairs}
