"""The web server: `python -m omkering.config.server HOST PORT [WORKERS]`."""

import os
import signal
import sys
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

STREAMS = 8192  # requests at once in one worker: a hall full of open streams must leave room for ballots
# The matrices of one text are small: more threads of the linear algebra wait for each other, and what they take of the
# processor to do so is six times the work. Read when NumPy is loaded.
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1"}
PATIENCE = 10  # seconds; a worker that still has a request under way then is killed


def serve(host: str, port: int, workers: int = 1) -> None:
    """Serve until SIGTERM or SIGINT; requests under way are finished, streams end."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "omkering.config.settings")
    os.environ.update(ONE_THREAD)
    Granian(
        "omkering.config.asgi:application",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=workers,
        websockets=False,
        backlog=4096,
        backpressure=STREAMS,
        log_level=LogLevels.warning,
        workers_kill_timeout=PATIENCE,
        process_name=None,
    ).serve(target_loader=_load)


def _load(_target: str) -> Any:
    """The application, in a new worker.

    Until it serves, SIGTERM ends it at once: the handler it has from the server's own process would do nothing here,
    and the server would wait. SIGINT comes from a terminal, to that process as well.
    """
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from omkering.config.asgi import application

    return application


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1)
