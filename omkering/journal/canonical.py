"""The exact bytes of an event that are hashed, so that a stranger can compute them again.

UTF-8 JSON with sorted keys, no spaces, and integers and text only: numbers with a fraction have no single
spelling.
"""

import json
from datetime import UTC, datetime
from typing import Any

FIELDS = ("id", "at", "actor", "on_behalf_of", "verb", "subject", "origin", "result", "data")


def check_data(value: Any, path: str = "data") -> None:
    """Raise TypeError when `value` holds anything but text, integers, booleans, None, lists and dicts."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise TypeError(f"{path} has a key that is not text: {key!r}")
            check_data(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            check_data(inner, f"{path}[{number}]")
    elif value is not None and not isinstance(value, str | int | bool):
        raise TypeError(
            f"{path} is {type(value).__name__}; an event holds text, whole numbers and yes/no only"
        )


def moment(at: datetime) -> str:
    """A moment as UTC text with microseconds: `2026-11-23T10:00:00.000000Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def canonical(event: Any) -> bytes:
    """The bytes of one event (a row with the attributes named in FIELDS)."""
    record = {name: getattr(event, name) for name in FIELDS}
    record["at"] = moment(event.at)
    return json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
