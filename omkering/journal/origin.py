"""Where a change comes from: set once per request, command or job, read when an event is recorded."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_origin: ContextVar[str] = ContextVar("journal_origin", default="system")


def current_origin() -> str:
    """The origin of what happens now, for example `web:4f1c9a`, `cli` or `worker`."""
    return _origin.get()


@contextmanager
def origin(name: str) -> Iterator[None]:
    """Everything recorded inside comes from `name` (at most 60 characters)."""
    token = _origin.set(name[:60])
    try:
        yield
    finally:
        _origin.reset(token)
