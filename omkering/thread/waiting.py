"""What waits for somebody: each room registers a function that looks in its own tables."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

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
_looks: list[Look] = []


def register(look: Look) -> Look:
    """Decorator: call this function when somebody opens their home page."""
    _looks.append(look)
    return look


def waiting_for(person: Person) -> list[Waiting]:
    """All that waits for a person, what is late first."""
    standing = standing_of(person)
    found = [entry for look in _looks for entry in look(person, standing) if entry.count]
    return sorted(found, key=lambda entry: not entry.late)
