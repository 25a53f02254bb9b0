"""What is put to the vote before an item itself, and in which order: the room whose items those are says so.

So a meeting puts the amendments to a text on its agenda in their order, without the rooms knowing each other.
"""

from collections.abc import Callable, Sequence

from omkering.thread.models import Item

Turns = Callable[[Item], Sequence[Item]]

_turns: dict[str, Turns] = {}


def register(kind: str, turns: Turns) -> None:
    """Make known what is put to the vote before an item of `kind`; a fixed number of queries."""
    _turns[kind] = turns


def has_turns(item: Item) -> bool:
    """Whether something may have to be put to the vote before this item; no query."""
    return item.kind in _turns


def turns_of(item: Item) -> Sequence[Item]:
    """What is put to the vote before this item, in that order: as far as all members may read it."""
    return _turns[item.kind](item) if item.kind in _turns else ()
