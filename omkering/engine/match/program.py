"""The linear program behind a matching, in HiGHS.

Rows: hours of each person, places of each request, hours a member lends at most, and the demands (with a
slack that costs more than any score, so that a program always has a solution and shows which demands it had
to leave). Columns are pairs; they can be added later, so that of millions only those that matter are ever in
the program.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import highspy
import numpy as np
from numpy.typing import NDArray

from omkering.engine.match.model import Demand, Person, Request

LEAVE_A_DEMAND = 1000.0  # times the highest score
INFINITY = highspy.kHighsInf


class Program:
    """A program over some of the pairs of people and requests (numbers of both)."""

    def __init__(
        self,
        people: Sequence[Person],
        requests: Sequence[Request],
        demands: Sequence[Demand],
        most_lent: Mapping[str, int],
        highest: float,
    ) -> None:
        self.count = 0
        self.slacks = len(demands)
        # The class below the public one: that one prints a banner before it can be told to be quiet.
        self._solver = highspy.Highs.__mro__[1]()
        for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 0)):
            self._solver.setOptionValue(option, value)
        person = {p.id: i for i, p in enumerate(people)}
        request = {r.id: i for i, r in enumerate(requests)}
        lenders = sorted({p.member for p in people} & set(most_lent))
        row = len(people) + len(requests)
        lender_row = {member: row + i for i, member in enumerate(lenders)}
        self._hours = np.array([r.hours for r in requests], dtype=float)
        self._first_request = len(people)
        self._lender_row = np.array([lender_row.get(p.member, -1) for p in people], dtype=np.int64)
        row += len(lenders)
        self._filled: dict[int, int] = {}
        self._used: dict[int, int] = {}
        self._paired: dict[tuple[int, int], int] = {}
        least = []
        for i, demand in enumerate(demands):
            if demand.person is None:
                assert demand.request is not None
                self._filled[request[demand.request]] = row + i
                least.append(float(requests[request[demand.request]].places))
            elif demand.request is None:
                self._used[person[demand.person]] = row + i
                least.append(1.0)
            else:
                self._paired[person[demand.person], request[demand.request]] = row + i
                least.append(1.0)
        upper = [*(float(p.hours) for p in people), *(float(r.places) for r in requests)]
        upper += [float(most_lent[member]) for member in lenders]
        lower = np.array([-INFINITY] * len(upper) + least)
        self._solver.addRows(
            len(lower),
            lower,
            np.array(upper + [INFINITY] * len(least)),
            0,
            np.zeros(len(lower), dtype=np.int32),
            np.empty(0, dtype=np.int32),
            np.empty(0),
        )
        slack_rows = np.arange(row, row + len(demands), dtype=np.int32)
        self._add(
            np.full(len(demands), -LEAVE_A_DEMAND * max(highest, 1.0)),
            np.full(len(demands), INFINITY),
            np.arange(len(demands), dtype=np.int32),
            slack_rows,
            np.ones(len(demands)),
        )
        self._solver.changeObjectiveSense(highspy.ObjSense.kMaximize)
        self.people = np.empty(0, dtype=np.int64)
        self.requests = np.empty(0, dtype=np.int64)
        self.scores = np.empty(0)

    def add(
        self, people: NDArray[np.int64], requests: NDArray[np.int64], scores: NDArray[np.float64]
    ) -> None:
        """Add pairs as columns between 0 and 1."""
        number = np.arange(len(people))
        hours = self._hours[requests]
        column = [number, number]
        row = [people, self._first_request + requests]
        value = [hours, np.ones(len(people))]
        lent = np.flatnonzero(self._lender_row[people] >= 0)
        column.append(lent)
        row.append(self._lender_row[people[lent]])
        value.append(hours[lent])
        for demanded, of in ((self._filled, requests), (self._used, people)):
            if demanded:
                at = np.flatnonzero(np.isin(of, list(demanded)))
                column.append(at)
                row.append(np.array([demanded[i] for i in of[at].tolist()], dtype=np.int64))
                value.append(np.ones(len(at)))
        for (p, r), demand_row in self._paired.items():
            at = np.flatnonzero((people == p) & (requests == r))
            column.append(at)
            row.append(np.full(len(at), demand_row))
            value.append(np.ones(len(at)))
        columns, rows, values = np.concatenate(column), np.concatenate(row), np.concatenate(value)
        order = np.argsort(columns, kind="stable")
        starts = np.searchsorted(columns[order], number)
        self._add(scores, np.ones(len(people)), starts, rows[order], values[order])
        self.people = np.concatenate([self.people, people])
        self.requests = np.concatenate([self.requests, requests])
        self.scores = np.concatenate([self.scores, scores])

    def _add(
        self,
        costs: NDArray[np.float64],
        upper: NDArray[np.float64],
        starts: NDArray[np.int64] | NDArray[np.int32],
        rows: NDArray[np.int64] | NDArray[np.int32],
        values: NDArray[np.float64],
    ) -> None:
        if len(costs):
            self._solver.addCols(
                len(costs),
                costs,
                np.zeros(len(costs)),
                upper,
                len(rows),
                starts.astype(np.int32),
                rows.astype(np.int32),
                values,
            )

    def relax(self) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
        """Solve without whole numbers: the value, the columns of pairs, and the dual of every row."""
        self._solver.run()
        solution = self._solver.getSolution()
        values = np.array(solution.col_value)
        return (
            self._solver.getInfo().objective_function_value,
            values[self.slacks :],
            np.array(solution.row_dual),
        )

    def reduced(
        self,
        duals: NDArray[np.float64],
        people: NDArray[np.int32],
        requests: NDArray[np.int64],
        scores: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """What each pair would add to the value at these duals, in the program or not."""
        per_hour = duals[: self._first_request].copy()
        lends = self._lender_row >= 0
        per_hour[lends] += duals[self._lender_row[lends]]
        worth = scores - self._hours[requests] * per_hour[people]
        worth -= duals[self._first_request : self._first_request + len(self._hours)][requests]
        for demanded, of in ((self._filled, requests), (self._used, people)):
            if demanded:
                extra = np.zeros(max(len(self._hours), self._first_request))
                extra[list(demanded)] = duals[list(demanded.values())]
                worth -= extra[of]
        for (p, r), row in self._paired.items():
            worth[(people == p) & (requests == r)] -= duals[row]
        return worth

    def whole(
        self, gap: float, seconds: float, fixed: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.bool_], NDArray[np.float64], float]:
        """Solve in whole numbers: which pairs, the slack of each demand, and the bound for these columns.

        `fixed` pairs are taken for certain. Stops at the relative `gap` or after `seconds`.
        """
        count = len(self.scores)
        columns = np.arange(self.slacks, self.slacks + count, dtype=np.int32)
        kinds = np.full(count, highspy.HighsVarType.kInteger.value, dtype=np.uint8)
        self._solver.changeColsIntegrality(count, columns, kinds)
        if fixed is not None:
            self._solver.changeColsBounds(count, columns, fixed.astype(float), np.ones(count))
        self._solver.setOptionValue("mip_rel_gap", gap)
        self._solver.setOptionValue("mip_abs_gap", 1e-9)
        self._solver.setOptionValue("time_limit", max(seconds, 0.1))
        self._solver.run()
        info, solution = self._solver.getInfo(), self._solver.getSolution()
        values = np.array(solution.col_value)
        bound = info.mip_dual_bound
        self._solver.setOptionValue("time_limit", INFINITY)
        self._solver.changeColsIntegrality(count, columns, np.zeros(count, dtype=np.uint8))
        if fixed is not None:
            self._solver.changeColsBounds(count, columns, np.zeros(count), np.ones(count))
        if not len(values):  # out of time before anything was found
            return np.zeros(count, dtype=bool), np.full(self.slacks, np.inf), bound
        return values[self.slacks :] > 0.5, values[: self.slacks], bound
