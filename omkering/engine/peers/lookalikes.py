"""Members that look alike in structure: size, urbanity, income, ageing — whatever figures one chooses."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from omkering.engine.peers.counts import PeersError

IQR_OF_NORMAL = 1.349  # distance between the quartiles of a normal distribution, in standard deviations
LEAST_SHARED = 0.5  # share of the weight that two members must both have figures for


@dataclass(frozen=True)
class Peer:
    """A look-alike: its `distance` in standard deviations (weighted root mean square), the share of the
    weight it rests on (`known`), and the gap on each shared figure (`gaps`, signed, in standard
    deviations)."""

    member: str
    distance: float
    known: float
    gaps: Mapping[str, float]


def lookalikes(
    figures: Mapping[str, Mapping[str, float | None]],
    *,
    count: int = 10,
    weights: Mapping[str, float] | None = None,
    logarithmic: Collection[str] = (),
    members: Collection[str] | None = None,
) -> dict[str, tuple[Peer, ...]]:
    """The `count` nearest members of each of `members` (all when None), nearest first, ties by name.

    `figures` maps member to figure to value; None, NaN or absent means not known. Every figure is scaled by
    its median and quartiles, so that one metropolis does not flatten the rest; `logarithmic` figures
    (inhabitants) are compared by ratio. `weights` default to 1. A distance is over the figures both members
    have; a member with which less than half of the weight is shared is no look-alike, however near.
    Raises PeersError for weights, counts, members or values that cannot be.
    """
    names = sorted(figures)
    columns = sorted({figure for row in figures.values() for figure in row})
    weight = _weights(columns, weights or {})
    if count < 1:
        raise PeersError("the number of look-alikes must be at least 1")
    for figure in sorted(set(logarithmic) - set(columns)):
        raise PeersError(f"no member has the figure {figure}")
    wanted = names if members is None else sorted(members)
    place = {name: i for i, name in enumerate(names)}
    for name in wanted:
        if name not in place:
            raise PeersError(f"there are no figures of {name}")
    scaled = _scaled(figures, names, columns, frozenset(logarithmic))
    known = ~np.isnan(scaled)
    filled = np.where(known, scaled, 0.0)
    total = weight.sum()
    found: dict[str, tuple[Peer, ...]] = {}
    for name in wanted:
        i = place[name]
        both = known & known[i]
        shared = both @ weight
        gaps = np.where(both, filled - filled[i], 0.0)
        distance = np.full(len(names), np.inf)
        enough = (shared >= LEAST_SHARED * total) & (shared > 0)
        enough[i] = False
        distance[enough] = np.sqrt((gaps[enough] ** 2 @ weight) / shared[enough])
        # A tie within rounding is a tie; the names are sorted already.
        nearest = np.argsort(np.round(distance, 12), kind="stable")[:count]
        found[name] = tuple(
            Peer(
                names[j],
                float(distance[j]),
                float(shared[j] / total),
                {columns[c]: float(gaps[j, c]) for c in np.flatnonzero(both[j])},
            )
            for j in nearest
            if enough[j]
        )
    return found


def _weights(columns: list[str], weights: Mapping[str, float]) -> NDArray[np.float64]:
    for figure, weight in weights.items():
        if figure not in columns:
            raise PeersError(f"no member has the figure {figure}")
        if not (np.isfinite(weight) and weight >= 0):
            raise PeersError(f"the weight of {figure} is {weight}, not a number from 0")
    found = np.array([float(weights.get(figure, 1.0)) for figure in columns])
    if not found.sum() > 0:
        raise PeersError("there is no figure with a weight above 0")
    return found


def _scaled(
    figures: Mapping[str, Mapping[str, float | None]],
    names: list[str],
    columns: list[str],
    logarithmic: frozenset[str],
) -> NDArray[np.float64]:
    """Figures in robust standard deviations from the median (members × figures, NaN where not known)."""
    values = np.full((len(names), len(columns)), np.nan)
    for c, figure in enumerate(columns):
        for i, name in enumerate(names):
            value = figures[name].get(figure)
            if value is None or value != value:
                continue
            if not np.isfinite(value) or (figure in logarithmic and value <= 0):
                needed = "a number above 0" if figure in logarithmic else "a finite number"
                raise PeersError(f"the figure {figure} of {name} is {value}, not {needed}")
            values[i, c] = np.log(value) if figure in logarithmic else value
    for column in values.T:
        held = column[~np.isnan(column)]
        if not len(held):
            continue
        low, middle, high = np.quantile(held, (0.25, 0.5, 0.75))
        # Where most members are equal the quartiles coincide; then the ordinary deviation is what is left.
        spread = (high - low) / IQR_OF_NORMAL or float(held.std())
        column[:] = (column - middle) / spread if spread > 0 else column - middle
    return values
