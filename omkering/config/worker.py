"""The worker: `python -m omkering.config.worker` takes jobs from the database until SIGTERM."""

import logging
import os
import signal
from typing import Any

import django

from omkering.config.processes import die_with_parent


def work() -> None:
    """Run jobs until SIGTERM or SIGINT; the one under way is finished."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "omkering.config.settings")
    if os.environ.get("OMKERING_SUPERVISED"):
        # At once: a worker that ends in order waits for a database that may have gone with its parent.
        die_with_parent(signal.SIGKILL)
    django.setup()
    from procrastinate.contrib.django import app

    from omkering.journal.origin import origin

    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    with origin("worker"):
        connector: Any = app.connector  # the Django connector, which knows the worker's own
        worker_app = app.with_connector(connector.get_worker_connector())
        worker_app.run_worker(concurrency=2, delete_jobs="successful")


if __name__ == "__main__":
    from omkering.config import worker  # under its own name, by which procrastinate finds the jobs

    worker.work()
