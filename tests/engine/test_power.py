"""Voting power against every coalition written out, against known assemblies, and against its own laws."""

import csv
from fractions import Fraction
from math import factorial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omkering.engine import power as module
from omkering.engine.power import PowerError, blocs, power, quota_of
from omkering.engine.weights import WeightRule, weight

DATA = Path(__file__).parents[2].parent / "shared" / "data"


def oracle(weights, quota):
    """Swings and Shapley values by the definition, over all coalitions of the others."""
    count = len(weights)
    swings = [0] * count
    shapley = [Fraction(0)] * count
    for coalition in range(1 << count):
        inside = [number for number in range(count) if coalition >> number & 1]
        votes = sum(weights[number] for number in inside)
        if votes >= quota:
            continue
        orders = Fraction(factorial(len(inside)) * factorial(count - 1 - len(inside)), factorial(count))
        for number in range(count):
            if number not in inside and votes + weights[number] >= quota:
                swings[number] += 1
                shapley[number] += orders
    return swings, shapley


def check(weights, quota):
    found = power(weights, quota)
    swings, shapley = oracle(weights, quota)
    assert list(found.banzhaf_absolute) == [Fraction(number, 2 ** (len(weights) - 1)) for number in swings]
    assert list(found.banzhaf) == [Fraction(number, sum(swings)) for number in swings]
    assert list(found.shapley) == shapley


@settings(deadline=None, max_examples=200)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=9).filter(any), st.data())
def test_equals_all_coalitions(weights, data):
    check(weights, data.draw(st.integers(1, sum(weights))))


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(1, 4), min_size=10, max_size=13), st.data())
def test_equals_all_coalitions_with_many_equal_weights(weights, data):
    check(weights, data.draw(st.integers(1, sum(weights))))


@pytest.mark.parametrize("quota", [1, 3, 4, 7])
def test_blocks_chunks_and_words_change_nothing(quota, monkeypatch):
    """The same numbers with the smallest blocks, so that every seam is crossed."""
    weights = [1, 1, 1, 1, 1, 1, 2]
    monkeypatch.setattr(module, "_CHUNK", 2)
    monkeypatch.setattr(module, "_CACHED", 1)
    monkeypatch.setattr(module, "_BITS", 3)
    monkeypatch.setattr(module, "_MASK", module.np.uint64(7))
    check(weights, quota)


def test_the_council_of_six():
    """The Council of the EEC of 1958: 4, 4, 4, 2, 2, 1 with 12 of 17; Luxembourg never swings."""
    found = power([4, 4, 4, 2, 2, 1], 12)
    assert found.banzhaf == tuple(Fraction(part, 21) for part in (5, 5, 5, 3, 3, 0))
    assert found.shapley == tuple(Fraction(part, 60) for part in (14, 14, 14, 9, 9, 0))


def test_a_dictator_has_all_power_and_unanimity_shares_it():
    found = power([6, 1, 1, 1], 6)
    assert (found.banzhaf, found.shapley) == ((1, 0, 0, 0), (1, 0, 0, 0))
    found = power([6, 3, 1, 0], 10)
    third = Fraction(1, 3)
    assert (found.banzhaf, found.shapley) == ((third, third, third, 0), (third, third, third, 0))


def test_equal_members_share_equally_however_many():
    """Exact far beyond what a float holds: 150 members with one vote each, and 1,000 of them."""
    for members in (150, 1000):
        found = power([1] * members, members // 2 + 1)
        assert set(found.shapley) == {Fraction(1, members)}
        assert set(found.banzhaf) == {Fraction(1, members)}


@settings(deadline=None, max_examples=15)
@given(st.lists(st.integers(1, 400), min_size=60, max_size=90), st.data())
def test_laws_that_hold_for_any_size(weights, data):
    quota = data.draw(st.integers(1, sum(weights)))
    found = power(weights, quota)
    assert sum(found.shapley) == sum(found.banzhaf) == 1
    ranked = sorted(zip(weights, found.shapley, found.banzhaf, strict=True))
    assert [value for _, value, _ in ranked] == sorted(found.shapley)
    assert [value for _, _, value in ranked] == sorted(found.banzhaf)
    # The swings by size that give Shapley's value are Banzhaf's swings when sizes do not count.
    table = module._Coalitions(sorted(weights), quota, len(weights) - 1)
    table.count()
    by_size = table.swings(quota)
    for votes, absolute in zip(weights, found.banzhaf_absolute, strict=True):
        assert Fraction(sum(by_size[votes]), 2 ** (len(weights) - 1)) == absolute
    # A member without votes changes nothing, nor does counting in pairs.
    more = power([*(2 * votes for votes in weights), 0], 2 * quota - 1)
    assert more.shapley == (*found.shapley, 0)
    assert more.banzhaf_absolute == (*found.banzhaf_absolute, 0)


def test_the_real_association():
    """342 members, one vote per 1,000 inhabitants up to 75: both indices sum to 1, the capped are equal."""
    path = DATA / "municipalities_2023_342.csv"
    if not path.exists():
        pytest.skip(f"{path.name} is not beside the project")
    rule = WeightRule(unit=1000, rounding="ceil", cap=75, minimum=1)
    with path.open(newline="", encoding="utf-8") as file:
        weights = [weight(int(row["inwoners_recent"]), rule) for row in csv.DictReader(file)]
    found = power(weights, quota_of(sum(weights), 1, 2, strict=True))
    assert (found.total, found.quota) == (13_496, 6_749)
    assert sum(found.shapley) == sum(found.banzhaf) == 1
    capped = {value for votes, value in zip(weights, found.shapley, strict=True) if votes == 75}
    assert len(capped) == 1
    # A large assembly without giants: power follows the weights closely, though not exactly.
    assert abs(capped.pop() / Fraction(75, 13_496) - 1) < Fraction(1, 50)


def test_quota_is_a_fraction_of_whole_votes():
    assert quota_of(1000, 2, 3, strict=False) == 667
    assert quota_of(1000, 1, 2, strict=True) == 501
    assert quota_of(1000, 1, 2, strict=False) == 500
    assert quota_of(999, 1, 1, strict=False) == 999


def test_blocs_vote_as_one():
    weights = {"a": 4, "b": 4, "c": 4, "d": 2, "e": 2, "f": 1}
    assert blocs(weights, {"south": ["d", "f"]}) == {"a": 4, "b": 4, "c": 4, "south": 3, "e": 2}
    assert blocs(weights, {}) == weights
    with pytest.raises(PowerError, match="member x of bloc south has no weight"):
        blocs(weights, {"south": ["x"]})
    with pytest.raises(PowerError, match="member a is in two blocs, north and south"):
        blocs(weights, {"north": ["a"], "south": ["a"]})
    with pytest.raises(PowerError, match="bloc a has the name of a member outside it"):
        blocs(weights, {"a": ["b"]})


@pytest.mark.parametrize(
    ("weights", "quota", "reason"),
    [
        ([], 1, "nobody has a vote"),
        ([0, 0], 1, "nobody has a vote"),
        ([1, -1], 1, "not -1"),
        ([1, 2.0], 1, "not 2.0"),
        ([1, 2], 0, "between 1 and the 3 votes there are, not at 0"),
        ([1, 2], 4, "not at 4"),
        ([10**9, 10**9 + 1, 7], 10**9, "more than the 131072"),
        ([1 + number % 180 for number in range(2800)], 120_000, "GB of memory, too much"),
    ],
)
def test_votes_that_are_refused(weights, quota, reason):
    with pytest.raises(PowerError, match=reason):
        power(weights, quota)


@pytest.mark.parametrize(("numerator", "denominator", "strict"), [(0, 1, False), (3, 2, False), (1, 1, True)])
def test_quotas_that_are_refused(numerator, denominator, strict):
    with pytest.raises(PowerError):
        quota_of(10, numerator, denominator, strict=strict)
