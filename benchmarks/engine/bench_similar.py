"""Nearest texts and bundles among 10,000, 30,000 and 100,000 short Dutch texts, made from the labelled
signals.

Each size runs in a process of its own, so that its peak memory is its own. A made text takes one to three
sentences of one signal, sometimes one of another, and loses words here and there: near-duplicates and
mixtures, as in life.
"""

from __future__ import annotations

import csv
import json
import random
import re
import statistics
import sys
import time
from pathlib import Path

from benchmarks.measure import Growth, apart, note, peak_mb

DATA = Path(__file__).parents[2] / "tests" / "engine_text" / "data"
SIZES = (10_000, 30_000, 100_000)
QUERIES = 30
NEAREST_BAR, BUNDLES_BAR, MEMORY_BAR = 0.060, 600.0, 2_000


def made(count: int, seed: int = 2030) -> list[str]:
    """Seeded texts mixed from the sentences of the labelled signals."""
    sentences: dict[str, list[str]] = {}
    for name in ("labelled_signals.csv", "fresh_signals.csv"):
        with (DATA / name).open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                found = re.split(r"(?<=[.!?])\s", f"{row['title']}. {row['text']}")
                sentences.setdefault(row["bundle"] or row["id"], []).extend(found)
    chance, themes = random.Random(seed), list(sentences)
    texts = []
    for _ in range(count):
        of_theme = sentences[chance.choice(themes)]
        picked = chance.sample(of_theme, min(len(of_theme), chance.randint(1, 3)))
        if chance.random() < 0.3:
            picked.append(chance.choice(sentences[chance.choice(themes)]))
        texts.append(" ".join(word for word in " ".join(picked).split() if chance.random() > 0.12))
    return texts


def measure(count: int) -> dict[str, float]:
    """Seconds of each step for `count` texts, in this process, and its peak memory in MB."""
    from omkering.engine.similar import Index, encode, suggest_bundles

    texts, queries = made(count), made(QUERIES, seed=1)
    figures = {"count": float(count)}
    started = time.perf_counter()
    encode(["Laden"])
    figures["load"] = time.perf_counter() - started
    started, worked = time.perf_counter(), time.process_time()
    vectors = encode(texts)
    figures["encode"] = time.perf_counter() - started
    figures["encode_cpu"] = time.process_time() - worked
    started = time.perf_counter()
    index = Index(texts, vectors)
    figures["index"] = time.perf_counter() - started
    seconds = []
    for query in queries:
        started = time.perf_counter()
        index.nearest(query, 5)
        seconds.append(time.perf_counter() - started)
    figures["nearest"] = statistics.median(seconds)
    figures["nearest_p95"] = sorted(seconds)[int(0.95 * QUERIES)]
    del index
    started, worked = time.perf_counter(), time.process_time()
    result = suggest_bundles([f"{i:06d}" for i in range(count)], texts, vectors)
    figures["bundle"] = time.perf_counter() - started
    figures["bundle_cpu"] = time.process_time() - worked
    figures["bundles"] = len(result.bundles)
    figures["megabytes"] = peak_mb()
    return figures


def run() -> list[dict]:
    """Rows for the table of `python -m benchmarks`."""
    rows = []
    finding, bundling = Growth("texts"), Growth("texts")
    for count in SIZES:
        figures = apart("benchmarks.engine.bench_similar", count, one_thread=False)
        full = count == SIZES[-1]
        total = figures["encode"] + figures["bundle"]
        rows.append(
            {
                "work": f"similar: nearest 5 of {count:,} texts for a new one",
                "ours_s": figures["nearest"],
                "bar": f"< {NEAREST_BAR} s" if full else None,
                "ok": not full or figures["nearest"] < NEAREST_BAR,
                "note": note(
                    f"p95 {figures['nearest_p95'] * 1000:.0f} ms, encoding the new text included",
                    f"index {figures['index']:.1f} s",
                    finding.told(count, figures["nearest"]),
                ),
            }
        )
        rows.append(
            {
                "work": f"similar: {count:,} texts bundled",
                "ours_s": total,
                "cpu_s": figures["encode_cpu"] + figures["bundle_cpu"],
                "bar": f"< {BUNDLES_BAR:.0f} s, {MEMORY_BAR:,} MB" if full else None,
                "ok": not full or (total < BUNDLES_BAR and figures["megabytes"] < MEMORY_BAR),
                "note": note(
                    f"of which encoding {figures['encode']:.0f} s",
                    f"{figures['bundles']:.0f} bundles",
                    f"peak {figures['megabytes']:.0f} MB",
                    bundling.told(count, total),
                ),
            }
        )
    return rows


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]))))
