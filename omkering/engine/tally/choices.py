"""What a ballot says: choices, as text or as names, turned into patterns of option numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from omkering.engine.tally.rules import ABSTAIN, Rule


@dataclass(frozen=True, slots=True)
class Pattern:
    """A choice by index: per supported option how often each vote counts, and for a ranking the tiers."""

    picks: tuple[tuple[int, int], ...]
    tiers: tuple[tuple[int, ...], ...] = ()


class ChoiceReader:
    """Turns choices into patterns, each distinct one once."""

    def __init__(self, rule: Rule, *, most_points: int) -> None:
        self._rule = rule
        self._numbers = {name: number for number, name in enumerate(rule.choices)}
        self._most_points = most_points
        self._known: dict[str, int] = {}
        self._patterns: dict[Pattern, int] = {}

    @property
    def patterns(self) -> Iterable[Pattern]:
        return self._patterns

    def number(self, choice: object) -> int:
        """The number of the pattern that ``choice`` stands for; `ValueError` says what is wrong with it."""
        if not isinstance(choice, str):
            return self._number_of(self._pattern(choice))
        found = self._known.get(choice)
        if found is None:
            found = self._known[choice] = self._number_of(self._pattern(choice))
        return found

    def _number_of(self, pattern: Pattern) -> int:
        return self._patterns.setdefault(pattern, len(self._patterns))

    def _pattern(self, choice: object) -> Pattern:
        if choice == ABSTAIN:
            return Pattern(((self._numbers[ABSTAIN], 1),))
        if choice == "" or choice is None:
            raise ValueError("the ballot names no choice")
        kind = self._rule.kind
        if kind == "ranking":
            return self._ranking(choice)
        if kind == "points":
            return self._points(choice)
        if kind == "approval":
            names = choice.split("|") if isinstance(choice, str) else choice
            return self._approval(names)
        return Pattern(((self._option(choice), 1),))

    def _option(self, name: object) -> int:
        number = self._numbers.get(name) if isinstance(name, str) else None
        if number is None:
            known = self._rule.choices
            shown = ", ".join(known[:8]) + (", …" if len(known) > 8 else "")
            raise ValueError(f"the rule knows no choice {name!r}, only {shown}")
        if name == ABSTAIN and self._rule.kind in ("approval", "ranking", "points"):
            raise ValueError("an abstention stands alone on a ballot")
        return number

    def _approval(self, names: object) -> Pattern:
        if not isinstance(names, Iterable):
            raise ValueError(f"an approval names options, not {names!r}")
        options = [self._option(name) for name in names]
        if not options:
            raise ValueError("the ballot names no choice")
        if len(set(options)) < len(options):
            raise ValueError("the ballot names an option twice")
        most = self._rule.max_choices
        if most is not None and len(options) > most:
            raise ValueError(f"the ballot names {len(options)} options where {most} are allowed")
        return Pattern(tuple((option, 1) for option in sorted(options)))

    def _ranking(self, choice: object) -> Pattern:
        if isinstance(choice, str):
            choice = [tier.split("=") for tier in choice.split(">")]
        if not isinstance(choice, Sequence):
            raise ValueError(f"a ranking names options in order, not {choice!r}")
        tiers = [[tier] if isinstance(tier, str) else tier for tier in choice]
        ranked = tuple(tuple(sorted(self._option(name) for name in tier)) for tier in tiers)
        named = [option for tier in ranked for option in tier]
        if not ranked or not all(ranked):
            raise ValueError("the ballot has an empty place in its ranking")
        if len(set(named)) < len(named):
            raise ValueError("the ballot ranks an option twice")
        if self._rule.method == "irv" and len(ranked) < len(named):
            raise ValueError("an instant run-off needs a strict order, without equal ranks")
        return Pattern(tuple((option, 1) for option in ranked[0]), ranked)

    def _points(self, choice: object) -> Pattern:
        pairs = choice.items() if isinstance(choice, Mapping) else _written_points(choice)
        points: dict[int, int] = {}
        for name, number in pairs:
            option = self._option(name)
            if option in points:
                raise ValueError(f"the ballot gives points to {name} twice")
            if not isinstance(number, int) or isinstance(number, bool) or number < 0:
                raise ValueError(f"the points for {name} are a whole number of at least 0, not {number!r}")
            if self._rule.max_points is not None and number > self._rule.max_points:
                raise ValueError(f"{number} points for {name}, where {self._rule.max_points} is the most")
            points[option] = number
        given = sum(points.values())
        if given == 0:
            raise ValueError("the ballot gives no points")
        if self._rule.total_points is not None and given > self._rule.total_points:
            raise ValueError(f"the ballot gives {given} points of the {self._rule.total_points} it has")
        if given > self._most_points:
            raise ValueError(f"the ballot gives {given} points, more than can be counted exactly")
        return Pattern(tuple((option, number) for option, number in sorted(points.items()) if number))


def _written_points(choice: object) -> list[tuple[str, int]]:
    if not isinstance(choice, str):
        raise ValueError(f"a ballot in points gives numbers to options, not {choice!r}")
    pairs = []
    for part in choice.split("|"):
        name, colon, number = part.rpartition(":")
        if not colon or not (number.isascii() and number.isdigit() and len(number) <= 16):
            raise ValueError(f"points are written as option:number, not {part!r}")
        pairs.append((name, int(number)))
    return pairs
