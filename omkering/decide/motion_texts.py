"""The usual form of a motion: its texts, how long they may be, and its points line by line."""

import re
from collections.abc import Mapping

from omkering.thread import texts
from omkering.thread.privacy import check_personal_data

# Least and most characters of each text once it is filed; a draft may be shorter.
LENGTHS: texts.Lengths = {
    "title": (5, 200),
    "noting": (0, 5_000),
    "considering": (0, 5_000),
    "requests": (10, 5_000),
    "reason": (10, 3_000),
    "urgency_current": (20, 2_000),
    "urgency_earlier": (20, 2_000),
    "message": (2, 3_000),
    "plan": (10, 5_000),
    "report": (10, 5_000),
    "account": (20, 5_000),
    "objection": (10, 3_000),
    "promise": (10, 3_000),
}
FORM = ("title", "noting", "considering", "requests")
_DRAFT: texts.Lengths = {name: (0, most) for name, (_least, most) in LENGTHS.items()} | {"title": (3, 200)}
_BULLET = re.compile(r"^\s*(?:[-–•*]|\d{1,2}[.)])\s+")


def checked(written: Mapping[str, str], *, draft: bool = False) -> dict[str, str]:
    """The texts tidied; ValidationError by field for a wrong length or personal data."""
    tidied = texts.checked(written, _DRAFT if draft else LENGTHS)
    check_personal_data(tidied)
    return tidied


def points(text: str) -> list[str]:
    """The points of a part of a motion: a line each, without what marks a line as a point."""
    lines = (_BULLET.sub("", line).strip() for line in text.splitlines())
    return [line for line in lines if line]


def as_one_text(values: Mapping[str, str]) -> str:
    """The whole text of a motion, for comparing two of them and for searching."""
    return "\n\n".join(part for name in FORM[1:] if (part := values[name].strip()))
