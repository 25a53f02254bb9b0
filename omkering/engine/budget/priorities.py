"""Choosing a fixed number of priorities: every choice costs one, the budget is the number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from omkering.engine.budget.election import Ballot, BudgetError, Election, Number
from omkering.engine.budget.greedy import greedy
from omkering.engine.budget.outcome import Outcome
from omkering.engine.budget.phragmen import phragmen
from omkering.engine.budget.shares import equal_shares


def choose_priorities(
    n: int,
    ballots: Mapping[str, Ballot],
    weights: Mapping[str, Number] | None = None,
    *,
    options: Iterable[str] | None = None,
    rule: str = "equal-shares",
    completion: str = "add1u",
    ties: str | Sequence[str] = "id",
    explain: bool = False,
) -> Outcome:
    """Choose at most ``n`` of the options by ballots of approvals, or of points (option to points).

    ``weights``: each voter's weight, 1 where None. ``options``: what could be chosen; without it what the ballots
    name. ``rule``: ``equal-shares`` (a minority of one in n of the votes that agrees gets its own priority), with a
    ``completion`` as in `equal_shares`, where shares grow by a hundredth at a time; ``greedy`` (most votes); or
    ``phragmen``. Options nobody supports are never chosen, so fewer than ``n`` may come out. Raises BudgetError on a
    number below one, an unknown rule, and what `Election.of` refuses.
    """
    if n < 1:
        raise BudgetError("The number of priorities must be one or more")
    named = (
        sorted({option for ballot in ballots.values() for option in ballot}) if options is None else options
    )
    election = Election.of(dict.fromkeys(named, 1), ballots, budget=n, weights=weights)
    if rule == "greedy":
        return greedy(election, ties=ties)
    if rule == "phragmen":
        return phragmen(election, ties=ties, explain=explain)
    if rule != "equal-shares":
        raise BudgetError(f"The rule is equal-shares, greedy or phragmen, not {rule!r}")
    total = sum(election.weights, Fraction(0))
    step = Fraction(n, 100) / total if total else Fraction(1)
    return equal_shares(
        election, utility="cardinality", completion=completion, step=step, ties=ties, explain=explain
    )
