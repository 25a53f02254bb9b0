"""Counting a priority round: from a frozen roll and ballots to a result that can be explained. Pure.

Choosing is by the method of equal shares on unit costs (`engine.budget.choose_priorities`): each place costs one, the
budget is the number of places, each vote of those who handed in a ballot holds an equal share of it, and who wants a
candidate that is chosen pays for it together with the others who want it. So a minority of one in N of the votes that
agrees gets its own priority. Places that are left when nobody can pay any more go to what has most support.

What a ballot says becomes support in whole numbers:
- a tick is 1, points are their number;
- a place in an order of m candidates is m for the first, m - 1 for the second and so on, and nought for what is not in
  it: the Borda count (J.-C. de Borda, "Mémoire sur les élections au scrutin", 1781, printed 1784), where a ballot that
  names only some keeps full marks for its first; as additive utilities in equal shares: D. Peters, G. Pierczyński and
  P. Skowron, "Proportional participatory budgeting with additive utilities", NeurIPS 2021.

Where two candidates stand equal, the one with more support goes first, and then the one that was nominated first; the
result says where that decided. Plain counting, beside it, never breaks a tie: it names who stands equal.

Money is told in votes: a place costs the whole share of `needed` votes. What was not chosen `lacked` so many of them:
its supporters together `held` only so many, for the rest of their shares went to what they wanted that was chosen.

The minority report. A member's share is the part of its support (ticks, points, or Borda points) that went to what was
chosen. The share of a group is the mean over its members that handed in a ballot, each counting once. A group got
clearly `less` when at least `DESCRIBED` of its members handed in a ballot and its share is below half of the mean over
all members that did. A smaller group is never described: one ballot would weigh too much. `missed` names what most
of its members wanted among what was not chosen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from math import ceil, floor, lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from omkering.engine.budget import Outcome, choose_priorities

RANKING = "ranking"
DESCRIBED = 5  # ballots from which a group is described
MISSED = 3  # wishes of a group that are named
WHOLE = 10_000  # shares are told in ten-thousandths

Ballot = Mapping[str, int]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Line:
    """Who may choose: a key, its votes, and its groups (grouping → keys)."""

    key: str
    weight: int
    groups: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Amount:
    """So many votes, and so many who hold them."""

    votes: int
    heads: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """A priority: paid for by who wants it (`paid`) or on a place that was left (`score`); `tie`: one stood equal."""

    candidate: str
    by: str
    tie: bool


@dataclass(frozen=True, slots=True)
class Short:
    """What was not chosen: the votes its supporters still held together, and how many of those needed it lacked."""

    candidate: str
    held: int
    lacked: int


@dataclass(frozen=True, slots=True)
class Plain:
    """Most support first: what is sure of a place, and what stands equal for the last `places`."""

    chosen: list[str]
    tied: list[str]
    places: int


@dataclass(frozen=True, slots=True)
class Group:
    """A group of members: on the roll, with a ballot, and behind each candidate (in the order of `Result.candidates`).

    `share` (ten-thousandths) and `missed` (candidate and members) are there from `DESCRIBED` ballots on.
    """

    roll: Amount
    cast: Amount
    votes: list[int]
    heads: list[int]
    share: int | None
    less: bool
    missed: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Result:
    """The result of a round. `votes`, `heads` and `support` go by `candidates`; `chosen` and `short` by their order.

    `support` is the sum of votes times ticks, points or Borda points. `groups` is grouping → key → group.
    """

    kind: str
    maximum: int
    candidates: list[str]
    roll: Amount
    cast: Amount
    needed: int
    chosen: list[Chosen]
    short: list[Short]
    votes: list[int]
    heads: list[int]
    support: list[int]
    plain: Plain
    share: int | None
    groups: dict[str, dict[str, Group]]

    def as_dict(self) -> dict[str, Any]:
        """The same as plain data, to keep."""
        return asdict(self)


def support_of(kind: str, ballot: Ballot, candidates: int) -> dict[str, int]:
    """The support that a ballot gives, by candidate; `candidates` is how many there are."""
    if kind == RANKING:
        return {candidate: candidates + 1 - place for candidate, place in ballot.items()}
    return dict(ballot)


def count(
    *,
    kind: str,
    maximum: int,
    candidates: Sequence[str],
    lines: Sequence[Line],
    ballots: Mapping[str, Ballot],
) -> Result:
    """Count the ballots (key of a line → ballot) of a round; a line without one, or with an empty one, did not choose.

    `candidates` are in the order in which they were nominated. ValueError for a ballot that is of no line or names
    another candidate.
    """
    at = {candidate: number for number, candidate in enumerate(candidates)}
    if ballots.keys() - {line.key for line in lines}:
        raise ValueError("there is a ballot of nobody on the roll")
    cast = [line for line in lines if ballots.get(line.key)]
    given = {line.key: support_of(kind, ballots[line.key], len(candidates)) for line in cast}
    support = np.zeros((len(cast), len(candidates)), np.int64)
    for row, line in enumerate(cast):
        for candidate, value in given[line.key].items():
            if candidate not in at:
                raise ValueError(f"a ballot names {candidate}, which is no candidate")
            support[row, at[candidate]] = value
    weights = np.array([line.weight for line in cast], np.int64)
    behind = support > 0
    totals = (weights @ support).tolist()
    order = sorted(candidates, key=lambda candidate: (-totals[at[candidate]], at[candidate]))
    chosen: list[Chosen] = []
    needed, held = 1, dict.fromkeys(candidates, 0)
    if cast:
        outcome = choose_priorities(
            maximum,
            given,
            {line.key: line.weight for line in cast},
            options=candidates,
            ties=order,
            explain=True,
        )
        chosen = [Chosen(each.project, each.reason, each.by_tie_rule) for each in outcome.rounds]
        needed, held = _in_votes(outcome, [line.key for line in cast], behind, candidates)
    picked = {each.candidate for each in chosen}
    shares = _shares(support, np.array([candidate in picked for candidate in candidates], bool))
    return Result(
        kind=kind,
        maximum=maximum,
        candidates=list(candidates),
        roll=Amount(sum(line.weight for line in lines), len(lines)),
        cast=Amount(int(weights.sum()), len(cast)),
        needed=needed,
        chosen=chosen,
        short=[
            Short(candidate, held[candidate], needed - held[candidate])
            for candidate in order
            if candidate not in picked
        ],
        votes=(weights @ behind).tolist(),
        heads=behind.sum(axis=0).tolist(),
        support=totals,
        plain=_plain([(candidate, totals[at[candidate]]) for candidate in order], maximum),
        share=_mean(shares, range(len(cast))),
        groups=_groups(lines, cast, weights, behind, shares, candidates, picked),
    )


def _in_votes(
    outcome: Outcome, keys: list[str], behind: NDArray[np.bool_], candidates: Sequence[str]
) -> tuple[int, dict[str, int]]:
    """How many votes a place costs, and how many votes' worth the supporters of each candidate had left together."""
    share = outcome.endowment
    if not share:
        return 1, dict.fromkeys(candidates, 0)
    purses = [outcome.left[key] for key in keys]
    # One denominator for all: then they are added as whole numbers.
    scale = lcm(*{purse.denominator for purse in purses})
    units = [purse.numerator * (scale // purse.denominator) for purse in purses]
    held = {
        candidate: floor(
            Fraction(sum(units[row] for row in np.flatnonzero(behind[:, number])), scale) / share
        )
        for number, candidate in enumerate(candidates)
    }
    return max(1, ceil(1 / share)), held


def _plain(order: list[tuple[str, int]], maximum: int) -> Plain:
    supported = [(candidate, total) for candidate, total in order if total]
    if len(supported) <= maximum:
        return Plain([candidate for candidate, _total in supported], [], 0)
    bar = supported[maximum - 1][1]
    sure = [candidate for candidate, total in supported if total > bar]
    level = [candidate for candidate, total in supported if total == bar]
    if len(sure) + len(level) == maximum:
        return Plain(sure + level, [], 0)
    return Plain(sure, level, maximum - len(sure))


@dataclass(frozen=True, slots=True)
class _Shares:
    """What part of each ballot's support was chosen: `parts` over one denominator."""

    parts: list[int]
    whole: int


def _shares(support: Ints, picked: NDArray[np.bool_]) -> _Shares:
    wished = support.sum(axis=1).tolist()
    made = support[:, picked].sum(axis=1).tolist()
    whole = lcm(*set(wished)) if wished else 1
    return _Shares([got * (whole // of) for got, of in zip(made, wished, strict=True)], whole)


def _mean(shares: _Shares, rows: Sequence[int]) -> int | None:
    """The mean share of these ballots in ten-thousandths; None without any."""
    if not rows:
        return None
    return round(Fraction(sum(shares.parts[row] for row in rows) * WHOLE, shares.whole * len(rows)))


def _less(shares: _Shares, rows: Sequence[int]) -> bool:
    """Whether the mean share of these ballots is below half of that of all."""
    own, all_of_them = sum(shares.parts[row] for row in rows), sum(shares.parts)
    return 2 * own * len(shares.parts) < all_of_them * len(rows)


def _groups(
    lines: Sequence[Line],
    cast: Sequence[Line],
    weights: Ints,
    behind: NDArray[np.bool_],
    shares: _Shares,
    candidates: Sequence[str],
    picked: set[str],
) -> dict[str, dict[str, Group]]:
    rolls: dict[tuple[str, str], list[int]] = {}
    for line in lines:
        for grouping, keys in line.groups.items():
            for key in keys:
                rolls.setdefault((grouping, key), []).append(line.weight)
    rows: dict[tuple[str, str], list[int]] = {group: [] for group in rolls}
    for row, line in enumerate(cast):
        for grouping, keys in line.groups.items():
            for key in keys:
                rows[grouping, key].append(row)
    found: dict[str, dict[str, Group]] = {}
    for (grouping, key), inside in sorted(rows.items()):
        heads = behind[inside].sum(axis=0).tolist()
        described = len(inside) >= DESCRIBED
        wanted = [
            (candidate, number)
            for candidate, number in zip(candidates, heads, strict=True)
            if number and candidate not in picked
        ]
        wanted.sort(key=lambda pair: -pair[1])
        found.setdefault(grouping, {})[key] = Group(
            roll=Amount(sum(rolls[grouping, key]), len(rolls[grouping, key])),
            cast=Amount(int(weights[inside].sum()), len(inside)),
            votes=(weights[inside] @ behind[inside]).tolist(),
            heads=heads,
            share=_mean(shares, inside) if described else None,
            less=described and _less(shares, inside),
            missed=wanted[:MISSED] if described else [],
        )
    return found
