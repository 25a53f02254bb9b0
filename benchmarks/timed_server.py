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

_OF = "BENCH_TIMES_FOLDER"


def _application():
    from omkering.config.asgi import application

    times: list[str] = []
    file = Path(os.environ[_OF]) / f"{os.getpid()}.txt"

    def keep() -> None:
        while True:
            time.sleep(0.5)
            file.write_text("\n".join([f"cpu {time.process_time():.4f}", *times]))

    threading.Thread(target=keep, daemon=True).start()

    async def timed(scope, receive, send):
        started = time.perf_counter()
        await application(scope, receive, send)
        if scope["type"] == "http" and scope["method"] == "POST":
            times.append(f"{time.time():.3f} {time.perf_counter() - started:.6f}")

    return timed


if __name__ == "__main__":
    os.environ[_OF] = sys.argv[4]
    from unittest import mock

    from omkering.config import server

    real = server.Granian
    with mock.patch.object(
        server, "Granian", lambda _target, **options: real("benchmarks.timed_server:application", **options)
    ):
        server.serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
elif _OF in os.environ:  # in a worker
    application = _application()
