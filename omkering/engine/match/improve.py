"""A matching made better piece by piece: some hundred requests that compete for the same people are solved
anew, exactly, while everything else stays; then the next, until the gap is small enough (a neighbourhood
search, see P. Shaw 1998)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from omkering.engine.match.model import Person, Request
from omkering.engine.match.program import Program

PIECE = 200  # requests solved at once
COMPETING = (1.0, 5.0, 20.0)  # how far below the best a pair may lie to link two requests, by sweep
PIECE_GAP = 0.001
PIECE_SECONDS = 5.0
SWEEPS = 12
AS_GOOD = 1e-6


def improved(
    people: Sequence[Person],
    requests: Sequence[Request],
    program: Program,
    chosen: NDArray[np.bool_],
    worth: NDArray[np.float64],
    frozen: NDArray[np.bool_],
    most_lent: Mapping[str, int],
    wanted: float,
    seconds_left: Callable[[], float],
) -> NDArray[np.bool_]:
    """A matching among the pairs of `program`, at least as good as `chosen`.

    `worth` is what each pair adds at the duals; pairs near zero compete. Pairs of `frozen` requests and
    people who are held by a demand stay. Stops at a sum of scores of `wanted`, when no seconds are left, or when two
    sweeps in a row bring nothing.
    """
    chosen = chosen.copy()
    hours = np.array([p.hours for p in people])
    asked = np.array([r.hours for r in requests])
    chance = np.random.default_rng(0)
    idle = 0
    for sweep in range(SWEEPS):
        before = float(program.scores[chosen].sum())
        first = np.arange(len(requests)) if sweep == 0 else chance.permutation(len(requests))
        near = worth > -COMPETING[sweep % len(COMPETING)]
        for piece in _pieces(program, near, first, len(people), len(requests)):
            inside = np.zeros(len(requests), dtype=bool)
            inside[piece] = True
            mine = inside[program.requests] & ~frozen
            stays = chosen & ~mine
            left = hours - np.bincount(
                program.people[stays], weights=asked[program.requests[stays]], minlength=len(people)
            ).astype(np.int64)
            places = np.array([r.places for r in requests]) - np.bincount(
                program.requests[stays], minlength=len(requests)
            )
            taken = _solved_anew(
                people,
                requests,
                program,
                mine & (places[program.requests] > 0),
                stays,
                left,
                places,
                most_lent,
            )
            if program.scores[taken].sum() > program.scores[chosen & mine].sum() + AS_GOOD:
                chosen[mine] = False
                chosen[taken] = True
            if float(program.scores[chosen].sum()) >= wanted or seconds_left() <= 0:
                return chosen
        idle = idle + 1 if float(program.scores[chosen].sum()) <= before + AS_GOOD else 0
        if idle == len(COMPETING):
            break
    return chosen


def _solved_anew(
    people: Sequence[Person],
    requests: Sequence[Request],
    program: Program,
    mine: NDArray[np.bool_],
    stays: NDArray[np.bool_],
    left: NDArray[np.int64],
    places: NDArray[np.int64],
    most_lent: Mapping[str, int],
) -> NDArray[np.int64]:
    """Numbers of the pairs to take for one piece, given the hours and places that are left."""
    asked = np.array([r.hours for r in requests])
    open_pairs = np.flatnonzero(mine & (left[program.people] >= asked[program.requests]))
    if not len(open_pairs):
        return open_pairs
    who, person = np.unique(program.people[open_pairs], return_inverse=True)
    what, request = np.unique(program.requests[open_pairs], return_inverse=True)
    lent = {
        member: most
        - sum(
            requests[r].hours
            for p, r in zip(program.people[stays].tolist(), program.requests[stays].tolist(), strict=True)
            if people[p].member == member
        )
        for member, most in most_lent.items()
    }
    part = Program(
        [replace(people[i], hours=int(left[i])) for i in who],
        [replace(requests[i], places=int(places[i])) for i in what],
        (),
        lent,
        float(program.scores.max()),
    )
    part.add(person, request, program.scores[open_pairs])
    taken, _, _ = part.whole(PIECE_GAP, PIECE_SECONDS)
    return open_pairs[taken]


def _pieces(
    program: Program, near: NDArray[np.bool_], first: NDArray[np.int64], people: int, requests: int
) -> list[list[int]]:
    """The requests, divided into pieces of neighbours: those that could do with the same people."""
    ones = np.ones(int(near.sum()), dtype=np.int8)
    able = sparse.csr_matrix((ones, (program.requests[near], program.people[near])), shape=(requests, people))
    wanted = able.T.tocsr()
    seen = np.zeros(requests, dtype=bool)
    pieces: list[list[int]] = [[]]
    for start in first.tolist():
        if seen[start]:
            continue
        queue = [start]
        seen[start] = True
        for request in queue:  # grows while it is walked
            if len(pieces[-1]) == PIECE:
                pieces.append([])
            pieces[-1].append(request)
            for person in able.indices[able.indptr[request] : able.indptr[request + 1]]:
                for other in wanted.indices[wanted.indptr[person] : wanted.indptr[person + 1]]:
                    if not seen[other]:
                        seen[other] = True
                        queue.append(int(other))
    return pieces
