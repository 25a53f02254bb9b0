"""What the benchmarks share: timing by the clock and by the processor, work in a process of its own, growth."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
# One thread on either side: then seconds of the processor compare, and other work on the machine counts less.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


class Timing(NamedTuple):
    """The shortest of several runs, by the clock and by the processor, and what the last run gave."""

    seconds: float
    cpu: float
    result: Any


def timed(work: Callable[[], Any], runs: int = 1) -> Timing:
    """Run ``work`` so often."""
    clock, processor = [], []
    result = None
    for _ in range(runs):
        started, worked = time.perf_counter(), time.process_time()
        result = work()
        clock.append(time.perf_counter() - started)
        processor.append(time.process_time() - worked)
    return Timing(min(clock), min(processor), result)


def peak_mb() -> float:
    """The most memory this process had, in MB; Python, its libraries and the input are in it.

    From the kernel's own mark of this program: what `getrusage` tells counts what the process had that started it.
    """
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024  # type: ignore[index]


def apart(module: str, *words: object, one_thread: bool = True) -> dict[str, Any]:
    """The JSON that ``python -m module words`` prints: work in a process of its own, for its peak of memory."""
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, words)],
        cwd=ROOT,
        env={**os.environ, **(ONE_THREAD if one_thread else {})},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{module}: {done.stderr.strip().splitlines()[-1]}")
    return json.loads(done.stdout)


class Growth:
    """Tells from size to size how the time grows."""

    def __init__(self, of_what: str) -> None:
        self.of_what = of_what
        self.before: tuple[float, float] | None = None

    def told(self, size: float, seconds: float) -> str:
        """For the note of a row: how many times the seconds of the size before, for how many times the size."""
        before, self.before = self.before, (size, seconds)
        if before is None:
            return ""
        return f"{seconds / before[1]:.1f} × the time for {size / before[0]:.1f} × the {self.of_what}"


def note(*parts: str) -> str:
    """The parts that say something, joined."""
    return "; ".join(part for part in parts if part)
