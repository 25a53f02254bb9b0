"""Weights from population: exact, bounded, refused where the numbers make no sense."""

import csv
from fractions import Fraction
from math import ceil, floor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omkering.engine.weights import WeightError, WeightRule, table, weight

DATA = Path(__file__).parents[2].parent / "shared" / "data"
RULE = WeightRule(unit=1000, rounding="ceil", cap=75, minimum=1)


@pytest.mark.parametrize(
    ("population", "votes"),
    [(0, 1), (1, 1), (1000, 1), (1001, 2), (74_999, 75), (75_001, 75), (900_000, 75)],
)
def test_one_vote_per_thousand_or_part_of_it(population, votes):
    assert weight(population, RULE) == votes


@given(
    st.integers(0, 10**30),
    st.integers(1, 10**12),
    st.sampled_from(["ceil", "floor", "half_up"]),
    st.integers(0, 50),
    st.none() | st.integers(50, 10**20),
)
def test_equals_the_rule_in_fractions(population, unit, rounding, minimum, cap):
    exact = Fraction(population, unit)
    rounded = {"ceil": ceil(exact), "floor": floor(exact), "half_up": floor(exact + Fraction(1, 2))}[rounding]
    expected = max(rounded, minimum)
    if cap is not None:
        expected = min(expected, cap)
    assert weight(population, WeightRule(unit, rounding, cap, minimum)) == expected


def test_from_mapping_and_table():
    rule = WeightRule.from_mapping({"unit": 1000, "rounding": "ceil", "cap": 75, "minimum": 1})
    assert rule == RULE
    assert table({"b": 12_345, "a": 5}, rule) == {"b": 13, "a": 1}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({}, "needs a unit"),
        ({"unit": 0}, "unit is a whole number of at least 1, not 0"),
        ({"unit": 1000.0}, "not 1000.0"),
        ({"unit": True}, "not True"),
        ({"unit": 1, "rounding": "up"}, "ceil, floor or half_up, not 'up'"),
        ({"unit": 1, "cap": 2, "minimum": 3}, "cap of 2 votes is below the minimum of 3"),
        ({"unit": 1, "min": 1}, "no 'min'"),
    ],
)
def test_a_rule_that_is_none_says_why(data, reason):
    with pytest.raises(WeightError, match=reason):
        WeightRule.from_mapping(data)


def test_a_bad_population_names_the_member():
    with pytest.raises(WeightError, match="member m2: population is a whole number of at least 0, not -1"):
        table({"m1": 1, "m2": -1}, RULE)


def test_the_weights_of_the_real_members():
    """Known sums: 344 members on 1 January 2022, with the cap of 75 and without."""
    path = DATA / "municipalities_2022_344.csv"
    if not path.exists():
        pytest.skip(f"{path.name} is not beside the project")
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    votes = table({row["gm_code"]: int(row["inwoners_20220101"]) for row in rows}, RULE)
    assert (len(votes), sum(votes.values())) == (344, 13_263)
    assert sum(number == 75 for number in votes.values()) == 53
    free = WeightRule(unit=1000, rounding="ceil", minimum=1)
    assert sum(weight(int(row["inwoners_20220101"]), free) for row in rows) == 17_758
