"""The opinion map over growing conversations, beside red-dwarf where its environment is named.

Every size runs in a process of its own, so that the peak of memory is that of the work (loading Python, NumPy
and the made votes included). `OMKERING_PEERS_PYTHON` names the Python of the environment with red-dwarf; it is
given the votes as a list, as its interface asks, and only its own work is timed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
# participants, statements, share filled, runs (the shortest counts)
SIZES = (
    (500, 150, 0.5, 20),
    (2_000, 150, 0.5, 20),
    (20_000, 300, 0.1, 3),
    (200_000, 300, 0.1, 1),
    (1_000_000, 500, 0.03, 1),
)
BESIDE_RED_DWARF = (2_000, 150)


def made(people: int, statements: int, filled: float) -> tuple[Any, Any, Any]:
    """Seeded votes of three camps with opinions of their own: rows, columns and values."""
    import numpy as np

    chance = np.random.default_rng(2030)
    stands = chance.normal(size=(3, statements))
    camp = chance.integers(0, 3, people)
    cells = np.unique(chance.integers(0, people * statements, int(people * statements * filled)))
    rows, columns = cells // statements, cells % statements
    leaning = stands[camp[rows], columns] + chance.normal(size=len(rows))
    votes = np.where(chance.random(len(rows)) < 0.15, 0, np.sign(leaning))
    return rows.astype(np.int32), columns.astype(np.int32), votes.astype(np.int8)


def measure(people: int, statements: int, filled: float, runs: int) -> dict[str, Any]:
    """Seconds from arrays of votes to the finished map, and the peak of memory in MB."""
    import resource

    from omkering.engine.opinion import VoteTable, opinion_map

    rows, columns, votes = made(people, statements, filled)
    names = tuple(map(str, range(people)))
    titles = tuple(map(str, range(statements)))
    seconds = []
    for _ in range(runs):
        started = time.perf_counter()
        table = VoteTable.from_codes(rows, columns, votes, participants=names, statements=titles)
        result = opinion_map(table)
        seconds.append(time.perf_counter() - started)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": min(seconds), "peak_mb": peak, "k": result.k, "votes": len(votes)}


def red_dwarf(python: str, people: int, statements: int, filled: float) -> dict[str, Any]:
    """The same votes through red-dwarf."""
    rows, columns, votes = made(people, statements, filled)
    task = {"votes": list(zip(rows.tolist(), columns.tolist(), votes.tolist(), strict=True)), "excluded": []}
    script = ROOT / "tests" / "engine_opinion" / "red_dwarf.py"
    done = subprocess.run(
        [python, str(script)], input=json.dumps(task), capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def run() -> list[dict[str, Any]]:
    """One row a size, and one for red-dwarf beside ours."""
    rows: list[dict[str, Any]] = []
    python = os.environ.get("OMKERING_PEERS_PYTHON")
    for people, statements, filled, runs in SIZES:
        work = f"opinion map, {people:,} × {statements}, {filled:.0%} filled"
        arguments = [str(each) for each in (people, statements, filled, runs)]
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.engine.bench_opinion", *arguments],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        ours = json.loads(done.stdout)
        rows.append({"work": work, "who": "omkering", **ours})
        if (people, statements) == BESIDE_RED_DWARF and python:
            theirs = red_dwarf(python, people, statements, filled)
            rows.append(
                {
                    "work": work,
                    "who": "red-dwarf",
                    "seconds": theirs["seconds"],
                    "peak_mb": theirs["peak_mb"],
                    "ratio": theirs["seconds"] / ours["seconds"],
                }
            )
    return rows


if __name__ == "__main__":
    if len(sys.argv) == 5:
        size = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])
        print(json.dumps(measure(*size)))
    else:
        for row in run():
            print(json.dumps(row))
