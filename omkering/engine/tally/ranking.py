"""Counting rankings: Schulze's method and instant run-off, on weighted ballots with whole numbers.

Sources: M. Schulze, "A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent
single-winner election method", Social Choice and Welfare 36 (2011), with winning votes; for ties in the
run-off, "parallel universes": V. Conitzer, M. Rognlie, L. Xia, "Preference functions that score rankings
and maximum likelihood estimation", IJCAI 2009.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Tiers = tuple[tuple[int, ...], ...]

# A run-off with ties everywhere has exponentially many courses; past this many the tie is stated.
MOST_STATES = 1024


@dataclass(frozen=True, slots=True)
class SchulzeCount:
    """``pairwise[a, b]`` votes rank a above b; ``strongest[a, b]`` is the strength of the strongest path;
    ``order`` the options in tiers, best first (a tier of more than one is a tie)."""

    pairwise: NDArray[np.int64]
    strongest: NDArray[np.int64]
    order: Tiers


@dataclass(frozen=True, slots=True)
class Round:
    """One round of a run-off: the votes of every remaining option, the votes on ballots that name none of
    them, who leaves, and who is tied for leaving where that may matter (then nobody leaves)."""

    votes: dict[int, int]
    exhausted: int
    eliminated: tuple[int, ...] = ()
    tied: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RunOffCount:
    """The possible winners (more than one is a tie) and the rounds up to the end or to the first tie that may
    matter. ``complete`` is False where the ties were too many to follow; then every option left counts as a
    possible winner."""

    winners: tuple[int, ...]
    rounds: tuple[Round, ...]
    complete: bool


def schulze(rankings: Sequence[Tiers], votes: Sequence[int], count: int) -> SchulzeCount:
    """Schulze's method over ``count`` options; options that a ranking leaves out stand last and equal in
    it."""
    ranks = np.full((count, len(rankings)), count, dtype=np.int32)
    for column, tiers in enumerate(rankings):
        for place, tier in enumerate(tiers):
            ranks[list(tier), column] = place
    weights = np.asarray(votes, dtype=np.int64)
    pairwise = np.zeros((count, count), dtype=np.int64)
    for option in range(count):
        pairwise[option] = (ranks[option] < ranks) @ weights
    strongest = np.where(pairwise > pairwise.T, pairwise, 0)
    for middle in range(count):
        through = np.minimum(strongest[:, middle, None], strongest[None, middle, :])
        np.maximum(strongest, through, out=strongest)
    np.fill_diagonal(strongest, 0)
    beats = strongest > strongest.T
    order = []
    remaining = np.ones(count, dtype=bool)
    while remaining.any():
        unbeaten = remaining & ~beats[remaining].any(axis=0)
        order.append(tuple(int(option) for option in np.flatnonzero(unbeaten)))
        remaining &= ~unbeaten
    return SchulzeCount(pairwise, strongest, tuple(order))


def instant_run_off(rankings: Sequence[Tiers], votes: Sequence[int], count: int) -> RunOffCount:
    """Instant run-off over ``count`` options: the one with fewest votes leaves, until one has more than half.

    Options tied for fewest leave together where that cannot matter (their sum is below the next one's votes);
    otherwise each of them leaves in a course of its own, and the winners of all courses are possible winners.
    """
    depth = max((len(tiers) for tiers in rankings), default=0)
    orders = np.full((len(rankings), max(1, depth)), count, dtype=np.intp)
    for row, tiers in enumerate(rankings):
        orders[row, : len(tiers)] = [tier[0] for tier in tiers]
    weights = np.asarray(votes, dtype=np.float64)
    winners: set[int] = set()
    rounds: list[Round] = []
    certain = complete = True
    everyone = frozenset(range(count))
    waiting, seen = [everyone], {everyone}
    while waiting:
        remaining = waiting.pop()
        standing, exhausted = _first_places(orders, weights, remaining, count)
        leader = max(standing, key=lambda option: standing[option])
        eliminated: tuple[int, ...] = ()
        tied: tuple[int, ...] = ()
        if len(remaining) == 1 or 2 * standing[leader] > sum(standing.values()):
            winners.add(leader)
        else:
            fewest = min(standing.values())
            last = tuple(option for option in standing if standing[option] == fewest)
            above = [number for number in standing.values() if number > fewest]
            if len(last) == 1 or (above and fewest * len(last) < min(above)):
                eliminated = last
                courses = [remaining - set(last)]
            else:
                tied = last
                courses = [remaining - {option} for option in last]
            for course in courses:
                if course in seen:
                    continue
                if len(seen) >= MOST_STATES:
                    complete = False
                    winners |= course
                    continue
                seen.add(course)
                waiting.append(course)
        if certain:
            rounds.append(Round(standing, exhausted, eliminated, tied))
            certain = not tied
    return RunOffCount(tuple(sorted(winners)), tuple(rounds), complete)


def _first_places(
    orders: NDArray[np.intp], weights: NDArray[np.float64], remaining: frozenset[int], count: int
) -> tuple[dict[int, int], int]:
    """The votes of every remaining option by its first place among them, and the votes that name none."""
    alive = np.zeros(count + 1, dtype=bool)
    alive[list(remaining)] = True
    standing = alive[orders]
    named = standing.any(axis=1)
    first = orders[np.arange(len(orders)), standing.argmax(axis=1)]
    sums = np.bincount(np.where(named, first, count), weights=weights, minlength=count + 1)
    return {option: int(sums[option]) for option in sorted(remaining)}, int(sums[count])
