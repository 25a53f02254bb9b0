"""The same projects as pabutools, on every approval file: both utilities and the completions both have.

pabutools runs apart, in the environment of `make peers`. On the larger files it would need hours or days for
all increments of add1; there it is asked for a single run at the last endowment, at the next, and at one
before. The three largest files are asked for equal shares alone, at the last endowment. OMKERING_ALL_PEERS=1 asks
everything (about an hour), but for the 22,001 increments of Budapest, which would take days.
"""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path

import pytest

from benchmarks import peer
from omkering.engine.budget import Election, equal_shares, greedy, phragmen
from omkering.engine.budget.completion import Field, Run
from omkering.engine.formats import pabulib
from tests.engine_budget.data import approval_files

EVERYTHING = os.environ.get("OMKERING_ALL_PEERS") == "1"
# Increments of add1 times entries on the ballots that pabutools is asked to run through, and the entries from
# which even one run, greedy and Phragmén take it minutes.
PATIENCE = 50_000_000 if EVERYTHING else 1_000_000
LARGE = 150_000
DRIVER = Path(__file__).with_name("ask_pabutools.py")

pytestmark = pytest.mark.skipif(not peer.PYTHON, reason=peer.ABSENT)


@pytest.mark.parametrize("utility", ["cost", "cardinality"])
@pytest.mark.parametrize("path", approval_files())
def test_pabutools_chooses_the_same(path: Path, utility: str) -> None:
    election = pabulib.parse(path.read_text(encoding="utf-8-sig")).election
    last = equal_shares(election, utility=utility, completion="add1")
    assert last.endowment is not None
    large = len(election.voter) >= LARGE and not EVERYTHING
    in_full = last.increments * len(election.voter) <= PATIENCE
    endowments = []
    if not in_full:
        endowments.append(last.endowment)
        if not large:
            endowments.append(last.endowment - last.increments // 2)
            if last.ended_by == "next_exceeds":
                endowments.append(last.endowment + 1)
    their = peer.ask(
        DRIVER,
        {
            "path": str(path),
            "utility": utility,
            "in_full": in_full,
            "shares_only": large,
            "phragmen": not large and utility == "cost",
            "endowments": list(map(str, endowments)),
        },
    )
    if "phragmen" in their:
        assert set(phragmen(election).selected) == set(their["phragmen"])
    if "alone" in their:
        assert list(greedy(election, utility=utility).selected) == their["alone"]
    for completion in ("none", "greedy", "add1", "add1u"):
        if completion in their:
            ours = equal_shares(election, utility=utility, completion=completion)
            assert list(ours.selected) == their[completion], completion
    for endowment, chosen in zip(endowments, their["at"], strict=True):
        assert run_at(election, utility, endowment) == chosen, endowment
    if not in_full:
        assert list(last.selected) == their["at"][0]
        if last.ended_by == "next_exceeds":
            after = their["at"][2] if not large else run_at(election, utility, last.endowment + 1)
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
