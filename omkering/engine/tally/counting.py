"""The count: from a ballot box to a result with its reasons."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from omkering.engine.tally import ranking
from omkering.engine.tally.ballots import EXACT_LIMIT, Ballot, BallotBox, Ints, Roll
from omkering.engine.tally.rules import AGAINST, FOR, Base, Measure, Rule, Threshold

Outcome = Literal["adopted", "rejected", "tie", "no_quorum", "elected"]
Table = dict[str, dict[str, dict[str, int]]]


@dataclass(frozen=True, slots=True)
class Sum:
    """The same thing in votes and in heads."""

    votes: int
    heads: int

    def in_(self, measure: Measure) -> int:
        return self.votes if measure == "votes" else self.heads


@dataclass(frozen=True, slots=True)
class Step:
    """One reason of a result: a code and its numbers, for the caller to put into words.

    Codes and their facts:
    - ``quorum_met``, ``quorum_missed``: in, present, of, required, numerator, denominator, strict
    - ``threshold_met``, ``threshold_missed``, ``threshold_tied``: option, in, base, of, support, required,
      numerator, denominator, strict
    - ``nothing_cast``; ``most_votes``: option, votes; ``equal_votes``: options, seats; ``seats_left``: seats
    - ``round``: number, votes, exhausted, eliminated, tied; ``majority``: option, votes, of;
      ``ties_without_effect``, ``ties_too_many``: options
    - ``order``: tiers; ``beats``: option, over, strength, against
    """

    code: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Result:
    """What a vote came to.

    ``base`` and ``required`` belong to the first threshold (for an instant run-off to the last round;
    without a threshold ``base`` is the votes cast and ``required`` 0). ``absent`` is in heads. ``elected``
    are the options chosen for certain, ``tied`` those between which the vote does not decide.
    ``split_heads`` are members whose divided votes stand for no single option. In ``slices`` (votes) and
    ``slice_heads`` a member in several groups counts in each; ``slice_totals`` gives per group what is on
    the roll and what was cast.
    """

    kind: str
    outcome: Outcome
    base: int
    required: int
    votes: dict[str, int]
    heads: dict[str, int]
    absent: int
    absent_votes: int
    split_heads: int
    roll: Sum
    present: Sum
    cast: Sum
    elected: tuple[str, ...]
    tied: tuple[str, ...]
    slices: Table
    slice_heads: Table
    slice_totals: Table
    reason: tuple[Step, ...]

    def as_dict(self) -> dict[str, Any]:
        """The result as plain dictionaries and lists, ready for JSON."""
        return asdict(self)


def tally(
    roll: Roll, ballots: Iterable[Ballot], rule: Rule, *, present: Collection[str] | None = None
) -> Result:
    """Count ``ballots`` against ``roll`` under ``rule``; ``present`` as in `BallotBox`, which names the
    errors."""
    return count(BallotBox(roll, ballots, rule, present=present))


def count(box: BallotBox) -> Result:
    """Count a ballot box. Exact: every number is a sum of whole votes."""
    return _Count(box).result()


@dataclass(frozen=True, slots=True)
class _Decision:
    outcome: Outcome
    elected: tuple[str, ...] = ()
    tied: tuple[str, ...] = ()
    base: int | None = None
    required: int = 0


class _Count:
    """The sums of one box, and the decision on them."""

    def __init__(self, box: BallotBox) -> None:
        self.box, self.rule = box, box.rule
        names = self.rule.choices
        width = len(names)
        votes = np.bincount(box.option, weights=box.value, minlength=width)
        heads = np.bincount(box.head_option, minlength=width)
        self.votes = {name: int(number) for name, number in zip(names, votes, strict=True)}
        self.heads = {name: int(number) for name, number in zip(names, heads, strict=True)}
        weights = box.roll.weights
        self.roll = Sum(box.roll.total, len(box.roll))
        self.present = Sum(int(weights[box.present].sum()), len(box.present))
        self.cast = Sum(int(box.votes.sum()), len(box.voters))
        self.steps: list[Step] = []

    def result(self) -> Result:
        decision = self._decide()
        slices, slice_heads, slice_totals = self._slices()
        return Result(
            kind=self.rule.kind,
            outcome=decision.outcome,
            base=self.cast.votes if decision.base is None else decision.base,
            required=decision.required,
            votes=self.votes,
            heads=self.heads,
            absent=self.roll.heads - self.present.heads,
            absent_votes=self.roll.votes - self.present.votes,
            split_heads=self.box.split_heads,
            roll=self.roll,
            present=self.present,
            cast=self.cast,
            elected=decision.elected,
            tied=decision.tied,
            slices=slices,
            slice_heads=slice_heads,
            slice_totals=slice_totals,
            reason=tuple(self.steps),
        )

    # The decision

    def _decide(self) -> _Decision:
        base, required = None, 0
        if self.rule.thresholds:
            first = self.rule.thresholds[0]
            base = self._base(first)
            required = first.required(base)
        if not self._quorum():
            return _Decision("no_quorum", base=base, required=required)
        if self.rule.kind == "for_against_abstain":
            outcome = self._for_or_against()
            return _Decision(outcome, base=base, required=required)
        if not any(number for name, number in self.votes.items() if name in self.rule.options):
            self._step("nothing_cast")
            return _Decision("rejected", base=base, required=required)
        if self.rule.kind == "ranking":
            return self._schulze() if self.rule.method == "schulze" else self._run_off()
        outcome, elected, tied = self._most_votes()
        return _Decision(outcome, elected, tied, base, required)

    def _quorum(self) -> bool:
        met = True
        for quorum in self.rule.quorum:
            present, of = self.present.in_(quorum.measure), self.roll.in_(quorum.measure)
            required = quorum.required(of)
            reached = present >= required
            self._step(
                "quorum_met" if reached else "quorum_missed",
                **_share(quorum.measure, quorum.numerator, quorum.denominator, quorum.strict),
                present=present,
                of=of,
                required=required,
            )
            met = met and reached
        return met

    def _base(self, threshold: Threshold) -> int:
        sums: dict[Base, Sum] = {
            "all": self.roll,
            "present": self.present,
            "cast": self.cast,
            "cast_without_abstentions": Sum(
                self.cast.votes - self.votes["abstain"], self.cast.heads - self.heads["abstain"]
            ),
        }
        return sums[threshold.base].in_(threshold.measure)

    def _support(self, threshold: Threshold, option: str) -> int:
        return (self.votes if threshold.measure == "votes" else self.heads)[option]

    def _meets(self, option: str, rival: str | None) -> Literal["met", "tied", "missed"]:
        """Whether ``option`` reaches all thresholds; tied when none is missed and one is an equal split with
        ``rival`` at more than a half."""
        states = set()
        for threshold in self.rule.thresholds:
            of = self._base(threshold)
            required = threshold.required(of)
            support = self._support(threshold, option)
            half = threshold.strict and 2 * threshold.numerator == threshold.denominator
            if support >= required:
                state = "met"
            elif half and rival and 0 < 2 * support == of and self._support(threshold, rival) == support:
                state = "tied"
            else:
                state = "missed"
            self._step(
                f"threshold_{state}",
                option=option,
                **_share(threshold.measure, threshold.numerator, threshold.denominator, threshold.strict),
                base=threshold.base,
                of=of,
                support=support,
                required=required,
            )
            states.add(state)
        return "missed" if "missed" in states else "tied" if "tied" in states else "met"

    def _for_or_against(self) -> Outcome:
        if not self.votes[FOR] and not self.votes[AGAINST]:
            self._step("nothing_cast")
        outcomes: dict[str, Outcome] = {"met": "adopted", "tied": "tie", "missed": "rejected"}
        return outcomes[self._meets(FOR, AGAINST)]

    def _most_votes(self) -> tuple[Outcome, tuple[str, ...], tuple[str, ...]]:
        """The options with most votes among those that reach every threshold, as many as there are seats."""
        ranked = sorted(
            (name for name in self.rule.options if self.votes[name]), key=lambda name: -self.votes[name]
        )
        reaching, level = [], []
        for option in ranked:
            rival = next((other for other in ranked if other != option and self._equal(other, option)), None)
            state = self._meets(option, rival)
            if state == "met":
                reaching.append(option)
            elif state == "tied":
                level.append(option)
        if not reaching:
            if level:
                self._step("equal_votes", options=level, seats=self.rule.seats)
            return ("tie" if level else "rejected"), (), tuple(level)
        seats = self.rule.seats
        if len(reaching) > seats and self._equal(reaching[seats - 1], reaching[seats]):
            edge = reaching[seats]
            tied = tuple(name for name in reaching if self._equal(name, edge))
            elected = tuple(name for name in reaching if self.votes[name] > self.votes[edge])
            self._elect(elected)
            self._step("equal_votes", options=tied, seats=seats - len(elected))
            return "tie", elected, tied
        elected = tuple(reaching[:seats])
        self._elect(elected)
        if len(elected) < seats:
            self._step("seats_left", seats=seats - len(elected))
        return "elected", elected, ()

    def _equal(self, one: str, other: str) -> bool:
        return self.votes[one] == self.votes[other]

    def _elect(self, elected: tuple[str, ...]) -> None:
        for name in elected:
            self._step("most_votes", option=name, votes=self.votes[name])

    def _rankings(self) -> tuple[list[ranking.Tiers], list[int]]:
        """Every distinct ranking with the votes for it; abstentions rank nothing."""
        sums = np.bincount(self.box.pattern_of, weights=self.box.votes, minlength=len(self.box.patterns))
        kept = [
            (pattern.tiers, int(number))
            for pattern, number in zip(self.box.patterns, sums, strict=True)
            if pattern.tiers
        ]
        return [tiers for tiers, _ in kept], [number for _, number in kept]

    def _schulze(self) -> _Decision:
        options = self.rule.options
        counted = ranking.schulze(*self._rankings(), len(options))
        self._step("order", tiers=[[options[each] for each in tier] for tier in counted.order])
        best = counted.order[0]
        names = tuple(options[each] for each in best)
        if len(best) > 1:
            self._step("equal_votes", options=names, seats=1)
            return _Decision("tie", tied=names)
        winner = best[0]
        for other in range(len(options)):
            if other != winner:
                self._step(
                    "beats",
                    option=options[winner],
                    over=options[other],
                    strength=int(counted.strongest[winner, other]),
                    against=int(counted.strongest[other, winner]),
                )
        return _Decision("elected", elected=names)

    def _run_off(self) -> _Decision:
        options = self.rule.options
        counted = ranking.instant_run_off(*self._rankings(), len(options))
        for number, each in enumerate(counted.rounds, 1):
            self._step(
                "round",
                number=number,
                votes={options[option]: votes for option, votes in each.votes.items()},
                exhausted=each.exhausted,
                eliminated=[options[option] for option in each.eliminated],
                tied=[options[option] for option in each.tied],
            )
        last = counted.rounds[-1]
        base = sum(last.votes.values())
        names = tuple(options[each] for each in counted.winners)
        if not counted.complete:
            self._step("ties_too_many", options=names)
        if len(names) > 1:
            self._step("equal_votes", options=names, seats=1)
            return _Decision("tie", tied=names, base=base, required=base // 2 + 1)
        if last.tied:
            self._step("ties_without_effect", options=[options[each] for each in last.tied])
        else:
            self._step("majority", option=names[0], votes=last.votes[counted.winners[0]], of=base)
        return _Decision("elected", elected=names, base=base, required=base // 2 + 1)

    def _step(self, code: str, **facts: Any) -> None:
        self.steps.append(Step(code, facts))

    # Slices

    def _slices(self) -> tuple[Table, Table, Table]:
        box = self.box
        names = self.rule.choices
        width = len(names)
        votes: Table = {}
        heads: Table = {}
        totals: Table = {}
        # More than all votes together. A ballot counts for itself and one of these, so that one sum holds votes and
        # heads, as long as the largest that can come out is exact.
        head = 1 << box.roll.total.bit_length()
        both = box.value + head if box.undivided and head * (len(box.value) + 1) <= EXACT_LIMIT else None
        for name, grouping in box.roll.groupings.items():
            if both is not None:
                [summed] = grouping.sums(box.member, box.option, width, both)
                by_heads, by_votes = np.divmod(summed, head)
            else:
                [by_votes] = grouping.sums(box.member, box.option, width, box.value)
                [by_heads] = grouping.sums(box.head_member, box.head_option, width, None)
            if box.undivided:  # every ballot stands for one option, so what was cast is their sum
                cast = [table.sum(axis=1, keepdims=True) for table in (by_votes, by_heads)]
            else:
                column = np.zeros(len(box.rows), dtype=np.intp)
                cast = grouping.sums(box.rows, column, 1, box.votes.astype(np.float64))
                cast += grouping.sums(box.voters, column[: len(box.voters)], 1, None)
            votes[name] = _named(grouping.groups, names, by_votes)
            heads[name] = _named(grouping.groups, names, by_heads)
            table = np.hstack([*box.roll.group_sums[name], *cast])
            totals[name] = _named(
                grouping.groups, ("roll_votes", "roll_heads", "cast_votes", "cast_heads"), table
            )
        return votes, heads, totals


def _named(groups: tuple[str, ...], columns: tuple[str, ...], sums: Ints) -> dict[str, dict[str, int]]:
    return {
        group: dict(zip(columns, row, strict=True)) for group, row in zip(groups, sums.tolist(), strict=True)
    }


def _share(measure: Measure, numerator: int, denominator: int, strict: bool) -> dict[str, Any]:
    return {"in": measure, "numerator": numerator, "denominator": denominator, "strict": strict}
