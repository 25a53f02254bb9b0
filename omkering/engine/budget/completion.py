"""Running equal shares to the end: the runs that a completion asks for, and the outcome with its trace."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from types import MappingProxyType

import numpy as np

from omkering.engine.budget import explain as explained
from omkering.engine.budget import kernel
from omkering.engine.budget.election import Election
from omkering.engine.budget.greedy import failures_by_fit, fill
from omkering.engine.budget.outcome import Outcome, Round
from omkering.engine.budget.run import Field, Run
from omkering.engine.budget.state import State


def decide(
    election: Election,
    utility: str,
    completion: str,
    growth: Fraction,
    ties: str | Sequence[str],
    explain: bool,
) -> Outcome:
    """What `equal_shares` promises, its arguments checked; ``growth`` is the step of add1."""
    field = Field(election, utility, election.order(ties))
    state = field.new_state()
    increments, ended_by = 0, ""
    if completion in ("add1", "add1u"):
        unit_growth = growth * field.money_scale / election.weight_scale
        increments, ended_by, run = _add_one(field, state, unit_growth)
    else:
        run = Run(field, field.share, state)
    run.settle()
    chosen = field.free + run.winners
    rounds = [Round(election.projects[p], Fraction(0), "free") for p in field.free]
    rounds += explained.rounds(run)
    cost = sum((election.costs[p] for p in chosen), Fraction(0))
    if completion in ("greedy", "add1u"):
        for p, tie in fill(election, utility, ties, chosen, election.budget - cost):
            chosen.append(p)
            rounds.append(Round(election.projects[p], election.costs[p], "score", by_tie_rule=tie))
            cost += election.costs[p]
        failures = failures_by_fit(election, chosen, election.budget - cost)
    else:
        failures = explained.failures(run, set(chosen))
    return Outcome(
        rule="equal-shares",
        utility=utility,
        completion=completion,
        selected=tuple(election.projects[p] for p in chosen),
        cost=cost,
        budget=election.budget,
        rounds=tuple(rounds),
        failures=tuple(failures),
        endowment=run.endowment * election.weight_scale / field.money_scale,
        increments=increments,
        ended_by=ended_by,
        payments=explained.payments(run) if explain else MappingProxyType({}),
        left=explained.left(run) if explain else MappingProxyType({}),
    )


def _add_one(field: Field, state: State, growth: Fraction) -> tuple[int, str, Run]:
    """Raise the endowment by ``growth`` at a time; the increments, why it ended and the last run within the budget.

    Stretches of increments that provably choose the same are jumped over.
    """
    candidates = np.flatnonzero(field.candidates).tolist()
    scratch: State | None = None
    at, hint, rest, pause = 0, 1, 0, 0
    while True:
        run = Run(field, field.share + at * growth, state)
        winners = set(run.winners)
        left = field.budget - sum(field.cost[p] for p in winners)
        if left < 0:
            return at - 1, "next_exceeds", Run(field, field.share + (at - 1) * growth, state)
        if all(field.cost[p] > left for p in candidates if p not in winners):
            return at, "exhaustive", run
        if rest:
            rest -= 1
        else:
            scratch = scratch or field.new_state()
            jump = _leap(field, run, growth, hint, scratch)
            at += jump
            # Where leaps keep failing, most increments change the outcome: try less often.
            pause = 0 if jump else min(2 * pause + 1, 16)
            rest, hint = pause, max(jump, 1)
        at += 1


def _leap(field: Field, run: Run, growth: Fraction, hint: int, scratch: State) -> int:
    """A number of increments, found by doubling or quartering ``hint``, over which ``run`` provably stays the same."""

    def holds(size: int) -> bool:
        top = float(run.endowment + size * growth)
        return kernel.same_up_to(field.ballots, run.state, scratch, field.candidates, top)

    size = hint
    while not holds(size):
        if size == 1:
            return 0
        size = max(size // 4, 1)
    if size >= hint:
        while holds(2 * size):
            size *= 2
    return size
