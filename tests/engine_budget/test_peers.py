"""The same projects as pabutools, on every approval file: both utilities and the completions both have.

pabutools runs apart, in the environment of `make peers`. On the larger files it would need hours or days for
all increments of add1; there it is asked for a single run at the last endowment, at the next, and at one
before. The three largest files are asked for equal shares alone, at the last endowment, and what it answered on those
of `LONG` is remembered (see `pabutools_answers`). OMKERING_ALL_PEERS=1 asks everything (about an hour), but for the
22,001 increments of Budapest, which would take days.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from benchmarks import peer
from omkering.engine.budget import Election, Outcome, equal_shares, greedy, phragmen
from omkering.engine.budget.completion import Field, Run
from omkering.engine.formats import pabulib
from tests.engine_budget.data import approval_files
from tests.engine_budget.pabutools_answers import EVERYTHING, answers

# Increments of add1 times entries on the ballots that pabutools is asked to run through, and the entries from
# which even one run, greedy and Phragmén take it minutes.
PATIENCE = 50_000_000 if EVERYTHING else 1_000_000
LARGE = 150_000
UTILITIES = ("cost", "cardinality")
LONG = (
    "France_Toulouse_2022",
    "Hungary_Budapest_2024",
    "Netherlands_Amsterdam_304",
    "Netherlands_Amsterdam_621",
    "Poland_Lodz_2022",
    "Poland_Warszawa_2020_Wawer",
)

pytestmark = pytest.mark.skipif(not peer.PYTHON, reason=peer.ABSENT)


@pytest.mark.parametrize("path", approval_files())
def test_pabutools_chooses_the_same(path: Path) -> None:
    election = read(path)
    lasts = last_of(election)
    questions = questions_of(election, lasts)
    for question, their in zip(questions, answers(path, questions), strict=True):
        compare(election, question, their, lasts[question["utility"]])


def read(path: Path) -> Election:
    return pabulib.parse(path.read_text(encoding="utf-8-sig")).election


def last_of(election: Election) -> dict[str, Outcome]:
    """Our add1 for each utility; seconds for the largest files, so once."""
    return {utility: equal_shares(election, utility=utility, completion="add1") for utility in UTILITIES}


def questions_of(election: Election, lasts: dict[str, Outcome]) -> list[dict[str, Any]]:
    """What pabutools is asked about a file, for each utility."""
    return [question_of(election, utility, lasts[utility]) for utility in UTILITIES]


def question_of(election: Election, utility: str, last: Outcome) -> dict[str, Any]:
    """What pabutools is asked for one utility."""
    large = len(election.voter) >= LARGE and not EVERYTHING
    assert last.endowment is not None
    in_full = last.increments * len(election.voter) <= PATIENCE
    endowments = []
    if not in_full:
        endowments.append(last.endowment)
        if not large:
            endowments.append(last.endowment - last.increments // 2)
            if last.ended_by == "next_exceeds":
                endowments.append(last.endowment + 1)
    return {
        "utility": utility,
        "in_full": in_full,
        "shares_only": large,
        "phragmen": not large and utility == "cost",
        "endowments": list(map(str, endowments)),
    }


def compare(election: Election, question: dict[str, Any], their: dict[str, Any], last: Outcome) -> None:
    """Hold our choices against theirs."""
    utility = question["utility"]
    if "phragmen" in their:
        assert set(phragmen(election).selected) == set(their["phragmen"])
    if "alone" in their:
        assert list(greedy(election, utility=utility).selected) == their["alone"]
    for completion in ("none", "greedy", "add1", "add1u"):
        if completion in their:
            ours = (
                last
                if completion == "add1"
                else equal_shares(election, utility=utility, completion=completion)
            )
            assert list(ours.selected) == their[completion], (utility, completion)
    for endowment, chosen in zip(question["endowments"], their["at"], strict=True):
        assert run_at(election, utility, Fraction(endowment)) == chosen, (utility, endowment)
    if not question["in_full"]:
        assert list(last.selected) == their["at"][0]
        if last.ended_by == "next_exceeds":
            assert last.endowment is not None
            after = their["at"][2] if len(their["at"]) > 2 else run_at(election, utility, last.endowment + 1)
            assert cost_of(election, after) > election.budget
        else:
            left = election.budget - last.cost
            assert all(each.cost > left for each in last.failures)


def run_at(election: Election, utility: str, endowment: Fraction) -> list[str]:
    """What a single run chooses when every voter gets ``endowment`` per unit of weight."""
    field = Field(election, utility, election.order())
    per_unit = endowment * field.money_scale / election.weight_scale
    return [election.projects[p] for p in Run(field, per_unit, field.new_state()).winners]


def cost_of(election: Election, chosen: list[str]) -> Fraction:
    costs = dict(zip(election.projects, election.costs, strict=True))
    return sum((costs[p] for p in chosen), Fraction(0))
