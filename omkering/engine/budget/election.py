"""The election: projects with their cost, voters with their weight and ballots, and the budget, laid out in
arrays."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Number = int | Fraction | Decimal | float | str
Ballot = Iterable[str] | Mapping[str, Number]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Weights times scores are summed as float64, which holds every whole number up to here.
EXACT_LIMIT = 2**53

NUMBER = re.compile(
    r"[+-]?\d{1,30}(\.\d{0,30}([eE][+-]?\d{1,2})?|[eE][+-]?\d{1,2}|/0*[1-9]\d{0,29})?", re.ASCII
)


class BudgetError(ValueError):
    """An election, or a wish about how to decide it, that cannot be used; the text is one sentence."""


def exact(value: Number, what: str) -> Fraction:
    """``value`` as a fraction; a float counts as the decimal number it prints as, so 0.1 is one tenth.

    Raises BudgetError naming ``what`` when it is not a finite number.
    """
    if type(value) is int or isinstance(value, Fraction):
        return Fraction(value)
    text = str(value)
    # Fraction would read 1e999999999 too, and never come back.
    if NUMBER.fullmatch(text) is None:
        raise BudgetError(f"{what} is {text[:60]!r}, which is not a number")
    return Fraction(text)


def whole(values: Sequence[Fraction]) -> tuple[list[int], int]:
    """The values as whole numbers, and the number by which each was multiplied."""
    scale = math.lcm(*{value.denominator for value in values}) if values else 1
    return [value.numerator * (scale // value.denominator) for value in values], scale


@dataclass(frozen=True, slots=True, eq=False)
class Election:
    """Who may spend what on which projects. Make one with `Election.of` or `Election.from_arrays`.

    Ids are strings. ``costs`` (one a project) and ``budget`` are in units of currency, ``weights`` (one a voter)
    as given. The arrays hold the ballots by project: the supporters of project ``p`` are
    ``voter[start[p]:start[p + 1]]`` with ``score`` each (1 for an approval, scaled to whole numbers otherwise).
    ``unit_weights`` are the weights scaled to whole numbers.
    """

    projects: tuple[str, ...]
    costs: tuple[Fraction, ...]
    budget: Fraction
    voters: tuple[str, ...]
    weights: tuple[Fraction, ...]
    start: Ints
    voter: NDArray[np.int32]
    score: Floats
    unit_weights: Floats
    weight_scale: int
    score_scale: int

    @classmethod
    def of(
        cls,
        projects: Mapping[str, Number],
        ballots: Mapping[str, Ballot],
        *,
        budget: Number,
        weights: Mapping[str, Number] | None = None,
    ) -> Election:
        """The election of ``projects`` (id to cost) by ``ballots`` (voter to the ids approved, or to id and points).

        ``weights`` gives each voter's weight, 1 where it is None. Raises BudgetError on a cost, budget, weight or
        score below zero, a weight of zero, a project that is not on the list or stands twice on one ballot, and a
        weight missing or left over.
        """
        position = {project: at for at, project in enumerate(projects)}
        voters = list(ballots)
        if weights is not None and (odd := weights.keys() ^ ballots.keys()):
            raise BudgetError(f"Voter {min(odd)} has a ballot or a weight but not both")
        who: list[int] = []
        what: list[int] = []
        points: list[Number] = []
        for row, (name, ballot) in enumerate(ballots.items()):
            scored = ballot if isinstance(ballot, Mapping) else None
            for project in ballot:
                if project not in position:
                    raise BudgetError(f"Voter {name} names project {project}, which is not on the list")
                who.append(row)
                what.append(position[project])
                points.append(1 if scored is None else scored[project])
        return cls.from_arrays(
            list(projects),
            list(projects.values()),
            budget=budget,
            voters=voters,
            rows=np.array(who, np.int32),
            columns=np.array(what, np.int32),
            scores=None if all(each == 1 for each in points) else points,
            weights=None if weights is None else [weights[name] for name in voters],
        )

    @classmethod
    def from_arrays(
        cls,
        projects: Sequence[str],
        costs: Sequence[Number],
        *,
        budget: Number,
        voters: Sequence[str],
        rows: NDArray[np.integer],
        columns: NDArray[np.integer],
        scores: Sequence[Number] | None = None,
        weights: Sequence[Number] | None = None,
    ) -> Election:
        """The same from flat arrays: entry ``k`` says that voter ``rows[k]`` supports project ``columns[k]``.

        ``scores`` are the points of each entry, None for approvals; ``weights`` those of each voter, None for 1.
        """
        if len(set(projects)) != len(projects) or len(set(voters)) != len(voters):
            raise BudgetError("Two projects, or two voters, have the same id")
        prices = tuple(
            exact(cost, f"The cost of project {p}") for p, cost in zip(projects, costs, strict=True)
        )
        money = exact(budget, "The budget")
        if money < 0 or min(prices, default=Fraction(0)) < 0:
            raise BudgetError("The budget and every cost must be zero or more")
        if weights is None:
            shares, unit, weight_scale = (Fraction(1),) * len(voters), np.ones(len(voters)), 1
        else:
            shares = tuple(
                exact(each, f"The weight of voter {v}") for v, each in zip(voters, weights, strict=True)
            )
            if min(shares, default=Fraction(1)) <= 0:
                raise BudgetError("Every weight must be more than zero")
            numbers, weight_scale = whole(shares)
            _check_size(sum(numbers))
            unit = np.array(numbers, np.float64)
        points, score_scale = _points(scores, len(rows))
        _check_size(int(unit.sum()) * int(points.max(initial=1)))

        rows, columns = rows[points > 0], columns[points > 0]
        points = points[points > 0]
        narrow = columns.astype(np.uint16) if len(projects) <= 2**16 else columns
        by_voter = np.arange(len(rows)) if np.all(rows[:-1] <= rows[1:]) else np.argsort(rows, kind="stable")
        order = by_voter[np.argsort(narrow[by_voter], kind="stable")]
        voter = rows[order].astype(np.int32)
        sorted_columns = columns[order]
        twice = np.flatnonzero((voter[1:] == voter[:-1]) & (sorted_columns[1:] == sorted_columns[:-1]))
        if len(twice):
            at = int(twice[0])
            project = projects[int(sorted_columns[at])]
            raise BudgetError(f"Voter {voters[int(voter[at])]} names project {project} twice")
        counts = np.bincount(columns, minlength=len(projects))
        start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        score = points[order]
        for array in (start, voter, score, unit):
            array.setflags(write=False)
        return cls(
            tuple(projects),
            prices,
            money,
            tuple(voters),
            shares,
            start,
            voter,
            score,
            unit,
            weight_scale,
            score_scale,
        )

    def supporters(self, project: int) -> NDArray[np.int32]:
        """The voters (numbers, ascending) who support the project with number ``project``."""
        return self.voter[self.start[project] : self.start[project + 1]]

    def votes(self) -> list[Fraction]:
        """Each project's score: the sum over its supporters of weight times points."""
        mass = self.unit_weights[self.voter] * self.score
        sums = np.concatenate([[0.0], np.cumsum(mass)]) if mass.sum() < EXACT_LIMIT else None
        scale = self.weight_scale * self.score_scale
        if sums is not None:
            totals = (sums[self.start[1:]] - sums[self.start[:-1]]).tolist()
            return [Fraction(int(total), scale) for total in totals]
        bounds = self.start.tolist()
        parts = [mass[low:high].tolist() for low, high in pairwise(bounds)]
        return [Fraction(sum(map(int, part)), scale) for part in parts]

    def order(self, ties: str | Sequence[str] = "id") -> list[int]:
        """The rank of each project when a tie is broken, 0 first.

        ``ties``: ``id`` (lexicographic), ``cheapest``, ``dearest`` or ``most_supported`` first and then by id, or
        the ids in the order wished. Raises BudgetError when it is none of these.
        """
        numbers = range(len(self.projects))
        if not isinstance(ties, str):
            place = {project: at for at, project in enumerate(ties)}
            if place.keys() != set(self.projects) or len(place) != len(ties):
                raise BudgetError("The order that breaks ties must name every project once")
            return [place[project] for project in self.projects]
        votes = self.votes() if ties == "most_supported" else []
        keys = {
            "id": lambda p: Fraction(0),
            "cheapest": lambda p: self.costs[p],
            "dearest": lambda p: -self.costs[p],
            "most_supported": lambda p: -votes[p],
        }
        if ties not in keys:
            raise BudgetError(f"Ties can be broken by {', '.join(keys)} or a list of ids, not by {ties!r}")
        rank = [0] * len(self.projects)
        for at, project in enumerate(sorted(numbers, key=lambda p: (keys[ties](p), self.projects[p]))):
            rank[project] = at
        return rank


def _points(scores: Sequence[Number] | None, entries: int) -> tuple[Floats, int]:
    """The points of each entry as whole numbers, and their scale."""
    if scores is None:
        return np.ones(entries), 1
    if len(scores) != entries:
        raise BudgetError("There must be as many scores as entries on the ballots")
    numbers = [each for each in scores if type(each) is int]
    scale = 1
    if len(numbers) != len(scores):
        numbers, scale = whole([exact(each, "A score") for each in scores])
    if min(numbers, default=0) < 0:
        raise BudgetError("Every score must be zero or more")
    _check_size(max(numbers, default=0))
    return np.array(numbers, np.float64), scale


def _check_size(total: int) -> None:
    if total >= EXACT_LIMIT:
        raise BudgetError("The weights or scores are too large or have too many decimals to be added exactly")
