"""A site to visit: the world of the tests in a database of its own, behind the product's own server.

The world is built once and copied for each process of the tests, so that they may change it without each other.
"""

import fcntl
import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir
from uuid import uuid4

import psycopg

from omkering.config.processes import follow_parent
from tests.databases import administer, url
from tests.shared_world import database_with_world
from tests.world import World

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Site:
    """Address without a slash at the end, the world behind it, and its database."""

    url: str
    world: World
    database: str

    def query(self, text: str, *arguments: object) -> list[tuple]:
        """Rows of the site's database, for what no page shows; also statements that change it."""
        with psycopg.connect(self.database, autocommit=True) as connection:
            cursor = connection.execute(text, arguments)
            return cursor.fetchall() if cursor.description else []

    def seal(self) -> None:
        """Seal what waits in the log, as the worker does every ten seconds; no worker runs beside this site."""
        words = "import django; django.setup(); from omkering.journal.commands import seal_pending; seal_pending()"
        subprocess.run(
            [sys.executable, "-c", words],
            env=_environment(self.database, Path(gettempdir())), cwd=ROOT, check=True, capture_output=True,
        )  # fmt: skip


def _environment(database: str, files: Path) -> dict[str, str]:
    own = {
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "tests.browser.settings",
        "BROWSER_FILES": str(files),
        "OMKERING_SUPERVISED": "1",
    }
    return {**os.environ, **own}


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with (folder / "world.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _build(name: str, folder: Path) -> str:
    """The world in a new database, with what the browser tests need beside it; its description as JSON."""
    world = database_with_world(name, folder / "files")
    built = subprocess.run(
        [sys.executable, "-m", "tests.browser.prepare"],
        env=_environment(url(name), folder / "files"),
        cwd=ROOT, capture_output=True, text=True, check=False, input=world.json(),
    )  # fmt: skip
    if built.returncode:
        raise RuntimeError(f"The world was not built:\n{built.stderr[-4000:]}")
    return built.stdout.splitlines()[-1]


@contextmanager
def site(folder: Path) -> Iterator[Site]:
    """Serve a copy of the world; `folder` is the same for all processes of one run of the tests.

    Whoever comes first builds the world, whoever leaves last removes it.
    """
    original = f"browser_{hashlib.sha256(str(folder).encode()).hexdigest()[:12]}"
    own = f"browser_{uuid4().hex[:12]}"
    kept, users = folder / "world.json", folder / "world.users"
    with _locked(folder):
        if not kept.exists():
            kept.write_text(_build(original, folder))
        count = int(users.read_text()) if users.exists() else 0
        users.write_text(str(count + 1))
        administer("CREATE DATABASE {own} TEMPLATE {original}", own=own, original=original)
    try:
        with served(url(own), folder) as address:
            yield Site(address, World.from_json(kept.read_text()), url(own))
    finally:
        administer("DROP DATABASE {own} WITH (FORCE)", own=own)
        with _locked(folder):
            count = int(users.read_text()) - 1
            users.write_text(str(count))
            if not count:
                kept.unlink()
                administer("DROP DATABASE {original}", original=original)


@contextmanager
def served(database: str, folder: Path, **more: str) -> Iterator[str]:
    """Run the product's server on a database; `more` is for its environment. Gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    said = folder / f"server-{port}.log"
    with said.open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "omkering.config.server", "127.0.0.1", str(port)],
            env=_environment(database, folder / "files") | more,
            cwd=ROOT, stdout=log, stderr=log, start_new_session=True,
            preexec_fn=follow_parent(signal.SIGTERM),
        )  # fmt: skip
    try:
        _await(f"http://127.0.0.1:{port}/healthz", server, said)
        # By name, not by number: passkeys belong to a name.
        yield f"http://localhost:{port}"
    finally:
        server.terminate()
        try:
            server.wait(timeout=15)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _await(address: str, server: subprocess.Popen, said: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except urllib.error.HTTPError as refused:
            raise RuntimeError(f"{address}: {refused.code}\n{said.read_text()[-4000:]}") from refused
        except OSError:
            time.sleep(0.1)
        if server.poll() is not None:
            break
    raise RuntimeError(f"The server did not start:\n{said.read_text()[-4000:]}")
