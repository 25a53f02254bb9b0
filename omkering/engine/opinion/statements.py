"""What each group says: representative statements, consensus and division, with Polis' own formulas.

Every count is smoothed by adding one: the chance of agreement is (agree + 1)/(votes + 2), and the tests are
the one- and two-proportion z tests on (agree + 1)/(votes + 1). A statement represents a group when it
differs from the rest of the participants and from even odds, both at 90 % (one-sided).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from omkering.engine.opinion.votes import VoteTable

SIGNIFICANT = 1.2816  # z of 90 %, one-sided
MOST_STATEMENTS = 5
AGREE, DISAGREE = "agree", "disagree"

Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Representative:
    """A statement typical of a group: `successes` of `trials` votes go in `direction`.

    `probability` is smoothed, `z_odds` tests it against even odds, `ratio` compares it with the other
    participants and `z` tests that difference. `headline` marks what the group most agrees on; like the
    others it is told in the direction that sets the group most apart.
    """

    statement: str
    direction: str
    successes: int
    trials: int
    probability: float
    z_odds: float
    ratio: float
    z: float
    headline: bool = False


@dataclass(frozen=True)
class Majority:
    """A statement on which the participants as a whole lean one way."""

    statement: str
    direction: str
    successes: int
    trials: int
    probability: float
    z: float


@dataclass(frozen=True, eq=False)
class Counts:
    """Agreeing, disagreeing and all votes: groups × statements, or statements alone."""

    agree: NDArray[np.int64]
    disagree: NDArray[np.int64]
    votes: NDArray[np.int64]


def count(table: VoteTable, labels: NDArray[np.int64], groups: int) -> Counts:
    """Votes per group and statement; a participant with label −1 is in no group."""
    width = len(table.statements)
    group = labels[table.rows]
    cell = np.where(group >= 0, group * width + table.columns, groups * width)
    # All three votes (-1, 0, 1) of a cell side by side, in one pass over the votes.
    cell *= 3
    cell += table.values
    flat = np.bincount(cell + 1, minlength=3 * (groups * width + 1))[: 3 * groups * width]
    by_vote = flat.reshape(groups, width, 3)
    return Counts(by_vote[:, :, 2], by_vote[:, :, 0], by_vote.sum(axis=2))


def z_against_even(successes: Whole, trials: Whole) -> Numbers:
    """One-proportion z of smoothed counts against one half."""
    n = np.asarray(trials, dtype=float) + 1
    return 2 * np.sqrt(n) * ((np.asarray(successes) + 1) / n - 0.5)


def z_between(inside: Whole, outside: Whole, trials_inside: Whole, trials_outside: Whole) -> Numbers:
    """Two-proportion z of smoothed counts; 0 where everyone on both sides agrees. Inputs are left as they
    are."""
    a, b = np.asarray(inside, dtype=float) + 1, np.asarray(outside, dtype=float) + 1
    n, m = np.asarray(trials_inside, dtype=float) + 1, np.asarray(trials_outside, dtype=float) + 1
    pooled = (a + b) / (n + m)
    variance = pooled * (1 - pooled) * (1 / n + 1 / m)
    return np.where(variance > 0, (a / n - b / m) / np.sqrt(np.where(variance > 0, variance, 1.0)), 0.0)


def representative(
    counts: Counts, group: int, statements: tuple[str, ...], excluded: NDArray[np.bool_]
) -> tuple[Representative, ...]:
    """At most five statements that represent a group, agreements first; at least one where any was voted
    on."""
    agree, disagree, votes = counts.agree[group], counts.disagree[group], counts.votes[group]
    others = [n.sum(axis=0) - n[group] for n in (counts.agree, counts.disagree, counts.votes)]
    chance = [(n + 1) / (votes + 2) for n in (agree, disagree)]
    odds = [z_against_even(n, votes) for n in (agree, disagree)]
    ratio = [p / ((n + 1) / (others[2] + 2)) for p, n in zip(chance, others, strict=False)]
    z = [z_between(n, other, votes, others[2]) for n, other in zip((agree, disagree), others, strict=False)]

    def finding(j: int, headline: bool = False) -> Representative:
        side = 0 if z[0][j] > z[1][j] else 1
        return Representative(
            statements[j],
            (AGREE, DISAGREE)[side],
            int((agree, disagree)[side][j]),
            int(votes[j]),
            float(chance[side][j]),
            float(odds[side][j]),
            float(ratio[side][j]),
            float(z[side][j]),
            headline,
        )

    voted = np.flatnonzero(~excluded & (agree + disagree > 0))
    significant = (z[0] > SIGNIFICANT) & (odds[0] > SIGNIFICANT) | (z[1] > SIGNIFICANT) & (
        odds[1] > SIGNIFICANT
    )
    open_to_all, passing = voted.tolist(), voted[significant[voted]].tolist()
    headline = _headline(open_to_all, chance[0], odds[0], ratio[0], z[0])
    if headline is None and not passing:
        if not open_to_all:
            return ()
        return (finding(max(open_to_all, key=lambda j: max(z[0][j], z[1][j]))),)
    first = [] if headline is None else [finding(headline, headline=True)]
    side = np.where(z[0] > z[1], 0, 1)
    strength = np.where(side == 0, *(ratio[s] * z[s] * chance[s] * odds[s] for s in (0, 1)))
    strongest = sorted((j for j in passing if j != headline), key=lambda j: -strength[j])
    chosen = first + [finding(j) for j in strongest[: MOST_STATEMENTS - len(first)]]
    return tuple(sorted(chosen, key=lambda found: found.direction == DISAGREE))


def _headline(candidates: list[int], *measures: Numbers) -> int | None:
    """The agreement to put first, by chance, odds, ratio and z of agreeing. Walks the statements as Polis does:
    once a statement is found that the group agrees with more than others, only a stronger one of that kind
    replaces it."""
    chance, odds, ratio, z = (values.tolist() for values in measures)
    best: int | None = None
    for j in candidates:
        if best is None:
            if odds[j] > SIGNIFICANT or (ratio[j] > 1.0 and chance[j] > 0.5):
                best = j
        elif ratio[best] > 1.0:
            if ratio[j] * z[j] * chance[j] * odds[j] > ratio[best] * z[best] * chance[best] * odds[best]:
                best = j
        elif chance[j] * odds[j] > chance[best] * odds[best]:
            best = j
    return best


def majorities(
    counts: Counts, statements: tuple[str, ...], excluded: NDArray[np.bool_]
) -> tuple[Majority, ...]:
    """At most five statements that most agree with, then at most five that most disagree with.

    `counts` are over all participants (arrays of one row a statement)."""
    found: list[Majority] = []
    for direction, successes in ((AGREE, counts.agree), (DISAGREE, counts.disagree)):
        chance = (successes + 1) / (counts.votes + 2)
        z = z_against_even(successes, counts.votes)
        leaning = np.flatnonzero(~excluded & (chance > 0.5) & (z > SIGNIFICANT))
        strongest = leaning[np.argsort(-(chance * z)[leaning], kind="stable")][:MOST_STATEMENTS]
        found += [
            Majority(
                statements[j],
                direction,
                int(successes[j]),
                int(counts.votes[j]),
                float(chance[j]),
                float(z[j]),
            )
            for j in strongest
        ]
    return tuple(found)


def shared(counts: Counts) -> tuple[Numbers, Numbers]:
    """Group-aware consensus per statement: the chance that a member of every group agrees (or disagrees)."""
    agree = ((counts.agree + 1) / (counts.votes + 2)).prod(axis=0)
    return agree, ((counts.disagree + 1) / (counts.votes + 2)).prod(axis=0)


def division(counts: Counts) -> Numbers:
    """How far the groups lie apart on each statement, 0 to 1: half the largest difference between two groups
    in smoothed mean vote (agree − disagree)/(votes + 2). NaN with fewer than two groups."""
    if len(counts.votes) < 2:
        return np.full(counts.votes.shape[1], np.nan)
    stand = (counts.agree - counts.disagree) / (counts.votes + 2)
    return (stand.max(axis=0) - stand.min(axis=0)) / 2
