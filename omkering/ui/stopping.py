"""Asked to stop: the server finishes the requests under way, so what stays open for hours must end by itself.

The server tells an application that it stops (the shutdown of its lifespan) only once no request is left, which is too
late to end one. Therefore the process hears the signal too.
"""

import asyncio
import signal
from collections.abc import Callable
from types import FrameType

from omkering.ui.lean import Application, Receive, Scope, Send

_ends: list[Callable[[], None]] = []
_asked = False


def register(end: Callable[[], None]) -> None:
    """Have `end` called, in the loop of the server, when it is asked to stop; perhaps more than once."""
    _ends.append(end)


def asked() -> bool:
    """Whether this process was asked to stop: nothing that lasts is begun any more."""
    return _asked


def end_what_lasts() -> None:
    """Let everything end that would stay open."""
    global _asked
    _asked = True
    for end in _ends:
        end()


def with_stopping(application: Application) -> Application:
    """`application`, which hears that it must stop from the moment the server begins."""

    async def front(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await application(scope, receive, send)
            return
        await receive()  # it begins, and has set its own handlers of signals
        _hear(asyncio.get_running_loop())
        await send({"type": "lifespan.startup.complete"})
        await receive()  # nothing is under way any more
        await send({"type": "lifespan.shutdown.complete"})

    return front


def _hear(loop: asyncio.AbstractEventLoop) -> None:
    """Hear the signals beside the server: its handlers are the loop's, which reads a signal from its wake-up file
    whatever handler stands here; one that is no loop's is called.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        former = signal.getsignal(number)

        def hear(number: int, frame: FrameType | None, former: object = former) -> None:
            loop.call_soon_threadsafe(end_what_lasts)
            if callable(former):
                former(number, frame)

        signal.signal(number, hear)
