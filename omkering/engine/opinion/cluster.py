"""Groups on the plane: k-means with k from 2 to 5, chosen by silhouette, without chance.

- Above 100 participants the search runs on at most 100 base clusters, as in Polis; what it finds is then
  settled on the participants themselves, and the silhouette is that of participants (a fixed sample of 600).
- Every k starts from several fixed sets of centres; the division with the highest silhouette is kept, the
  measure that also decides between the values of k.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BASE_CLUSTERS = 100
LARGEST_K = 5
PEOPLE_PER_EXTRA_GROUP = 12  # Polis: at most 2 + n/12 groups
BASE_ROUNDS = 3
GROUP_ROUNDS = 100
TRIAL_ROUNDS = 5  # enough to tell which division is best; only that one is settled to the end
SEARCHED = 10_000  # of more points an even sample is searched, and all are settled on what it finds
SILHOUETTE_SAMPLE = 600
RESTLESS = 10_000  # one in so many points may still move when the iteration stops
CELLS = 20_000  # of the table of distances at a time: it stays in the cache, and nothing large is allocated

Points = NDArray[np.float64]
Labels = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Partition:
    """A division of points by the nearest of `centers` (k × 2), and its silhouette (−1 to 1)."""

    k: int
    centers: Points
    silhouette: float


def nearest(points: Points, centers: Points) -> Labels:
    """Number of the nearest centre of each point; the lowest number wins a tie."""
    # |p - c|² / 2 without the part that is the same for every centre.
    offset = (centers * centers).sum(axis=1) / 2
    turned = np.ascontiguousarray(centers.T)
    block = max(1, CELLS // len(centers))
    if len(points) <= block:
        return (offset - points @ turned).argmin(axis=1)
    labels = np.empty(len(points), dtype=np.int64)
    for i in range(0, len(points), block):
        np.argmin(offset - points[i : i + block] @ turned, axis=1, out=labels[i : i + block])
    return labels


def means(points: Points, weights: NDArray[np.float64], labels: Labels, centers: Points) -> Points:
    """Weighted mean of the points of each label; a label without points keeps its centre."""
    moments = weights, weights * points[:, 0], weights * points[:, 1]
    return _means(moments, labels, centers)


def _means(moments: tuple[NDArray[np.float64], ...], labels: Labels, centers: Points) -> Points:
    k = len(centers)
    mass, x, y = (np.bincount(labels, weights=moment, minlength=k) for moment in moments)
    held = mass > 0
    if held.all():
        return np.array((x / mass, y / mass)).T
    safe = np.where(held, mass, 1.0)
    return np.where(held[:, None], np.array((x / safe, y / safe)).T, centers)


def settle(
    points: Points, weights: NDArray[np.float64], centers: Points, rounds: int
) -> tuple[Points, Labels]:
    """Lloyd's iteration until nothing moves (from 10,000 points: until hardly anything does) or `rounds` are
    done."""
    moments = weights, weights * points[:, 0], weights * points[:, 1]
    labels = nearest(points, centers)
    for _ in range(rounds):
        centers = _means(moments, labels, centers)
        again = nearest(points, centers)
        moved = np.count_nonzero(again != labels)
        labels = again
        if moved <= len(points) // RESTLESS:
            break
    return centers, labels


def cells(points: Points, weights: NDArray[np.float64], wanted: int) -> Points:
    """Centres of at most `wanted` cells: in each round the cells with the largest spread are cut at their
    mean, across their longest side."""
    cell = np.zeros(len(points), dtype=np.int64)
    x, y = np.ascontiguousarray(points[:, 0]), np.ascontiguousarray(points[:, 1])
    count = 1
    while True:
        middle = means(points, weights, cell, np.zeros((count, 2)))
        spread = np.stack(
            [
                np.bincount(cell, weights=weights * (axis - middle[cell, i]) ** 2, minlength=count)
                for i, axis in enumerate((x, y))
            ]
        )
        widest = np.argsort(-spread.sum(axis=0), kind="stable")[: wanted - count]
        if not len(widest):
            return middle
        # Where the cell is cut (0 = x, 1 = y); a cell that is not cut has no high side.
        cut = np.full((2, count), np.inf)
        across = np.argmax(spread[:, widest], axis=0)
        cut[across, widest] = middle[widest, across]
        high = (x > cut[0, cell]) | (y > cut[1, cell])
        split = np.flatnonzero(np.bincount(cell[high], minlength=count))
        if not len(split):
            return middle
        number = np.full(count, -1, dtype=np.int64)
        number[split] = count + np.arange(len(split))
        cell = np.where(high, number[cell], cell)
        count += len(split)


def silhouettes(distances: NDArray[np.floating], divisions: Sequence[Labels]) -> list[float]:
    """Mean silhouette (Rousseeuw 1987) of each division of the same points: how much nearer a point lies to its
    own group than to the next, −1 to 1.

    `distances` is square. A point alone in its group scores 0, as in Polis; −1 with fewer than two groups."""
    grouped = [np.unique(labels, return_inverse=True)[1] for labels in divisions]
    sizes = [np.bincount(group) for group in grouped]
    ends = np.cumsum([len(size) for size in sizes])
    at = np.arange(len(distances))
    member = np.zeros((len(distances), ends[-1] if len(ends) else 0), dtype=distances.dtype)
    for group, size, end in zip(grouped, sizes, ends, strict=True):
        member[at, end - len(size) + group] = 1
    # All divisions in one product: the table of distances is read once.
    to_group = (distances @ member).astype(np.float64)
    return [
        _silhouette(to_group[:, end - len(size) : end], group, size.astype(float))
        for group, size, end in zip(grouped, sizes, ends, strict=True)
    ]


def _silhouette(to_group: NDArray[np.float64], group: Labels, size: NDArray[np.float64]) -> float:
    """The silhouette from the sum of distances of each point to each group."""
    if len(size) < 2:
        return -1.0
    at = np.arange(len(group))
    inside = to_group[at, group] / np.maximum(size[group] - 1.0, 1.0)
    outside = to_group / size
    outside[at, group] = np.inf
    other = outside.min(axis=1)
    larger = np.maximum(inside, other)
    score = np.where(larger > 0, (other - inside) / np.where(larger > 0, larger, 1.0), 0.0)
    return float(np.where(size[group] > 1, score, 0.0).mean())


def _farthest_first(squared: NDArray[np.float32], first: int, k: int) -> list[int]:
    chosen = [first]
    gap = squared[first].copy()
    while len(chosen) < k:
        chosen.append(int(np.argmax(gap)))
        np.minimum(gap, squared[chosen[-1]], out=gap)
    return chosen


def _starts(
    points: Points, weights: NDArray[np.float64], squared: NDArray[np.float32], grown: Points, k: int
) -> Iterator[Points]:
    """Fixed sets of k centres: from the middle outwards, from the edge inwards, by cells, and last the
    smaller solution `grown` with the point that gains most (Likas et al. 2003, "The global k-means
    algorithm")."""
    middle = weights @ points / weights.sum()
    away = ((points - middle) ** 2).sum(axis=1)
    yield points[_farthest_first(squared, int(np.argmin(away)), k)]
    yield points[_farthest_first(squared, int(np.argmax(away)), k)]
    yield cells(points, weights, k)
    reach = ((points[:, None, :] - grown[None]) ** 2).sum(axis=2).min(axis=1)
    gain = weights @ np.maximum(reach[:, None] - squared, 0.0)
    yield np.vstack([grown, points[int(np.argmax(gain))]])


def partitions(
    points: Points,
    weights: NDArray[np.float64],
    *,
    kept: tuple[int, Labels] | None = None,
) -> dict[int, Partition]:
    """The best division of `points` (n × 2) for every k from 2 to 5 that the data allow.

    `weights` (n) say how much each point counts. `kept` is a division to start from for its own k instead of
    the fixed starts: the group of each point, −1 for points that had none. Empty when all points coincide.
    """
    searched = _spread(len(points), SEARCHED)
    all_points, all_weights = points, weights
    points, weights = points[searched], weights[searched]
    base = np.arange(len(points))
    rough, mass = points, weights
    if len(points) > BASE_CLUSTERS:
        ones = np.ones(len(points))
        _, base = settle(points, ones, cells(points, ones, BASE_CLUSTERS), BASE_ROUNDS)
        base = np.unique(base, return_inverse=True)[1]
        mass = np.bincount(base, weights=weights).astype(np.float64)
        rough = means(points, weights, base, np.zeros((len(mass), 2)))
    sample = _spread(len(points), SILHOUETTE_SAMPLE)
    distances = _squared(points[sample])
    np.sqrt(distances, out=distances)
    squared = _squared(rough)
    most = min(LARGEST_K, 2 + len(rough) // PEOPLE_PER_EXTRA_GROUP, len(np.unique(rough, axis=0)))
    candidates: list[tuple[int, Points, Labels]] = []
    grown = (mass @ rough / mass.sum())[None, :]
    for k in range(2, most + 1):
        divisions: list[Points] = []
        for start in _starts(rough, mass, squared, grown, k):
            grown, labels = settle(rough, mass, start, GROUP_ROUNDS)
            divisions.append(means(points, weights, labels[base], grown))
        if kept is not None and kept[0] == k and len(np.unique(kept[1][kept[1] >= 0])) == k:
            had = kept[1] >= 0
            divisions = [means(all_points[had], all_weights[had], kept[1][had], np.zeros((k, 2)))]
        seen: set[tuple[float, ...]] = set()
        for start in {_form(centers): centers for centers in divisions}.values():
            centers, labels = settle(points, weights, start, TRIAL_ROUNDS)
            if _form(centers) in seen or np.bincount(labels, minlength=k).min() == 0:
                continue
            seen.add(_form(centers))
            candidates.append((k, centers, labels[sample]))
    found: dict[int, Partition] = {}
    scores = silhouettes(distances, [labels for _, _, labels in candidates])
    for (k, centers, _), score in zip(candidates, scores, strict=True):
        if k not in found or score > found[k].silhouette:
            found[k] = Partition(k, centers, score)
    return found


def assign(points: Points, weights: NDArray[np.float64], partition: Partition) -> Labels:
    """The group of each point, with the centres settled on all of them."""
    return settle(points, weights, partition.centers, GROUP_ROUNDS)[1]


def _spread(total: int, wanted: int) -> NDArray[np.int64]:
    """At most `wanted` numbers below `total`, evenly spread."""
    if total <= wanted:
        return np.arange(total)
    return np.arange(wanted) * total // wanted


def _form(centers: Points) -> tuple[float, ...]:
    """A set of centres in whatever order."""
    return tuple(sorted(np.round(centers, 9).ravel().tolist()))


def _squared(points: Points) -> NDArray[np.float32]:
    """Squared distance between every two points. Single precision: what it decides is no finer than that."""
    x, y = points.T.astype(np.float32)
    gap = np.subtract.outer(x, x)
    gap *= gap
    other = np.subtract.outer(y, y)
    other *= other
    gap += other
    return gap
