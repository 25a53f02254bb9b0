"""Nearest neighbours and average linkage of many points, by inner product.

The mean score of two groups is the inner product of their mean points, so average linkage needs no table of
all pairs. Groups that are one another's nearest are joined, all at once, round after round: average linkage
is reducible, so joining them in any order gives the same groups as joining the best pair one at a time.
Only nearest neighbours are looked at; when no two of them can be joined any more, neighbours are sought
anew among the groups, until no two groups are alike enough.

Source: Müllner, *Modern Hierarchical, Agglomerative Clustering Algorithms* (2011), sections 2 and 3.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

_TILE = 2_048  # rows and columns of a tile of the all-pairs comparison: 16 MB
_CHUNK = 4_096  # edges whose points are held at once: 32 MB


@dataclass(frozen=True, slots=True)
class Edges:
    """Pairs of points by number, with their score."""

    a: Integers
    b: Integers
    score: Floats

    def within(self, points: Integers, total: int) -> Edges:
        """The edges between `points` (numbers out of `total`, ascending), as places in `points`."""
        place = np.full(total, -1, np.int64)
        place[points] = np.arange(len(points))
        a, b = place[self.a], place[self.b]
        kept = (a >= 0) & (b >= 0)
        return Edges(a[kept], b[kept], self.score[kept])


def nearest_neighbours(points: Floats, k: int, least: float) -> Edges:
    """For each point its at most `k` nearest others with a score of at least `least`; ties by number.

    Exact, in tiles: n²/2 inner products, memory for one tile and the result.
    """
    count = len(points)
    best = _Best(count, k, least)
    for top in range(0, count, _TILE):
        rows = points[top : top + _TILE]
        for left in range(top, count, _TILE):
            tile = rows @ points[left : left + _TILE].T
            if left == top:
                np.fill_diagonal(tile, -np.inf)
            else:
                best.offer(tile.T, left, top)
            best.offer(tile, top, left)
    return best.edges()


class _Best:
    """The best scores of each point so far, and what a newcomer must reach to be among them."""

    def __init__(self, count: int, k: int, least: float) -> None:
        self.k = k
        self.score = np.full((count, k), -np.inf, np.float32)
        self.other = np.full((count, k), count, np.int64)
        self.border = np.full(count, least, np.float32)

    def offer(self, tile: Floats, top: int, left: int) -> None:
        """Take what is good enough of the scores between points from `top` on (rows) and from `left` on."""
        border = self.border[top : top + len(tile)]
        good = tile >= border[:, None]
        counts = good.sum(axis=1)
        # Where many are near, the k-th of them is the new border: that spares sorting all.
        crowded = np.flatnonzero(counts > 2 * self.k)
        if len(crowded):
            raised = np.partition(tile[crowded], -self.k, axis=1)[:, -self.k]
            good[crowded] = tile[crowded] >= raised[:, None]
        affected = np.flatnonzero(counts)
        if not len(affected):
            return
        row, column = np.nonzero(good[affected])
        known = np.repeat(np.arange(len(affected)), self.k)
        owner = np.concatenate((known, row))
        score = np.concatenate((self.score[top + affected].ravel(), tile[affected[row], column]))
        other = np.concatenate((self.other[top + affected].ravel(), column + left))
        order = np.lexsort((other, -score, owner))
        # Every owner has k known places, so its k best are the first k of its run.
        starts = np.searchsorted(owner[order], np.arange(len(affected)))
        chosen = order[(starts[:, None] + np.arange(self.k)).ravel()]
        self.score[top + affected] = score[chosen].reshape(-1, self.k)
        self.other[top + affected] = other[chosen].reshape(-1, self.k)
        border[affected] = np.maximum(border[affected], self.score[top + affected, -1])

    def edges(self) -> Edges:
        owner, place = np.nonzero(np.isfinite(self.score))
        return Edges(owner.astype(np.int64), self.other[owner, place], self.score[owner, place])


def average_linkage(
    points: Floats, least: float, neighbours: int, edges: Edges | None = None, *, overwrite: bool = False
) -> list[Integers]:
    """Groups of points, joined as long as the mean score between two groups is at least `least`.

    Each group lists its points ascending; groups are in order of their first point. `edges` may give
    neighbours that are already known; `overwrite` spares the copy of `points`. With `neighbours` below the
    number of points the order of joining is a close approximation; the end is of the same kind: no two
    groups are left with a mean score of `least` or more.
    """
    groups = _Groups(points if overwrite else points.copy(), least)
    while True:
        searched = edges is None
        joined = groups.join(groups.nearest(neighbours) if edges is None else edges)
        edges = None
        if searched and not joined:
            return groups.as_lists()


class _Groups:
    """Groups under construction. A group is known by its first point, its leader; `sums` holds a row for
    each.
    """

    def __init__(self, points: Floats, least: float) -> None:
        self.sums, self.least = points, least
        self.sizes = np.ones(len(points), np.int64)
        self.leader = np.arange(len(points))

    def nearest(self, k: int) -> Edges:
        alive = np.flatnonzero(self.leader == np.arange(len(self.leader)))
        means = self.sums[alive]
        means /= self.sizes[alive, None].astype(np.float32)
        found = nearest_neighbours(means, k, self.least)
        return Edges(alive[found.a], alive[found.b], found.score)

    def join(self, edges: Edges) -> bool:
        """Join along `edges` until no two neighbours choose one another; whether anything was joined."""
        a, b, score = _undirected(edges.a, edges.b, edges.score, len(self.leader))
        joined = False
        while len(a):
            choice = _choices(a, b, score, len(self.leader))
            chosen = np.flatnonzero(choice >= 0)
            mutual = chosen[choice[choice[chosen]] == chosen]
            keep = mutual[mutual < choice[mutual]]
            gone = choice[keep]
            self.sums[keep] += self.sums[gone]
            self.sizes[keep] += self.sizes[gone]
            parent = np.arange(len(self.leader))
            parent[gone] = keep
            self.leader = parent[self.leader]
            joined = True
            changed = np.zeros(len(self.leader), bool)
            changed[keep] = True
            a, b, score = _undirected(parent[a], parent[b], score, len(self.leader))
            stale = np.flatnonzero(changed[a] | changed[b])
            score[stale] = self._means(a[stale], b[stale])
            # A score below the bar stays below it: the mean of two groups is never above the higher of both.
            alike = score >= self.least
            a, b, score = a[alike], b[alike], score[alike]
        return joined

    def _means(self, a: Integers, b: Integers) -> Floats:
        means = np.empty(len(a), np.float32)
        for start in range(0, len(a), _CHUNK):
            part = slice(start, start + _CHUNK)
            totals = np.einsum("ij,ij->i", self.sums[a[part]], self.sums[b[part]])
            means[part] = totals / (self.sizes[a[part]] * self.sizes[b[part]])
        return means

    def as_lists(self) -> list[Integers]:
        if not len(self.leader):
            return []
        order = np.argsort(self.leader, kind="stable")
        return np.split(order, np.flatnonzero(np.diff(self.leader[order])) + 1)


def _undirected(a: Integers, b: Integers, score: Floats, count: int) -> tuple[Integers, Integers, Floats]:
    """Each pair once, the lower number first, without pairs of a point with itself."""
    low, high = np.minimum(a, b), np.maximum(a, b)
    _, first = np.unique(low * count + high, return_index=True)
    different = low[first] != high[first]
    kept = first[different]
    return low[kept], high[kept], score[kept]


def _choices(a: Integers, b: Integers, score: Floats, count: int) -> Integers:
    """For each point the neighbour with the highest score, the lowest number among equals; -1 without any."""
    owner, other = np.concatenate((a, b)), np.concatenate((b, a))
    both = np.concatenate((score, score))
    order = np.lexsort((other, -both, owner))
    first = np.flatnonzero(np.diff(owner[order], prepend=-1))
    choice = np.full(count, -1, np.int64)
    choice[owner[order][first]] = other[order][first]
    return choice
