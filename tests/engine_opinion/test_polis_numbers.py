"""Polis' own numbers, to 1e-6: positions, groups, representative statements and consensus."""

import numpy as np
import pytest

from omkering.engine.opinion import opinion_map
from tests.engine_opinion.polis_data import MATH, polis_math

CLOSE = 1e-6


@pytest.fixture(scope="module", params=MATH)
def case(request):
    math = polis_math(request.param)
    return math, opinion_map(math.table, excluded=math.excluded, memory=math.memory)


def test_center_and_components_equal_up_to_sign(case):
    math, result = case
    # Polis stores agreement as −1.
    assert np.allclose(result.space.center, -np.array(math.published["pca"]["center"]), atol=CLOSE)
    for ours, theirs in zip(result.space.components, math.published["pca"]["comps"], strict=True):
        theirs = np.array(theirs)
        assert np.allclose(ours, theirs * np.sign(ours @ theirs), atol=CLOSE)


def test_positions_equal_up_to_sign(case):
    math, result = case
    base = math.published["base-clusters"]
    at = [result.participants.index(str(members[0])) for members in base["members"]]
    for axis, theirs in enumerate((np.array(base["x"]), np.array(base["y"]))):
        ours = result.positions[at, axis]
        assert np.allclose(ours, theirs * np.sign(ours @ theirs), atol=CLOSE)


def test_groups_have_the_same_members(case):
    math, result = case
    assert result.k == 3
    assert result.memory.groups == math.groups
    assert [g.size for g in result.groups] == [
        math.published["group-votes"][str(g.id)]["n-members"] for g in result.groups
    ]


def test_one_of_them_needs_no_history():
    math = polis_math(MATH[0])
    fresh = opinion_map(math.table, excluded=math.excluded)
    assert sorted(g.size for g in fresh.groups) == [6, 10, 11]


def test_representative_statements_are_the_same(case):
    math, result = case
    for group in result.groups:
        theirs = math.published["repness"][str(group.id)]
        assert [r.statement for r in group.representative] == [str(t["tid"]) for t in theirs]
        for ours, their in zip(group.representative, theirs, strict=True):
            assert ours.direction == their["repful-for"]
            assert (ours.successes, ours.trials) == (their["n-success"], their["n-trials"])
            assert ours.headline == their.get("best-agree", False)
            assert ours.probability == pytest.approx(their["p-success"], abs=CLOSE)
            assert ours.z_odds == pytest.approx(their["p-test"], abs=CLOSE)
            assert ours.ratio == pytest.approx(their["repness"], abs=CLOSE)
            assert ours.z == pytest.approx(their["repness-test"], abs=CLOSE)


def test_consensus_is_the_same(case):
    math, result = case
    for statement in result.statements:
        theirs = math.published["group-aware-consensus"][statement.id]
        assert statement.consensus == pytest.approx(theirs, abs=CLOSE)
    for direction in ("agree", "disagree"):
        ours = [m for m in result.majority if m.direction == direction]
        theirs = math.published["consensus"][direction]
        assert [m.statement for m in ours] == [str(t["tid"]) for t in theirs]
        for our, their in zip(ours, theirs, strict=True):
            assert (our.successes, our.trials) == (their["n-success"], their["n-trials"])
            assert our.probability == pytest.approx(their["p-success"], abs=CLOSE)
            assert our.z == pytest.approx(their["p-test"], abs=CLOSE)
