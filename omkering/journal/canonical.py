"""The exact bytes of an event that are hashed, so that a stranger can compute them again.

UTF-8 JSON with sorted keys, no spaces, and integers and text only: numbers with a fraction have no single
spelling.
"""

import json
import re
from datetime import UTC, datetime
from typing import Any

# What each field of a line of the log may hold (BIO2 8.15: action, object, result, origin, actor, moment). No field
# has room for a name, an address or a sentence.
SHAPES = {
    "verb": re.compile(r"[a-z_]+\.[a-z_]+"),  # signal.submitted
    "subject": re.compile(r"[a-z_]+(:[A-Za-z0-9_-]+)?"),  # item:12
    "on_behalf_of": re.compile(r"([a-z_]+(:[A-Za-z0-9_-]+)?)?"),  # member:GM0363
    "origin": re.compile(r"[a-z]+(:[a-z0-9]+)?"),  # web:4f1c9a0b12cd
    "result": re.compile(r"[a-z_]{1,20}"),  # done, failed, refused, upheld
}
LONGEST_TEXT = 100  # of a text in the data: a key, a code or a moment
_NO_WORD = re.compile(r"[\s@<>]")

FIELDS = ("id", "at", "actor", "on_behalf_of", "verb", "subject", "origin", "result", "data")


def check_data(value: Any, path: str = "data") -> None:
    """Raise TypeError when `value` holds anything but short texts without spaces, integers, booleans, None, lists
    and dicts: keys, codes and counts fit, names, addresses and sentences do not.
    """
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise TypeError(f"{path} has a key that is not text: {key!r}")
            check_data(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            check_data(inner, f"{path}[{number}]")
    elif isinstance(value, str):
        if len(value) > LONGEST_TEXT or _NO_WORD.search(value):
            raise TypeError(
                f"{path} holds words, an address or a long text; an event holds keys and codes only"
            )
    elif value is not None and not isinstance(value, int | bool):
        raise TypeError(
            f"{path} is {type(value).__name__}; an event holds text, whole numbers and yes/no only"
        )


def check_event(**fields: str) -> None:
    """Raise ValueError when a field of an event does not have its shape; see `SHAPES`."""
    for name, text in fields.items():
        if not SHAPES[name].fullmatch(text):
            raise ValueError(f"the {name} of an event cannot be {text!r}")


def moment(at: datetime) -> str:
    """A moment as UTC text with microseconds: `2026-11-23T10:00:00.000000Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def canonical(event: Any) -> bytes:
    """The bytes of one event (a row with the attributes named in FIELDS)."""
    record = {name: getattr(event, name) for name in FIELDS}
    record["at"] = moment(event.at)
    return json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
