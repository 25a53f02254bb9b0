"""The addresses of many pages of one kind, worked out once for a list."""

from collections.abc import Callable, Sequence

from django.urls import reverse

_NUMBER, _KEY = 9_000_000_001, "9-000-000-001"  # stand for an id or a key that no row has


def address_of(name: str, by: str = "pk", within: Sequence[object] = ()) -> Callable[[object], str]:
    """A function from the id (or, with `by` "key", the key) of a row to the address of its page.

    `within`: what the address takes before that. One `reverse` for a whole list, where each costs more than the
    rest of its row.
    """
    stands_for = _NUMBER if by == "pk" else _KEY
    before, after = reverse(name, args=[*within, stands_for]).split(str(stands_for))
    return lambda row: f"{before}{row}{after}"
