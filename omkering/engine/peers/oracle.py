"""The slow, obvious versions, with whole numbers and fractions, for tests."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import permutations

from omkering.engine.peers.counts import Kind, Outcome


def slow_tails(count: int, base: int, target: Fraction, kind: Kind) -> tuple[float, float]:
    """P(X ≤ count) and P(X ≥ count)."""
    if kind is Kind.PROPORTION:

        def mass(k: int) -> Fraction | float:
            return math.comb(base, k) * target**k * (1 - target) ** (base - k)

        most = base
    else:
        mean = float(base * target)

        def mass(k: int) -> Fraction | float:
            return math.exp(-mean) * mean**k / math.factorial(k)

        most = 150
    return float(sum(mass(k) for k in range(count + 1))), float(sum(mass(k) for k in range(count, most + 1)))


def slow_fisher(one: Outcome, other: Outcome) -> tuple[float, float]:
    """Fisher's exact tails, as fractions of the number of ways to divide the sum of counts."""
    n, m, total = int(one.base), int(other.base), one.count + other.count
    ways = {k: math.comb(n, k) * math.comb(m, total - k) for k in range(max(0, total - m), min(n, total) + 1)}
    every = sum(ways.values())
    low = sum(number for k, number in ways.items() if k <= one.count)
    high = sum(number for k, number in ways.items() if k >= one.count)
    return low / every, high / every


def slow_mann_kendall(values: Sequence[float]) -> float:
    """Two-sided p by trying every order of the values."""

    def score(order: Sequence[float]) -> int:
        return sum((b > a) - (b < a) for i, a in enumerate(order) for b in order[i + 1 :])

    reached = abs(score(values))
    every = list(permutations(values))
    return min(1.0, 2 * sum(score(order) >= reached for order in every) / len(every))


def slow_distance(
    scaled: Mapping[str, Mapping[str, float]], weights: Mapping[str, float], one: str, other: str
) -> float | None:
    """Weighted root mean square over the figures that both have; None when they share too little."""
    shared = [figure for figure in weights if figure in scaled[one] and figure in scaled[other]]
    mass = sum(weights[figure] for figure in shared)
    if mass < sum(weights.values()) / 2 or mass <= 0:
        return None
    squares = sum(weights[figure] * (scaled[one][figure] - scaled[other][figure]) ** 2 for figure in shared)
    return math.sqrt(squares / mass)


def slow_benjamini_hochberg(p_values: Sequence[float], level: float) -> list[bool]:
    """Which hypotheses the step-up procedure rejects, by its definition."""
    ordered = sorted(p_values)
    cut = max((p for k, p in enumerate(ordered, 1) if p <= level * k / len(ordered)), default=-1.0)
    return [p <= cut for p in p_values]


def slow_holm(p_values: Sequence[float], level: float) -> list[bool]:
    """Which hypotheses the step-down procedure rejects, by its definition."""
    rejected: set[float] = set()
    for k, p in enumerate(sorted(p_values)):
        if p > level / (len(p_values) - k):
            break
        rejected.add(p)
    return [p in rejected for p in p_values]
