"""The web server: `python -m omkering.config.server HOST PORT [WORKERS]`."""

import os
import sys

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

STREAMS = 8192  # requests at once in one worker: a hall full of open streams must leave room for ballots


def serve(host: str, port: int, workers: int = 1) -> None:
    """Serve until SIGTERM or SIGINT; requests under way are finished."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "omkering.config.settings")
    Granian(
        "omkering.config.asgi:application",
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        workers=workers,
        websockets=False,
        backlog=4096,
        backpressure=STREAMS,
        log_level=LogLevels.warning,
        workers_kill_timeout=10,
        process_name=None,
    ).serve()


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1)
