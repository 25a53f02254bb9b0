"""The compiled inner loop of the method of equal shares: a filter in floating point that knows its own error.

Every quantity carries a bound on its rounding error, so that a decision is taken here only when it is certain
that exact arithmetic takes the same; otherwise the loop stops and hands the decision to `run.py`, which
computes it with whole numbers. Below, a *price* is money per unit of weight and point, and a *rate* is the
price divided by the utility that a point stands for: the project with the lowest rate is chosen.

Why the bounds hold. With true purses x, supporters i of weight w and points s, the price q of a project of
cost c solves f(q) = sum of w min(x, q s) = c. f is concave and rises with slope at least R, the weight times
points of those who can pay in full. When each x is known within E, f is known within E times the weight of
those who pay all they have, and so q is known within that (plus rounding) over R.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from omkering.engine.budget.state import (
    ALIVE,
    CHOSEN,
    DEAD,
    DONE,
    EXACT,
    ROUNDING,
    TINY,
    UNSURE,
    Ballots,
    State,
    compiled,
)


@compiled
def begin(b: Ballots, s: State, candidates: NDArray[np.bool_], endowment: float, error: float) -> None:
    """Give every voter ``endowment`` per unit of weight, known within ``error``, and let the candidates compete."""
    s.voter[:] = b.voter
    if b.uneven[1]:
        s.score[:] = b.score
    s.end[:] = b.start[1:]
    s.money[:] = endowment
    s.gone[:] = -1
    s.node[:] = 0
    s.parent[0] = -1
    s.paid_round[0] = -1
    s.paid_score[0] = 0.0
    s.child[0] = -1
    for p in range(len(b.cost)):
        s.status[p] = ALIVE if candidates[p] else DEAD
    s.seen[:] = -1
    s.low[:] = 0.0
    s.rate_low[:] = 0.0
    s.rate_high[:] = np.inf
    s.size[0] = 0
    s.size[1] = 1
    s.bound[0] = error
    s.bound[1] = endowment


@compiled
def estimate(b: Ballots, s: State, p: int, error: float, limit: float) -> float:
    """Bring the price of project ``p`` up to date; the rate as estimated, infinite when it is above ``limit`` or may
    not be affordable.

    Newton's method from a lower bound: on a concave function it climbs to the root from below, and it ends when the
    set of those who pay all they have no longer grows, or earlier when a bound already lies above the limit.
    """
    first = b.start[p]
    cost, value = b.cost[p], b.value[p]
    price = s.low[p]
    last = s.end[p]
    weighted, scored = b.uneven[0], b.uneven[1]
    rounding = (last - first + 8) * 2.0 * ROUNDING
    while True:
        poor = 0.0
        poor_weight = 0.0
        rich = 0.0
        gap = np.inf
        j = first
        while j < last:
            i = s.voter[j]
            x = s.money[i]
            if x == 0.0:
                # All spent for good: drop it from the list.
                last -= 1
                s.voter[j] = s.voter[last]
                if scored:
                    s.score[j] = s.score[last]
                continue
            points = s.score[j] if scored else 1.0
            weight = b.weight[i] if weighted else 1.0
            over = x - price * points
            if over < 0.0:
                poor += weight * x
                poor_weight += weight
                over = -over
            else:
                rich += weight * points
            if over < gap:
                gap = over
            j += 1
        s.end[p] = last
        if rich == 0.0:
            s.flat[p] = 0.0
            s.rate_high[p] = np.inf
            if poor + poor_weight * error + rounding * (poor + cost) < cost:
                s.status[p] = DEAD
            else:
                s.slack[p] = np.inf
            return np.inf
        better = (cost - poor) / rich
        slack = (poor_weight * error + rounding * cost) / rich + 4.0 * ROUNDING * better
        if better - slack > s.low[p]:
            s.low[p] = better - slack
            s.rate_low[p] = s.low[p] / value * (1.0 - 4.0 * ROUNDING)
            if s.rate_low[p] > limit:
                s.slack[p] = np.inf
                return np.inf
        if better <= price:
            break
        price = better
    slack += (price - better) * 2.0
    s.price[p] = price
    s.slack[p] = slack
    rate = (price + slack) / value * (1.0 + 4.0 * ROUNDING)
    near = gap <= error + b.most[p] * (slack + 4.0 * ROUNDING * price)
    s.rate_high[p] = np.inf if near else rate
    s.flat[p] = rich if poor_weight == 0.0 else 0.0
    return rate


@compiled
def compare_flat(b: Ballots, p: int, p_rich: float, q: int, q_rich: float) -> int:
    """-1, 0 or 1 as the rate of ``p`` is below, equal to or above that of ``q``, all supporters of both paying in
    full; 2 when the products are too large to be exact."""
    left, right = b.numerator[p] * q_rich, b.numerator[q] * p_rich
    if left >= EXACT or right >= EXACT:
        return 2
    if left < right:
        return -1
    return 1 if left > right else 0


@compiled
def charge(b: Ballots, s: State, p: int, price: float, slack: float, empty: NDArray[np.bool_]) -> None:
    """Let the supporters of ``p`` pay, those marked in ``empty`` all they have; write down who paid what."""
    r = s.size[0]
    nodes = s.size[1]
    first = b.start[p]
    rich = 0.0
    for j in range(first, b.start[p + 1]):
        i = b.voter[j]
        if s.gone[i] >= 0:
            continue
        if empty[j - first]:
            s.gone[i] = r
            s.money[i] = 0.0
            continue
        points = b.score[j]
        rich += b.weight[i] * points
        s.money[i] = max(s.money[i] - price * points, TINY)
        here = s.node[i]
        found = s.child[here]
        # A node's children of this round come first in its list.
        while found >= 0 and s.paid_round[found] == r and s.paid_score[found] != points:
            found = s.sibling[found]
        if found < 0 or s.paid_round[found] != r:
            found = nodes
            nodes += 1
            s.parent[found] = here
            s.paid_round[found] = r
            s.paid_score[found] = points
            s.child[found] = -1
            s.sibling[found] = s.child[here]
            s.child[here] = found
        s.node[i] = found
    s.status[p] = CHOSEN
    s.winner[r] = p
    s.paid[r] = price
    s.rich[r] = rich
    s.ceiling[r] = (price + slack) / b.value[p] * (1.0 + 4.0 * ROUNDING)
    s.flat_ceiling[r] = s.flat[p]
    s.bound[0] += b.most[p] * slack + 2.0 * ROUNDING * s.bound[1]
    s.size[0] = r + 1
    s.size[1] = nodes


@compiled
def advance(b: Ballots, s: State, empty: NDArray[np.bool_]) -> int:
    """Choose project after project for as long as the choice is certain.

    DONE when no project can be paid any more; UNSURE when the next choice needs exact arithmetic: then every project
    whose ``rate_low`` could win has been estimated in this round.
    """
    projects = len(b.cost)
    while True:
        r = s.size[0]
        best = np.inf
        while True:
            pick = -1
            least = best
            for p in range(projects):
                if s.status[p] == ALIVE and s.seen[p] != r and s.rate_low[p] <= least:
                    if pick < 0 or s.rate_low[p] < least:
                        pick = p
                    least = s.rate_low[p]
            if pick < 0:
                break
            s.seen[pick] = r
            best = min(best, estimate(b, s, pick, s.bound[0], best))
        winner = -1
        certain = True
        tie = False
        for p in range(projects):
            if s.status[p] != ALIVE or s.rate_low[p] > best:
                continue
            if s.rate_high[p] == np.inf:
                return UNSURE
            if winner < 0:
                winner = p
            elif s.flat[p] > 0.0 and s.flat[winner] > 0.0:
                order = compare_flat(b, p, s.flat[p], winner, s.flat[winner])
                if order == 2:
                    return UNSURE
                if order <= 0:
                    tie = order == 0
                    if order < 0 or b.rank[p] < b.rank[winner]:
                        winner = p
            else:
                certain = False
        if winner < 0:
            return DONE
        if not certain:
            return UNSURE
        first = b.start[winner]
        for j in range(first, b.start[winner + 1]):
            empty[j - first] = s.money[b.voter[j]] < s.price[winner] * b.score[j]
        s.tie[r] = tie
        charge(b, s, winner, s.price[winner], s.slack[winner], empty)


@compiled
def purses(
    b: Ballots,
    s: State,
    projects: NDArray[np.int64],
    rounds: NDArray[np.int64],
    weight: NDArray[np.float64],
    owed: NDArray[np.float64],
) -> None:
    """Per line of ``projects`` and ``rounds``: those supporters of the project who spent their last in that round
    (-1: who still have money). Adds up their ``weight``, and in ``owed`` per round the weight times points they paid
    in full: weight times the endowment, less ``owed`` times the prices, is exactly what they had left before."""
    for line in range(len(projects)):
        p, r = projects[line], rounds[line]
        for j in range(b.start[p], b.start[p + 1]):
            i = b.voter[j]
            if s.gone[i] != r:
                continue
            weight[line] += b.weight[i]
            at = s.node[i]
            while at > 0:
                owed[line, s.paid_round[at]] += b.weight[i] * s.paid_score[at]
                at = s.parent[at]


@compiled
def refresh(s: State, endowment: float, prices: NDArray[np.float64], worth: NDArray[np.float64]) -> None:
    """Recompute all money left from correctly rounded ``prices``; ``worth`` has room for every node."""
    worth[0] = endowment
    for at in range(1, s.size[1]):
        worth[at] = max(worth[s.parent[at]] - s.paid_score[at] * prices[s.paid_round[at]], TINY)
    for i in range(len(s.money)):
        if s.gone[i] < 0:
            s.money[i] = worth[s.node[i]]
    s.seen[:] = -1
    s.bound[0] = 4.0 * ROUNDING * (s.size[0] + 1) * endowment


@compiled
def same_up_to(b: Ballots, s: State, u: State, candidates: NDArray[np.bool_], endowment: float) -> bool:
    """Whether every endowment from that of the finished run ``s`` up to ``endowment`` chooses what ``s`` chose.

    While the choices stay the same, more money at the start can only leave every voter with more and make every
    project cheaper. So it is enough that in each round the winner, at its dearest (as in ``s``), is cheaper than
    every other project at its cheapest (here, with money rounded up and prices rounded down), and that in the end no
    other can be paid. True is proof; False may mean that it was too close to tell. ``u`` is scratch.
    """
    begin(b, u, candidates, endowment, 0.0)
    projects = len(b.cost)
    lift = 8.0 * ROUNDING * endowment
    u.money[:] = endowment + lift
    for r in range(s.size[0] + 1):
        winner = s.winner[r] if r < s.size[0] else -1
        limit = s.ceiling[r] if r < s.size[0] else np.inf
        for p in range(projects):
            if p == winner or u.status[p] != ALIVE or u.rate_low[p] > limit:
                continue
            estimate(b, u, p, 0.0, limit)
            if u.status[p] == DEAD or u.rate_low[p] > limit:
                continue
            if winner < 0 or s.flat_ceiling[r] == 0.0 or u.flat[p] == 0.0:
                return False
            order = compare_flat(b, winner, s.flat_ceiling[r], p, u.flat[p])
            if order > 0 or (order == 0 and b.rank[winner] > b.rank[p]):
                return False
        if winner < 0:
            break
        estimate(b, u, winner, 0.0, np.inf)
        u.status[winner] = CHOSEN
        for j in range(b.start[winner], b.start[winner + 1]):
            i = b.voter[j]
            if u.money[i] > 0.0:
                u.money[i] = max(u.money[i] - u.low[winner] * b.score[j] + lift, 0.0)
    return True
