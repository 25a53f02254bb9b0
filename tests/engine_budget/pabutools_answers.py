"""What pabutools answers on a file: asked now, or for the largest files remembered from when it was asked.

An answer is remembered under everything it follows from: the file, the questions, the driver and the version of
pabutools. When one of them changes, and with OMKERING_ALL_PEERS=1, pabutools is asked again.
`python -m tests.engine_budget.pabutools_answers` asks and remembers anew (five minutes).
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from pathlib import Path
from typing import Any

from benchmarks import peer

DRIVER = Path(__file__).with_name("ask_pabutools.py")
REMEMBERED = Path(__file__).with_name("pabutools_answers.json")
REQUIREMENTS = Path(__file__).parents[2] / "requirements" / "peers.txt"
EVERYTHING = os.environ.get("OMKERING_ALL_PEERS") == "1"


def answers(path: Path, questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One answer for each question, in their order."""
    if not EVERYTHING:
        known = json.loads(REMEMBERED.read_text()).get(path.stem, {})
        if known.get("key") == key(path, questions):
            return known["answers"]
    return peer.ask(DRIVER, {"path": str(path), "questions": questions})


def key(path: Path, questions: list[dict[str, Any]]) -> str:
    """A digest of all that the answers follow from."""
    version = re.search(r"^pabutools==(\S+)", REQUIREMENTS.read_text(), re.M)
    assert version
    digest = hashlib.sha256(version[1].encode())
    for part in (path.read_bytes(), DRIVER.read_bytes(), json.dumps(questions, sort_keys=True).encode()):
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


def main() -> None:
    """Ask about every file that pabutools takes long for, and write the answers down."""
    from tests.engine_budget.data import FOLDER
    from tests.engine_budget.test_peers import LONG, last_of, questions_of, read

    found = {}
    for name in LONG:
        path = FOLDER / f"{name}.pb"
        election = read(path)
        questions = questions_of(election, last_of(election))
        given = peer.ask(DRIVER, {"path": str(path), "questions": questions})
        found[name] = {"key": key(path, questions), "answers": given}
    REMEMBERED.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
