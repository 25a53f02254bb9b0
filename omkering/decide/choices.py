"""What a ballot says, checked against the rule of its vote and brought into the one form in which it is kept.

Kept is text, as the engine writes it: `for`, `A|C` (approval), `B>A=C` (ranking), `A:3|B:2` (points), `abstain`.
"""

from functools import lru_cache
from typing import Any

from omkering.engine.tally import ABSTAIN, Ballot, BallotBox, BallotError, Entry, Roll, Rule

VOTER = "one"


class NoSuchChoice(ValueError):
    """The rule does not know this choice; the text is the engine's."""


@lru_cache(maxsize=4096)
def canonical(rule: Rule, choice: str) -> str:
    """The choice in its one form: options of an approval, of a rank and of points in the order of the rule.

    NoSuchChoice for what the rule does not allow.
    """
    if len(choice) > 10_000:
        raise NoSuchChoice("the ballot is too long")
    try:
        BallotBox(Roll([Entry(VOTER, 1)]), [Ballot(VOTER, choice)], rule)
    except BallotError as error:
        raise NoSuchChoice(str(error).partition(": ")[2]) from error
    if choice == ABSTAIN or rule.kind in ("for_against_abstain", "options"):
        return choice
    place = {name: number for number, name in enumerate(rule.options)}
    if rule.kind == "approval":
        return "|".join(sorted(choice.split("|"), key=place.__getitem__))
    if rule.kind == "ranking":
        return ">".join(
            "=".join(sorted(tier.split("="), key=place.__getitem__)) for tier in choice.split(">")
        )
    points = {name: int(number) for name, _colon, number in (p.rpartition(":") for p in choice.split("|"))}
    given = sorted((name for name in points if points[name]), key=place.__getitem__)
    return "|".join(f"{name}:{points[name]}" for name in given)


def parts_of(rule: Rule, choice: str) -> Any:
    """The choice as an event tells it: a key, a list of keys (ranking: of ranks), or a table of points."""
    if choice == ABSTAIN or rule.kind in ("for_against_abstain", "options"):
        return choice
    if rule.kind == "approval":
        return choice.split("|")
    if rule.kind == "ranking":
        return [tier.split("=") for tier in choice.split(">")]
    return {name: int(number) for name, _colon, number in (p.rpartition(":") for p in choice.split("|"))}
