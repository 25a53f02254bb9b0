"""Greedy, Phragmén and the choice of priorities."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omkering.engine.budget import BudgetError, Election, choose_priorities, greedy, oracle, phragmen
from tests.engine_budget.strategies import elections

UTILITIES = st.sampled_from(["cost", "cardinality"])


@settings(max_examples=200, deadline=None)
@given(st.one_of(elections(scored=True), elections(most=4)), UTILITIES)
def test_greedy_is_that_of_the_slow_version(election: Election, utility: str) -> None:
    outcome = greedy(election, utility=utility)
    assert list(outcome.selected) == oracle.greedy(election, utility, [])
    assert outcome.cost <= election.budget
    assert all(each.lacking > 0 for each in outcome.failures if each.reason == "does_not_fit")


@settings(max_examples=200, deadline=None)
@given(st.one_of(elections(), elections(most=4)))
def test_phragmen_is_that_of_the_slow_version(election: Election) -> None:
    outcome = phragmen(election, explain=True)
    assert list(outcome.selected) == oracle.phragmen(election)
    costs = dict(zip(election.projects, election.costs, strict=True))
    assert outcome.cost == sum(costs[p] for p in outcome.selected) <= election.budget
    for project, shares in outcome.payments.items():
        assert sum(shares.values()) == costs[project]
    loads = [each.price for each in outcome.rounds]
    assert loads == sorted(loads)
    earned = loads[-1] if loads else Fraction(0)
    for voter, weight in zip(election.voters, election.weights, strict=True):
        assert sum(shares.get(voter, 0) for shares in outcome.payments.values()) <= weight * earned


def test_phragmen_ends_when_one_of_the_tied_does_not_fit() -> None:
    ballots = {"x": ["a"], "y": ["a"], "z": ["b"]}
    outcome = phragmen(Election.of({"a": 4, "b": 2}, ballots, budget=3))
    assert outcome.selected == ("b",)  # a costs more than the whole budget and does not compete
    tied = phragmen(Election.of({"a": 4, "b": 2}, {"x": ["a"], "y": ["a"], "z": ["b"]}, budget=5))
    assert tied.selected == ("a",)
    assert tied.rounds[0].by_tie_rule
    last = phragmen(
        Election.of({"a": 4, "b": 2, "c": 4}, {"x": ["a", "c"], "y": ["a", "c"], "z": ["b"]}, budget=7)
    )
    assert last.selected == ("a", "b")
    assert [(each.project, each.reason) for each in last.failures] == [("c", "does_not_fit")]


def test_greedy_ranks_by_votes_or_by_votes_per_cost() -> None:
    ballots = {"x": ["big", "small"], "y": ["big"], "z": ["big", "none"]}
    election = Election.of({"big": 9, "small": 1, "none": 2, "unwanted": 0}, ballots, budget=9)
    assert greedy(election).selected == ("big",)
    assert greedy(election, utility="cardinality").selected == ("small", "none")
    reasons = {each.project: each.reason for each in greedy(election).failures}
    assert reasons == {"small": "does_not_fit", "none": "does_not_fit", "unwanted": "not_supported"}


def test_greedy_says_where_a_tie_mattered() -> None:
    ballots = {"x": ["a", "b", "c"]}
    outcome = greedy(Election.of({"a": 1, "b": 1, "c": 1}, ballots, budget=2))
    assert [each.by_tie_rule for each in outcome.rounds] == [True, True]
    outcome = greedy(Election.of({"a": 1, "b": 1, "c": 1}, ballots, budget=3))
    assert [each.by_tie_rule for each in outcome.rounds] == [False, False, False]


MEMBERS = {
    **{f"large{n}": ["roads", "rail", "harbours"] for n in range(3)},
    **{f"small{n}": ["villages", "schools"] for n in range(4)},
}
WEIGHTS = {member: 8 if member.startswith("large") else 3 for member in MEMBERS}


def test_priorities_leave_a_minority_its_share() -> None:
    """The small members hold a third of the votes: one of three priorities is theirs."""
    most_votes = choose_priorities(3, MEMBERS, WEIGHTS, rule="greedy")
    assert most_votes.selected == ("harbours", "rail", "roads")
    shares = choose_priorities(3, MEMBERS, WEIGHTS)
    assert len(shares.selected) == 3
    assert len(set(shares.selected) & {"villages", "schools"}) == 1
    assert set(choose_priorities(3, MEMBERS, WEIGHTS, rule="phragmen").selected) & {"villages", "schools"}


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 6), st.data())
def test_priorities_are_never_more_than_asked_and_as_many_as_can_be(n: int, data: st.DataObject) -> None:
    ballots = {f"v{k}": sorted(data.draw(st.sets(st.sampled_from("abcde")))) for k in range(5)}
    weights = {voter: data.draw(st.integers(1, 75)) for voter in ballots}
    named = {option for ballot in ballots.values() for option in ballot}
    outcome = choose_priorities(n, ballots, weights)
    assert len(outcome.selected) == min(n, len(named))
    assert {each.project for each in outcome.failures} | set(outcome.selected) == named


def test_priorities_take_points_and_the_options_on_the_list() -> None:
    ballots = {"x": {"a": 3, "b": 1}, "y": {"b": 1}, "z": {}}
    outcome = choose_priorities(1, ballots, options=["a", "b", "c"], rule="greedy")
    assert outcome.selected == ("a",)
    assert {each.project: each.reason for each in outcome.failures} == {
        "b": "does_not_fit",
        "c": "not_supported",
    }


@pytest.mark.parametrize(
    ("n", "wish", "sentence"),
    [
        (0, {}, "The number of priorities must be one or more"),
        (1, {"rule": "lot"}, "The rule is equal-shares, greedy or phragmen, not 'lot'"),
        (1, {"options": ["b"]}, "Voter x names project a, which is not on the list"),
    ],
)
def test_bad_wishes_get_one_sentence(n: int, wish: dict, sentence: str) -> None:
    with pytest.raises(BudgetError) as caught:
        choose_priorities(n, {"x": ["a"]}, **wish)
    assert str(caught.value) == sentence
