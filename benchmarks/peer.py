"""The peers that tests and benchmarks compare with: they run apart, in the environment `make peers` makes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
_MADE = ROOT / ".venv-peers" / ("Scripts" if sys.platform == "win32" else "bin") / "python"

# The interpreter that has the peers: of OMKERING_PEERS_PYTHON, or else of .venv-peers; None without either.
PYTHON: str | None = os.environ.get("OMKERING_PEERS_PYTHON") or (
    str(_MADE) if (ROOT / ".venv-peers" / "stamp").exists() else None
)
ABSENT = "the peers are not installed here (`make peers`)"


def ask(
    script: Path, question: Any, *, seconds: float | None = None, env: Mapping[str, str] | None = None
) -> Any:
    """The JSON that ``script`` prints, run by the peers' interpreter with ``question`` as JSON on standard input.

    ``env`` is added to the environment. Raises `PeerError` with what the script wrote on standard error, and
    `subprocess.TimeoutExpired` after ``seconds``.
    """
    assert PYTHON is not None, ABSENT
    done = subprocess.run(
        [PYTHON, str(script)],
        input=json.dumps(question),
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | dict(env or {}),
    )
    if done.returncode:
        raise PeerError(done.stderr)
    return json.loads(done.stdout)


class PeerError(Exception):
    """A peer stopped with an error; the message is what it wrote."""
