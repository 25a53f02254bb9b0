"""In which order somebody gets statements to vote on. Pure functions.

Everybody gets an order of their own, in which a statement comes the sooner, by chance, the fewer votes it has: so that
a statement of the last day gets its share too. Chance is a number drawn from the person and the statement, so that
the same person gets the same order as long as the counts stay. Source: Efraimidis and Spirakis 2006, "Weighted random
sampling with a reservoir" (exponential keys).
"""

from collections.abc import Iterable
from hashlib import blake2b
from math import log

_STEPS = 1 << 64


def drawn(person: int, statement: int) -> float:
    """A number above 0 and below 1, always the same for a person and a statement, and as if drawn by lot."""
    digest = blake2b(f"{person}:{statement}".encode(), digest_size=8).digest()
    return (int.from_bytes(digest, "big") + 0.5) / _STEPS


def in_order(person: int, votes: Iterable[tuple[int, int]]) -> list[int]:
    """Statements in the order of one person, from pairs of statement and its number of votes.

    The weight of a statement is 1/(votes + 1): one with twice the votes comes first half as often.
    """
    keyed = [(-log(drawn(person, statement)) * (count + 1), statement) for statement, count in votes]
    return [statement for _key, statement in sorted(keyed)]
