"""Greedy rules: the best scores first, whatever still fits. Exact: scores are compared as fractions.

Source: Talmon and Faliszewski, "A framework for approval-based budgeting methods", AAAI 2019.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction

from omkering.engine.budget.election import BudgetError, Election
from omkering.engine.budget.outcome import Failure, Outcome, Round

UTILITIES = ("cost", "cardinality")


def check_utility(utility: str) -> None:
    """Raise BudgetError unless ``utility`` is one of the two."""
    if utility not in UTILITIES:
        raise BudgetError(f"The utility is cost or cardinality, not {utility!r}")


def fill(
    election: Election, utility: str, ties: str | Sequence[str], chosen: Collection[int], left: Fraction
) -> list[tuple[int, bool]]:
    """The projects, in order, that greedy adds to ``chosen`` with ``left`` to spend, each with whether a tie that
    mattered was broken by rule. Projects without support are never added."""
    votes = election.votes()
    rank = election.order(ties)
    taken = set(chosen)
    open_ = [p for p, vote in enumerate(votes) if vote and p not in taken]

    def density(p: int) -> tuple[int, Fraction]:
        if not election.costs[p]:
            return (0, Fraction(0))
        return (1, -votes[p] if utility == "cost" else -votes[p] / election.costs[p])

    keys = {p: density(p) for p in open_}
    added: list[int] = []
    refused: dict[tuple[int, Fraction], int] = {}
    open_.sort(key=lambda p: (keys[p], rank[p]))
    for p in open_:
        if election.costs[p] <= left:
            left -= election.costs[p]
            added.append(p)
        else:
            refused[keys[p]] = p
    # A tie mattered when an equal project later on could no longer be paid.
    return [(p, keys[p] in refused and rank[refused[keys[p]]] > rank[p]) for p in added]


def failures_by_fit(election: Election, chosen: Collection[int], left: Fraction) -> list[Failure]:
    """Why each project that is not in ``chosen`` is not, when only room in the budget counts."""
    taken = set(chosen)
    found = []
    for p, project in enumerate(election.projects):
        if p not in taken:
            heads = len(election.supporters(p))
            reason = "does_not_fit" if heads else "not_supported"
            found.append(Failure(project, election.costs[p], reason, heads, left))
    return found


def greedy(election: Election, *, utility: str = "cost", ties: str | Sequence[str] = "id") -> Outcome:
    """Take projects by falling score as long as they fit in the budget; one that does not fit is passed over.

    ``utility="cost"`` ranks by approvals (the sum of the weights, times points where given); ``"cardinality"`` by
    approvals per unit of cost, the same sum divided by the cost. Projects nobody supports are never taken. Raises
    BudgetError on another utility or a bad order of ties.
    """
    check_utility(utility)
    added = fill(election, utility, ties, (), election.budget)
    chosen = [p for p, _ in added]
    cost = sum((election.costs[p] for p in chosen), Fraction(0))
    return Outcome(
        rule="greedy",
        utility=utility,
        completion="none",
        selected=tuple(election.projects[p] for p in chosen),
        cost=cost,
        budget=election.budget,
        rounds=tuple(
            Round(election.projects[p], election.costs[p], "score", by_tie_rule=tie) for p, tie in added
        ),
        failures=tuple(failures_by_fit(election, chosen, election.budget - cost)),
    )
