"""`python -m benchmarks [NAME …]`: run all benchmarks, or those whose name holds one of the words."""

import importlib
import json
import os
import platform
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

HERE = Path(__file__).parent
ROOMS = ("votes", "ballots", "watchers", "rounds", "deliberation", "pages")
NAMES = [f"benchmarks.{name}" for name in ROOMS] + [
    f"benchmarks.engine.{file.stem}" for file in sorted((HERE / "engine").glob("bench_*.py"))
]
COLUMNS = ("work", "ours_s", "cpu_s", "peer", "peer_s", "ratio", "bar", "note")


def main(words: list[str]) -> int:
    """Run, print, and keep the figures in benchmarks/results/; 1 when a stated bar is not reached."""
    console = Console(width=160, highlight=False)
    rows: list[dict] = []
    for name in NAMES:
        if words and not any(word in name for word in words):
            continue
        console.print(f"… {name}")
        started = time.perf_counter()
        rows += [{"benchmark": name, **row} for row in importlib.import_module(name).run()]
        console.print(f"  {time.perf_counter() - started:.0f} s")
        _keep(rows)  # as far as they are: all together take most of an hour
    table = Table(*COLUMNS, box=None, header_style="bold")
    for row in rows:
        table.add_row(*(_words(row.get(column)) for column in COLUMNS))
    console.print(table)
    missed = [row for row in rows if row.get("bar") and not row.get("ok", True)]
    for row in missed:
        console.print(f"not reached: {row['work']}: {_words(row['ours_s'])} s, bar {row['bar']}")
    return 1 if missed else 0


def _keep(rows: list[dict]) -> None:
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "machine": platform.machine()}
    results = HERE / "results"
    results.mkdir(exist_ok=True)
    (results / "latest.json").write_text(
        json.dumps({"machine": machine, "rows": rows}, indent=1, default=str)
    )


def _words(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    return "" if value is None else str(value)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
