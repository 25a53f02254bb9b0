"""The roll and the ballot box: who may vote with which weight, and what was cast, checked and laid out in
arrays."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from omkering.engine.tally.choices import ChoiceReader
from omkering.engine.tally.rules import Rule

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

# Sums run through float64, which holds every whole number up to here exactly; beyond it a count is refused.
EXACT_LIMIT = 2**53 - 1


class RollError(ValueError):
    """A roll that cannot be used. ``position`` counts the entries from 0, None where no single one is at
    fault."""

    def __init__(self, reason: str, position: int | None = None) -> None:
        super().__init__(reason)
        self.position = position


class BallotError(ValueError):
    """A ballot that cannot be counted. ``position`` counts the ballots from 0."""

    def __init__(self, reason: str, position: int) -> None:
        super().__init__(reason)
        self.position = position


@dataclass(frozen=True, slots=True)
class Entry:
    """One member on the roll: its weight in votes and, per grouping, the group or groups it belongs to."""

    member: str
    weight: int
    groups: Mapping[str, str | Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ballot:
    """What one member cast: a choice, with all its votes (``votes`` None) or a part of them.

    ``choice`` is text as in a ballot file: a name for one option, ``a|b`` for approval, ``a>b=c`` for a
    ranking, ``a:3|b:2`` for points, and ``abstain`` in every kind. Approval and ranking also take a
    sequence of names (in a ranking a name may be a sequence of equals), points a mapping of names to
    numbers.
    """

    member: str
    choice: str | Sequence[str | Sequence[str]] | Mapping[str, int]
    votes: int | None = None


class Grouping:
    """Which groups every member of a roll is in, under one heading such as province or network."""

    def __init__(self, groups_of: Sequence[Sequence[str]]) -> None:
        self.groups = tuple(sorted({group for groups in groups_of for group in groups}))
        number = {group: position for position, group in enumerate(self.groups)}
        counts = np.array([len(groups) for groups in groups_of], dtype=np.intp)
        self._flat = np.array([number[group] for groups in groups_of for group in groups], dtype=np.intp)
        self._starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.intp)
        self._single: NDArray[np.intp] | None = None
        if counts.max(initial=0) <= 1:
            # One group at most, the usual case: no group gets a number of its own, dropped after summing.
            self._single = np.full(len(groups_of), len(self.groups), dtype=np.intp)
            self._single[counts == 1] = self._flat

    def groups_of(self, row: int) -> tuple[str, ...]:
        """The groups of the member with number ``row``."""
        return tuple(self.groups[each] for each in self._flat[self._starts[row] : self._starts[row + 1]])

    def sums(
        self, rows: NDArray[np.intp], columns: NDArray[np.intp], width: int, *values: Floats | None
    ) -> list[Ints]:
        """For each of ``values`` its sums (None: the counts), arrays of groups × ``width`` columns.

        ``rows`` are member numbers; a member in several groups counts in each.
        """
        count = len(self.groups)
        source = None
        if self._single is not None:
            groups = self._single[rows]
        else:
            first = self._starts[rows]
            times = self._starts[rows + 1] - first
            source = np.repeat(np.arange(len(rows)), times)
            within = np.arange(len(source)) - np.repeat(np.cumsum(times) - times, times)
            groups = self._flat[first[source] + within]
            columns = columns[source]
        keys = groups * width + columns
        sums = []
        for each in values:
            if each is not None and source is not None:
                each = each[source]
            summed = np.bincount(keys, weights=each, minlength=(count + 1) * width)
            sums.append(summed[: count * width].astype(np.int64).reshape(count, width))
        return sums


class Roll:
    """Who may vote, frozen: the members in the order given, with weights and groups, laid out for any count.

    ``group_sums`` holds the votes and the heads of every group. Raises `RollError` where a member stands
    on it twice, a weight is not a whole number of at least 0, there is no member at all, or the weights sum
    to more than can be counted exactly (2**53 − 1).
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        kept = list(entries)
        if not kept:
            raise RollError("the roll has no members")
        self.index: dict[str, int] = {}
        names: dict[str, None] = {}
        for position, entry in enumerate(kept):
            if not isinstance(entry.weight, int) or isinstance(entry.weight, bool) or entry.weight < 0:
                raise RollError(
                    f"the weight of member {entry.member} is a whole number of at least 0, "
                    f"not {entry.weight!r}",
                    position,
                )
            if self.index.setdefault(entry.member, position) != position:
                raise RollError(f"member {entry.member} stands on the roll twice", position)
            names.update(dict.fromkeys(entry.groups))
        self.members = tuple(self.index)
        self.total = sum(entry.weight for entry in kept)
        if self.total > EXACT_LIMIT:
            raise RollError(
                f"the weights sum to {self.total}, and {EXACT_LIMIT} is the most that counts exactly"
            )
        self.weights: Ints = np.array([entry.weight for entry in kept], dtype=np.int64)
        self.weights.setflags(write=False)
        self.groupings = {
            name: Grouping([_group_names(entry.groups.get(name, ())) for entry in kept]) for name in names
        }
        everyone = np.arange(len(kept))
        self.group_sums: dict[str, list[Ints]] = {
            name: grouping.sums(everyone, np.zeros_like(everyone), 1, self.weights.astype(np.float64), None)
            for name, grouping in self.groupings.items()
        }

    def __len__(self) -> int:
        return len(self.members)


class BallotBox:
    """The ballots of one vote, checked against roll and rule and laid out in arrays, ready to count.

    ``present`` names the members that are present; without it those with a ballot are. Raises `BallotError`
    for a ballot of a member that is not on the roll or not present, a second ballot, votes above the
    weight, or a choice that the rule does not know; `RollError` where ``present`` names a stranger.
    """

    def __init__(
        self, roll: Roll, ballots: Iterable[Ballot], rule: Rule, *, present: Collection[str] | None = None
    ) -> None:
        self.roll, self.rule = roll, rule
        here = None if present is None else set(present)
        for member in sorted(here or ()):
            if member not in roll.index:
                raise RollError(f"member {member} is said to be present but is not on the roll")
        if here is not None:
            self.present = np.array(sorted(roll.index[each] for each in here), dtype=np.intp)
        reader = ChoiceReader(rule, most_points=EXACT_LIMIT // max(1, roll.total))
        kept = ballots if isinstance(ballots, list) else list(ballots)
        divided: list[list[int]] = []
        if not self._read_whole(kept, reader, here):
            divided = self._read_closely(kept, reader, here)
        self.patterns = tuple(reader.patterns)
        if here is None:
            self.present = self.voters
        self._lay_out(divided)

    def _read_whole(self, ballots: list[Ballot], reader: ChoiceReader, here: set[str] | None) -> bool:
        """Read the ballots all at once where each is whole, its member's only one, and nothing is wrong; False
        where they must be looked at one by one."""
        row_of, number = self.roll.index, _Numbers(reader)
        try:
            rows_read = [row_of[ballot.member] for ballot in ballots if ballot.votes is None]
            if len(rows_read) < len(ballots):
                return False
            kinds_read = [number[ballot.choice] for ballot in ballots]
        except (KeyError, TypeError, ValueError):
            return False
        rows = np.fromiter(rows_read, np.intp, len(ballots))
        pattern_of = np.fromiter(kinds_read, np.intp, len(ballots))
        cast = np.bincount(rows, minlength=1)
        if cast.max() > 1:
            return False
        if here is not None and not np.isin(rows, self.present).all():
            return False
        self.rows, self.pattern_of = rows, pattern_of
        self.votes: Ints = self.roll.weights[self.rows]
        self.voters = np.flatnonzero(cast)
        return True

    def _read_closely(
        self, ballots: list[Ballot], reader: ChoiceReader, here: set[str] | None
    ) -> list[list[int]]:
        """Read the ballots one by one; the positions of the ballots of every divided member."""
        roll, rule = self.roll, self.rule
        weights = roll.weights.tolist()
        rows: list[int] = []
        kinds: list[int] = []
        votes: list[int] = []
        by_member: dict[int, list[int]] = {}
        undivided: set[int] = set()
        for position, ballot in enumerate(ballots):
            row = roll.index.get(ballot.member)
            if row is None:
                raise BallotError(f"member {ballot.member} is not on the roll", position)
            if here is not None and ballot.member not in here:
                raise BallotError(f"member {ballot.member} casts a ballot but is not present", position)
            try:
                kind = reader.number(ballot.choice)
            except ValueError as error:
                raise BallotError(f"member {ballot.member}: {error}", position) from None
            part = weights[row] if ballot.votes is None else ballot.votes
            if ballot.votes is not None:
                _check_part(ballot, weights[row], rule, position)
            earlier = by_member.get(row)
            if earlier is None:
                by_member[row] = [position]
            else:
                taken = row in undivided or kind in (kinds[at] for at in earlier)
                _check_second(ballot, taken, rule, position)
                cast = part + sum(votes[at] for at in earlier)
                if cast > weights[row]:
                    raise BallotError(
                        f"member {ballot.member} casts {cast} votes and has {weights[row]}", position
                    )
                earlier.append(position)
            if ballot.votes is None:
                undivided.add(row)
            rows.append(row)
            kinds.append(kind)
            votes.append(part)
        if rule.split == "complete":
            for row, positions in by_member.items():
                cast = sum(votes[at] for at in positions)
                if cast != weights[row]:
                    raise BallotError(
                        f"member {roll.members[row]} casts {cast} of its {weights[row]} votes, "
                        "and the rule asks for all",
                        positions[-1],
                    )
        self.rows = np.array(rows, dtype=np.intp)
        self.pattern_of = np.array(kinds, dtype=np.intp)
        self.votes = np.array(votes, dtype=np.int64)
        self.voters = np.array(sorted(by_member), dtype=np.intp)
        return [positions for positions in by_member.values() if len(positions) > 1]

    def _lay_out(self, divided: list[list[int]]) -> None:
        """Every ballot as contributions (member, option, value), and the heads that go with them."""
        sizes = np.array([len(pattern.picks) for pattern in self.patterns], dtype=np.intp)
        flat = [pick for pattern in self.patterns for pick in pattern.picks]
        options = np.array([option for option, _ in flat], dtype=np.intp)
        times = np.array([points for _, points in flat], dtype=np.int64)
        starts = np.cumsum(sizes) - sizes
        source: NDArray[np.intp] | slice
        if len(sizes) == 0 or sizes.max() == 1:
            source = slice(None)
            taken = starts[self.pattern_of] if len(sizes) else self.pattern_of
        else:
            each = sizes[self.pattern_of]
            source = np.repeat(np.arange(len(self.rows)), each)
            within = np.arange(len(source)) - np.repeat(np.cumsum(each) - each, each)
            taken = starts[self.pattern_of][source] + within
        self.member = self.rows[source]
        self.option = options[taken]
        self.value: Floats = (self.votes[source] * times[taken]).astype(np.float64)
        self.split_heads = 0
        self.undivided = not divided and all(
            pattern.picks[0][1] == 1 == len(pattern.picks) for pattern in self.patterns
        )
        if not divided:
            self.head_member, self.head_option = self.member, self.option
            return
        parts = np.zeros(len(self.rows), dtype=bool)
        members: list[int] = []
        heads: list[int] = []
        for positions in divided:
            parts[positions] = True
            supported = self._head_of(positions)
            members += [int(self.rows[positions[0]])] * len(supported)
            heads += supported
            self.split_heads += not supported
        whole = ~parts[source]
        self.head_member = np.concatenate([self.member[whole], np.array(members, dtype=np.intp)])
        self.head_option = np.concatenate([self.option[whole], np.array(heads, dtype=np.intp)])

    def _head_of(self, positions: list[int]) -> list[int]:
        """The options that have all votes of a divided member, its abstentions aside."""
        abstain = len(self.rule.choices) - 1
        supports = [
            {option for option, _ in self.patterns[self.pattern_of[position]].picks} for position in positions
        ]
        voting = [options for options in supports if abstain not in options]
        return sorted(set.intersection(*voting)) if voting else [abstain]


class _Numbers(dict[object, int]):
    """The number of the pattern of each choice, read once where it first comes."""

    def __init__(self, reader: ChoiceReader) -> None:
        super().__init__()
        self._reader = reader

    def __missing__(self, choice: object) -> int:
        self[choice] = number = self._reader.number(choice)
        return number


def _check_part(ballot: Ballot, weight: int, rule: Rule, position: int) -> None:
    part = ballot.votes
    if not isinstance(part, int) or isinstance(part, bool) or part < 1:
        raise BallotError(
            f"the votes of member {ballot.member} are a whole number of at least 1, not {part!r}", position
        )
    if part > weight:
        raise BallotError(f"member {ballot.member} casts {part} votes and has {weight}", position)
    if part < weight and rule.split == "refused":
        raise BallotError(f"member {ballot.member} divides its votes, which this rule refuses", position)


def _check_second(ballot: Ballot, taken: bool, rule: Rule, position: int) -> None:
    if taken or ballot.votes is None or rule.split == "refused":
        raise BallotError(f"a second ballot of member {ballot.member}", position)


def _group_names(groups: str | Sequence[str]) -> tuple[str, ...]:
    """The groups of a member under one heading, each once; an empty name is no group."""
    names = (groups,) if isinstance(groups, str) else groups
    return tuple(dict.fromkeys(name for name in names if name))
