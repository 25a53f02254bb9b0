"""The opinion map: who stands where, which groups there are, what each group says and what all of them share.

`opinion_map` is the public function; the result is frozen and complete. `Memory` carries what a next run must
know to stay steady: the groups people were in and how long another number of groups has been better.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import permutations
from math import isnan
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from omkering.engine.opinion.cluster import Partition, assign, partitions
from omkering.engine.opinion.space import Space, place
from omkering.engine.opinion.statements import (
    Counts,
    Majority,
    Representative,
    count,
    division,
    majorities,
    representative,
    shared,
)
from omkering.engine.opinion.votes import OpinionError, VoteTable

LEAST_VOTES = 7  # votes from which a participant is placed in a group
LEAST_PLACED = 15  # below this number the most active participants are added
PATIENCE = 4  # runs in a row that must prefer another k before it is taken
LEAST_GROUP = 5


@dataclass(frozen=True)
class Memory:
    """What one run hands to the next: `k` in use, the `candidate` k of the last run and how many runs in a
    row it was best (`seen`), and the group of every placed participant."""

    k: int
    candidate: int
    seen: int
    groups: Mapping[str, int]


@dataclass(frozen=True)
class Statement:
    """Votes on a statement, `consensus` (chance that members of every group agree), `consensus_against` (the
    same for disagreeing) and `divisiveness` (0 to 1, None with fewer than two described groups)."""

    id: str
    agree: int
    disagree: int
    passed: int
    consensus: float | None
    consensus_against: float | None
    divisiveness: float | None
    excluded: bool


@dataclass(frozen=True)
class Group:
    """A group of participants. One below the minimum size is not `described`: it says nothing of its own."""

    id: int
    size: int
    described: bool
    representative: tuple[Representative, ...]


@dataclass(frozen=True, eq=False)
class OpinionMap:
    """The whole result. `positions` (participants × 2) and `labels` (group, −1 for none) follow the order of
    `participants`; `silhouettes` tells for each k tried how well it divides."""

    k: int
    participants: tuple[str, ...]
    positions: NDArray[np.float64]
    labels: NDArray[np.int64]
    statements: tuple[Statement, ...]
    groups: tuple[Group, ...]
    majority: tuple[Majority, ...]
    silhouettes: Mapping[int, float]
    space: Space
    memory: Memory


def opinion_map(
    table: VoteTable,
    *,
    excluded: Collection[str] = (),
    least_votes: int = LEAST_VOTES,
    least_group: int = LEAST_GROUP,
    memory: Memory | None = None,
    patience: int = PATIENCE,
) -> OpinionMap:
    """The opinion map of `table`.

    `excluded` are statements moderated out: they do not place anyone and are never put forward. Participants
    with fewer than `least_votes` votes get a position but no group, unless `memory` knows them or fewer than
    15 remain. `least_group` is the size below which a group is never described. With `memory` of an earlier
    run the number of groups changes only when another one was best `patience` runs in a row, and groups keep
    their numbers. Source: Small et al. 2021 (Polis), see the modules `space`, `cluster` and `statements`.
    Raises OpinionError for an excluded statement that does not exist and for settings below 1.
    """
    unknown = sorted(set(excluded) - set(table.statements))
    if unknown:
        raise OpinionError(f"the excluded statement {unknown[0]} is not among the statements")
    if min(least_votes, least_group, patience) < 1:
        raise OpinionError(
            "the least number of votes, the least group size and the patience must be at least 1"
        )
    out = np.isin(np.asarray(table.statements, dtype=object), list(excluded))
    space = place(table, out)
    placed = _placed(table, least_votes, memory)
    points = space.positions[placed]
    # Positions of people with few votes are uncertain. Their variance is that between people plus one that
    # falls with the votes, so the right weight lies between 1 and the number of votes; the root is the
    # middle.
    weights = np.sqrt(table.votes_cast[placed])
    names = [table.participants[i] for i in placed] if memory else []
    kept = None
    if memory is not None and memory.groups:
        kept = (memory.k, np.array([memory.groups.get(name, -1) for name in names], dtype=np.int64))
    tried = partitions(points, weights, kept=kept) if len(points) > 1 else {}
    k, candidate, seen = _steady(tried, memory, patience)
    found = assign(points, weights, tried[k]) if k in tried else np.zeros(len(points), dtype=np.int64)
    labels = np.full(len(table.participants), -1, dtype=np.int64)
    labels[placed] = _numbered(found, k, points, kept)
    return _described(table, space, labels, k, out, least_group, tried, candidate, seen)


def _placed(table: VoteTable, least_votes: int, memory: Memory | None) -> NDArray[np.int64]:
    """Rows of the participants that take part in grouping."""
    cast = table.votes_cast
    takes_part = cast >= max(1, min(least_votes, len(table.statements)))
    if memory is not None:
        takes_part = takes_part | np.array([name in memory.groups for name in table.participants], dtype=bool)
    short = LEAST_PLACED - int(takes_part.sum())
    if short > 0:
        waiting = np.flatnonzero(~takes_part & (cast > 0))
        takes_part = takes_part.copy()
        takes_part[waiting[np.argsort(-cast[waiting], kind="stable")][:short]] = True
    return np.flatnonzero(takes_part)


def _steady(tried: Mapping[int, Partition], memory: Memory | None, patience: int) -> tuple[int, int, int]:
    """The k to use, the k that is best now, and for how many runs in a row it has been."""
    if not tried:
        return 1, 1, 1
    best = max(sorted(tried), key=lambda k: tried[k].silhouette)
    if memory is None or memory.k not in tried:
        return best, best, 1
    seen = memory.seen + 1 if memory.candidate == best else 1
    return (best if seen >= patience else memory.k), best, seen


def _numbered(
    labels: NDArray[np.int64],
    k: int,
    points: NDArray[np.float64],
    kept: tuple[int, NDArray[np.int64]] | None,
) -> NDArray[np.int64]:
    """Group numbers that mean the same from run to run: as many members as possible keep theirs; without a
    history the largest group is 0, and of equals the one most to the left."""
    if not len(labels):
        return labels
    sizes = np.bincount(labels, minlength=k)
    left = np.bincount(labels, weights=points[:, 0], minlength=k) / np.maximum(sizes, 1)
    number = np.empty(k, dtype=np.int64)
    number[np.lexsort((left, -sizes))] = np.arange(k)
    if kept is not None:
        earlier, before = kept
        known = before >= 0
        overlap = np.zeros((k, max(k, earlier)), dtype=np.int64)
        np.add.at(overlap, (labels[known], before[known]), 1)
        # At most five groups, so every assignment can be tried; of equals the one nearest to `number` wins.
        best = max(
            permutations(range(overlap.shape[1]), k),
            key=lambda to: (overlap[np.arange(k), to].sum(), int((number == to).sum())),
        )
        number = np.argsort(np.argsort(best)) if earlier > k else np.array(best)  # no gaps when groups go
    return number[labels]


def _described(
    table: VoteTable,
    space: Space,
    labels: NDArray[np.int64],
    k: int,
    out: NDArray[np.bool_],
    least_group: int,
    tried: Mapping[int, Partition],
    candidate: int,
    seen: int,
) -> OpinionMap:
    width = len(table.statements)
    # Who is in no group makes up a last one here, so that all of them together are everyone.
    each = count(table, np.where(labels < 0, k, labels), k + 1)
    total = Counts(each.agree.sum(axis=0), each.disagree.sum(axis=0), each.votes.sum(axis=0))
    by_group = Counts(each.agree[:k], each.disagree[:k], each.votes[:k])
    sizes = np.bincount(labels[labels >= 0], minlength=k)
    large = sizes >= least_group
    visible = Counts(by_group.agree[large], by_group.disagree[large], by_group.votes[large])
    consensus, against = shared(visible) if large.any() else (np.full(width, np.nan), np.full(width, np.nan))
    divided = division(visible)
    statements = tuple(
        Statement(
            name,
            agree,
            disagree,
            votes - agree - disagree,
            _number(for_all),
            _number(against_all),
            _number(divisive),
            excluded,
        )
        for name, agree, disagree, votes, excluded, for_all, against_all, divisive in zip(
            table.statements,
            *(each.tolist() for each in (total.agree, total.disagree, total.votes, out)),
            *(each.tolist() for each in (consensus, against, divided)),
            strict=True,
        )
    )
    groups = tuple(
        Group(
            g,
            int(sizes[g]),
            bool(large[g]),
            representative(by_group, g, table.statements, out) if large[g] and k > 1 else (),
        )
        for g in range(k)
        if sizes[g]
    )
    placed = np.flatnonzero(labels >= 0)
    return OpinionMap(
        k=len(groups),
        participants=table.participants,
        positions=space.positions,
        labels=labels,
        statements=statements,
        groups=groups,
        majority=majorities(total, table.statements, out),
        silhouettes=MappingProxyType({k: tried[k].silhouette for k in sorted(tried)}),
        space=space,
        memory=Memory(k, candidate, seen, {table.participants[i]: int(labels[i]) for i in placed}),
    )


def _number(value: float) -> float | None:
    return None if isnan(value) else value
