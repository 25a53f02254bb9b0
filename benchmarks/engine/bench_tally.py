"""Counting weighted ballots with 30 slices, checking them against roll and rule included, over growing assemblies.

No peer counts weighted ballots in slices; a plain loop in Python is the measure, and must give the same sums.
"""

from __future__ import annotations

import random
import time
from collections import defaultdict
from typing import Any

from benchmarks.measure import Growth, note, timed
from omkering.engine.tally import Ballot, BallotBox, Entry, Roll, Rule, count, tally

SIZES = (10_000, 30_000, 106_000)
MEASURED = 106_000  # of which just over 100,000 vote
BAR = 0.05
SLICES = 30
RULE = Rule.from_mapping(
    {
        "kind": "for_against_abstain",
        "threshold": {
            "numerator": 2,
            "denominator": 3,
            "strict": False,
            "base": "cast_without_abstentions",
            "in": "both",
        },
        "quorum": {"numerator": 1, "denominator": 2, "in": "heads"},
    }
)


def made(size: int) -> tuple[Roll, list[Ballot]]:
    """A seeded roll of ``size`` members, each in one group of each of 30 groupings, and nearly as many ballots."""
    chance = random.Random(2030)
    roll = Roll(
        Entry(
            str(number),
            chance.randint(1, 75),
            {f"g{each}": f"{chance.randrange(12)}" for each in range(SLICES)},
        )
        for number in range(size)
    )
    choices = ("for", "for", "for", "against", "abstain")
    ballots = [Ballot(member, chance.choice(choices)) for member in roll.members if chance.random() < 0.95]
    return roll, ballots


def loop(box: BallotBox) -> tuple[float, dict[str, dict[tuple[str, int], int]]]:
    """The same slices by a loop over ballots and groupings: its seconds, and the sums to compare."""
    groups = {
        name: [grouping.groups_of(row) for row in range(len(box.roll))]
        for name, grouping in box.roll.groupings.items()
    }
    ballots = list(zip(box.rows.tolist(), box.option.tolist(), box.votes.tolist(), strict=True))
    sums: dict[str, dict[tuple[str, int], int]] = {name: defaultdict(int) for name in groups}
    started = time.perf_counter()
    for name, table in sums.items():
        of_member = groups[name]
        for row, option, votes in ballots:
            for group in of_member[row]:
                table[group, option] += votes
    return time.perf_counter() - started, sums


def run() -> list[dict[str, Any]]:
    """Seconds to check and count ballots with all slices; one row a size."""
    rows: list[dict[str, Any]] = []
    growth = Growth("ballots")
    for size in SIZES:
        roll, ballots = made(size)
        done = timed(lambda roll=roll, ballots=ballots: tally(roll, ballots, RULE), 9)
        box = BallotBox(roll, ballots, RULE)
        counted = timed(lambda box=box: count(box), 9)
        slow, sums = loop(box)
        names = RULE.choices
        for grouping, table in sums.items():
            for (group, option), votes in table.items():
                assert done.result.slices[grouping][group][names[option]] == votes
        measured = size == MEASURED
        rows.append(
            {
                "work": f"tally of {len(ballots):,} weighted ballots, {SLICES} groupings",
                "ours_s": done.seconds,
                "cpu_s": done.cpu,
                "peer": "loop in Python",
                "peer_s": slow,
                "ratio": slow / counted.seconds,
                "bar": f"< {BAR * 1000:.0f} ms" if measured else None,
                "ok": done.seconds < BAR,
                "note": note(
                    f"counting alone, as the loop does, {1000 * counted.seconds:.0f} ms",
                    growth.told(len(ballots), done.seconds),
                ),
            }
        )
    return rows


if __name__ == "__main__":
    for row in run():
        print(row)
