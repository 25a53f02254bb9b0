"""The made association that page benchmarks run on: made once in `var/bench`, then kept."""

import os
import time
from pathlib import Path

from rich.progress import Progress

from omkering.config.postgres import Cluster
from omkering.config.server import ONE_THREAD

SIZE = {"members": 342, "people": 20_000, "signals": 100_000, "events": 1_000_000}
AGENDA = {"dossiers": 2_000, "conditions": 40_000, "rounds": 200}
FOLDER = Path(
    os.environ.get("BENCH_FOLDER", Path(__file__).resolve().parents[1] / "var" / "bench")
)  # or where the caller wants it


def ready() -> float | None:
    """Set Django up on the made association; returns how long making it took, None when it was there."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "omkering.config.settings")
    os.environ.update(
        SECRET_KEY="only-for-benchmarks-" + "x" * 40,
        ALLOWED_HOSTS="testserver,127.0.0.1",
        OMKERING_INSECURE_HTTP="1",
        OMKERING_VAR=str(FOLDER),
        **ONE_THREAD,
    )
    if "DATABASE_URL" not in os.environ:
        cluster = Cluster(FOLDER / "postgres")
        if not cluster.running():
            cluster.start()
        os.environ["DATABASE_URL"] = cluster.url()
    import django

    django.setup()
    from django.utils import timezone

    from omkering.config.prepare import prepare
    from omkering.lab.deliberation import add_deliberation
    from omkering.lab.generate import make
    from omkering.thread.models import Item

    prepare(print)
    if Item.objects.filter(kind="signal").exists():
        if not Item.objects.filter(kind="document").exists():  # made before there was this room
            with Progress() as bar:
                add_deliberation(seed=1, now=timezone.now().replace(microsecond=0), bar=bar)
        return None
    started = time.perf_counter()
    make(**SIZE, **AGENDA, seed=1)
    return time.perf_counter() - started
