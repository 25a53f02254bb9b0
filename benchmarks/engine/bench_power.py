"""Voting power, exact, over growing assemblies, beside powerindices and power-bdd.

The peers run in a process of their own with a limit of time, in the environment of the peers; where that is not
here the row says so. They are given the same weights and quota, only their work is timed, and their Shapley values
are compared with ours.
"""

from __future__ import annotations

import json
import random
import subprocess
from typing import Any

from benchmarks import peer
from benchmarks.measure import Growth, note, timed
from omkering.engine.power import power, quota_of

SIZES = (60, 171, 342)
MEASURED = 342
BAR, RATIO = 1.0, 10
LIMIT = 60  # seconds for a peer; one that needs more is not asked again for a larger assembly

PEERS = {
    "powerindices": """
import powerindices
started = time.perf_counter()
powerindices.compute_pbi(quota, list(weights))
shapley = powerindices.compute_ssi(quota, list(weights))
""",
    "power-bdd": """
from power_bdd.bdd import BDD, WeightedGame
started = time.perf_counter()
game = BDD(WeightedGame(quota, list(weights)))
game.calc_banzhaf()
shapley = game.calc_shapley()
""",
}
HEAD = "import json, sys, time, warnings; warnings.simplefilter('ignore'); quota, weights = json.load(sys.stdin)\n"
TAIL = "print(json.dumps([time.perf_counter() - started, [float(value) for value in shapley]]))\n"


def made(members: int) -> list[int]:
    """Seeded weights shaped like an association: many small members, few large, one vote per 1,000 up to 75."""
    chance = random.Random(2030)
    return [min(75, max(1, round(chance.lognormvariate(3.45, 0.75)))) for _ in range(members)]


def beside(name: str, weights: list[int], quota: int) -> tuple[float | None, list[float], str]:
    """Seconds and Shapley values of a peer, with a note; no seconds where it did not get there."""
    if not peer.PYTHON:
        return None, [], peer.ABSENT
    try:
        done = subprocess.run(
            [peer.PYTHON, "-c", HEAD + PEERS[name] + TAIL],
            input=json.dumps([quota, weights]),
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None, [], f"not finished in {LIMIT} s"
    if done.returncode:
        reason = done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "no reason given"
        return None, [], f"failed: {reason}"
    seconds, shapley = json.loads(done.stdout)
    return seconds, shapley, ""


def run() -> list[dict[str, Any]]:
    """Seconds for both indices of all members; one row a size and peer."""
    rows: list[dict[str, Any]] = []
    growth = Growth("members")
    gave_up: dict[str, str] = {}
    for members in SIZES:
        weights = made(members)
        quota = quota_of(sum(weights), 1, 2, strict=True)
        done = timed(lambda weights=weights, quota=quota: power(weights, quota), 5)
        ours, found = done.seconds, done.result
        grown = growth.told(members, ours)
        for name in PEERS:
            theirs, shapley, told = (
                (None, [], gave_up[name]) if name in gave_up else beside(name, weights, quota)
            )
            if "not finished" in told:
                gave_up.setdefault(name, f"{members} members {told}")
            if theirs is not None:
                apart = max(
                    abs(value - float(exact)) for value, exact in zip(shapley, found.shapley, strict=True)
                )
                told = (
                    f"same values to {apart:.0e}"
                    if apart < 1e-9
                    else f"the peer is wrong by up to {apart:.0e}"
                )
            ratio = None if theirs is None else theirs / ours
            measured = members == MEASURED
            rows.append(
                {
                    "work": f"power of {members} members, both indices",
                    "ours_s": ours,
                    "cpu_s": done.cpu,
                    "peer": name,
                    "peer_s": theirs,
                    "ratio": ratio,
                    "bar": f"< {BAR:.0f} s, ≥ {RATIO} ×" if measured else None,
                    "ok": ours < BAR and (ratio is None or ratio >= RATIO) if measured else None,
                    "note": note(told, grown),
                }
            )
    return rows


if __name__ == "__main__":
    for row in run():
        print(row)
