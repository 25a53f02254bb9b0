"""Sequential Phragmén for voters of different weight, exact.

Source: Phragmén (1894); for projects with costs: Los, Christoff and Grossi, "Proportional budget allocations: towards
a systematization", IJCAI 2022.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType

import numpy as np

from omkering.engine.budget.election import Election, whole
from omkering.engine.budget.greedy import failures_by_fit
from omkering.engine.budget.outcome import Failure, Outcome, Round

# Loads come from sums of at most 2**31 rounded terms; nothing closer than this may be decided in floating
# point.
MARGIN = 1e-6


def phragmen(election: Election, *, ties: str | Sequence[str] = "id", explain: bool = False) -> Outcome:
    """Choose projects by Phragmén's sequential rule.

    Every voter earns money at the rate of its weight. As soon as the supporters of a project have earned its cost it
    is bought, and they are left with nothing. The rule ends when the next project to be bought (or, in a tie, any of
    those tied) no longer fits in the budget; projects that cost more than the whole budget do not compete. Points
    given count as approvals. ``explain`` also gives every payment. Raises BudgetError on a bad order of ties.
    """
    rank = election.order(ties)
    costs, money = whole([*election.costs, election.budget])
    budget, costs = costs[-1], costs[:-1]
    weight = election.unit_weights
    column = np.repeat(np.arange(len(costs)), np.diff(election.start))
    mass = weight[election.voter]
    support = np.bincount(column, weights=mass, minlength=len(costs))
    open_ = {p for p, votes in enumerate(support.tolist()) if votes and costs[p] <= budget}
    cost = np.array(costs, np.float64)

    # A voter's load is that of the last round it paid in, `loads[last]`; round 0 is the start, with load zero.
    last = np.zeros(len(weight), np.int64)
    loads = [Fraction(0)]
    chosen: list[int] = []
    ties_met: list[bool] = []
    spent = 0
    while open_:
        rough = np.array([float(load) for load in loads])[last]
        carried = np.bincount(column, weights=mass * rough[election.voter], minlength=len(costs))
        estimate = np.where(support > 0, (carried + cost) / np.where(support > 0, support, 1.0), np.inf)
        best = min(estimate[p] for p in open_)
        near = sorted((p for p in open_ if estimate[p] <= best * (1 + MARGIN)), key=rank.__getitem__)
        exactly = {p: _load(election, p, costs[p], last, loads) for p in near}
        lowest = min(exactly.values())
        tied = [p for p in near if exactly[p] == lowest]
        if any(spent + costs[p] > budget for p in tied):
            break
        winner = tied[0]
        loads.append(lowest)
        last[election.supporters(winner)] = len(loads) - 1
        chosen.append(winner)
        ties_met.append(len(tied) > 1)
        spent += costs[winner]
        open_.remove(winner)
    unit = Fraction(election.weight_scale, money)
    return Outcome(
        rule="phragmen",
        utility="",
        completion="none",
        selected=tuple(election.projects[p] for p in chosen),
        cost=Fraction(spent, money),
        budget=election.budget,
        rounds=tuple(
            Round(election.projects[p], election.costs[p], "paid", price=load * unit, by_tie_rule=tie)
            for p, load, tie in zip(chosen, loads[1:], ties_met, strict=True)
        ),
        failures=tuple(_failures(election, chosen, Fraction(budget - spent, money))),
        payments=_payments(election, chosen, loads, money) if explain else MappingProxyType({}),
    )


def _load(election: Election, p: int, cost: int, last: np.ndarray, loads: list[Fraction]) -> Fraction:
    """The exact load its supporters come to when project ``p`` is bought next."""
    supporters = election.supporters(p)
    heads = np.bincount(last[supporters], weights=election.unit_weights[supporters])
    carried = sum((int(heads[k]) * loads[k] for k in np.flatnonzero(heads).tolist()), Fraction(0))
    return (carried + cost) / int(heads.sum())


def _failures(election: Election, chosen: list[int], left: Fraction) -> list[Failure]:
    found = failures_by_fit(election, chosen, left)
    return [
        Failure(f.project, f.cost, "not_reached", f.supporters, f.held)
        if f.reason == "does_not_fit" and not f.lacking
        else f
        for f in found
    ]


def _payments(
    election: Election, chosen: list[int], loads: list[Fraction], money: int
) -> Mapping[str, Mapping[str, Fraction]]:
    """What each supporter paid: the growth of its load since it last paid, times its weight."""
    last = np.zeros(len(election.voters), np.int64)
    weights = election.unit_weights.astype(np.int64).tolist()
    found = {}
    for number, p in enumerate(chosen, start=1):
        supporters = election.supporters(p)
        amounts = {}
        for i, before in zip(supporters.tolist(), last[supporters].tolist(), strict=True):
            amount = weights[i] * (loads[number] - loads[before]) / money
            if amount:
                amounts[election.voters[i]] = amount
        found[election.projects[p]] = MappingProxyType(amounts)
        last[supporters] = number
    return MappingProxyType(found)
