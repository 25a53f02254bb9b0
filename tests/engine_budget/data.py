"""The real elections beside the checkout, where they are present."""

from __future__ import annotations

from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "pabulib"
MISSING = "the Pabulib files of ../shared/data are not here"


def file(name: str) -> Path:
    """One of the files; skips the test, saying so, where it is absent."""
    path = FOLDER / f"{name}.pb"
    if not path.exists():
        pytest.skip(MISSING)
    return path


def all_files() -> list[object]:
    """All files as parameters of a test, or one parameter that skips."""
    return [pytest.param(path, id=path.stem) for path in sorted(FOLDER.glob("*.pb"))] or [_none()]


def approval_files() -> list[object]:
    """Those with approval ballots."""
    found = []
    for path in sorted(FOLDER.glob("*.pb")):
        head = path.read_text(encoding="utf-8-sig")[:4000]
        if "vote_type;approval" in head or "vote_type;choose-1" in head:
            found.append(pytest.param(path, id=path.stem))
    return found or [_none()]


def _none() -> object:
    return pytest.param(None, marks=pytest.mark.skip(reason=MISSING), id="absent")
