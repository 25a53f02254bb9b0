"""The slow, obvious version: every possible matching is tried. For tests with a handful of pairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np

from omkering.engine.match.model import Demand, Person, Request, Weights
from omkering.engine.match.pairs import Judge


def can_serve(person: Person, request: Request) -> bool:
    """Whether a person may and can serve a request, in plain words."""
    consent = person.consents and person.lender_consents and request.consents
    free = person.member != request.member and not person.conflicts & {request.member, request.id}
    near = True
    if person.reach is not None and person.place is not None and request.place is not None:
        (x, y), (a, b) = person.place, request.place
        near = (x - a) ** 2 + (y - b) ** 2 <= person.reach**2
    return consent and free and near and request.skills <= person.skills and person.hours >= request.hours


def allowed(
    people: Sequence[Person],
    requests: Sequence[Request],
    chosen: Sequence[tuple[str, str]],
    most_lent: Mapping[str, int],
) -> bool:
    """Whether a set of pairs is a matching."""
    by_person, by_request = {p.id: p for p in people}, {r.id: r for r in requests}
    if len(set(chosen)) < len(chosen):
        return False
    lent: dict[str, int] = {}
    for person in people:
        hours = sum(by_request[r].hours for p, r in chosen if p == person.id)
        if hours > person.hours:
            return False
        lent[person.member] = lent.get(person.member, 0) + hours
    return (
        all(can_serve(by_person[p], by_request[r]) for p, r in chosen)
        and all(sum(r == request.id for _, r in chosen) <= request.places for request in requests)
        and all(lent.get(member, 0) <= most for member, most in most_lent.items())
    )


def meets(chosen: Sequence[tuple[str, str]], requests: Sequence[Request], demand: Demand) -> bool:
    """Whether a matching meets a demand."""
    if demand.person is not None and demand.request is not None:
        return (demand.person, demand.request) in chosen
    if demand.person is not None:
        return any(p == demand.person for p, _ in chosen)
    places = next(r.places for r in requests if r.id == demand.request)
    return sum(r == demand.request for _, r in chosen) == places


def slow_match(
    people: Sequence[Person],
    requests: Sequence[Request],
    balance: Mapping[str, float],
    demands: Sequence[Demand],
    most_lent: Mapping[str, int],
) -> float | None:
    """The highest sum of scores of any matching that meets the demands; None when there is none."""
    judge = Judge(people, requests, balance, Weights())
    score = {
        (p.id, r.id): float(sum(part[0] for part in judge.parts(r, np.array([i])).values()))
        for i, p in enumerate(people)
        for r in requests
        if can_serve(p, r)
    }
    best: float | None = None
    for size in range(len(score) + 1):
        for chosen in combinations(sorted(score), size):
            if allowed(people, requests, chosen, most_lent) and all(
                meets(chosen, requests, d) for d in demands
            ):
                total = sum(score[pair] for pair in chosen)
                best = total if best is None else max(best, total)
    return best


def greedy(people: Sequence[Person], requests: Sequence[Request], balance: Mapping[str, float]) -> float:
    """The sum of scores when the best pair still possible is taken, again and again."""
    judge = Judge(people, requests, balance, Weights())
    pairs = judge.pairs()
    of = pairs.requests
    hours, places = [p.hours for p in people], [r.places for r in requests]
    total = 0.0
    for number in np.argsort(-pairs.scores, kind="stable").tolist():
        p, r = int(pairs.people[number]), int(of[number])
        if places[r] and hours[p] >= requests[r].hours and pairs.scores[number] > 0:
            places[r] -= 1
            hours[p] -= requests[r].hours
            total += float(pairs.scores[number])
    return total
