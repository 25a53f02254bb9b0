"""Counts with their base, and the exact tails of the distributions they follow."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy.special import bdtr, bdtrc, gammaln, pdtr, pdtrc

NEGLIGIBLE = 40


class PeersError(ValueError):
    """Figures or outcomes that cannot be compared; the message is one sentence."""


class Kind(StrEnum):
    """A proportion (a part of its base, binomial) or a rate (events per unit of exposure, Poisson)."""

    PROPORTION = "proportion"
    RATE = "rate"


@dataclass(frozen=True)
class Outcome:
    """`count` out of (or per) `base`: 120 of 400 households, 35 complaints in 80,000 inhabitant-years."""

    count: int
    base: float

    @property
    def value(self) -> float:
        return self.count / self.base


def check(outcomes: Mapping[str, Outcome], kind: Kind) -> None:
    """Raises PeersError for a count or base that cannot be."""
    for member, outcome in outcomes.items():
        if not (math.isfinite(outcome.base) and outcome.base > 0):
            raise PeersError(f"the base of {member} is {outcome.base}, not a number above 0")
        if outcome.count < 0 or outcome.count != int(outcome.count):
            raise PeersError(f"the count of {member} is {outcome.count}, not a whole number from 0")
        if kind is Kind.PROPORTION and (outcome.base != int(outcome.base) or outcome.count > outcome.base):
            raise PeersError(
                f"the proportion of {member} is {outcome.count} of {outcome.base:g}, not a part of a whole number"
            )


def at_most(count: int, base: float, target: float, kind: Kind) -> float:
    """P(X ≤ count) for X binomial(base, target) or Poisson(base · target)."""
    if count < 0:
        return 0.0
    if kind is Kind.PROPORTION:
        return 1.0 if count >= base else float(bdtr(count, int(base), target))
    return float(pdtr(count, base * target))


def at_least(count: int, base: float, target: float, kind: Kind) -> float:
    """P(X ≥ count), computed from that tail so that small chances stay exact."""
    if count <= 0:
        return 1.0
    if kind is Kind.PROPORTION:
        return 0.0 if count > base else float(bdtrc(count - 1, int(base), target))
    return float(pdtrc(count - 1, base * target))


def fisher(one: Outcome, other: Outcome) -> tuple[float, float]:
    """Chance, when both share one proportion, that the first has at most, and at least, its count
    (Fisher's exact test: hypergeometric given both bases and the sum of counts)."""
    n, m, total = int(one.base), int(other.base), one.count + other.count
    low_end, high_end = max(0, total - m), min(n, total)
    middle = total * n / (n + m)
    # Beyond this many standard deviations the chances are below what a float can hold.
    reach = NEGLIGIBLE * math.sqrt(middle * (1 - total / (n + m)) * m / (n + m) + 1)
    support = np.arange(
        max(low_end, int(min(middle - reach, one.count))),
        min(high_end, int(max(middle + reach, one.count))) + 1,
    )

    def choose(n: int, k: np.ndarray) -> np.ndarray:
        return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)

    logs = choose(n, support) + choose(m, total - support)
    mass = np.exp(logs - logs.max())
    mass /= mass.sum()
    at = one.count - int(support[0])
    return min(float(mass[: at + 1].sum()), 1.0), min(float(mass[at:].sum()), 1.0)


def rates(one: Outcome, other: Outcome) -> tuple[float, float]:
    """The same for two rates: given the sum of events, the first is binomial with its share of exposure."""
    total = one.count + other.count
    share = one.base / (one.base + other.base)
    return (
        at_most(one.count, total, share, Kind.PROPORTION),
        at_least(one.count, total, share, Kind.PROPORTION),
    )
