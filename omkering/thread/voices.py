"""What members and chapters said about an item: each room registers a function that looks in its own tables.

So who decides sees what its constituents said, also where one room keeps what was said and another decides.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.utils.functional import Promise

from omkering.thread.chain import upstream_ids
from omkering.thread.models import Item
from omkering.who.models import Person
from omkering.who.standing import Standing, standing_of

MOST = 300  # of one kind


@dataclass(frozen=True)
class Voice:
    """What a member or a network (or a person, with neither) said: the kind of thing in words, a short text, and where.

    `group` is what it is listed under, in words that are the same for all of its kind; `stance` is one word or two,
    such as "for"; "" where there is none.
    """

    group: str | Promise
    text: str
    url: str = ""
    member: int | None = None
    network: int | None = None
    stance: str | Promise = ""


# Given the ids of the item and of all upstream of it, and who reads: what was said, one query or a few.
Look = Callable[[Collection[int], "Person | None", Standing], list[Voice]]
_looks: list[tuple[int, Look]] = []


def register(order: int = 50) -> Callable[[Look], Look]:
    """Decorator: call this function for what was said about an item; those with a lower `order` come first."""

    def add(look: Look) -> Look:
        _looks.append((order, look))
        return look

    return add


def voices_about(item: Item, person: Person | None) -> list[Voice]:
    """What was said about an item and everything it follows from, as far as `person` may read it."""
    ids = frozenset({item.pk, *upstream_ids([item.pk])})
    standing = standing_of(person)
    looks = sorted(_looks, key=lambda entry: entry[0])
    return [voice for _order, look in looks for voice in look(ids, person, standing)]
