"""One run of the method of equal shares for one endowment: the compiled filter, and whole numbers where it is
unsure.

All prices are fractions with one common denominator, kept as whole numbers: what a voter has left is the
endowment less the prices paid in full, and the price of a project follows from such sums, so no voter needs a
fraction of its own. Exact prices are computed only when a decision or the trace asks for them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from omkering.engine.budget import kernel
from omkering.engine.budget.election import Election, whole
from omkering.engine.budget.state import ALIVE, DEAD, ROUNDING, UNSURE, Ballots, State, new_state


class Field:
    """An election prepared for running: money as whole numbers, and the candidates (positive cost, supported).

    ``utility`` is ``cost`` or ``cardinality``; ``rank`` breaks ties, lowest first.
    """

    def __init__(self, election: Election, utility: str, rank: list[int]) -> None:
        numbers, self.money_scale = whole([*election.costs, election.budget])
        self.election = election
        self.cost, self.budget = numbers[:-1], numbers[-1]
        self.value = self.cost if utility == "cost" else [1] * len(self.cost)
        self.rank = rank
        self.total = int(election.unit_weights.sum())
        self.share = Fraction(self.budget, self.total) if self.total else Fraction(0)
        support = np.diff(election.start) > 0
        self.candidates = support & np.array([cost > 0 for cost in self.cost], bool)
        self.free = [p for p in np.flatnonzero(support).tolist() if self.cost[p] == 0]
        self.free.sort(key=rank.__getitem__)
        most = np.ones(len(self.cost))
        uneven = np.array([np.any(election.unit_weights != 1.0), np.any(election.score != 1.0)])
        if uneven[1]:
            most[support] = np.maximum.reduceat(election.score, election.start[:-1][support])
        cost = np.array(self.cost, np.float64)
        flat_in_cost = utility == "cost"
        self.ballots = Ballots(
            election.start,
            election.voter,
            election.score,
            election.unit_weights,
            cost,
            np.where(self.candidates, cost, 1.0) if flat_in_cost else np.ones(len(cost)),
            np.ones(len(cost)) if flat_in_cost else cost,
            most,
            np.array(rank, np.int64),
            uneven,
        )
        self.scratch = np.zeros(int(np.diff(election.start).max(initial=0)), np.bool_)

    def new_state(self) -> State:
        """A fresh state of the right size."""
        return new_state(len(self.cost), len(self.election.voters), len(self.election.voter))


class Run:
    """Equal shares with ``endowment`` (scaled money per unit of scaled weight) for every voter, run to its end.

    ``winners`` are the numbers of the chosen projects in order; ``state`` says who paid in which round.
    """

    def __init__(self, field: Field, endowment: Fraction, state: State) -> None:
        self.field = field
        self.state = state
        self.endowment = endowment
        # Exact money so far: the endowment and the prices of the settled rounds, all over `common`.
        self.common = endowment.denominator
        self.start = endowment.numerator
        self.prices: list[int] = []
        self._decide()

    @property
    def winners(self) -> list[int]:
        """The numbers of the chosen projects, in the order of choice."""
        return self.state.winner[: self.state.size[0]].tolist()

    def worth(self, node: int) -> int:
        """What a voter in ``node`` has left per unit of weight, times `common`."""
        left, s = self.start, self.state
        while node > 0:
            left -= int(s.paid_score[node]) * self.prices[s.paid_round[node]]
            node = int(s.parent[node])
        return left

    def _decide(self) -> None:
        b, s, field = self.field.ballots, self.state, self.field
        first = float(self.endowment)
        kernel.begin(b, s, field.candidates, first, ROUNDING * first)
        while kernel.advance(b, s, field.scratch) == UNSURE:
            # Better floats first: often they are enough.
            if len(self.prices) < s.size[0]:
                self.settle()
                rounded = np.array([price / self.common for price in self.prices])
                kernel.refresh(s, first, rounded, np.empty(int(s.size[1])))
            else:
                self._choose_exactly()

    def settle(self) -> None:
        """Compute the exact prices of the rounds that have none yet."""
        s = self.state
        first, last = len(self.prices), int(s.size[0])
        numbers = np.arange(first, last)
        winners = s.winner[first:last].astype(np.int64)
        for p, rich, held in zip(
            winners.tolist(), s.rich[first:last].tolist(), self._purses(winners, numbers), strict=True
        ):
            self._add_price(self.field.cost[p] * self.common - self._value(*held), int(rich))

    def held(self, projects: list[int]) -> list[int]:
        """What the supporters of each of these projects hold together in the end, times `common`."""
        numbers = np.array(projects, np.int64)
        return [self._value(*held) for held in self._purses(numbers, np.full(len(projects), -1))]

    def _purses(
        self, projects: NDArray[np.int64], rounds: NDArray[np.int64]
    ) -> Iterator[tuple[float, list[float]]]:
        """Per line the weight of the voters, and per round the weight times points they paid for in full."""
        weight = np.zeros(len(projects))
        owed = np.zeros((len(projects), int(self.state.size[0])))
        kernel.purses(self.field.ballots, self.state, projects, rounds, weight, owed)
        return zip(weight.tolist(), owed.tolist(), strict=True)

    def _value(self, weight: float, owed: list[float]) -> int:
        """The money of voters of this weight who paid so much in full, times `common`."""
        spent = sum(int(part) * price for part, price in zip(owed, self.prices, strict=False) if part)
        return int(weight) * self.start - spent

    def _add_price(self, over: int, parts: int) -> None:
        """Append the price ``over / parts`` (over `common`), stretching the common denominator to fit."""
        if not parts:  # nobody paid in full: the round was decided with every supporter spending all
            self.prices.append(0)
            return
        shared = math.gcd(over, parts)
        over, parts = over // shared, parts // shared
        if parts > 1:
            self.common *= parts
            self.start *= parts
            self.prices = [price * parts for price in self.prices]
        self.prices.append(over)

    def _choose_exactly(self) -> None:
        """Take one decision with whole numbers: the lowest rate, then the rank."""
        b, s, field = self.field.ballots, self.state, self.field
        waiting = sorted(
            np.flatnonzero(s.status == ALIVE).tolist(), key=lambda p: (s.rate_low[p], field.rank[p])
        )
        best: tuple[Fraction, int, int] | None = None
        empties: dict[int, NDArray[np.bool_]] = {}
        tie = False
        for p in waiting:
            if best is not None and s.rate_low[p] > float(best[0]) * (1.0 + 4.0 * ROUNDING):
                break
            found = self._exact_price(p)
            if found is None:
                s.status[p] = DEAD
                continue
            price, empties[p] = found
            rate = price / field.value[p]
            if best is None or rate <= best[0]:
                tie = best is not None and rate == best[0]
                best = min(best or (rate, field.rank[p], p), (rate, field.rank[p], p))
        if best is None:
            return
        winner = best[2]
        paid = float(best[0] * field.value[winner])
        supporters = field.election.supporters(winner)
        live = s.gone[supporters] < 0
        mass = b.weight[supporters] * b.score[b.start[winner] : b.start[winner + 1]]
        s.flat[winner] = 0.0 if (empties[winner] & live).any() else float(mass[live].sum())
        s.tie[s.size[0]] = tie
        kernel.charge(b, s, winner, paid, 2.0 * ROUNDING * paid, empties[winner])

    def _exact_price(self, p: int) -> tuple[Fraction, NDArray[np.bool_]] | None:
        """The exact price of project ``p`` and which supporters then spend all they have; None if unaffordable.

        Only voters whose purse is too close to the edge for the filter are looked at with whole numbers; where that
        turns out not to be enough, all of them are.
        """
        s, b = self.state, self.field.ballots
        supporters = self.field.election.supporters(p)
        points = b.score[b.start[p] : b.start[p + 1]]
        weight = b.weight[supporters]
        money, node = s.money[supporters], s.node[supporters]
        live = s.gone[supporters] < 0
        if math.isfinite(s.slack[p]) and s.seen[p] == s.size[0]:
            edge = s.price[p] * points
            margin = 2.0 * (s.bound[0] + b.most[p] * (s.slack[p] + 4.0 * ROUNDING * s.price[p]))
            near = live & (np.abs(money - edge) <= margin)
            poor, rich = live & ~near & (money < edge), live & ~near & (money >= edge)
            found = self._solve(p, poor, rich, near, weight, points, node)
            if found is not None:
                price, empty = found
                # The edge may have moved up a little: are those who were safely rich still so?
                need = float(price) * (1.0 + 4.0 * ROUNDING) * points[rich]
                if np.all(money[rich] - s.bound[0] > need):
                    return price, empty
        nobody = np.zeros(len(live), np.bool_)
        return self._solve(p, nobody, nobody, live, weight, points, node)

    def _solve(
        self,
        p: int,
        poor: NDArray[np.bool_],
        rich: NDArray[np.bool_],
        near: NDArray[np.bool_],
        weight: NDArray[np.float64],
        points: NDArray[np.float64],
        node: NDArray[np.int32],
    ) -> tuple[Fraction, NDArray[np.bool_]] | None:
        """The price when ``poor`` spend all, ``rich`` pay in full and ``near`` is found out; None if unaffordable."""
        parts = int((weight * points)[rich].sum())
        need = self.field.cost[p] * self.common
        mass = np.bincount(node[poor], weights=weight[poor])
        need -= sum(int(mass[at]) * self.worth(int(at)) for at in np.flatnonzero(mass))
        # Voters with equal money and points stand or fall together: richest per point first in the queue's end.
        queue: list[tuple[Fraction, int, int, int]] = []
        kind = np.unique(np.stack([node[near], points[near].astype(np.int64)]), axis=1, return_inverse=True)
        sums = np.bincount(kind[1].ravel(), weights=weight[near])
        for at, (where, score) in enumerate(kind[0].T.tolist()):
            worth = self.worth(where)
            queue.append((Fraction(worth, score), int(sums[at]), score, worth))
            parts += int(sums[at]) * score
        queue.sort()
        edge: Fraction | None = None
        for money, heads, score, worth in queue:
            if money * parts > need:
                break
            # These cannot pay more than they have; at the edge itself both readings agree.
            need -= heads * worth
            parts -= heads * score
            edge = money
        if need > 0 and not parts:
            return None
        price = Fraction(need, parts * self.common) if parts else (edge or Fraction(0)) / self.common
        empty = poor.copy()
        if edge is not None:
            worths = np.array(
                [Fraction(self.worth(where), score) <= edge for where, score in kind[0].T.tolist()]
            )
            empty[near] = worths[kind[1].ravel()]
        return price, empty
