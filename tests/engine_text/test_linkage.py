"""Nearest neighbours and average linkage against slow, obvious versions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omkering.engine.similar import linkage
from omkering.engine.similar.linkage import average_linkage, nearest_neighbours


def cloud(seed, count, centres=6, dimensions=12):
    """Unit points around a few centres: groups exist, and no two scores are equal."""
    random = np.random.default_rng(seed)
    middle = random.normal(size=(centres, dimensions))
    points = middle[random.integers(centres, size=count)] + random.normal(scale=0.6, size=(count, dimensions))
    return (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)


def slow_neighbours(points, k, least):
    result = {}
    for i, point in enumerate(points):
        scores = [(-float(point @ other), j) for j, other in enumerate(points) if j != i]
        result[i] = [j for score, j in sorted(scores) if -score >= least][:k]
    return result


def slow_linkage(points, least):
    """Join the pair of groups with the highest mean score, one at a time, all pairs looked at every time."""
    scores = points.astype(np.float64) @ points.astype(np.float64).T
    groups = [[i] for i in range(len(points))]
    while len(groups) > 1:
        best = max(
            (scores[np.ix_(one, other)].mean(), i, j)
            for i, one in enumerate(groups)
            for j, other in enumerate(groups[:i])
        )
        if best[0] < least:
            break
        _, i, j = best
        groups[j] += groups.pop(i)
    return sorted(sorted(group) for group in groups)


def lists(groups):
    return [group.tolist() for group in groups]


@pytest.mark.parametrize("k", [1, 4, 50])
@pytest.mark.parametrize("least", [-2.0, 0.3, 0.9])
def test_neighbours_equal_the_slow_version(k, least, monkeypatch):
    monkeypatch.setattr(linkage, "_TILE", 7)
    points = cloud(1, 60)
    edges = nearest_neighbours(points, k, least)
    found = {i: edges.b[edges.a == i].tolist() for i in range(len(points))}
    assert found == slow_neighbours(points, k, least)
    assert edges.score == pytest.approx(np.einsum("ij,ij->i", points[edges.a], points[edges.b]), abs=1e-6)


def test_equal_points_go_by_number(monkeypatch):
    monkeypatch.setattr(linkage, "_TILE", 4)
    points = np.ones((9, 1), np.float32)
    edges = nearest_neighbours(points, 2, 0.5)
    assert edges.b[edges.a == 5].tolist() == [0, 1]
    assert edges.b[edges.a == 0].tolist() == [1, 2]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 40), st.sampled_from([-0.2, 0.1, 0.3, 0.5, 0.8]))
def test_linkage_with_all_neighbours_equals_the_slow_version(seed, count, least):
    points = cloud(seed, count)
    assert lists(average_linkage(points, least, max(count, 1))) == slow_linkage(points, least)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 120), st.integers(1, 8))
def test_with_few_neighbours_no_two_groups_are_left_that_belong_together(seed, count, k):
    points = cloud(seed, count)
    groups = average_linkage(points, 0.3, k)
    assert sorted(i for group in groups for i in group.tolist()) == list(range(count))
    means = np.stack([points[group].mean(axis=0) for group in groups])
    between = means @ means.T
    np.fill_diagonal(between, -1)
    assert between.max() < 0.3 + 1e-5


def test_points_are_left_as_they_were():
    points = cloud(3, 30)
    before = points.copy()
    average_linkage(points, 0.2, 5)
    assert np.array_equal(points, before)


def test_equal_points_are_one_group():
    points = np.repeat(cloud(4, 3), 50, axis=0)
    assert [len(group) for group in average_linkage(points, 0.999, 4)] == [50, 50, 50]


def test_no_points_no_groups():
    assert average_linkage(np.empty((0, 4), np.float32), 0.5, 3) == []
