"""The world of `tests.world`, built once for all processes of a run; each test copies its rows into its transaction,
or makes a database of its own from it.

To build it takes half a minute, to copy it a second. Who tests the making itself calls `tests.world.build`.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection

from tests.databases import ROOT, administer, create, run_folder, url
from tests.world import World, analyse


def shared() -> World:
    """The world, in the database of this test until its transaction ends."""
    with _original() as (name, files, text):
        _copy(name)
        shutil.copytree(files, settings.MEDIA_ROOT, dirs_exist_ok=True)
    analyse()
    return World.from_json(text)


def database_with_world(name: str, folder: Path) -> World:
    """A new database of this name with the world in it, committed; its files come into `folder`."""
    with _original() as (original, files, text):
        administer("CREATE DATABASE {name} TEMPLATE {original}", name=name, original=original)
        shutil.copytree(files, folder, dirs_exist_ok=True)
    return World.from_json(text)


@contextmanager
def _original() -> Iterator[tuple[str, Path, str]]:
    """Name of its database, folder of its files, and its description; one at a time, whoever comes first builds it.

    A database that somebody reads cannot be the template of another.
    """
    folder = run_folder()
    name = f"world_{folder.name.rpartition('-')[2].lower()}"
    files, kept = folder / "world-files", folder / "world.json"
    with (folder / "world.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if not kept.exists():
            kept.write_text(_built(name, files))
        yield name, files, kept.read_text()


def _built(name: str, files: Path) -> str:
    """Build it in a database of its own; its description as JSON."""
    files.mkdir(exist_ok=True)
    create(name)
    with psycopg.connect(url(name), autocommit=True) as made:
        # Far from the numbers the tests give out: what a process keeps by number is never of something else.
        made.execute(
            "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 100000) FROM pg_sequences"
            " WHERE last_value IS NULL AND max_value > 1000000"
        )
    built = subprocess.run(
        [sys.executable, "-m", "tests.world"],
        env={
            **os.environ,
            "DATABASE_URL": url(name),
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "TESTS_FILES": str(files),
            "TESTS_FIRST_PERSON": "100001",  # whoever a test adds has another address
        },
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if built.returncode:
        raise RuntimeError(f"The world was not built:\n{built.stderr[-4000:]}")
    return built.stdout.splitlines()[-1]


def _copy(name: str) -> None:
    """All rows, past triggers and references: those did their work when the rows were made."""
    with psycopg.connect(url(name)) as world, world.cursor() as theirs, connection.cursor() as own:
        theirs.execute(
            "SELECT oid::regclass::text FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        tables = [row[0] for row in theirs.fetchall()]
        own.execute("SET LOCAL session_replication_role = replica")
        own.execute("; ".join(f"DELETE FROM {table}" for table in tables))
        for table in tables:
            with (
                theirs.copy(f"COPY {table} TO STDOUT (FORMAT BINARY)") as rows,
                own.copy(f"COPY {table} FROM STDIN (FORMAT BINARY)") as into,
            ):
                for block in rows:
                    into.write(block)
        own.execute("SET LOCAL session_replication_role = DEFAULT")
        theirs.execute(
            "SELECT format('%I.%I', schemaname, sequencename), last_value FROM pg_sequences"
            " WHERE last_value IS NOT NULL"
        )
        for sequence, last in theirs.fetchall():
            # Never back: a number is given out once, also after a transaction that was undone.
            own.execute(
                "SELECT setval(%s::regclass, greatest(%s, coalesce(pg_sequence_last_value(%s::regclass), 1)))",
                [sequence, last, sequence],
            )
