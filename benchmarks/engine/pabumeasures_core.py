"""The inner function of pabumeasures, `mes_cost` in C++ with long double, compiled alone and timed.

The package has no wheel, and building all of it needs OR-tools for C++; this one function does not. `make peers`
fetches the source, and g++ compiles it here, optimised as a release is.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.measure import ROOT

SOURCE = ROOT / ".venv-peers" / "source" / "src" / "cpp_src"
_RULE = Path("pb_rules_and_measures") / "MesCost.cpp"
_NEXT = "\nlong long cost_reduction_for_mes_cost"


def seconds(work: dict[str, Any]) -> tuple[float, list[str]] | None:
    """Least seconds of the processor for the plain ``work`` of `bench_budget`, and the projects chosen; None where
    the source or g++ is not here."""
    compiler = shutil.which("g++")
    if compiler is None or not (SOURCE / _RULE).exists():
        return None
    approvers: list[list[int]] = [[] for _ in work["costs"]]
    for voter, ballot in enumerate(work["ballots"]):
        for project in ballot:
            approvers[project].append(voter)
    lines = [f"{work['budget']} {len(work['ballots'])} {len(work['costs'])}"]
    for at, (cost, who) in enumerate(zip(work["costs"], approvers, strict=True)):
        lines.append(f"p{at:03} {cost} {len(who)} {' '.join(map(str, who))}")
    with tempfile.TemporaryDirectory() as folder:
        text = (SOURCE / _RULE).read_text(encoding="utf-8").split(_NEXT)[0]
        kept = [
            line for line in text.splitlines() if "ortools" not in line and "operations_research" not in line
        ]
        rule = Path(folder) / "MesCost.cpp"
        rule.write_text("\n".join(kept).replace('"MesCost.h"', '"pb_rules_and_measures/MesCost.h"'))
        program = str(Path(folder) / "mes_cost")
        others = map(str, (SOURCE / "utils").glob("*.cpp"))
        main = str(Path(__file__).with_name("mes_cost.cpp"))
        subprocess.run(
            [
                compiler,
                "-std=c++20",
                "-O3",
                "-DNDEBUG",
                f"-I{SOURCE}",
                str(rule),
                main,
                *others,
                "-o",
                program,
            ],
            check=True,
            capture_output=True,
        )
        done = subprocess.run([program], input="\n".join(lines), capture_output=True, text=True, check=True)
    least, *chosen = done.stdout.split()
    return float(least), chosen
