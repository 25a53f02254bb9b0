"""Look-alikes and comparisons over a growing number of members."""

from __future__ import annotations

import json
import random
from typing import Any

from benchmarks.measure import Growth, timed
from omkering.engine.peers import Kind, Outcome, better_than_peers, funnel, lookalikes

SIZES = (342, 1_000, 3_420)
FIGURES = 20


def run() -> list[dict[str, Any]]:
    """Seconds for all members; two rows a size."""
    rows: list[dict[str, Any]] = []
    growths = Growth("members"), Growth("members")
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
        alike = timed(lambda figures=figures: lookalikes(figures, count=10))
        near = {name: [peer.member for peer in found] for name, found in alike.result.items()}

        def compare(outcomes=outcomes, near=near):
            funnel(outcomes, Kind.PROPORTION)
            return better_than_peers(outcomes, near, Kind.PROPORTION)

        for work, done, growth in (
            (f"look-alikes of {members:,} members × {FIGURES} figures", alike, growths[0]),
            (f"funnel and comparison of {members:,} members", timed(compare), growths[1]),
        ):
            rows.append(
                {
                    "work": work,
                    "ours_s": done.seconds,
                    "cpu_s": done.cpu,
                    "note": growth.told(members, done.seconds),
                }
            )
    return rows


if __name__ == "__main__":
    for row in run():
        print(json.dumps(row))
