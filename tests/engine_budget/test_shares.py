"""Equal shares: the fast version agrees with the slow one, and the payments add up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from fractions import Fraction
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omkering.engine.budget import COMPLETIONS, BudgetError, Election, equal_shares, kernel, oracle
from omkering.engine.budget.state import Ballots, State
from tests.engine_budget.strategies import elections

UTILITIES = st.sampled_from(["cost", "cardinality"])
STEPS = st.sampled_from([Fraction(1), Fraction(1, 7), Fraction(1, 2)])


@settings(max_examples=300, deadline=None)
@given(st.one_of(elections(), elections(scored=True), elections(most=4)), UTILITIES)
def test_every_round_and_payment_is_that_of_the_slow_version(election: Election, utility: str) -> None:
    outcome = equal_shares(election, utility=utility, explain=True)
    share = election.budget / sum(election.weights)
    chosen, payments, left = oracle.equal_shares_run(election, utility, share)
    assert list(outcome.selected) == chosen
    assert outcome.payments == payments
    assert outcome.left == left
    assert outcome.endowment == share


@settings(max_examples=200, deadline=None)
@given(st.one_of(elections(), elections(scored=True)), UTILITIES, st.sampled_from(COMPLETIONS), STEPS)
def test_every_completion_is_that_of_the_slow_version(
    election: Election, utility: str, completion: str, step: Fraction
) -> None:
    outcome = equal_shares(election, utility=utility, completion=completion, step=step)
    assert list(outcome.selected) == oracle.equal_shares(election, utility, completion, step)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), UTILITIES)
def test_leaps_of_add1_skip_no_change(seed: int, utility: str) -> None:
    chance = np.random.default_rng(seed)
    projects = {f"p{number}": int(chance.integers(20, 200)) for number in range(6)}
    ballots = {f"v{number}": [p for p in projects if chance.random() < 0.4] for number in range(7)}
    weights = {voter: int(chance.integers(1, 4)) for voter in ballots}
    election = Election.of(projects, ballots, budget=400, weights=weights)
    step = Fraction(1, 4)
    outcome = equal_shares(election, utility=utility, completion="add1", step=step)
    assert list(outcome.selected) == oracle.equal_shares(election, utility, "add1", step)


@settings(max_examples=150, deadline=None)
@given(elections(), UTILITIES, st.sampled_from(COMPLETIONS))
def test_money_adds_up(election: Election, utility: str, completion: str) -> None:
    outcome = equal_shares(election, utility=utility, completion=completion, explain=True)
    costs = dict(zip(election.projects, election.costs, strict=True))
    assert outcome.cost == sum(costs[p] for p in outcome.selected) <= election.budget
    spent = dict.fromkeys(election.voters, Fraction(0))
    for project, shares in outcome.payments.items():
        assert sum(shares.values()) == costs[project]
        assert all(amount > 0 for amount in shares.values())
        for voter, amount in shares.items():
            spent[voter] += amount
    assert outcome.endowment is not None
    for voter, weight in zip(election.voters, election.weights, strict=True):
        assert spent[voter] + outcome.left[voter] == outcome.endowment * weight
        assert outcome.left[voter] >= 0
    by_voters = [each.project for each in outcome.rounds if each.reason == "paid"]
    assert list(outcome.payments) == by_voters
    assert [each.project for each in outcome.rounds] == list(outcome.selected)


@settings(max_examples=100, deadline=None)
@given(elections(), UTILITIES)
def test_what_failed_lacks_what_is_said(election: Election, utility: str) -> None:
    outcome = equal_shares(election, utility=utility, explain=True)
    assert {each.project for each in outcome.failures} | set(outcome.selected) == set(election.projects)
    for each in outcome.failures:
        who = election.supporters(election.projects.index(each.project)).tolist()
        assert each.supporters == len(who)
        assert each.held == sum(outcome.left[election.voters[i]] for i in who)
        assert each.lacking == each.cost - each.held > 0


@settings(max_examples=100, deadline=None)
@given(st.data(), UTILITIES, st.sampled_from(COMPLETIONS))
def test_a_weight_counts_as_so_many_copies(data: st.DataObject, utility: str, completion: str) -> None:
    projects = {"a": 4, "b": 3, "c": 6, "d": 2}
    ballots = {
        f"v{n}": data.draw(st.sets(st.sampled_from("abcd"))) for n in range(data.draw(st.integers(1, 5)))
    }
    weights = {voter: data.draw(st.integers(1, 4)) for voter in ballots}
    copies = {f"{voter}-{n}": ballot for voter, ballot in ballots.items() for n in range(weights[voter])}
    weighted = equal_shares(
        Election.of(projects, ballots, budget=9, weights=weights),
        utility=utility,
        completion=completion,
        explain=True,
    )
    plain = equal_shares(
        Election.of(projects, copies, budget=9), utility=utility, completion=completion, explain=True
    )
    assert weighted.selected == plain.selected
    for project, shares in weighted.payments.items():
        for voter, amount in shares.items():
            assert amount == weights[voter] * plain.payments[project][f"{voter}-0"]


@settings(max_examples=80, deadline=None)
@given(elections(scored=True), UTILITIES, st.randoms())
def test_the_order_of_voters_and_projects_is_nothing(
    election: Election, utility: str, chance: object
) -> None:
    projects = list(zip(election.projects, election.costs, strict=True))
    ballots = oracle._ballots(election)
    voters = list(zip(election.voters, election.weights, ballots, strict=True))
    chance.shuffle(projects)  # type: ignore[attr-defined]
    chance.shuffle(voters)  # type: ignore[attr-defined]
    shuffled = Election.of(
        dict(projects),
        {name: {election.projects[p]: points for p, points in ballot.items()} for name, _, ballot in voters},
        budget=election.budget,
        weights={name: weight for name, weight, _ in voters},
    )
    for completion in COMPLETIONS:
        first = equal_shares(election, utility=utility, completion=completion, explain=True)
        second = equal_shares(shuffled, utility=utility, completion=completion, explain=True)
        assert first.selected == second.selected
        assert first.payments == second.payments


def test_ties_go_to_the_first_id_or_as_asked() -> None:
    election = Election.of({"10": 2, "9": 2}, {"x": ["9"], "y": ["10"], "z": ["9", "10"]}, budget=3)
    assert equal_shares(election).selected == ("10",)
    assert equal_shares(election).rounds[0].by_tie_rule
    assert equal_shares(election, ties=["9", "10"]).selected == ("9",)


def test_near_ties_are_decided_exactly() -> None:
    # The supports differ by one in 2**52, so the rates by less than a double can show.
    heavy = 2**52 - 20
    ballots = {"x": ["a", "b"], "y": ["b"], "z": ["a"]}
    weights = {"x": heavy, "y": 6, "z": 5}
    election = Election.of({"a": 3, "b": 3}, ballots, budget=4, weights=weights)
    assert equal_shares(election).selected == oracle_choice(election) == ("b",)
    assert not equal_shares(election).rounds[0].by_tie_rule


def test_supporters_with_exactly_the_cost_can_pay() -> None:
    ballots = {"x": ["a"], "y": ["a"], "z": []}
    assert equal_shares(Election.of({"a": Fraction(2, 10)}, ballots, budget="0.3")).selected == ("a",)
    short = equal_shares(Election.of({"a": Fraction(2, 10)}, ballots, budget="0.29999999999999999999"))
    assert short.selected == ()
    assert short.failures[0].lacking == Fraction(2, 3) * Fraction(1, 10**20)


@settings(max_examples=150, deadline=None)
@given(st.one_of(elections(), elections(scored=True)), UTILITIES, st.sampled_from([1.0, 0.1, 1e-3]))
def test_a_filter_that_doubts_everything_leads_to_the_same(
    election: Election, utility: str, doubt: float
) -> None:
    """With its error bound blown up, the filter can decide little, and whole numbers have to."""
    share = election.budget / sum(election.weights)
    chosen, payments, _ = oracle.equal_shares_run(election, utility, share)
    with doubting(doubt):
        outcome = equal_shares(election, utility=utility, explain=True)
    assert list(outcome.selected) == chosen
    assert outcome.payments == payments


@contextmanager
def doubting(doubt: float) -> Iterator[None]:
    """Let money seem known only within ``doubt`` times the endowment."""

    def begin(b: Ballots, s: State, who: object, endowment: float, error: float) -> None:
        plain_begin(b, s, who, endowment, doubt * endowment)

    def refresh(s: State, endowment: float, prices: object, worth: object) -> None:
        plain_refresh(s, endowment, prices, worth)
        s.bound[0] = doubt * endowment

    plain_begin, plain_refresh = kernel.begin, kernel.refresh
    with patch.object(kernel, "begin", begin), patch.object(kernel, "refresh", refresh):
        yield


def oracle_choice(election: Election) -> tuple[str, ...]:
    share = election.budget / sum(election.weights)
    return tuple(oracle.equal_shares_run(election, "cost", share)[0])


@pytest.mark.parametrize("doubt", [None, 0.5, 1e-4])
@pytest.mark.parametrize("utility", ["cost", "cardinality"])
def test_random_elections_of_some_size_agree_with_the_slow_version(utility: str, doubt: float | None) -> None:
    chance = np.random.default_rng(7)
    with doubting(doubt) if doubt else nullcontext():
        projects = {f"p{n}": int(chance.integers(5, 60)) for n in range(40)}
        ballots = {f"v{n}": [p for p in projects if chance.random() < 0.15] for n in range(150)}
        weights = {voter: int(chance.integers(1, 76)) for voter in ballots}
        election = Election.of(projects, ballots, budget=sum(projects.values()) // 3, weights=weights)
        outcome = equal_shares(election, utility=utility, explain=True)
        share = election.budget / sum(election.weights)
        chosen, payments, _ = oracle.equal_shares_run(election, utility, share)
        assert list(outcome.selected) == chosen
        assert outcome.payments == payments
        assert len(chosen) > 5


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        ({"utility": "joy"}, "The utility is cost or cardinality, not 'joy'"),
        ({"completion": "add2"}, "The completion is one of none, add1, add1u, greedy, not 'add2'"),
        ({"step": 0}, "The step must be more than zero"),
        (
            {"ties": "coin"},
            "Ties can be broken by id, cheapest, dearest, most_supported or a list of ids, not by 'coin'",
        ),
        ({"ties": ["a"]}, "The order that breaks ties must name every project once"),
    ],
)
def test_bad_wishes_get_one_sentence(wish: dict, sentence: str) -> None:
    election = Election.of({"a": 1, "b": 1}, {"x": ["a"]}, budget=2)
    with pytest.raises(BudgetError) as caught:
        equal_shares(election, **wish)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("projects", "ballots", "rest", "sentence"),
    [
        ({"a": -1}, {"x": ["a"]}, {}, "The budget and every cost must be zero or more"),
        ({"a": "1/0"}, {"x": ["a"]}, {}, "The cost of project a is '1/0', which is not a number"),
        ({"a": 1}, {"x": ["b"]}, {}, "Voter x names project b, which is not on the list"),
        ({"a": 1}, {"x": ["a", "a"]}, {}, "Voter x names project a twice"),
        ({"a": 1}, {"x": ["a"]}, {"weights": {}}, "Voter x has a ballot or a weight but not both"),
        ({"a": 1}, {"x": ["a"]}, {"weights": {"x": 0}}, "Every weight must be more than zero"),
        ({"a": 1}, {"x": {"a": -2}}, {}, "Every score must be zero or more"),
        (
            {"a": 1},
            {"x": ["a"]},
            {"weights": {"x": 2**53}},
            "The weights or scores are too large or have too many decimals to be added exactly",
        ),
    ],
)
def test_bad_elections_get_one_sentence(projects: dict, ballots: dict, rest: dict, sentence: str) -> None:
    with pytest.raises(BudgetError) as caught:
        Election.of(projects, ballots, budget=3, **rest)
    assert str(caught.value) == sentence


def test_nobody_and_nothing_are_elections_too() -> None:
    for election in (Election.of({}, {}, budget=1), Election.of({"a": 1}, {}, budget=1)):
        for completion in COMPLETIONS:
            outcome = equal_shares(election, completion=completion, explain=True)
            assert outcome.selected == ()
            assert outcome.cost == 0
