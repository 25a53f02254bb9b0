"""Reading how challenges hang together, and what an item touches; each function has a fixed number of queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import FilteredRelation, Q, QuerySet
from django.utils.translation import gettext as _

from omkering.agenda.models import (
    Challenge,
    ChallengeState,
    Conflict,
    ConflictState,
    Coupling,
    CouplingKind,
    Placement,
)
from omkering.thread.chain import LIMIT, upstream_ids
from omkering.thread.models import Item
from omkering.who.standing import standing_of


def present_couplings(challenges: Sequence[int] | None = None) -> QuerySet[Coupling]:
    """The couplings that hold between challenges on the agenda; those of some challenges when they are named.

    With their kind, as `challenges_in` says.
    """
    active = {"state": ChallengeState.ACTIVE, "kind": "challenge"}
    ends = {f"{end}__{name}": value for end in ("first", "second") for name, value in active.items()}
    rows = Coupling.objects.filter(ended_at__isnull=True, **ends)
    if challenges is not None:
        rows = rows.filter(Q(first_id__in=challenges) | Q(second_id__in=challenges))
    rows = rows.select_related("first", "second").only(
        "kind", "reason", "source", "first__title", "second__title"
    )
    return rows.order_by("first__position", "second__position", "kind", "pk")


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
    """The conflicts of aims under any of these challenges, open ones first; one query."""
    placed = Placement.objects.filter(challenge__in=challenges, ended_at__isnull=True)
    rows = Conflict.objects.filter(pk__in=placed.values("item_id"))
    if not solved:
        rows = rows.filter(state=ConflictState.OPEN)
    rows = rows.select_related("first_party", "second_party").only(
        *("kind", "title", "summary", "state", "first_law", "second_law"),
        *("first_party__names", "second_party__names"),
    )
    return list(rows.order_by("state", "-created_at", "pk"))


@dataclass(frozen=True)
class Touched:
    """What an item touches: its challenges, what these are coupled to, and where aims pull apart."""

    challenges: list[Challenge]
    coupled: list[Coupled]
    conflicts: list[Conflict]  # not solved, under the challenges themselves


def touched_by(item: Item, person: Any) -> Touched:
    """The challenges of an item and, one step further, those they are coupled to; at most five queries.

    Its challenges are those it was put under, also by what it follows from, and that of its theme; without a
    theme of its own, those of the nearest items it follows from. What `person` may not read leads to nothing.
    """
    depth = {item.pk: 0, **upstream_ids([item.pk], LIMIT)}
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


def _challenges_of(depth: dict[int, int], person: Any) -> set[int]:
    """Ids of the challenges of an item, given itself and all it follows from with their distance; one query."""
    readable = Item.objects.filter(pk__in=depth).visible_to(standing_of(person), getattr(person, "pk", None))
    holds = FilteredRelation("placements", condition=Q(placements__ended_at__isnull=True))
    rows = readable.annotate(holds=holds).order_by()
    found: set[int] = set()
    by_distance: dict[int, set[int]] = {}
    for item, placed, of_theme in rows.values_list("pk", "holds__challenge", "theme__challenge__pk"):
        if placed is not None:
            found.add(placed)
        if of_theme is not None:
            by_distance.setdefault(depth[item], set()).add(of_theme)
    return found | (by_distance[min(by_distance)] if by_distance else set())
