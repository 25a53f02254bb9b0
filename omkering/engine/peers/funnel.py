"""The funnel: how far a count may lie from the average by chance alone, given its base.

Limits are exact (binomial or Poisson), interpolated between whole counts so that they draw as a line; a
count is outside the line precisely when the exact tail is smaller than the level allows. Source: D. J.
Spiegelhalter 2005, "Funnel plots for comparing institutional performance", Statistics in Medicine 24.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from omkering.engine.peers.counts import Kind, Outcome, PeersError, at_least, at_most, check

LEVELS = (0.95, 0.998)  # about two and three standard deviations
WINSORISED = 0.1


@dataclass(frozen=True)
class FunnelPoint:
    """A member in the funnel: its `value`, the limits per level as (level, lower, upper) in the same unit,
    the exact two-sided chance `p`, and the highest level it falls outside of (None within all), with its
    `side`."""

    member: str
    value: float
    base: float
    limits: tuple[tuple[float, float, float], ...]
    p: float
    outside: float | None
    side: str


@dataclass(frozen=True)
class Funnel:
    """All points around the `target`. `dispersion` above 1 says that members differ more than chance explains
    (winsorised mean of squared z scores): then a point outside the limits is less remarkable than it
    looks."""

    target: float
    kind: Kind
    dispersion: float
    points: tuple[FunnelPoint, ...]


def funnel(
    outcomes: Mapping[str, Outcome],
    kind: Kind,
    *,
    target: float | None = None,
    levels: Sequence[float] = LEVELS,
) -> Funnel:
    """The funnel of `outcomes` around `target` (the pooled value of all when None), members by name.

    Raises PeersError for impossible counts, a target outside its range and levels outside 0 to 1.
    """
    check(outcomes, kind)
    if not outcomes:
        raise PeersError("there are no outcomes to compare")
    if any(not 0 < level < 1 for level in levels):
        raise PeersError("a level must lie between 0 and 1")
    if target is None:
        target = sum(o.count for o in outcomes.values()) / sum(o.base for o in outcomes.values())
    if not (0 <= target < np.inf) or (kind is Kind.PROPORTION and target > 1):
        raise PeersError(f"the target {target} is no possible {kind}")
    points = []
    for member in sorted(outcomes):
        outcome = outcomes[member]
        low = at_most(outcome.count, outcome.base, target, kind)
        high = at_least(outcome.count, outcome.base, target, kind)
        p = min(1.0, 2 * min(low, high))
        crossed = [level for level in levels if min(low, high) < (1 - level) / 2]
        points.append(
            FunnelPoint(
                member,
                outcome.value,
                outcome.base,
                tuple((level, *limits(outcome.base, target, kind, level)) for level in levels),
                p,
                max(crossed, default=None),
                ("low" if low < high else "high") if crossed else "inside",
            )
        )
    return Funnel(target, kind, _dispersion(outcomes, target, kind), tuple(points))


def limits(base: float, target: float, kind: Kind, level: float) -> tuple[float, float]:
    """Lower and upper limit of the value at a base, for one level."""
    tail = (1 - level) / 2

    def below(count: int) -> float:
        return at_most(count, base, target, kind)

    lower = _crossing(below, tail, base, target)
    if kind is Kind.PROPORTION:
        # The upper limit is the lower one of those who do not.
        rest = _crossing(lambda n: at_least(int(base) - n, base, target, kind), tail, base, 1 - target)
        upper = base - max(rest, 0.0)
    else:
        upper = 1 + _crossing(lambda n: 1 - at_least(n + 1, base, target, kind), 1 - tail, base, target)
    return max(lower, 0.0) / base, upper / base


def _crossing(below: Callable[[int], float], tail: float, base: float, target: float) -> float:
    """Where the distribution function `below` crosses `tail`, interpolated between whole counts: with r the
    first count that reaches it, a value between r − 1 and r, so that exactly the counts below r lie under
    it."""
    high = int(base * target) + 1
    low = -1
    while below(high) < tail:
        low, high = high, 2 * high + 1
    while high - low > 1:
        middle = (low + high) // 2
        if below(middle) < tail:
            low = middle
        else:
            high = middle
    reached, before = below(high), below(high - 1) if high else 0.0
    return high - (reached - tail) / (reached - before) if reached > before else float(high)


def _dispersion(outcomes: Mapping[str, Outcome], target: float, kind: Kind) -> float:
    base = np.array([o.base for o in outcomes.values()], dtype=float)
    value = np.array([o.value for o in outcomes.values()], dtype=float)
    variance = target * (1 - target) / base if kind is Kind.PROPORTION else target / base
    if not np.all(variance > 0):
        return 0.0
    z = np.sort((value - target) / np.sqrt(variance))
    cut = int(len(z) * WINSORISED)
    z = np.clip(z, z[cut], z[len(z) - 1 - cut])
    return float((z**2).mean())
