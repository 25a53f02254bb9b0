"""Spending a budget, or choosing priorities, by weighted ballots: exactly, and explained to the cent.

Conventions
- Money is in units of currency, as exact fractions (`fractions.Fraction`); a float counts as the decimal number it
  prints as. Ids are strings.
- A voter of weight w counts as w voters with the same ballot. Ballots hold approvals, or points.
- Every decision equals the one made with rational numbers. Ties go to the id that comes first
  (lexicographic), unless another order is given; the trace says where a tie was broken.
- Results are frozen and carry their trace: rounds, payments, what is left, what failed and what it lacked.

`equal_shares`, `greedy` and `phragmen` decide an `Election`; `choose_priorities` chooses N out of many. `oracle`
holds a slow, obvious version of each for the tests.
"""

from omkering.engine.budget.election import BudgetError, Election
from omkering.engine.budget.greedy import greedy
from omkering.engine.budget.outcome import Failure, Outcome, Round
from omkering.engine.budget.phragmen import phragmen
from omkering.engine.budget.priorities import choose_priorities
from omkering.engine.budget.shares import COMPLETIONS, equal_shares

__all__ = [
    "COMPLETIONS",
    "BudgetError",
    "Election",
    "Failure",
    "Outcome",
    "Round",
    "choose_priorities",
    "equal_shares",
    "greedy",
    "phragmen",
]
