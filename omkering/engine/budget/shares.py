"""The method of equal shares for voters of different weight, its completions, and its explanation.

Source: Peters, Pierczyński and Skowron, "Proportional participatory budgeting with additive utilities",
NeurIPS 2021. A voter of weight w is treated exactly as w voters with the same ballot.
"""

from __future__ import annotations

from collections.abc import Sequence

from omkering.engine.budget.election import BudgetError, Election, Number, exact
from omkering.engine.budget.greedy import check_utility
from omkering.engine.budget.outcome import Outcome

COMPLETIONS = ("none", "add1", "add1u", "greedy")


def equal_shares(
    election: Election,
    *,
    utility: str = "cost",
    completion: str = "none",
    step: Number = 1,
    ties: str | Sequence[str] = "id",
    explain: bool = False,
) -> Outcome:
    """Choose projects by the method of equal shares.

    Every voter gets an equal share of the budget per unit of weight. Again and again the project is chosen whose
    supporters can pay for it at the lowest rate, each paying price times weight times points, or all that is left.

    - ``utility``: a chosen project is worth its cost to a supporter (``cost``), or one (``cardinality``); times the
      points given where ballots give points.
    - ``completion``, as the rule alone leaves money: ``none``; ``greedy``: the rest of the budget by `greedy` with
      the same utility; ``add1``: every voter's share grows by ``step`` units of currency per unit of weight until the
      outcome is exhaustive (no project with support fits any more) or the next would cost more than the budget, and
      the last one within it counts; ``add1u``: add1, then greedy.
    - ``ties``: see `Election.order`. ``explain``: also give every payment, and what each voter has left.

    Projects of cost zero with a supporter are chosen first; projects without supporters never. All decisions equal
    those of exact arithmetic. Raises BudgetError on an unknown utility, completion or order, and on a step that is
    not above zero.
    """
    check_utility(utility)
    if completion not in COMPLETIONS:
        raise BudgetError(f"The completion is one of {', '.join(COMPLETIONS)}, not {completion!r}")
    growth = exact(step, "The step")
    if growth <= 0:
        raise BudgetError("The step must be more than zero")
    # Loading the compiler takes a second: only who decides by equal shares waits for it.
    from omkering.engine.budget.completion import decide

    return decide(election, utility, completion, growth, ties, explain)
