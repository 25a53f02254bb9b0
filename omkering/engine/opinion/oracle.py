"""The slow, obvious version of the opinion map's arithmetic: dense matrices and plain loops, for tests."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from omkering.engine.opinion.votes import VoteTable


def slow_place(
    table: VoteTable, excluded: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Components (2 × statements) and positions (participants × 2), by a full singular value decomposition of
    the mean-imputed matrix. The sign of a component is left to chance."""
    votes = table.dense()
    votes[:, excluded] = 0.0
    filled = votes.copy()
    for j in range(votes.shape[1]):
        held = votes[:, j][~np.isnan(votes[:, j])]
        filled[np.isnan(votes[:, j]), j] = held.mean() if len(held) else 0.0
    center = filled.mean(axis=0)
    components = np.linalg.svd(filled - center)[2][:2]
    positions = np.zeros((len(votes), 2))
    for i, row in enumerate(votes):
        seen = 0
        for j, vote in enumerate(row):
            if not np.isnan(vote):
                positions[i] += (vote - center[j]) * components[:, j]
                seen += 1
        positions[i] *= math.sqrt(votes.shape[1] / max(seen, 1))
    return components, positions


def slow_silhouette(points: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    """Mean silhouette, point by point."""
    scores = []
    for i, point in enumerate(points):
        gaps = {
            g: [math.dist(point, other) for j, other in enumerate(points) if labels[j] == g and j != i]
            for g in set(labels.tolist())
        }
        own = gaps.pop(labels[i].item())
        if not own:
            scores.append(0.0)
            continue
        inside = sum(own) / len(own)
        outside = min(sum(gap) / len(gap) for gap in gaps.values())
        scores.append((outside - inside) / max(inside, outside) if max(inside, outside) > 0 else 0.0)
    return sum(scores) / len(scores)


def slow_counts(table: VoteTable, labels: NDArray[np.int64], group: int) -> dict[str, tuple[int, int, int]]:
    """Agreeing, disagreeing and all votes of one group on each statement."""
    votes = table.dense()[labels == group]
    return {
        name: (
            sum(v == 1 for v in votes[:, j]),
            sum(v == -1 for v in votes[:, j]),
            sum(not np.isnan(v) for v in votes[:, j]),
        )
        for j, name in enumerate(table.statements)
    }


def slow_z_between(inside: int, outside: int, trials_inside: int, trials_outside: int) -> float:
    """Two-proportion z with one added to each count."""
    a, b, n, m = inside + 1, outside + 1, trials_inside + 1, trials_outside + 1
    pooled = (a + b) / (n + m)
    if pooled == 1:
        return 0.0
    return (a / n - b / m) / math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))


def adjusted_rand_index(first: list[str], second: list[str]) -> float:
    """How well two divisions of the same people agree, corrected for chance (Hubert and Arabie 1985)."""

    def pairs(n: int) -> int:
        return n * (n - 1) // 2

    cells: dict[tuple[str, str], int] = {}
    rows: dict[str, int] = {}
    columns: dict[str, int] = {}
    for a, b in zip(first, second, strict=True):
        cells[a, b] = cells.get((a, b), 0) + 1
        rows[a] = rows.get(a, 0) + 1
        columns[b] = columns.get(b, 0) + 1
    together = sum(map(pairs, cells.values()))
    in_rows, in_columns = sum(map(pairs, rows.values())), sum(map(pairs, columns.values()))
    by_chance = in_rows * in_columns / pairs(len(first))
    most = (in_rows + in_columns) / 2
    return (together - by_chance) / (most - by_chance) if most != by_chance else 1.0
