"""Public parts of a running meeting, made once for all who ask in the same second: a whole hall reads them anew at the
same moment. Kept in this process alone.
"""

import time
from collections.abc import Callable, Hashable
from threading import Lock

SECONDS = 1.0
MOST = 200
_kept: dict[Hashable, tuple[float, str]] = {}
_lock = Lock()


def remembered(key: Hashable, make: Callable[[], str]) -> str:
    """What `make` gives, at most a second old. `key` says everything that it depends on but time."""
    now = time.monotonic()
    with _lock:
        at, text = _kept.get(key, (0.0, ""))
        if text and now - at < SECONDS:
            return text
    text = make()
    with _lock:
        if len(_kept) >= MOST:
            _kept.clear()
        _kept[key] = (time.monotonic(), text)
    return text


def forget() -> None:
    """Keep nothing any more."""
    with _lock:
        _kept.clear()
