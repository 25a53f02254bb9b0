"""Members and people for the tests."""

import os
from datetime import date
from itertools import count

from omkering.thread.models import Theme
from omkering.who.models import (
    Appointment,
    Body,
    Mandate,
    Member,
    Network,
    NetworkMembership,
    Person,
    Population,
)

_number = count(int(os.environ.get("TESTS_FIRST_PERSON", "1")))
LONG_AGO = date(2020, 1, 1)


def make_member(code: str = "", *, name: str = "", inhabitants: int = 30_000, **fields) -> Member:
    number = next(_number)
    code = code or f"T{number:04}"
    name = name or f"Gemeente {number}"
    member = Member.objects.create(
        code=code, name=name, sort_key=name.casefold(), **{"starts": LONG_AGO, **fields}
    )
    Population.objects.create(member=member, day=LONG_AGO, inhabitants=inhabitants, source="test")
    return member


def make_network(key: str, *members: Member, kind: str = "size") -> Network:
    network = Network.objects.create(key=key, names={"nl": key.upper()}, kind=kind)
    for member in members:
        NetworkMembership.objects.create(network=network, member=member, starts=LONG_AGO)
    return network


def make_person(
    role: str | None = None,
    *,
    member: Member | None = None,
    network: Network | None = None,
    body: Body | None = None,
    votes: bool = False,
    **fields,
) -> Person:
    """Somebody with at most one appointment; `votes` adds the member's mandate."""
    number = next(_number)
    person = Person.objects.create_user(
        f"persoon{number}@example.test", "geheim-geheim-geheim", name=f"Persoon {number}", **fields
    )
    if role:
        Appointment.objects.create(
            person=person, role=role, member=member, network=network, body=body, starts=LONG_AGO
        )
    if votes:
        Mandate.objects.create(person=person, member=member, starts=LONG_AGO)
    return person


def make_adviser(**fields) -> Person:
    return make_person("adviser", **fields)


def make_theme(key: str = "energie") -> Theme:
    return Theme.objects.get_or_create(key=key, defaults={"names": {"nl": key.title(), "en": key.title()}})[0]
