"""Vote rules as data: kind of ballot, thresholds, quorum.

A threshold is two integers and whether it is strict, never a percentage: two thirds of 1,000 is 667, and
66.67 % is not two thirds (after LiquidFeedback, which states its majorities the same way).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

Kind = Literal["for_against_abstain", "options", "approval", "ranking", "points"]
Base = Literal["cast_without_abstentions", "cast", "present", "all"]
Measure = Literal["votes", "heads"]
Method = Literal["schulze", "irv"]
Split = Literal["allowed", "complete", "refused"]

ABSTAIN = "abstain"
FOR, AGAINST = "for", "against"
SEPARATORS = "|>=:"


class RuleError(ValueError):
    """A vote rule that cannot be used, with the reason in one sentence."""


def required_of(total: int, numerator: int, denominator: int, *, strict: bool) -> int:
    """The smallest whole number that is at least (``strict``: more than) ``numerator/denominator`` of
    ``total``.

    Never below 1: out of nothing, nothing is adopted.
    """
    product = total * numerator
    return max(1, product // denominator + 1 if strict else -(-product // denominator))


@dataclass(frozen=True, slots=True)
class Threshold:
    """A majority: a share of a stated ``base``, in votes or in heads."""

    numerator: int
    denominator: int
    strict: bool
    base: Base
    measure: Measure = "votes"

    def __post_init__(self) -> None:
        _check_share("threshold", self.numerator, self.denominator, self.strict)
        _one_of("base", self.base, get_args(Base))
        _one_of("in", self.measure, get_args(Measure))

    def required(self, total: int) -> int:
        """What reaches this threshold when the base is ``total``."""
        return required_of(total, self.numerator, self.denominator, strict=self.strict)


@dataclass(frozen=True, slots=True)
class Quorum:
    """What has to be present for a valid vote: a share of the whole roll, in votes or in heads."""

    numerator: int
    denominator: int
    strict: bool = False
    measure: Measure = "votes"

    def __post_init__(self) -> None:
        _check_share("quorum", self.numerator, self.denominator, self.strict)
        _one_of("in", self.measure, get_args(Measure))

    def required(self, total: int) -> int:
        """What reaches this quorum when the roll holds ``total``."""
        return required_of(total, self.numerator, self.denominator, strict=self.strict)


@dataclass(frozen=True, slots=True)
class Rule:
    """How a vote is held and decided.

    - ``for_against_abstain``: adopted when "for" reaches every threshold (two of them make a double
      majority).
    - ``options``: one of several; ``approval``: any number, at most ``max_choices``; the ``seats`` options
      with most votes are elected, among those that reach every threshold.
    - ``ranking``: an order, equal ranks allowed under ``schulze``; options left out stand last and equal.
      Elects one.
    - ``points``: at most ``max_points`` an option and ``total_points`` a ballot, each counted as often as the
      votes of the ballot.

    ``split`` says whether a member may divide its votes: ``allowed``, ``complete`` (then all of them must be
    cast) or ``refused``.
    """

    kind: Kind
    options: tuple[str, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    quorum: tuple[Quorum, ...] = ()
    method: Method | None = None
    seats: int = 1
    max_choices: int | None = None
    max_points: int | None = None
    total_points: int | None = None
    split: Split = "allowed"

    def __post_init__(self) -> None:
        _one_of("kind", self.kind, get_args(Kind))
        _one_of("split", self.split, get_args(Split))
        if self.kind == "for_against_abstain":
            if self.options:
                raise RuleError("a vote for or against has no options of its own")
            if not self.thresholds:
                raise RuleError("a vote for or against needs a threshold")
        else:
            _check_options(self.options)
        if self.kind == "ranking":
            _one_of("method", self.method, get_args(Method))
        elif self.method is not None:
            raise RuleError(f"a method belongs to a ranking, not to {self.kind}")
        if self.kind in ("ranking", "points") and self.thresholds:
            raise RuleError(f"a threshold has no meaning for {self.kind}")
        _check_count("seats", self.seats)
        if self.seats > 1 and self.kind in ("for_against_abstain", "ranking"):
            raise RuleError(f"{self.kind} decides on one thing, so seats is 1")
        if self.seats > max(1, len(self.options)):
            raise RuleError(f"there are {self.seats} seats for {len(self.options)} options")
        self._check_limit("max_choices", "approval")
        self._check_limit("max_points", "points")
        self._check_limit("total_points", "points")
        if self.kind == "points" and self.max_points is None and self.total_points is None:
            raise RuleError("a vote in points needs max_points or total_points")

    def _check_limit(self, name: str, kind: Kind) -> None:
        value = getattr(self, name)
        if value is None:
            return
        _check_count(name, value)
        if self.kind != kind:
            raise RuleError(f"{name} belongs to {kind}, not to {self.kind}")

    @property
    def choices(self) -> tuple[str, ...]:
        """Everything a ballot can name, the abstention last."""
        if self.kind == "for_against_abstain":
            return (FOR, AGAINST, ABSTAIN)
        return (*self.options, ABSTAIN)

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> Rule:
        """The rule in a mapping, as it stands in JSON or TOML.

        Keys: ``kind``, ``options``, ``thresholds`` (or ``threshold`` for a single one) with
        ``{numerator, denominator, strict, base, in}``, ``quorum`` (one or a list) with ``{numerator,
        denominator, strict, in}``, ``method``, ``seats``, ``max_choices``, ``max_points``,
        ``total_points``, ``split``. ``in`` is votes (the default), heads, or both. An unknown key is
        refused rather than ignored.
        """
        if not isinstance(data, Mapping):
            raise RuleError("a vote rule is an object with keys")
        values = dict(data)
        if "kind" not in values:
            raise RuleError(f"a vote rule needs a kind: {', '.join(get_args(Kind))}")
        if "threshold" in values and "thresholds" in values:
            raise RuleError("give threshold or thresholds, not both")
        thresholds = _many(values.pop("threshold", values.pop("thresholds", ())))
        quorum = _many(values.pop("quorum", ()))
        options = values.pop("options", ())
        if isinstance(options, str) or not isinstance(options, Sequence):
            raise RuleError("options is a list of names")
        known = ("kind", "method", "seats", "max_choices", "max_points", "total_points", "split")
        _refuse_unknown("vote rule", values, known)
        return cls(
            options=tuple(options),
            thresholds=tuple(
                Threshold(**part)
                for item in thresholds
                for part in _shares("threshold", item, ("numerator", "denominator", "strict", "base"))
            ),
            quorum=tuple(
                Quorum(**part)
                for item in quorum
                for part in _shares("quorum", item, ("numerator", "denominator"), optional=("strict",))
            ),
            **values,
        )


def _shares(
    name: str, item: Any, required: tuple[str, ...], *, optional: tuple[str, ...] = ()
) -> list[dict[str, Any]]:
    """The keyword arguments of one threshold or quorum; two where it is given ``in`` both."""
    if not isinstance(item, Mapping):
        raise RuleError(f"a {name} is an object with a numerator and a denominator, not {item!r}")
    values = dict(item)
    measure = values.pop("in", "votes")
    for key in required:
        if key not in values:
            raise RuleError(f"a {name} needs {key!r}")
    _refuse_unknown(name, values, required + optional)
    return [{**values, "measure": each} for each in (get_args(Measure) if measure == "both" else [measure])]


def _many(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _refuse_unknown(name: str, values: Mapping[str, Any], known: Sequence[str]) -> None:
    for key in values:
        if key not in known:
            raise RuleError(f"a {name} has no {key!r}")


def _check_share(name: str, numerator: object, denominator: object, strict: object) -> None:
    for part, value in (("numerator", numerator), ("denominator", denominator)):
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise RuleError(f"the {part} of a {name} is a whole number of at least 1, not {value!r}")
    if not isinstance(strict, bool):
        raise RuleError(f"strict is true or false, not {strict!r}")
    assert isinstance(numerator, int) and isinstance(denominator, int)
    if numerator > denominator:
        raise RuleError(f"a {name} of {numerator}/{denominator} is more than all")
    if strict and numerator == denominator:
        raise RuleError(f"a {name} of more than all can never be reached")


def _check_options(options: tuple[object, ...]) -> None:
    if not options:
        raise RuleError("the rule needs a list of options")
    seen: set[str] = set()
    for option in options:
        if not isinstance(option, str) or not option.strip() or option != option.strip():
            raise RuleError(f"an option is a name without spaces around it, not {option!r}")
        if option == ABSTAIN:
            raise RuleError(f"{ABSTAIN!r} cannot be the name of an option")
        if any(mark in option for mark in SEPARATORS):
            raise RuleError(f"option {option!r} holds one of the signs {SEPARATORS} that ballots use")
        if option in seen:
            raise RuleError(f"option {option!r} is named twice")
        seen.add(option)


def _check_count(name: str, value: object) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise RuleError(f"{name} is a whole number of at least 1, not {value!r}")


def _one_of(name: str, value: object, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise RuleError(f"{name} is one of {', '.join(allowed)}, not {value!r}")
