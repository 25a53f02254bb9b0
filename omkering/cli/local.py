"""Commands that need the product's database: they find it by DATABASE_URL, or use the demo's in `var/`."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from omkering.config.postgres import Cluster

ROOT = Path(__file__).resolve().parents[2]


def var() -> Path:
    """Where this installation keeps its data."""
    return Path(os.environ.get("OMKERING_VAR", ROOT / "var"))


def cluster() -> Cluster:
    """The embedded database of this installation."""
    return Cluster(var() / "postgres")


def secret_key() -> str:
    """A key of this folder's own, made at the first start."""
    file = var() / "secret_key"
    if not file.exists():
        var().mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(50))
    return file.read_text()


def demo_environment(url: str, address: str) -> None:
    """Set the environment of the demo: loopback over plain http, example data, a key of its own."""
    os.environ.update(
        DATABASE_URL=url,
        SECRET_KEY=secret_key(),
        ALLOWED_HOSTS="127.0.0.1,localhost,[::1]",
        OMKERING_DEMO="1",
        OMKERING_INSECURE_HTTP="1",
        OMKERING_VAR=str(var()),
        SITE_URL=address,
    )


@contextmanager
def database() -> Iterator[None]:
    """Django, set up on the database in use: DATABASE_URL, else the embedded one (started when it rests)."""
    import django
    from django.db import connections

    from omkering.journal.origin import origin

    started = None
    if "DATABASE_URL" not in os.environ:
        embedded = cluster()
        if not embedded.running():
            embedded.start()
            started = embedded
        demo_environment(embedded.url(), os.environ.get("SITE_URL", "http://127.0.0.1:8000"))
    try:
        django.setup()
        # A command needs one connection; a pool would wait ten seconds for a database that is not there.
        connections.settings["default"]["OPTIONS"].pop("pool", None)
        with origin("cli"):
            yield
    finally:
        if started:
            connections.close_all()
            started.stop()
