"""Reading how challenges hang together, and what an item touches; each function has a fixed number of queries."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from omkering.agenda.models import (
    Challenge,
    ChallengeState,
    Conflict,
    ConflictState,
    Coupling,
    CouplingKind,
)
from omkering.thread.chain import LIMIT, upstream_ids
from omkering.thread.models import Item
from omkering.who.models import Organisation
from omkering.who.standing import standing_of

# What hangs together and what pulls apart is asked on almost every page, and mostly there is little or nothing to
# tell. So it is asked in plain SQL: to put these joins together from models costs more than to answer them. Challenges
# with their kind, as `challenges_in` says.
_COUPLINGS = """
SELECT coupling.id, coupling.kind, coupling.reason, coupling.source,
       coupling.first_id, one.title, coupling.second_id, other.title
FROM agenda_coupling AS coupling
JOIN agenda_challenge AS first ON first.item_ptr_id = coupling.first_id
JOIN thread_item AS one ON one.id = coupling.first_id
JOIN agenda_challenge AS second ON second.item_ptr_id = coupling.second_id
JOIN thread_item AS other ON other.id = coupling.second_id
WHERE coupling.ended_at IS NULL
  AND one.kind = 'challenge' AND one.state = %(active)s AND other.kind = 'challenge' AND other.state = %(active)s
  AND (%(of)s::bigint[] IS NULL OR coupling.first_id = ANY(%(of)s) OR coupling.second_id = ANY(%(of)s))
ORDER BY first.position, second.position, coupling.kind, coupling.id
"""

_CONFLICTS = """
SELECT item.id, item.kind, item.title, item.summary, item.state, item.id, conflict.first_law, conflict.second_law,
       one.id, one.names, other.id, other.names
FROM agenda_conflict AS conflict
JOIN thread_item AS item ON item.id = conflict.item_ptr_id
LEFT JOIN who_organisation AS one ON one.id = conflict.first_party_id
LEFT JOIN who_organisation AS other ON other.id = conflict.second_party_id
WHERE item.state = ANY(%(states)s) AND conflict.item_ptr_id IN (
    SELECT item_id FROM agenda_placement WHERE challenge_id = ANY(%(under)s) AND ended_at IS NULL
)
ORDER BY item.state, item.created_at DESC, item.id
"""
# Columns in the order of the models, as `from_db` wants them.
_OF_COUPLING = ("id", "kind", "reason", "source")
_OF_CHALLENGE = ("id", "title", "item_ptr_id")
_OF_CONFLICT = ("id", "kind", "title", "summary", "state", "item_ptr_id", "first_law", "second_law")


def _asked(sql: str, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def present_couplings(challenges: Sequence[int] | None = None) -> list[Coupling]:
    """The couplings that hold between challenges on the agenda, those of some challenges when they are named; one
    query. Each with its kind, reason and source, and the titles of its challenges.
    """
    of = None if challenges is None else list(challenges)
    found = []
    for *own, first, first_title, second, second_title in _asked(
        _COUPLINGS, active=ChallengeState.ACTIVE.value, of=of
    ):
        coupling = Coupling.from_db(None, _OF_COUPLING, own)
        coupling.first = Challenge.from_db(None, _OF_CHALLENGE, (first, first_title, first))
        coupling.second = Challenge.from_db(None, _OF_CHALLENGE, (second, second_title, second))
        found.append(coupling)
    return found


def kind_words(kind: str, *, backwards: bool = False) -> str:
    """How one challenge works on another, in words that stand between the two names."""
    if backwards and kind == CouplingKind.NEEDS_FIRST:
        return _("is first needed by")
    return str(CouplingKind(kind).label)


@dataclass(frozen=True)
class Coupled:
    """A coupling as seen from one of its two challenges: `challenge` `words` `other`."""

    challenge: Challenge
    words: str
    other: Challenge
    coupling: Coupling


def coupled_with(challenges: Iterable[Challenge], couplings: Iterable[Coupling]) -> list[Coupled]:
    """The couplings of these challenges, each seen from the first of them that it touches; no query."""
    own = {challenge.pk: challenge for challenge in challenges}
    found = []
    for coupling in couplings:
        backwards = coupling.first_id not in own
        here, there = (coupling.second, coupling.first) if backwards else (coupling.first, coupling.second)
        if here.pk in own:
            found.append(Coupled(here, kind_words(coupling.kind, backwards=backwards), there, coupling))
    return found


def conflicts_of(challenges: list[int], *, solved: bool = True) -> list[Conflict]:
    """The conflicts of aims under any of these challenges, open ones first; one query.

    Each with its kind, title, summary, state and laws, and the names of its parties.
    """
    states = list(ConflictState.values) if solved else [ConflictState.OPEN.value]
    found = []
    for *own, first, first_names, second, second_names in _asked(_CONFLICTS, states=states, under=challenges):
        conflict = Conflict.from_db(None, _OF_CONFLICT, own)
        conflict.first_party = _party(first, first_names)
        conflict.second_party = _party(second, second_names)
        found.append(conflict)
    return found


def _party(pk: int | None, names: str | None) -> Organisation | None:
    return Organisation.from_db(None, ("id", "names"), (pk, json.loads(names or "{}"))) if pk else None


@dataclass(frozen=True)
class Touched:
    """What an item touches: its challenges, what these are coupled to, and where aims pull apart."""

    challenges: list[Challenge]
    coupled: list[Coupled]
    conflicts: list[Conflict]  # not solved, under the challenges themselves


def touched_by(item: Item, person: Any, before: Mapping[int, int] | None = None) -> Touched:
    """The challenges of an item and, one step further, those they are coupled to; at most five queries.

    `before`: ids of what it follows from, with their distance, where these are known; that is one query fewer.

    Its challenges are those it was put under, also by what it follows from, and that of its theme; without a
    theme of its own, those of the nearest items it follows from. What `person` may not read leads to nothing.
    """
    depth = {item.pk: 0, **(upstream_ids([item.pk], LIMIT) if before is None else before)}
    ids = _challenges_of(depth, person)
    if not ids:
        return Touched([], [], [])
    challenges = list(
        Challenge.objects.filter(pk__in=ids, state=ChallengeState.ACTIVE)
        .only("title")
        .order_by("position", "pk")
    )
    if not challenges:
        return Touched([], [], [])
    own = [challenge.pk for challenge in challenges]
    return Touched(
        challenges=challenges,
        coupled=coupled_with(challenges, present_couplings(own)),
        conflicts=conflicts_of(own, solved=False),
    )


# The challenge that each item was put under, and that of its theme, of the items that somebody may read.
_HANGS = """
SELECT item.id, placed.challenge_id, challenge.item_ptr_id
FROM ({readable}) AS item
LEFT JOIN agenda_placement AS placed ON placed.item_id = item.id AND placed.ended_at IS NULL
LEFT JOIN agenda_challenge AS challenge ON challenge.main_theme_id = item.theme_id
"""


def _challenges_of(depth: dict[int, int], person: Any) -> set[int]:
    """Ids of the challenges of an item, given itself and all it follows from with their distance; one query."""
    items = Item.objects.filter(pk__among=frozenset(depth))
    readable = items.visible_to(standing_of(person), getattr(person, "pk", None)).values("id", "theme_id")
    sql, asked = readable.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_HANGS.format(readable=sql), asked)
        rows = cursor.fetchall()
    found: set[int] = set()
    by_distance: dict[int, set[int]] = {}
    for item, placed, of_theme in rows:
        if placed is not None:
            found.add(placed)
        if of_theme is not None:
            by_distance.setdefault(depth[item], set()).add(of_theme)
    return found | (by_distance[min(by_distance)] if by_distance else set())
