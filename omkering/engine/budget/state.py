"""What a run of equal shares reads and writes: arrays that compiled code can hold, and how code is compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

ROUNDING = 2.0**-52
EXACT = 2.0**53
TINY = 1e-300


def compiled(function: Callable) -> Callable:
    """Compile ``function`` when first called and keep the result beside the code; where nothing may be written
    (a read-only image), every process compiles anew."""
    try:
        return njit(cache=True)(function)
    except RuntimeError:
        return njit(function)


DONE, UNSURE = 0, 1
DEAD, ALIVE, CHOSEN = 0, 1, 2


class Ballots(NamedTuple):
    """What a run reads. Per project: ``start``, ``cost``, ``value`` (utility of a point: 1, or the cost),
    ``numerator`` (cost over value), ``most`` (highest points given) and ``rank`` in ties. Per entry: ``voter`` and
    ``score``. Per voter: ``weight``. ``uneven``: whether any weight, and any score, is not 1."""

    start: NDArray[np.int64]
    voter: NDArray[np.int32]
    score: NDArray[np.float64]
    weight: NDArray[np.float64]
    cost: NDArray[np.float64]
    value: NDArray[np.float64]
    numerator: NDArray[np.float64]
    most: NDArray[np.float64]
    rank: NDArray[np.int64]
    uneven: NDArray[np.bool_]


class State(NamedTuple):
    """What a run writes.

    ``voter`` and ``score``: the entries, of which those of project ``p`` that still have money stand before
    ``end[p]``. Per voter: ``money`` (left per unit of weight, 0 when all is spent), ``gone`` (round in
    which the last was spent, or -1) and ``node`` in the tree of payments in full: a node's ancestors are
    the rounds its voters paid for, so
    that voters in one node own exactly the same. Per node: ``parent``, ``paid_round``, ``paid_score`` and the search
    helpers ``child``, ``sibling``. Per project: ``status``, ``seen`` (round of the last estimate), the price's
    ``low`` bound, ``price`` and ``slack`` (half-width), the rate's ``rate_low`` and ``rate_high`` (infinite when a
    voter sits too near the edge), ``flat`` (support when all pay in full, else 0). Per round: ``winner``, ``paid``
    (price), ``rich`` (support of those who paid in full), ``ceiling`` (upper bound of the rate), ``flat_ceiling`` and
    ``tie`` (whether the tie rule decided). ``size``: rounds, nodes. ``bound``: error of
    money, endowment per unit of weight.
    """

    voter: NDArray[np.int32]
    score: NDArray[np.float64]
    end: NDArray[np.int64]
    money: NDArray[np.float64]
    gone: NDArray[np.int32]
    node: NDArray[np.int32]
    parent: NDArray[np.int32]
    paid_round: NDArray[np.int32]
    paid_score: NDArray[np.float64]
    child: NDArray[np.int32]
    sibling: NDArray[np.int32]
    status: NDArray[np.int8]
    seen: NDArray[np.int32]
    low: NDArray[np.float64]
    price: NDArray[np.float64]
    slack: NDArray[np.float64]
    rate_low: NDArray[np.float64]
    rate_high: NDArray[np.float64]
    flat: NDArray[np.float64]
    winner: NDArray[np.int32]
    paid: NDArray[np.float64]
    rich: NDArray[np.float64]
    ceiling: NDArray[np.float64]
    flat_ceiling: NDArray[np.float64]
    tie: NDArray[np.bool_]
    size: NDArray[np.int64]
    bound: NDArray[np.float64]


def new_state(projects: int, voters: int, entries: int) -> State:
    """A state with room for an election of this size."""
    nodes = entries + 1
    return State(
        np.empty(entries, np.int32),
        np.empty(entries),
        np.empty(projects, np.int64),
        np.empty(voters),
        np.empty(voters, np.int32),
        np.empty(voters, np.int32),
        np.empty(nodes, np.int32),
        np.empty(nodes, np.int32),
        np.empty(nodes),
        np.empty(nodes, np.int32),
        np.empty(nodes, np.int32),
        np.empty(projects, np.int8),
        np.empty(projects, np.int32),
        np.empty(projects),
        np.empty(projects),
        np.empty(projects),
        np.empty(projects),
        np.empty(projects),
        np.empty(projects),
        np.empty(projects, np.int32),
        np.empty(projects),
        np.empty(projects),
        np.empty(projects),
        np.empty(projects),
        np.empty(projects, np.bool_),
        np.zeros(2, np.int64),
        np.zeros(2),
    )
