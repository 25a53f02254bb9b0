"""What waits for somebody: each room registers functions that look in its own tables.

Most of what can wait does not, for most people. So a look can come with a *sign*: SQL that finds a row wherever the
look can find something, and that may find one where the look does not. One statement asks for all signs, and only the
looks whose sign is there are called.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise

from omkering.who.models import Person
from omkering.who.standing import Standing, standing_of


@dataclass(frozen=True)
class Waiting:
    """Something a person is asked to do: in words, how many, where, and whether it is past its term.

    `counted` is false where the words name one thing, so that a number beside them says nothing.
    """

    text: str | Promise
    count: int
    url: str
    late: bool = False
    counted: bool = True


def moment_words(value: datetime) -> str:
    """A moment as the words of what waits say it: 12 december, 17:00."""
    return date_format(timezone.localtime(value), "j F, H:i")


Look = Callable[[Person, Standing], list[Waiting]]


@dataclass(frozen=True)
class Registered:
    """A look with the SQL of its sign ("": always look), and whether only the bureau has it."""

    look: Look
    sign: str
    of_bureau: bool


_looks: list[Registered] = []


def register(*, sign: str = "", of_bureau: bool = False) -> Callable[[Look], Look]:
    """Decorator: call this function when somebody opens their home page.

    `sign`: a SELECT of constant text, which may use `%(person)s`, `%(now)s`, `%(today)s` and, as arrays of ids,
    `%(members)s`, `%(votes_for)s`, `%(networks)s`, `%(reads_networks)s` and `%(bodies)s`.
    `of_bureau`: for anybody else there is nothing, and the function is not called.
    """

    def add(look: Look) -> Look:
        @wraps(look)
        def asked(person: Person, standing: Standing) -> list[Waiting]:
            return look(person, standing) if standing.is_bureau or not of_bureau else []

        _looks.append(Registered(asked, sign, of_bureau))
        return asked

    return add


def waiting_for(person: Person) -> list[Waiting]:
    """All that waits for a person, what is late first."""
    standing = standing_of(person)
    found = [
        entry
        for look in _looks_with_a_sign(person, standing)
        for entry in look(person, standing)
        if entry.count
    ]
    return sorted(found, key=lambda entry: not entry.late)


def _looks_with_a_sign(person: Person, standing: Standing) -> list[Look]:
    """The looks that may find something, in their order; one query."""
    looks = [each for each in _looks if standing.is_bureau or not each.of_bureau]
    columns = ", ".join(f"EXISTS ({each.sign})" if each.sign else "TRUE" for each in looks)
    values: dict[str, Any] = {
        "person": person.pk,
        "now": timezone.now(),
        "today": timezone.localdate(),
        "members": list(standing.members),
        "votes_for": list(standing.votes_for),
        "networks": list(standing.networks),
        "reads_networks": list(standing.reads_networks),
        "bodies": list(standing.bodies),
    }
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns}", values)
        signs = cursor.fetchone()
    return [each.look for each, there in zip(looks, signs, strict=True) if there]
