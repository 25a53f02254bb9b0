"""What pages may show of an opinion map, from the engine's result. Pure functions.

Nothing tells of fewer than five people: not a group, not the votes of a group or slice on one statement, and not what
is left when the figures that are shown are taken from their total. So where only a few votes on a statement come from
people outside the groups that are shown, these votes count in none of its figures. What is not shown is not stored.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from omkering.engine.opinion import OpinionMap, VoteTable

LEAST = 5  # people, or votes, of whom something may be told
DIVIDES = 0.25  # how far apart groups are on a statement that divides, 0 to 1
MOST = 8  # statements of a kind that are put forward
COLUMNS, ROWS = 26, 16  # of the grid on which people stand in the picture

Counts = NDArray[np.int64]  # … × 3: agree, disagree, pass


@dataclass(frozen=True)
class Slices:
    """Members in groups: grouping → key → ids of its members. A member is in one group of a grouping, or, in those
    named by `overlapping`, in several.
    """

    groupings: Mapping[str, Mapping[str, frozenset[int]]]
    overlapping: frozenset[str] = frozenset()


def visible_parts(votes: Sequence[int], rest: int = 0) -> list[bool]:
    """Which parts of a whole may be shown, given the votes in each and those in no part (`rest`).

    A part with fewer than five is not shown. When what is hidden adds up to fewer than five, the total would tell it,
    so the smallest shown part is hidden as well.
    """
    shown = [count >= LEAST for count in votes]
    hidden = rest + sum(count for count, open_ in zip(votes, shown, strict=True) if not open_)
    while 0 < hidden < LEAST and any(shown):
        smallest = min((count, at) for at, count in enumerate(votes) if shown[at])[1]
        shown[smallest] = False
        hidden += votes[smallest]
    return shown


def visible_subset(votes: int, whole: int) -> bool:
    """Whether a part of a whole may be shown by itself, given that the whole is shown."""
    return votes >= LEAST and (whole == votes or whole - votes >= LEAST)


def build(
    table: VoteTable,
    found: OpinionMap,
    letters: Mapping[int, str],
    *,
    members: NDArray[np.int64],
    slices: Slices,
) -> dict[str, Any]:
    """The result as plain data.

    `members` is the member behind each vote, in the order of the table (0: none). Figures are lists [agree, disagree,
    pass], or absent where they may not be shown. Statements that are not shown themselves are left out.
    """
    kept = [(at, each) for at, each in enumerate(found.statements) if not each.excluded]
    described = [group for group in found.groups if group.described]
    names = [letters[group.id] for group in described]
    in_group = _part_of_group(found, {group.id: at for at, group in enumerate(described)})
    part = in_group[table.rows]
    counted = _without_few(table, part, len(described))
    by_group = _counts(table, part, len(described), counted)  # the last one: who is in no described group
    total = by_group.sum(axis=0)
    statements = {}
    for at, each in kept:
        votes = by_group[:-1, at].sum(axis=1).tolist()
        groups = {names[g]: by_group[g, at].tolist() for g, count in enumerate(votes) if count >= LEAST}
        statements[each.id] = {
            "all": total[at].tolist() if total[at].sum() >= LEAST else None,
            "groups": groups,
            "divides": each.divisiveness if len(groups) > 1 else None,
        }
    people = np.bincount(in_group, minlength=len(described) + 1)
    return {
        "people": len(table.participants),
        "votes": len(table.values),
        "rest": int(people[-1]),
        "groups": [
            _group(group, letters[group.id], found, {each.id for _at, each in kept}, statements)
            for group in sorted(described, key=lambda each: (len(letters[each.id]), letters[each.id]))
        ],
        "statements": statements,
        "shared": _shared(statements, names),
        "divides": _dividing(statements),
        "dots": _dots(found, in_group, names),
        "slices": _sliced(table, members, slices, kept, in_group, names, counted),
    }


def _part_of_group(found: OpinionMap, order: Mapping[int, int]) -> NDArray[np.int64]:
    """For each participant the number of its described group, or the number after the last."""
    lookup = np.full(max(found.k, int(found.labels.max(initial=0)) + 1) + 1, len(order), dtype=np.int64)
    for group, at in order.items():
        lookup[group] = at
    return lookup[found.labels]  # −1, in no group, is the last entry


def _counts(
    table: VoteTable, part: NDArray[np.int64], parts: int, counted: NDArray[np.bool_] | None = None
) -> Counts:
    """Votes by part and statement; `part` is that of each vote, `parts` the number of the last one, `counted` which
    votes count.
    """
    width = len(table.statements)
    cell = (part * width + table.columns) * 3 + _place(table.values)
    if counted is not None:
        cell = cell[counted]
    return np.bincount(cell, minlength=(parts + 1) * width * 3).reshape(parts + 1, width, 3)


def _without_few(table: VoteTable, part: NDArray[np.int64], parts: int) -> NDArray[np.bool_]:
    """Which votes count: all but those on a statement that come from no group that is shown, where these are fewer
    than five together.
    """
    votes = _counts(table, part, parts).sum(axis=2)
    outside = votes < LEAST
    outside[-1] = True
    left = (votes * outside).sum(axis=0)
    few = (left > 0) & (left < LEAST)
    return ~(few[table.columns] & outside[part, table.columns])


def _place(values: NDArray[np.int8]) -> NDArray[np.int64]:
    """The place of a vote in [agree, disagree, pass]."""
    return np.array([1, 2, 0], dtype=np.int64)[values.astype(np.int64) + 1]


def share(counts: Sequence[int], direction: str) -> float:
    """The share that agrees or disagrees, of the votes."""
    return counts[0 if direction == "agree" else 1] / (sum(counts) or 1)


def _group(
    group: Any, name: str, found: OpinionMap, kept: set[str], statements: Mapping[str, Any]
) -> dict[str, Any]:
    middle = found.positions[found.labels == group.id].mean(axis=0) * _scale(found)
    return {
        "name": name,
        "size": group.size,
        "x": round(float(middle[0]), 4),
        "y": round(float(middle[1]), 4),
        "typical": [
            [each.statement, each.direction]
            for each in group.representative
            if each.statement in kept and name in statements[each.statement]["groups"]
        ],
    }


def _shared(statements: Mapping[str, Any], names: Sequence[str]) -> list[list[str]]:
    """What most of every described group agree, or disagree, with: the strongest first."""
    strength = {}
    for key, each in statements.items():
        groups = each["groups"]
        if not names or len(groups) < len(names):
            continue
        for direction in ("agree", "disagree"):
            shares = [share(counts, direction) for counts in groups.values()]
            if min(shares) > 0.5:
                strength[key, direction] = float(np.prod(shares))
    order = sorted(strength.items(), key=lambda pair: (-pair[1], int(pair[0][0])))
    return [list(key) for key, _strength in order[:MOST]]


def _dividing(statements: Mapping[str, Any]) -> list[str]:
    """On what the groups lie furthest apart: the widest first."""
    apart = [
        (-each["divides"], int(key)) for key, each in statements.items() if (each["divides"] or 0) >= DIVIDES
    ]
    return [str(key) for _apart, key in sorted(apart)[:MOST]]


# --- the picture -----------------------------------------------------------------------------------------
def _scale(found: OpinionMap) -> float:
    """By which positions are multiplied so that all lie between −1 and 1."""
    widest = float(np.abs(found.positions).max(initial=0.0))
    return 1 / widest if widest else 1.0


def places(found: OpinionMap) -> NDArray[np.float64]:
    """Where each participant stands in the picture: participants × 2, from −1 to 1."""
    return found.positions * _scale(found)


def _dots(found: OpinionMap, in_group: NDArray[np.int64], names: Sequence[str]) -> list[list[Any]]:
    """[column, row, group or "", people] of each cell of the grid in which people stand.

    People of no described group are left out where they are fewer than five.
    """
    at = places(found)
    column = np.clip(((at[:, 0] + 1) / 2 * COLUMNS).astype(int), 0, COLUMNS - 1)
    row = np.clip(((at[:, 1] + 1) / 2 * ROWS).astype(int), 0, ROWS - 1)
    counted = np.bincount((in_group * ROWS + row) * COLUMNS + column)
    few = 0 < int((in_group == len(names)).sum()) < LEAST
    dots = []
    for cell in np.flatnonzero(counted).tolist():
        rest, x = divmod(cell, COLUMNS)
        group, y = divmod(rest, ROWS)
        if group < len(names):
            dots.append([x, y, names[group], int(counted[cell])])
        elif not few:
            dots.append([x, y, "", int(counted[cell])])
    return dots


# --- slices ----------------------------------------------------------------------------------------------
def _sliced(
    table: VoteTable,
    members: NDArray[np.int64],
    slices: Slices,
    kept: Sequence[tuple[int, Any]],
    in_group: NDArray[np.int64],
    names: Sequence[str],
    counted: NDArray[np.bool_],
) -> dict[str, Any]:
    """Grouping → key → {people, groups, statements} of the slices of which something may be shown."""
    ids, behind = np.unique(members, return_inverse=True)
    counts = _counts(
        table, behind.astype(np.int64), max(len(ids) - 1, 0), counted
    )  # by member, statement and vote
    total = counts.sum(axis=0)
    # People with the members they voted for, as one number each: sorting numbers is much quicker than rows.
    width = max(len(ids), 1)
    person, of_member = np.divmod(np.unique(table.rows * width + behind), width)
    place = {int(member): at for at, member in enumerate(ids.tolist()) if member}
    everyone = len(table.participants)
    shown: dict[str, Any] = {}
    for grouping, groups in slices.groupings.items():
        rows = {
            key: np.array(sorted(place[member] for member in group if member in place), dtype=np.int64)
            for key, group in groups.items()
        }
        keys = [key for key, found in rows.items() if len(found)]
        alone = grouping in slices.overlapping
        people = {key: np.unique(person[np.isin(of_member, rows[key])]) for key in keys}
        heads = [len(people[key]) for key in keys]
        seen = _visible(heads, everyone, alone)
        votes = {key: counts[rows[key]].sum(axis=0) for key in keys}
        cells: dict[str, dict[str, list[int]]] = {key: {} for key in keys}
        for at, each in kept:
            numbers = [int(votes[key][at].sum()) for key in keys]
            for key, open_ in zip(keys, _visible(numbers, int(total[at].sum()), alone), strict=True):
                if open_:
                    cells[key][each.id] = votes[key][at].tolist()
        shown[grouping] = {
            key: {
                "people": head,
                "groups": _composition(in_group[people[key]], names),
                "statements": cells[key],
            }
            for key, head, open_ in zip(keys, heads, seen, strict=True)
            if open_
        }
    return shown


def _visible(numbers: Sequence[int], whole: int, alone: bool) -> list[bool]:
    if alone:
        return [visible_subset(number, whole) for number in numbers]
    return visible_parts(numbers, max(0, whole - sum(numbers)))


def _composition(groups: NDArray[np.int64], names: Sequence[str]) -> dict[str, int]:
    """How the people of a slice stand over the groups, in whole percents; the rest is in none."""
    return {name: round(100 * int((groups == at).sum()) / len(groups)) for at, name in enumerate(names)}
