"""The opinion map over growing conversations, beside red-dwarf.

Every size runs in a process of its own, so that the peak of memory is that of the work (loading Python, NumPy
and the made votes included), on one thread. red-dwarf, in the environment of the peers, is given the votes as a
list, as its interface asks, and only its own work is timed; the ratio is of seconds of the processor.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from benchmarks import peer
from benchmarks.measure import ONE_THREAD, ROOT, Growth, apart, note, peak_mb, timed

# participants, statements, share filled, runs (the shortest counts), seconds and MB to stay below
SIZES: tuple[tuple[int, int, float, int, float | None, float | None], ...] = (
    (500, 150, 0.5, 20, None, None),
    (2_000, 150, 0.5, 20, None, 100),
    (20_000, 300, 0.1, 3, None, None),
    (200_000, 300, 0.1, 1, 15, 1_000),
    (1_000_000, 500, 0.03, 1, 90, 4_000),
)
BESIDE_RED_DWARF = (2_000, 150)
LEAST_RATIO = 20


def made(people: int, statements: int, filled: float) -> tuple[Any, Any, Any]:
    """Seeded votes of three camps with opinions of their own: rows, columns and values."""
    import numpy as np

    chance = np.random.default_rng(2030)
    stands = chance.normal(size=(3, statements))
    camp = chance.integers(0, 3, people)
    block = 1_000_000  # cells at a time, so that making the votes takes little memory
    cells = np.concatenate(
        [
            at + np.flatnonzero(chance.random(min(block, people * statements - at)) < filled)
            for at in range(0, people * statements, block)
        ]
    )
    rows, columns = cells // statements, cells % statements
    leaning = stands[camp[rows], columns] + chance.normal(size=len(rows))
    votes = np.where(chance.random(len(rows)) < 0.15, 0, np.sign(leaning))
    return rows.astype(np.int32), columns.astype(np.int32), votes.astype(np.int8)


def measure(people: int, statements: int, filled: float, runs: int) -> dict[str, Any]:
    """Seconds from arrays of votes to the finished map, and the peak of memory in MB."""
    from omkering.engine.opinion import VoteTable, opinion_map

    rows, columns, votes = made(people, statements, filled)
    names = tuple(map(str, range(people)))
    titles = tuple(map(str, range(statements)))
    of_input = peak_mb()
    done = timed(
        lambda: opinion_map(
            VoteTable.from_codes(rows, columns, votes, participants=names, statements=titles)
        ),
        runs,
    )
    return {
        "seconds": done.seconds,
        "cpu": done.cpu,
        "peak_mb": peak_mb(),
        "input_mb": of_input,
        "k": done.result.k,
        "votes": len(votes),
    }


def red_dwarf(people: int, statements: int, filled: float, runs: int) -> dict[str, Any]:
    """The same votes through red-dwarf: the run with the least seconds of the processor."""
    rows, columns, votes = made(people, statements, filled)
    task = {"votes": list(zip(rows.tolist(), columns.tolist(), votes.tolist(), strict=True)), "excluded": []}
    script = ROOT / "tests" / "engine_opinion" / "red_dwarf.py"
    return min((peer.ask(script, task, env=ONE_THREAD) for _ in range(runs)), key=lambda done: done["cpu"])


def run() -> list[dict[str, Any]]:
    """One row a size."""
    rows: list[dict[str, Any]] = []
    growth = Growth("votes")
    for people, statements, filled, runs, seconds, megabytes in SIZES:
        ours = apart("benchmarks.engine.bench_opinion", people, statements, filled, runs)
        theirs = None
        if (people, statements) == BESIDE_RED_DWARF and peer.PYTHON:
            theirs = red_dwarf(people, statements, filled, 3)
        ratio = theirs["cpu"] / ours["cpu"] if theirs else None
        bars = [
            f"≥ {LEAST_RATIO} ×" if theirs else "",
            f"< {seconds:g} s" if seconds else "",
            f"< {megabytes:,.0f} MB" if megabytes else "",
        ]
        rows.append(
            {
                "work": f"opinion map, {people:,} × {statements}, {filled:.0%} filled",
                "ours_s": ours["seconds"],
                "cpu_s": ours["cpu"],
                "peer": "red-dwarf" if theirs else None,
                "peer_s": theirs and theirs["seconds"],
                "peer_cpu_s": theirs and theirs["cpu"],
                "ratio": ratio,
                "bar": ", ".join(filter(None, bars)) or None,
                "ok": (ratio is None or ratio >= LEAST_RATIO)
                and (seconds is None or ours["seconds"] < seconds)
                and (megabytes is None or ours["peak_mb"] < megabytes),
                "note": note(
                    f"{ours['peak_mb']:.0f} MB, of which the made votes {ours['input_mb']:.0f}",
                    f"theirs {theirs['peak_mb']:.0f} MB" if theirs else "",
                    growth.told(ours["votes"], ours["cpu"]),
                ),
            }
        )
    return rows


if __name__ == "__main__":
    if len(sys.argv) == 5:
        print(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]))))
    else:
        for row in run():
            print(json.dumps(row))
