"""Counting a priority round of the real size, with all the page of its result explains, and how that grows.

In a process of its own and on one thread. The first count of a process loads compiled code; what that took is told.
"""

from __future__ import annotations

import json
import random
import sys
from typing import Any

from benchmarks.measure import Growth, apart, note, peak_mb, timed
from omkering.agenda.counting import Line, count

KINDS = ("approval", "points", "ranking")
REAL = (342, 60)  # members and candidates
SIZES = (REAL, (684, 120), (1_368, 240))  # twice as many of both each time: four times the ballot papers
PRIORITIES = 8
MOST = 25  # candidates that a ballot names
BAR = 0.1
RUNS = 9


def made(members: int, candidates: int, kind: str) -> dict[str, Any]:
    """A seeded round: what `count` asks for. All members hand in a ballot, and lean to what is popular."""
    chance = random.Random(2030)
    options = [str(number) for number in range(candidates)]
    popular = [1 / (number + 3) for number in range(candidates)]
    lines = [
        Line(
            str(number),
            chance.randint(1, 75),
            {
                "province": [f"p{number % 12}"],
                "network": [f"n{key}" for key in range(5) if chance.random() < 0.3],
                "size_class": [f"s{number % 7}"],
            },
        )
        for number in range(members)
    ]
    ballots = {}
    for line in lines:
        wanted = list(dict.fromkeys(chance.choices(options, popular, k=chance.randint(3, MOST))))
        if kind == "ranking":
            ballots[line.key] = {each: place for place, each in enumerate(wanted, 1)}
        else:
            most = 1 if kind == "approval" else 20
            ballots[line.key] = {each: chance.randint(1, most) for each in wanted}
    return {
        "kind": kind,
        "maximum": PRIORITIES,
        "candidates": options,
        "lines": lines,
        "ballots": ballots,
    }


def measure(members: int, candidates: int, kind: str) -> dict[str, Any]:
    """The count in this process: the first, and the shortest of those after it."""
    work = made(members, candidates, kind)
    first = timed(lambda: count(**work).as_dict())
    after = timed(lambda: count(**work).as_dict(), RUNS)
    return {
        "first": first.seconds,
        "seconds": after.seconds,
        "cpu": after.cpu,
        "chosen": len(after.result["chosen"]),
        "peak_mb": peak_mb(),
    }


def run() -> list[dict[str, Any]]:
    """A row a kind of ballot at the real size, and a row a size for ticks."""
    rows: list[dict[str, Any]] = []
    growth = Growth("members and candidates")
    for (members, candidates), kind in [
        *((size, KINDS[0]) for size in SIZES),
        *((REAL, kind) for kind in KINDS[1:]),
    ]:
        done = apart("benchmarks.rounds", members, candidates, kind)
        if done["chosen"] != PRIORITIES:
            raise RuntimeError(f"{done['chosen']} chosen instead of {PRIORITIES}")
        real = (members, candidates) == REAL
        grown = growth.told(members, done["seconds"]) if kind == KINDS[0] else ""
        rows.append(
            {
                "work": f"a round of {members:,} members × {candidates} candidates counted, {kind}",
                "ours_s": done["seconds"],
                "cpu_s": done["cpu"],
                "peer": None,
                "peer_s": None,
                "ratio": None,
                "bar": f"< {BAR} s" if real else None,
                "ok": done["seconds"] < BAR if real else None,
                "note": note(f"first {done['first']:.2f} s", f"{done['peak_mb']:.0f} MB", grown),
            }
        )
    return rows


if __name__ == "__main__":
    if len(sys.argv) == 4:
        print(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])))
    else:
        for row in run():
            print(json.dumps(row))
