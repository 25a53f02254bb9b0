"""From people and requests to a matching: linear programming over all pairs, and whole numbers from there.

Small problems go to HiGHS whole. Of a large one the program holds only the pairs that can matter: it is
solved without whole numbers, every pair outside is priced at its duals, the best are added, and so on. The
duals bound what any matching can reach, over all pairs, so the gap that is stated holds for the whole
problem (L. S. Lasdon 1970, "Optimization theory for large systems", on column generation and its bound).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from omkering.engine.match.clash import meeting, smallest_clash
from omkering.engine.match.improve import improved
from omkering.engine.match.model import (
    Demand,
    Match,
    Matching,
    Obstacle,
    Person,
    Reason,
    Request,
    Status,
    Unmet,
    Weights,
    check,
)
from omkering.engine.match.pairs import Judge, Pairs
from omkering.engine.match.program import Program

WHOLE = 20_000  # pairs up to which the whole problem is solved at once
FIRST = 12  # pairs per place of a request to begin with
MORE = 6  # pairs per request added in a round
ROUNDS = 100
BOUNDED = 200_000  # pairs up to which HiGHS may have to prove the bound in whole numbers
FIRST_SECONDS = 15.0  # for the first matching in whole numbers
EXACT = 1e-9  # a gap below this is rounding

Chosen = NDArray[np.int64]


def match(
    people: Sequence[Person],
    requests: Sequence[Request],
    *,
    balance: Mapping[str, float] | None = None,
    demands: Sequence[Demand] = (),
    most_lent: Mapping[str, int] | None = None,
    weights: Weights | None = None,
    gap: float = 0.0,
    seconds: float = 60.0,
    seconds_left: Callable[[], float] | None = None,
) -> Matching:
    """Match `people` to the places of `requests` for the highest sum of scores.

    `balance` is hours lent minus borrowed per member in earlier rounds: who owes lends first, who gave is
    served first. `demands` must hold; when they cannot, the outcome is a set of them that clashes and cannot
    be made smaller. `most_lent` bounds the hours a member lends. Stops when the matching is proven to lie
    within the share `gap` of the best, or when `seconds_left()` is zero or less; the gap that was reached is
    stated either way. The engine reads no clock: without `seconds_left` the search ends by itself, and
    `seconds` bounds each call of the solver. Raises MatchError for input that cannot be.
    """
    balance, most_lent = dict(balance or {}), dict(most_lent or {})
    people = sorted(people, key=lambda person: person.id)
    requests = sorted(requests, key=lambda request: request.id)
    demands = sorted(set(demands), key=lambda demand: (demand.person or "", demand.request or ""))
    check(people, requests, balance, demands, most_lent, weights)
    seconds_left = seconds_left or (lambda: seconds)
    judge = Judge(people, requests, balance, weights or Weights())
    pairs = judge.pairs()
    chosen, bound, kept = _solved(people, requests, pairs, demands, most_lent, gap, seconds_left)
    if not kept:
        meant = meeting(people, requests, pairs, demands, most_lent)
        if meant is None:
            clash = smallest_clash(people, requests, pairs, demands, most_lent)
            return _clashing(judge, clash, bound, balance)
        # They can hold, but not with the pairs or in the time that the search had: those first, then the
        # rest.
        every = np.arange(len(pairs.scores))
        chosen = _rounded(
            people, requests, pairs, pairs.requests, every, np.isin(every, meant).astype(float), most_lent
        )
    return _told(judge, pairs, chosen, bound, gap, balance, demands)


def _solved(
    people: Sequence[Person],
    requests: Sequence[Request],
    pairs: Pairs,
    demands: Sequence[Demand],
    most_lent: Mapping[str, int],
    gap: float,
    seconds_left: Callable[[], float],
) -> tuple[Chosen, float, bool]:
    """The numbers of the pairs chosen, the bound over all pairs, and whether every demand is met."""
    count = len(pairs.scores)
    if not count:
        return np.empty(0, dtype=np.int64), 0.0, not demands
    highest = float(pairs.scores.max())
    program = Program(people, requests, demands, most_lent, highest)
    of = pairs.requests
    inside = np.ones(count, dtype=bool) if count <= WHOLE else _promising(pairs, of, requests)
    held = np.flatnonzero(inside)
    program.add(pairs.people[held].astype(np.int64), of[held], pairs.scores[held])
    if len(held) == count:
        taken, slack, bound = program.whole(gap, seconds_left())
        return held[taken], bound, bool((slack < 0.5).all())
    places = np.array([r.places for r in requests], dtype=float)
    bound = np.inf
    best, value, met = np.empty(0, dtype=np.int64), -np.inf, not demands
    for _ in range(ROUNDS):
        relaxed, fractions, duals = program.relax()
        worth = program.reduced(duals, pairs.people, of, pairs.scores)
        worth[inside] = 0.0
        most = np.maximum.reduceat(worth, pairs.starts[:-1][np.diff(pairs.starts) > 0])
        served = places[np.diff(pairs.starts) > 0]
        bound = min(bound, relaxed + float((served * np.maximum(most, 0.0)).sum()))
        if not demands:
            found = _rounded(people, requests, pairs, of, held, fractions, most_lent)
            if pairs.scores[found].sum() > value:
                best, value = found, float(pairs.scores[found].sum())
            if bound - value <= gap * bound:
                return best, bound, True
        new = _best_of_each(worth, pairs.starts)
        if not len(new) or seconds_left() <= 0:
            break
        inside[new] = True
        held = np.concatenate([held, new])
        program.add(pairs.people[new].astype(np.int64), of[new], pairs.scores[new])
    # What is whole already is taken for certain; when the demands ask for more, nothing is.
    for fixed in (fractions > 1 - EXACT, None):
        taken, slack, _ = program.whole(gap / 2, min(FIRST_SECONDS, seconds_left()), fixed)
        met = bool((slack < 0.5).all())
        if met:
            break
    if not met:
        return best, bound, False
    if pairs.scores[held[taken]].sum() < value:
        taken = np.isin(held, best)
    worth = program.reduced(duals, program.people.astype(np.int32), program.requests, program.scores)
    frozen = _held_by_demands(people, requests, program, taken, demands)
    taken = improved(
        people, requests, program, taken, worth, frozen, most_lent, bound * (1 - gap), seconds_left
    )
    best = held[taken]
    if bound - pairs.scores[best].sum() > gap * bound and count <= BOUNDED and seconds_left() > 0:
        # The bound without whole numbers is too high to prove it; with every pair inside, that of HiGHS holds.
        new = np.flatnonzero(~inside)
        held = np.concatenate([held, new])
        program.add(pairs.people[new].astype(np.int64), of[new], pairs.scores[new])
        taken, slack, tighter = program.whole(gap, seconds_left())
        bound = min(bound, tighter)
        if (slack < 0.5).all() and pairs.scores[held[taken]].sum() > pairs.scores[best].sum():
            best = held[taken]
    return best, bound, True


def _held_by_demands(
    people: Sequence[Person],
    requests: Sequence[Request],
    program: Program,
    taken: NDArray[np.bool_],
    demands: Sequence[Demand],
) -> NDArray[np.bool_]:
    """Pairs that must stay as they are for the demands to hold."""
    filled = {d.request for d in demands if d.person is None}
    of_demand = np.array([r.id in filled for r in requests], dtype=bool)
    named = {d.person for d in demands if d.person is not None}
    of_person = np.array([p.id in named for p in people], dtype=bool)
    return of_demand[program.requests] | (of_person[program.people] & taken)


def _promising(pairs: Pairs, of: NDArray[np.int64], requests: Sequence[Request]) -> NDArray[np.bool_]:
    """The best pairs of each request to begin with; a little noise, always the same, spreads them over
    people."""
    noise = np.random.default_rng(0).random(len(pairs.scores)) * 0.05
    order = np.lexsort((-(pairs.scores * (1 + noise)), of))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order)) - pairs.starts[of[order]]
    wanted = FIRST * np.array([r.places for r in requests])
    return rank < wanted[of]


def _best_of_each(worth: NDArray[np.float64], starts: NDArray[np.int64]) -> Chosen:
    """The pairs that add most to the value, a few of every request."""
    adding = np.flatnonzero(worth > 1e-7)
    if not len(adding):
        return adding
    of = np.searchsorted(starts, adding, side="right") - 1
    order = np.lexsort((-worth[adding], of))
    first = np.searchsorted(of[order], of[order])
    return np.sort(adding[order[np.arange(len(order)) - first < MORE]])


def _rounded(
    people: Sequence[Person],
    requests: Sequence[Request],
    pairs: Pairs,
    of: NDArray[np.int64],
    held: Chosen,
    fractions: NDArray[np.float64],
    most_lent: Mapping[str, int],
) -> Chosen:
    """A matching in whole numbers near a fractional one: its largest fractions first, then whatever still
    fits."""
    hours = [p.hours for p in people]
    places = [r.places for r in requests]
    lent = dict(most_lent)
    used: set[tuple[int, int]] = set()
    found: list[int] = []
    by_fraction = held[np.lexsort((-pairs.scores[held], -fractions))]
    filled = by_fraction[: int((fractions > 1e-6).sum())]
    rest = held[np.argsort(-pairs.scores[held], kind="stable")]
    for number in (*filled.tolist(), *rest.tolist()):
        p, r = int(pairs.people[number]), int(of[number])
        need, member = requests[r].hours, people[p].member
        if not places[r] or hours[p] < need or lent.get(member, need) < need or (p, r) in used:
            continue
        used.add((p, r))
        found.append(number)
        places[r] -= 1
        hours[p] -= need
        if member in lent:
            lent[member] -= need
    return np.array(found, dtype=np.int64)


def _told(
    judge: Judge,
    pairs: Pairs,
    chosen: Chosen,
    bound: float,
    gap: float,
    balance: dict[str, float],
    demands: Sequence[Demand],
) -> Matching:
    of = np.searchsorted(pairs.starts, chosen, side="right") - 1
    left = [request.places for request in judge.requests]
    demanded_people = {d.person for d in demands if d.request is None}
    demanded_requests = {d.request for d in demands if d.person is None}
    demanded_pairs = {(d.person, d.request) for d in demands}
    matches = []
    for number, r in sorted(zip(chosen.tolist(), of.tolist(), strict=True), key=lambda pair: pair[::-1]):
        request, person = judge.requests[r], judge.people[pairs.people[number]]
        parts = {
            name: float(part[0])
            for name, part in judge.parts(request, np.array([pairs.people[number]], dtype=np.int64)).items()
        }
        reasons = judge.reasons(request, parts)
        if (
            person.id in demanded_people
            or request.id in demanded_requests
            or (person.id, request.id) in demanded_pairs
        ):
            reasons += (Reason.DEMANDED,)
        reasons = reasons or (Reason.AVAILABLE,)
        matches.append(
            Match(
                person.id,
                request.id,
                request.hours,
                float(pairs.scores[number]),
                MappingProxyType(parts),
                reasons,
            )
        )
        left[r] -= 1
        balance[person.member] = balance.get(person.member, 0.0) + request.hours
        balance[request.member] = balance.get(request.member, 0.0) - request.hours
    unmet = tuple(
        Unmet(
            request.id,
            left[r],
            int(pairs.starts[r + 1] - pairs.starts[r]),
            MappingProxyType(judge.standing_in_the_way(request)),
        )
        for r, request in enumerate(judge.requests)
        if left[r]
    )
    total = float(sum(m.score for m in matches))
    bound = max(bound, total)
    reached = (bound - total) / bound if bound > 0 else 0.0
    status = Status.OPTIMAL if reached <= EXACT else Status.WITHIN_GAP if reached <= gap else Status.FEASIBLE
    return Matching(
        status, tuple(matches), unmet, total, bound, reached, MappingProxyType(dict(sorted(balance.items())))
    )


def _clashing(judge: Judge, clash: Sequence[Demand], bound: float, balance: dict[str, float]) -> Matching:
    request = {r.id: r for r in judge.requests}
    way: dict[Demand, Mapping[Obstacle, int]] = {}
    for demand in clash:
        if demand.request is None:
            continue
        asked = request[demand.request]
        if demand.person is None:
            way[demand] = judge.standing_in_the_way(asked)
        else:
            place = next(i for i, person in enumerate(judge.people) if person.id == demand.person)
            code = int(judge.obstacles(asked)[place])
            way[demand] = {} if code < 0 else {tuple(Obstacle)[code]: 1}
    return Matching(
        Status.CLASH, (), (), 0.0, bound, 1.0, MappingProxyType(dict(sorted(balance.items()))), tuple(clash),
        MappingProxyType(way),
    )  # fmt: skip
