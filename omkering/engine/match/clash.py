"""Demands that cannot all hold: a set of them that clashes, of which none can be left out.

The deletion filter, by halves (U. Junker 2004, "QuickXplain"): leave demands out as long as the rest still
clashes; what remains clashes only together. Whether a set of demands can hold is decided exactly, in whole
numbers, over every pair that could serve one of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from omkering.engine.match.model import Demand, Person, Request
from omkering.engine.match.pairs import Pairs
from omkering.engine.match.program import Program


def meeting(
    people: Sequence[Person],
    requests: Sequence[Request],
    pairs: Pairs,
    demands: Sequence[Demand],
    most_lent: Mapping[str, int],
) -> NDArray[np.int64] | None:
    """Numbers of pairs that together meet all demands; None when no matching can."""
    person = {p.id: i for i, p in enumerate(people)}
    request = {r.id: i for i, r in enumerate(requests)}
    of = pairs.requests
    used = [person[d.person] for d in demands if d.person is not None and d.request is None]
    filled = [request[d.request] for d in demands if d.request is not None and d.person is None]
    matter = np.isin(pairs.people, used) | np.isin(of, filled)
    for demand in demands:
        if demand.person is not None and demand.request is not None:
            matter |= (pairs.people == person[demand.person]) & (of == request[demand.request])
    held = np.flatnonzero(matter)
    program = Program(people, requests, demands, most_lent, 1.0)
    program.add(pairs.people[held].astype(np.int64), of[held], np.zeros(len(held)))
    taken, slack, _ = program.whole(0.0, np.inf)
    return held[taken] if bool((slack < 0.5).all()) else None


def smallest_clash(
    people: Sequence[Person],
    requests: Sequence[Request],
    pairs: Pairs,
    demands: Sequence[Demand],
    most_lent: Mapping[str, int],
) -> tuple[Demand, ...]:
    """A part of `demands`, which cannot hold, that cannot hold either, while every smaller part of it can."""

    def narrow(certain: list[Demand], doubtful: list[Demand], checked: bool) -> list[Demand]:
        """Those of `doubtful` that clash together with `certain`."""
        if not checked and meeting(people, requests, pairs, certain, most_lent) is None:
            return []
        if len(doubtful) == 1:
            return doubtful
        middle = len(doubtful) // 2
        first, second = doubtful[:middle], doubtful[middle:]
        from_second = narrow(certain + first, second, False)
        from_first = narrow(certain + from_second, first, not from_second)
        return from_first + from_second

    needed = narrow([], list(demands), True)
    return tuple(sorted(needed, key=lambda demand: (demand.person or "", demand.request or "")))
