"""Which person can serve which request, what that is worth, and what stands in the way of the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from omkering.engine.match.model import Obstacle, Person, Place, Reason, Request, Weights

OBSTACLES = tuple(Obstacle)


@dataclass(frozen=True, eq=False)
class Pairs:
    """All possible pairs, by request: `people[starts[r]:starts[r + 1]]` can serve request r, for `scores`."""

    starts: NDArray[np.int64]
    people: NDArray[np.int32]
    scores: NDArray[np.float64]

    @property
    def requests(self) -> NDArray[np.int64]:
        """The request of every pair."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))


class Judge:
    """Judges pairs, all people at once for one request."""

    def __init__(
        self,
        people: Sequence[Person],
        requests: Sequence[Request],
        balance: Mapping[str, float],
        weights: Weights,
    ) -> None:
        self.people = people
        self.requests = requests
        self.weights = weights
        skills = sorted(
            {s for p in people for s in p.skills} | {s for r in requests for s in r.skills | r.wishes}
        )
        self._skill = {skill: i for i, skill in enumerate(skills)}
        self._has = np.zeros((len(skills), len(people)), dtype=bool)
        for i, person in enumerate(people):
            for skill in person.skills:
                self._has[self._skill[skill], i] = True
        self._hours = np.array([p.hours for p in people], dtype=np.int64)
        self._consents = np.array([p.consents and p.lender_consents for p in people], dtype=bool)
        self._member = np.array([p.member for p in people], dtype=object)
        self._x, self._y = _coordinates([p.place for p in people])
        self._reach = np.array([np.inf if p.reach is None else p.reach for p in people])
        self._conflicts: dict[str, list[int]] = {}
        for i, person in enumerate(people):
            for name in person.conflicts:
                self._conflicts.setdefault(name, []).append(i)
        most = max((abs(hours) for hours in balance.values()), default=0.0) or 1.0
        self._owed = {member: hours / most for member, hours in balance.items()}
        self._lender_owes = np.array([-self._owed.get(p.member, 0.0) for p in people])

    def obstacles(self, request: Request) -> NDArray[np.int8]:
        """The first obstacle of each person (its place in OBSTACLES), −1 for who can serve."""
        found = np.full(len(self.people), -1, dtype=np.int8)

        def mark(obstacle: Obstacle, where: NDArray[np.bool_]) -> None:
            found[where & (found < 0)] = OBSTACLES.index(obstacle)

        mark(
            Obstacle.NO_CONSENT,
            ~self._consents if request.consents else np.ones(len(self.people), dtype=bool),
        )
        mark(Obstacle.OWN_MEMBER, self._member == request.member)
        conflict = np.zeros(len(self.people), dtype=bool)
        conflict[self._conflicts.get(request.member, []) + self._conflicts.get(request.id, [])] = True
        mark(Obstacle.CONFLICT, conflict)
        if request.skills:
            has = self._has[[self._skill[s] for s in request.skills]]
            mark(Obstacle.SKILLS, has.sum(axis=0) < len(request.skills))
        mark(Obstacle.TOO_FAR, self._distance(request) > self._reach)
        mark(Obstacle.HOURS, self._hours < request.hours)
        return found

    def parts(self, request: Request, people: NDArray[np.int64]) -> dict[str, NDArray[np.float64]]:
        """The parts of the score of these people on a request."""
        weights = self.weights
        even = np.zeros(len(people))
        wishes, near = even, even
        if request.wishes:
            met = self._has[[self._skill[s] for s in request.wishes]][:, people].mean(axis=0)
            wishes = weights.wishes * met
        distance = self._distance(request)[people]
        if request.place is not None:
            reach = self._reach[people]
            edge = np.where(np.isinf(reach) | (reach == 0), weights.far, reach)
            near = np.where(np.isnan(distance), 0.0, weights.near * np.clip(1 - distance / edge, 0, 1))
        earned = weights.fairness * self._owed.get(request.member, 0.0)
        return {
            "filled": even + weights.filled * request.priority,
            "wishes": wishes,
            "near": near,
            "lender": weights.fairness * self._lender_owes[people],
            "borrower": even + earned,
        }

    def reasons(self, request: Request, parts: Mapping[str, float]) -> tuple[Reason, ...]:
        """The reasons that the parts of a score amount to."""
        told = [Reason.SKILLS] if request.skills else []
        for name, reason in (
            ("wishes", Reason.WISHES),
            ("near", Reason.NEAR),
            ("lender", Reason.LENDER_OWES),
            ("borrower", Reason.BORROWER_EARNED),
        ):
            if parts[name] > 0:
                told.append(reason)
        return tuple(told)

    def standing_in_the_way(self, request: Request) -> dict[Obstacle, int]:
        """How many people each obstacle keeps from a request."""
        found = Counter(self.obstacles(request).tolist())
        return {obstacle: found[i] for i, obstacle in enumerate(OBSTACLES) if found[i]}

    def pairs(self) -> Pairs:
        """Every possible pair with its score."""
        people: list[NDArray[np.int64]] = []
        scores: list[NDArray[np.float64]] = []
        starts = np.zeros(len(self.requests) + 1, dtype=np.int64)
        for r, request in enumerate(self.requests):
            able = np.flatnonzero(self.obstacles(request) < 0)
            people.append(able)
            scores.append(sum(self.parts(request, able).values(), np.zeros(len(able))))
            starts[r + 1] = starts[r] + len(able)
        if not people:
            return Pairs(starts, np.empty(0, dtype=np.int32), np.empty(0))
        return Pairs(starts, np.concatenate(people).astype(np.int32), np.concatenate(scores))

    def _distance(self, request: Request) -> NDArray[np.float64]:
        """Kilometres from each person to a request; NaN where a place is not known (then nothing is too
        far)."""
        if request.place is None:
            return np.full(len(self.people), np.nan)
        return np.hypot(self._x - request.place[0], self._y - request.place[1])


def _coordinates(places: Sequence[Place | None]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    known = np.array([(np.nan, np.nan) if place is None else place for place in places], dtype=float)
    return (known[:, 0], known[:, 1]) if len(known) else (np.empty(0), np.empty(0))
