"""What a budget rule hands back: the choice, and the trace that explains each euro of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType

Payments = Mapping[str, Mapping[str, Fraction]]


def _nothing() -> Mapping:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Round:
    """One choice. ``reason`` is ``paid`` (by its supporters), ``free`` (cost zero) or ``score`` (by a greedy rule).

    ``price``: what a supporter who could pay in full paid per unit of weight and point (Phragmén: the load per unit
    of weight it came to; score: None). ``spent_out``: how many supporters paid all they had left.
    ``by_tie_rule``: whether another project stood equal.
    """

    project: str
    cost: Fraction
    reason: str
    price: Fraction | None = None
    spent_out: int = 0
    by_tie_rule: bool = False


@dataclass(frozen=True, slots=True)
class Failure:
    """A project that was not chosen and why: ``not_supported``, ``too_little_money`` (its supporters had ``held``
    left together, so ``lacking`` of its cost), ``does_not_fit`` (what was left of the budget, ``held``, is ``lacking``
    for it) or ``not_reached`` (the rule ended before its turn)."""

    project: str
    cost: Fraction
    reason: str
    supporters: int
    held: Fraction

    @property
    def lacking(self) -> Fraction:
        """How much more was needed: the cost less ``held``, zero where that was enough."""
        return max(self.cost - self.held, Fraction(0))


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a budget rule. Money is in units of currency, as exact fractions.

    ``selected``: ids in the order of choice. ``endowment``: what every voter got per unit of weight (None where the
    rule gives none). ``increments``: how many times add1 raised it. ``ended_by``: for add1, ``exhaustive`` (nothing
    more fits) or ``next_exceeds`` (one increment more would have spent more than the budget). ``rounds`` and
    ``failures`` are the trace; ``payments`` (project to voter to amount) and ``left`` (voter to amount) are filled
    when the caller asks to explain. Projects chosen by score are paid from what is left of the budget, by no voter.
    """

    rule: str
    utility: str
    completion: str
    selected: tuple[str, ...]
    cost: Fraction
    budget: Fraction
    rounds: tuple[Round, ...]
    failures: tuple[Failure, ...]
    endowment: Fraction | None = None
    increments: int = 0
    ended_by: str = ""
    payments: Payments = field(default_factory=_nothing)
    left: Mapping[str, Fraction] = field(default_factory=_nothing)
