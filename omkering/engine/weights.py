"""Vote weights from population, as whole numbers.

A rule says how many inhabitants count for one vote, how a remainder is rounded, and between which bounds the
weight of a member lies. The rule is data: it comes from the association's own settings, with its source and
date. All arithmetic is on integers; no weight is ever rounded through a float.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Rounding = Literal["ceil", "floor", "half_up"]


class WeightError(ValueError):
    """A weight rule or a population that cannot be used, with the reason in one sentence."""


@dataclass(frozen=True, slots=True)
class WeightRule:
    """One vote per ``unit`` inhabitants, at least ``minimum`` and at most ``cap`` votes a member.

    ``rounding`` says what a remainder is worth: ``ceil`` a whole vote, ``floor`` none, ``half_up`` one from
    half a unit. ``cap`` None means no upper bound. Raises `WeightError` where the numbers do not make a
    rule.
    """

    unit: int
    rounding: Rounding = "ceil"
    cap: int | None = None
    minimum: int = 0

    def __post_init__(self) -> None:
        _whole("unit", self.unit, least=1)
        _whole("minimum", self.minimum, least=0)
        if self.rounding not in get_args(Rounding):
            raise WeightError(f"rounding is ceil, floor or half_up, not {self.rounding!r}")
        if self.cap is not None:
            _whole("cap", self.cap, least=1)
            if self.cap < self.minimum:
                raise WeightError(f"the cap of {self.cap} votes is below the minimum of {self.minimum}")

    @classmethod
    def from_mapping(cls, data: Mapping[str, object]) -> WeightRule:
        """The rule in a mapping ``{unit, rounding, cap, minimum}``, as it stands in TOML or JSON.

        ``unit`` is required; an unknown key is refused rather than ignored.
        """
        unknown = sorted(set(data) - {"unit", "rounding", "cap", "minimum"})
        if unknown:
            raise WeightError(f"a weight rule has no {unknown[0]!r}")
        if "unit" not in data:
            raise WeightError("a weight rule needs a unit: the number of inhabitants for one vote")
        return cls(**data)  # type: ignore[arg-type]  # __post_init__ checks every value


def weight(population: int, rule: WeightRule) -> int:
    """The votes of a member with ``population`` inhabitants under ``rule``."""
    _whole("population", population, least=0)
    whole, rest = divmod(population, rule.unit)
    if rule.rounding == "ceil":
        votes = whole + (rest > 0)
    elif rule.rounding == "floor":
        votes = whole
    else:
        votes = whole + (2 * rest >= rule.unit)
    votes = max(votes, rule.minimum)
    return votes if rule.cap is None else min(votes, rule.cap)


def table(populations: Mapping[str, int], rule: WeightRule) -> dict[str, int]:
    """The votes of every member, by member id, in the order given.

    Raises `WeightError` naming the member whose population is not a whole number of at least 0.
    """
    votes = {}
    for member, population in populations.items():
        try:
            votes[member] = weight(population, rule)
        except WeightError as error:
            raise WeightError(f"member {member}: {error}") from error
    return votes


def _whole(name: str, value: object, *, least: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise WeightError(f"{name} is a whole number of at least {least}, not {value!r}")
