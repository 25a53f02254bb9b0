"""Look-alikes and comparisons over a growing number of members."""

from __future__ import annotations

import json
import random
import time
from typing import Any

from omkering.engine.peers import Kind, Outcome, better_than_peers, funnel, lookalikes

SIZES = (342, 1_000, 3_420)
FIGURES = 20


def run() -> list[dict[str, Any]]:
    """Seconds for all members; two rows a size."""
    rows: list[dict[str, Any]] = []
    for members in SIZES:
        chance = random.Random(2030)
        figures = {
            f"m{i}": {f"f{j}": chance.gauss(0, 1) if chance.random() > 0.05 else None for j in range(FIGURES)}
            for i in range(members)
        }
        outcomes = {}
        for name in figures:
            base = chance.randint(500, 50_000)
            outcomes[name] = Outcome(round(base * chance.uniform(0.08, 0.12)), base)
        started = time.perf_counter()
        alike = lookalikes(figures, count=10)
        between = time.perf_counter()
        funnel(outcomes, Kind.PROPORTION)
        better_than_peers(
            outcomes,
            {name: [peer.member for peer in found] for name, found in alike.items()},
            Kind.PROPORTION,
        )
        ended = time.perf_counter()
        work = f"peers, {members:,} members"
        rows.append(
            {
                "work": f"{work} × {FIGURES} figures, look-alikes",
                "who": "omkering",
                "seconds": between - started,
            }
        )
        rows.append({"work": f"{work}, funnel and comparison", "who": "omkering", "seconds": ended - between})
    return rows


if __name__ == "__main__":
    for row in run():
        print(json.dumps(row))
