"""Whether a series goes up or down, without assuming how: Theil–Sen slope and Mann–Kendall test."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

from omkering.engine.peers.counts import PeersError

EXACT_UP_TO = 30  # periods; beyond, and with ties, the normal approximation is close


@dataclass(frozen=True)
class Trend:
    """`slope` per unit of time (median of all pairwise slopes), `p` two-sided, and the `direction`: "up",
    "down" or "none shown"."""

    slope: float
    p: float
    direction: str
    periods: int


def trend(series: Mapping[float, float], *, level: float = 0.05) -> Trend:
    """The trend of values by time; at least three periods.

    The test counts how many pairs rise or fall (Mann 1945, Kendall 1975), exactly up to 30 periods without
    equal values. The slope is that of Sen 1968. Raises PeersError for fewer periods or values that are no
    numbers.
    """
    points = sorted(series.items())
    if len(points) < 3:
        raise PeersError(f"a trend needs at least 3 periods, not {len(points)}")
    if not all(math.isfinite(number) for point in points for number in point):
        raise PeersError("a trend needs finite numbers")
    pairs = list(combinations(points, 2))
    slopes = sorted((after[1] - before[1]) / (after[0] - before[0]) for before, after in pairs)
    half = len(slopes) // 2
    slope = slopes[half] if len(slopes) % 2 else (slopes[half - 1] + slopes[half]) / 2
    score = sum((after[1] > before[1]) - (after[1] < before[1]) for before, after in pairs)
    ties = Counter(value for _, value in points)
    n = len(points)
    p = _exact(n, score) if n <= EXACT_UP_TO and len(ties) == n else _normal(n, score, ties)
    direction = "none shown" if p > level else ("up" if score > 0 else "down")
    return Trend(slope, p, direction, n)


def _exact(n: int, score: int) -> float:
    """Two-sided p from the number of orders of n values with so many falling pairs (Kendall's recursion)."""
    ways = [1]
    for length in range(2, n + 1):
        grown = [0] * (len(ways) + length - 1)
        for falling, number in enumerate(ways):
            for more in range(length):
                grown[falling + more] += number
        ways = grown
    most = n * (n - 1) // 2
    extreme = (most - abs(score)) // 2  # falling pairs of a series that rises as clearly
    return min(1.0, 2 * sum(ways[: extreme + 1]) / math.factorial(n))


def _normal(n: int, score: int, ties: Counter[float]) -> float:
    variance = n * (n - 1) * (2 * n + 5)
    variance -= sum(t * (t - 1) * (2 * t + 5) for t in ties.values())
    if not variance:
        return 1.0
    z = max(0, abs(score) - 1) / math.sqrt(variance / 18)
    return math.erfc(z / math.sqrt(2))
