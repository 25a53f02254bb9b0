"""The web server as the product runs it, which also notes how long each POST took within it.

`python -m benchmarks.timed_server HOST PORT WORKERS FOLDER`: each worker writes its times to a file in FOLDER when it
stops. A time runs from when the application gets the request to when the last of the answer was handed to the server;
work that waits for a free thread is in it, the network and the one who asks are not.
"""

import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

from omkering.config import server

_OF = "BENCH_TIMES_FOLDER"


def _timed(target: str) -> Any:
    """The application as the server loads it, in a new worker, with its times noted."""
    application = _load(target)
    times: list[str] = []
    file = Path(os.environ[_OF]) / f"{os.getpid()}.txt"

    def keep() -> None:
        while True:
            time.sleep(0.5)
            file.write_text("\n".join([f"cpu {time.process_time():.4f}", *times]))

    threading.Thread(target=keep, daemon=True).start()

    async def timed(scope: Any, receive: Any, send: Any) -> None:
        started = time.perf_counter()
        await application(scope, receive, send)
        if scope["type"] == "http" and scope["method"] == "POST":
            times.append(f"{time.time():.3f} {time.perf_counter() - started:.6f}")

    return timed


_load = server._load

if __name__ == "__main__":
    os.environ[_OF] = sys.argv[4]
    server._load = _timed
    server.serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
