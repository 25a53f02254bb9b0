"""Equal shares beside pabutools: plain and with add1, on made elections and on a large real one.

pabutools runs in the environment of the peers, once a row, in a process of its own; ours
runs several times in a process of its own, after one call that loads the compiled code (shown in the note).
Its time holds the whole of `equal_shares` with the trace; ballots are laid out before, as on the other side,
except where reading a file is part of the work. Both sides run on one thread; seconds are of the processor,
so that other work on the machine does not count.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import peer
from benchmarks.engine import pabumeasures_core
from benchmarks.measure import ONE_THREAD, ROOT, Growth, note, peak_mb

DATA = ROOT.parent / "shared" / "data" / "pabulib"
# Real files with the entries on their ballots.
REAL = (
    ("Poland_Warszawa_2020_Wawer", "Wawer 2020 (5,452 × 137)", 47_539),
    ("Hungary_Budapest_2024", "Budapest 2024 (28,943 × 175)", 265_501),
    ("Poland_Lodz_2022", "Łódź 2022 (90,494 × 160)", 325_964),
)

# What the C++ core of pabumeasures 0.2.2 took for the plain work, where it cannot be compiled here.
CPP_SECONDS = 0.0045

Work = dict[str, Any]


def made(projects: int, voters: int, seed: int = 2030, weights: bool = False) -> Work:
    """A seeded election: costs 5,000 to 500,000, a fifth of their sum to spend, 3 to 13 approvals a voter with a
    popularity of 1/(i+3), and weights of 1 to 75 where asked."""
    chance = np.random.default_rng(seed)
    costs = chance.integers(5_000, 500_001, projects).tolist()
    popularity = 1.0 / (np.arange(projects) + 3.0)
    popularity /= popularity.sum()
    sizes = chance.integers(3, 14, voters).tolist()
    ballots = [chance.choice(projects, size, replace=False, p=popularity).tolist() for size in sizes]
    return {
        "costs": costs,
        "budget": sum(costs) // 5,
        "ballots": ballots,
        "weights": chance.integers(1, 76, voters).tolist() if weights else None,
    }


def ours(work: Work) -> dict[str, Any]:
    """The work done by us in this process: seconds of the first and of the best call, peak memory."""
    from omkering.engine.budget import Election, equal_shares
    from omkering.engine.formats import pabulib

    election = None
    if "path" not in work:
        sizes = [len(ballot) for ballot in work["ballots"]]
        election = Election.from_arrays(
            [f"p{at:03}" for at in range(len(work["costs"]))],
            work["costs"],
            budget=work["budget"],
            voters=[str(at) for at in range(len(sizes))],
            rows=np.repeat(np.arange(len(sizes)), sizes),
            columns=np.concatenate([np.array(ballot) for ballot in work["ballots"]]),
            weights=work["weights"],
        )
    completion = "none" if work["step"] is None else "add1"
    seconds, clock = [], []
    while len(seconds) < 3 or (sum(seconds[1:]) < 1.0 and len(seconds) < 20):
        started, at = time.process_time(), time.perf_counter()
        at_hand = election or pabulib.parse(Path(work["path"]).read_text(encoding="utf-8-sig")).election
        outcome = equal_shares(at_hand, completion=completion, step=work["step"] or 1)
        seconds.append(time.process_time() - started)
        clock.append(time.perf_counter() - at)
    return {
        "first": seconds[0],
        "seconds": min(seconds[1:]),
        "clock": min(clock[1:]),
        "peak_mb": peak_mb(),
        "selected": list(outcome.selected),
        "increments": outcome.increments,
    }


def apart(command: list[str], work: Work) -> dict[str, Any]:
    """The work done by a process of its own."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **ONE_THREAD},
        input=json.dumps(work),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def row(
    title: str,
    work: Work,
    fractions: str | None = None,
    least: float | None = None,
    below: float | None = None,
    most_mb: float | None = None,
    grown: tuple[Growth, int] | None = None,
) -> dict[str, Any]:
    """One row: ours, and pabutools with these ``fractions``; ``least`` is the ratio to reach, ``below`` the seconds,
    ``most_mb`` the memory."""
    we = apart([sys.executable, "-m", "benchmarks.engine.bench_budget", "--ours"], work)
    they = None
    if peer.PYTHON and fractions:
        driver = str(Path(__file__).with_name("pabutools_driver.py"))
        they = apart([peer.PYTHON, driver], {**work, "fractions": fractions})
        if fractions == "gmpy2":
            assert sorted(they["selected"]) == sorted(we["selected"])
    ratio = they["seconds"] / we["seconds"] if they else None
    bars = []
    ok = True
    if least and ratio:
        bars.append(f"≥ {least:g} ×")
        ok &= ratio >= least
    if below:
        bars.append(f"< {1000 * below:g} ms")
        ok &= we["seconds"] < below
    if most_mb:
        bars.append(f"< {most_mb:g} MB")
        ok &= we["peak_mb"] < most_mb
    told = note(
        f"{we['peak_mb']:.0f} MB, first call {we['first']:.2f} s",
        f"{we['increments']:,} increments" if we["increments"] else "",
        f"theirs {they['peak_mb']:.0f} MB" if they else "",
        grown[0].told(grown[1], we["seconds"]) if grown else "",
    )
    return {
        "work": title,
        "ours_s": we["clock"],
        "cpu_s": we["seconds"],
        "peer": f"pabutools, {'exact' if fractions == 'gmpy2' else 'float'}" if they else None,
        "peer_s": they["seconds"] if they else None,
        "ratio": ratio,
        "bar": ", ".join(bars) or None,
        "ok": ok if bars else None,
        "note": told,
        "selected": we["selected"],
    }


def run() -> list[dict[str, Any]]:
    """All rows; three sizes show how the time grows."""
    rows = []
    plainly, by_steps = Growth("voters and projects"), Growth("voters and projects")
    for projects, voters in ((100, 5_000), (200, 10_000), (400, 20_000)):
        plain = {**made(projects, voters), "step": None}
        title = f"equal shares, {projects} × {voters:,}, plain"
        share = Fraction(plain["budget"], voters)
        stepped = {**plain, "step": str(share / 100)}
        stepped_title = f"equal shares, {projects} × {voters:,}, add1 by 1 % of a share"
        plain_size, stepped_size = (plainly, voters), (by_steps, voters)
        if projects == 200:
            core = pabumeasures_core.seconds(plain)
            below = 3 * (core[0] if core else CPP_SECONDS)
            rows.append(row(title, plain, "gmpy2", least=300, below=below, grown=plain_size))
            if core:
                assert sorted(core[1]) == sorted(rows[-1]["selected"])
                rows.append(
                    {
                        **rows[-1],
                        "peer": "pabumeasures, C++",
                        "peer_s": core[0],
                        "ratio": core[0] / rows[-1]["cpu_s"],
                        "bar": "≥ 1/3 ×",
                        "note": f"long double; the same {len(core[1])} projects",
                    }
                )
            rows.append(row(title, plain, "float"))
            rows.append(row(stepped_title, stepped, "gmpy2", least=100, most_mb=200, grown=stepped_size))
            rows.append(row(stepped_title, stepped, "float", least=50))
        else:
            rows.append(row(title, plain, grown=plain_size))
            rows.append(row(stepped_title, stepped, grown=stepped_size))
    read = Growth("entries on ballots")
    for name, title, entries in REAL:
        path = DATA / f"{name}.pb"
        if not path.exists():
            rows.append({"work": title, "note": "the file is not here"})
            continue
        beside = {"fractions": "float", "least": 40} if name == "Poland_Lodz_2022" else {}
        work = {"path": str(path), "step": None}
        title = f"equal shares, {title}, plain, with reading the file"
        rows.append(row(title, work, grown=(read, entries), **beside))
    members = Growth("members")
    for count in (86, 171, 342):
        work = {**made(60, count, weights=True), "step": "1"}
        title = f"equal shares, {count} weighted members × 60 projects, add1"
        beside = {"fractions": "gmpy2", "below": 0.02} if count == 342 else {}
        rows.append(row(title, work, grown=(members, count), **beside))
    return [{**each, "peer": each.get("peer"), "selected": None} for each in rows]


if __name__ == "__main__":
    if sys.argv[1:] == ["--ours"]:
        print(json.dumps(ours(json.load(sys.stdin))))
    else:
        for each in run():
            print(each)
