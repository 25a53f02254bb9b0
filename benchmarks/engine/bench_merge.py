"""Merging amendments on a text of 50,000 words: over their number, over their size, and on hostile texts."""

from __future__ import annotations

import json
import random
import time
from typing import Any

from omkering.engine.merge import diff, merge

WORDS = 50_000
SIZES = ((100, 3), (1_000, 3), (1_000, 20))  # amendments, changes in each


def made(words: int, amendments: int, changes: int) -> tuple[str, dict[str, str]]:
    """A seeded text in paragraphs, and amended copies of it."""
    chance = random.Random(2030)
    vocabulary = ["".join(chance.choices("adegiklnorstuv", k=chance.randint(2, 10))) for _ in range(5_000)]
    text = " ".join(
        word + (".\n\n" if number % 80 == 79 else "")
        for number, word in enumerate(chance.choices(vocabulary, k=words))
    )
    amended = {}
    for number in range(amendments):
        parts = text.split(" ")
        for _ in range(changes):
            at = chance.randrange(len(parts))
            kind = chance.randrange(3)
            if kind == 0:
                parts[at] = chance.choice(vocabulary)
            elif kind == 1:
                parts[at:at] = chance.choices(vocabulary, k=5)
            else:
                del parts[at : at + 3]
        amended[f"a{number}"] = " ".join(parts)
    return text, amended


def hostile(words: int) -> dict[str, tuple[str, str]]:
    """Pairs of texts that defeat simple methods."""
    chance = random.Random(7)
    numbered = [f"w{number}" for number in range(words)]
    return {
        "the same word over and over": ("a " * words, "a " * (words - 999) + "b"),
        "two words at random": (
            " ".join(chance.choices("ab", k=words)),
            " ".join(chance.choices("ab", k=words)),
        ),
        "nothing in common": (" ".join(numbered), " ".join(f"v{number}" for number in range(words))),
        "reversed": (" ".join(numbered), " ".join(reversed(numbered))),
    }


def run() -> list[dict[str, Any]]:
    """Seconds for each work; one row a size."""
    rows: list[dict[str, Any]] = []
    for amendments, changes in SIZES:
        text, amended = made(WORDS, amendments, changes)
        started = time.perf_counter()
        merged = merge(text, amended)
        rows.append(
            {
                "work": f"merge {amendments:,} amendments of {changes} changes on {WORDS:,} words",
                "who": "omkering",
                "seconds": time.perf_counter() - started,
                "collisions": len(merged.collisions),
            }
        )
    for name, (base, other) in hostile(WORDS).items():
        started = time.perf_counter()
        diff(base, other)
        rows.append(
            {
                "work": f"diff of {WORDS:,} words, {name}",
                "who": "omkering",
                "seconds": time.perf_counter() - started,
            }
        )
    return rows


if __name__ == "__main__":
    for row in run():
        print(json.dumps(row))
