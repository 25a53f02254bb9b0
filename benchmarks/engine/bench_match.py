"""Matching people to requests over three sizes, beside taking the best pair again and again."""

from __future__ import annotations

import json
import random
import time
from typing import Any

from omkering.engine.match import Person, Request, match
from omkering.engine.match.oracle import greedy

SIZES = ((1_000, 300), (3_000, 1_000), (10_000, 3_000))
SKILLS = 20
MEMBERS = 342
GAP = 0.01


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


def run() -> list[dict[str, Any]]:
    """Two rows a size; the last names the bound on what any matching can reach."""
    rows: list[dict[str, Any]] = []
    for people, requests in SIZES:
        persons, asked, balance = made(people, requests)
        work = f"match {people:,} people to {requests:,} requests"
        started = time.perf_counter()
        simple = greedy(persons, asked, balance)
        rows.append(
            {"work": work, "who": "greedy", "seconds": time.perf_counter() - started, "total": simple}
        )
        started = time.perf_counter()
        result = match(persons, asked, balance=balance, gap=GAP, seconds=60)
        rows.append(
            {
                "work": work,
                "who": "omkering",
                "seconds": time.perf_counter() - started,
                "total": result.total,
                "bound": result.bound,
                "gap": result.gap,
                "status": str(result.status),
                "matches": len(result.matches),
            }
        )
    return rows


if __name__ == "__main__":
    for row in run():
        print(json.dumps(row))
