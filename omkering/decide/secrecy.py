"""Secret votes: the roll knows who voted, the box what was voted, and nothing ties them.

At opening a row is made for each line of the roll, in its order, and where the choices can be listed one for each
weight and choice: no key tells who came first. At closing all of these rows are written anew in their order, so that
what the database keeps of each row (its place, the transaction that wrote it) is the same for all. What this does not
protect against stands in `docs/security.md`.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import Sum

from omkering.decide import vote_rule
from omkering.decide.models import RollEntry, SecretBox, SecretTurnout, Vote
from omkering.engine.tally import ABSTAIN

FEW = 5  # with fewer of one weight, what they voted could be told from the count


def make_box(vote: Vote, entries: Iterable[RollEntry]) -> None:
    """An empty box, and a roll on which nobody has voted yet; at opening."""
    entries = list(entries)
    SecretTurnout.objects.bulk_create(SecretTurnout(entry=entry) for entry in entries)
    kind = vote_rule.ballot_of(vote.rule)["kind"]
    if kind == "for_against_abstain":
        choices = ["for", "against", ABSTAIN]
    elif kind == "options":
        choices = [*(option["key"] for option in vote_rule.options_of(vote.rule)), ABSTAIN]
    else:
        return  # too many to list: rows come as the first such ballot does, and are put in order at closing
    SecretBox.objects.bulk_create(
        SecretBox(vote=vote, weight=weight, choice=choice)
        for weight in sorted({entry.weight for entry in entries})
        for choice in choices
    )


def seal(vote: Vote) -> dict[str, str]:
    """Write box and turnout anew in their order, and give the digest of each for the one event of the closing.

    ValueError where the box does not hold as many ballots of each weight as members of that weight voted.
    """
    box = list(SecretBox.objects.filter(vote=vote, ballots__gt=0).order_by("weight", "choice"))
    turnout = list(
        SecretTurnout.objects.filter(entry__vote=vote)
        .select_related("entry")
        .order_by("entry__voter", "part")
    )
    voted = Counter(row.entry.weight for row in turnout if row.voted)
    put_in: Counter[int] = Counter()
    for row in box:
        put_in[row.weight] += row.ballots
    if voted != put_in:
        raise ValueError("the box does not agree with who has voted")
    SecretBox.objects.filter(vote=vote).delete()
    SecretBox.objects.bulk_create(
        SecretBox(vote=vote, weight=row.weight, choice=row.choice, ballots=row.ballots) for row in box
    )
    SecretTurnout.objects.filter(entry__vote=vote).delete()
    SecretTurnout.objects.bulk_create(
        SecretTurnout(entry=row.entry, part=row.part, voted=row.voted) for row in turnout
    )
    return {
        "box_sha256": _digest([row.weight, row.choice, row.ballots] for row in box),
        "turnout_sha256": _digest([row.entry.voter, row.part, row.voted] for row in turnout),
    }


def _digest(rows: Iterable[list[Any]]) -> str:
    """SHA-256 of the rows as JSON, in their order."""
    return hashlib.sha256(json.dumps(list(rows), separators=(",", ":")).encode()).hexdigest()


@dataclass(frozen=True)
class RareWeight:
    """A number of votes that fewer than `FEW` members have."""

    weight: int
    names: tuple[str, ...]


class Weighed(Protocol):
    """A line of a roll, as it is kept or as it is read."""

    @property
    def name(self) -> str: ...

    @property
    def weight(self) -> int: ...


def rare_weights(entries: Iterable[Weighed]) -> list[RareWeight]:
    """The weights of a roll that fewer than five have, with who has them, the rarest first."""
    by_weight: dict[int, list[str]] = {}
    for entry in entries:
        by_weight.setdefault(entry.weight, []).append(entry.name)
    rare = [RareWeight(weight, tuple(names)) for weight, names in by_weight.items() if len(names) < FEW]
    return sorted(rare, key=lambda each: (len(each.names), -each.weight))


def turnout_of(vote: Vote) -> dict[int, bool]:
    """Line of the roll → whether it has voted in a secret vote; one query."""
    return dict(SecretTurnout.objects.filter(entry__vote=vote).values_list("entry_id", "voted"))


def ballots_in(vote: Vote) -> int:
    """How many ballots are in the box; one query."""
    return SecretBox.objects.filter(vote=vote).aggregate(total=Sum("ballots"))["total"] or 0
