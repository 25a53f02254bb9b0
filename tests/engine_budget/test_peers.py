"""The same projects as pabutools, on every approval file: both utilities and the completions both have.

Runs where OMKERING_PEERS_PYTHON names an interpreter that has pabutools. On the larger files pabutools would
need hours or days for all increments of add1; there it is asked for the last endowment and the next, and for
two before.
"""

from __future__ import annotations

import json
import os
import subprocess
from fractions import Fraction
from pathlib import Path

import pytest

from omkering.engine.budget import Election, equal_shares, greedy, phragmen
from omkering.engine.budget.completion import Field, Run
from omkering.engine.formats import pabulib
from tests.engine_budget.data import approval_files

PEER = os.environ.get("OMKERING_PEERS_PYTHON")
# Increments of add1 times entries on the ballots that pabutools can be asked to run through, and the entries
# from which even single runs and Phragmén take it minutes.
PATIENCE = int(os.environ.get("OMKERING_PEERS_PATIENCE", "1000000"))
LARGE = 100_000

pytestmark = pytest.mark.skipif(not PEER, reason="OMKERING_PEERS_PYTHON names no interpreter with pabutools")


@pytest.mark.parametrize("path", approval_files())
def test_pabutools_chooses_the_same(path: Path) -> None:
    election = pabulib.parse(path.read_text(encoding="utf-8-sig")).election
    stations = {}
    work = 0
    for utility in ("cost", "cardinality"):
        outcome = equal_shares(election, utility=utility, completion="add1")
        assert outcome.endowment is not None
        increments = outcome.increments
        work = max(work, increments * len(election.voter))
        stations[utility] = [outcome.endowment]
        if outcome.ended_by == "next_exceeds":
            stations[utility].append(outcome.endowment + 1)
        if len(election.voter) < LARGE:
            stations[utility].append(outcome.endowment - increments // 2)
    in_full = work <= PATIENCE
    if in_full:
        stations = {utility: [] for utility in stations}
    theirs = ask(path, in_full, stations, phragmen=len(election.voter) < LARGE)
    if "phragmen" in theirs:
        assert set(phragmen(election).selected) == set(theirs["phragmen"])
    for utility, endowments in stations.items():
        their = theirs[utility]
        assert list(greedy(election, utility=utility).selected) == their["alone"]
        for completion in ("none", "greedy", "add1", "add1u"):
            if completion in their:
                ours = equal_shares(election, utility=utility, completion=completion)
                assert list(ours.selected) == their[completion], (utility, completion)
        for endowment, chosen in zip(endowments, their["at"], strict=True):
            assert run_at(election, utility, endowment) == chosen, (utility, endowment)
        if not in_full:
            last = equal_shares(election, utility=utility, completion="add1")
            assert list(last.selected) == their["at"][0]
            if last.ended_by == "next_exceeds":
                assert cost_of(election, their["at"][1]) > election.budget
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


def ask(path: Path, in_full: bool, stations: dict[str, list[Fraction]], *, phragmen: bool) -> dict:
    """The answer of pabutools to one file."""
    question = {
        "path": str(path),
        "in_full": in_full,
        "phragmen": phragmen,
        "endowments": {
            utility: [str(each) for each in endowments] for utility, endowments in stations.items()
        },
    }
    asked = subprocess.run(
        [PEER, str(Path(__file__).with_name("ask_pabutools.py"))],
        input=json.dumps(question),
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 0, asked.stderr
    return json.loads(asked.stdout)
