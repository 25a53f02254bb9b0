"""Merging amendments on a text of 50,000 words: over their number, over their size, and on hostile texts."""

from __future__ import annotations

import json
import random
from typing import Any

from benchmarks.measure import Growth, note, timed
from omkering.engine.merge import diff, merge

WORDS = 50_000
SIZES = ((100, 3), (300, 3), (1_000, 3), (1_000, 20))  # amendments, changes in each
BAR = 5.0  # seconds for 1,000 amendments, and for any hostile text


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
    """One row a size, and one a hostile pair of texts."""
    rows: list[dict[str, Any]] = []
    growth = Growth("amendments")
    for amendments, changes in SIZES:
        text, amended = made(WORDS, amendments, changes)
        done = timed(lambda text=text, amended=amended: merge(text, amended))
        rows.append(
            {
                "work": f"merge {amendments:,} amendments of {changes} changes on {WORDS:,} words",
                "ours_s": done.seconds,
                "cpu_s": done.cpu,
                "bar": f"< {BAR:g} s" if amendments == 1_000 else None,
                "ok": done.seconds < BAR,
                "note": note(
                    f"{len(done.result.collisions):,} collisions",
                    growth.told(amendments, done.seconds) if changes == 3 else "",
                ),
            }
        )
    for name in hostile(2):
        growth = Growth("words")
        for words in (WORDS // 4, WORDS // 2, WORDS):
            base, other = hostile(words)[name]
            done = timed(lambda base=base, other=other: diff(base, other))
            rows.append(
                {
                    "work": f"diff of {words:,} words, {name}",
                    "ours_s": done.seconds,
                    "cpu_s": done.cpu,
                    "bar": f"< {BAR:g} s",
                    "ok": done.seconds < BAR,
                    "note": growth.told(words, done.seconds),
                }
            )
    return rows


if __name__ == "__main__":
    for row in run():
        print(json.dumps(row))
