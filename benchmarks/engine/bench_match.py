"""Matching people to requests over three sizes, beside taking the best pair again and again."""

from __future__ import annotations

import json
import random
import sys
from typing import Any

from benchmarks.measure import Growth, apart, note, peak_mb, timed
from omkering.cli.engine.match import countdown
from omkering.engine.match import Person, Request, match
from omkering.engine.match.oracle import greedy

SIZES = ((1_000, 300), (3_000, 1_000), (10_000, 3_000))
SKILLS = 20
MEMBERS = 342
GAP = 0.01
BAR = 60.0


def made(people: int, requests: int) -> tuple[list[Person], list[Request], dict[str, float]]:
    """Seeded people and requests across the country, with skills of which some are scarce."""
    chance = random.Random(2030)
    skills = [f"s{number}" for number in range(SKILLS)]
    common = [1 / (number + 2) for number in range(SKILLS)]
    where = {f"m{number}": (chance.uniform(0, 200), chance.uniform(0, 300)) for number in range(MEMBERS)}
    members = list(where)

    def near(member: str) -> tuple[float, float]:
        x, y = where[member]
        return x + chance.gauss(0, 5), y + chance.gauss(0, 5)

    persons = []
    for number in range(people):
        member = chance.choice(members)
        persons.append(
            Person(
                f"p{number}",
                member,
                chance.choice((8, 16, 24, 40, 80)),
                frozenset(chance.choices(skills, common, k=chance.randint(1, 4))),
                near(member),
                chance.choice((30.0, 60.0, 100.0, None)),
                chance.random() < 0.9,
                chance.random() < 0.95,
                frozenset(chance.sample(members, 2)),
            )
        )
    asked = []
    for number in range(requests):
        member = chance.choice(members)
        asked.append(
            Request(
                f"r{number}",
                member,
                chance.choice((4, 8, 16, 24, 40)),
                frozenset(chance.choices(skills, k=chance.randint(1, 2))),
                frozenset(chance.choices(skills, k=2)),
                chance.randint(1, 4),
                near(member),
                chance.choice((0.5, 1.0, 1.0, 2.0)),
            )
        )
    return persons, asked, {member: float(chance.randint(-200, 200)) for member in members}


def measure(people: int, requests: int) -> dict[str, Any]:
    """Both ways in this process."""
    persons, asked, balance = made(people, requests)
    simple = timed(lambda: greedy(persons, asked, balance))
    ours = timed(
        lambda: match(persons, asked, balance=balance, gap=GAP, seconds=BAR, seconds_left=countdown(BAR))
    )
    result = ours.result
    return {
        "seconds": ours.seconds,
        "cpu": ours.cpu,
        "greedy_seconds": simple.seconds,
        "greedy_total": simple.result,
        "total": result.total,
        "gap": result.gap,
        "status": str(result.status),
        "matches": len(result.matches),
        "peak_mb": peak_mb(),
    }


def run() -> list[dict[str, Any]]:
    """One row a size; greedy has no proof, so its distance from the bound is told, not its speed alone."""
    rows: list[dict[str, Any]] = []
    growth = Growth("people and requests")
    for people, requests in SIZES:
        done = apart("benchmarks.engine.bench_match", people, requests)
        full = (people, requests) == SIZES[-1]
        bound = done["total"] / (1 - done["gap"])
        rows.append(
            {
                "work": f"match {people:,} people to {requests:,} requests",
                "ours_s": done["seconds"],
                "cpu_s": done["cpu"],
                "peer": "greedy",
                "peer_s": done["greedy_seconds"],
                "ratio": None,
                "bar": f"gap ≤ {GAP:.0%}, < {BAR:.0f} s" if full else None,
                "ok": done["gap"] <= GAP and done["seconds"] < BAR,
                "note": note(
                    f"{done['status']}, gap {done['gap']:.2%}, {done['matches']:,} matches",
                    f"greedy stays {1 - done['greedy_total'] / bound:.2%} below the bound",
                    f"{done['peak_mb']:.0f} MB",
                    growth.told(people, done["seconds"]),
                ),
            }
        )
    return rows


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2]))))
    else:
        for row in run():
            print(json.dumps(row))
