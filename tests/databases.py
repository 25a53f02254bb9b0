"""Databases of the tests: the tables are made once in each server, and every other database is a copy of them."""

import fcntl
import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
from psycopg import sql

from omkering.config.postgres import binaries

ROOT = Path(__file__).parents[1]
TEMPLATE = "omkering_tables"
MADE_WITH = {"django_content_type", "auth_permission"}


def run_folder() -> Path:
    """A folder that all processes of this run of the tests share; `tests/conftest.py` makes and removes it."""
    return Path(os.environ["TESTS_FOLDER"])


def url(name: str) -> str:
    """DATABASE_URL of another database of the same server."""
    base, _, options = os.environ["DATABASE_URL"].partition("?")
    return f"{base.rpartition('/')[0]}/{name}" + (f"?{options}" if options else "")


def administer(statement: str, **names: str) -> list[tuple]:
    """Run a statement in the database that every server has; what stands in braces is a name."""
    with psycopg.connect(url("postgres"), autocommit=True) as connection:
        cursor = connection.execute(
            sql.SQL(statement).format(**{k: sql.Identifier(v) for k, v in names.items()})
        )
        return cursor.fetchall() if cursor.description else []


def template() -> str:
    """The name of a database with all tables and nothing in them; whoever asks first migrates it."""
    server = hashlib.sha256(os.environ["DATABASE_URL"].encode()).hexdigest()[:12]
    with (Path(tempfile.gettempdir()) / f"omkering-{server}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if not administer(f"SELECT 1 FROM pg_database WHERE datname = '{TEMPLATE}'"):
            new = f"{TEMPLATE}_new"
            administer("DROP DATABASE IF EXISTS {new}", new=new)
            administer("CREATE DATABASE {new}", new=new)
            made = subprocess.run(
                [sys.executable, "-m", "django", "migrate", "-v0", "--no-input"],
                env={**os.environ, "DATABASE_URL": url(new), "DJANGO_SETTINGS_MODULE": "tests.settings"},
                cwd=ROOT, capture_output=True, text=True, check=False,
            )  # fmt: skip
            if made.returncode:
                raise RuntimeError(f"The tables were not made:\n{made.stderr[-4000:]}")
            administer("ALTER DATABASE {new} RENAME TO {name}", new=new, name=TEMPLATE)
    return TEMPLATE


def tables_into(database: str) -> None:
    """The tables of the template in an empty database of another server, given by its address."""
    source = url(template())
    dump = subprocess.run(
        [binaries() / "pg_dump", "--no-owner", source], check=True, capture_output=True
    ).stdout
    subprocess.run(
        [binaries() / "psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", database],
        check=True, input=dump, stdout=subprocess.DEVNULL,
    )  # fmt: skip


def create(name: str) -> None:
    """A new database with all tables."""
    administer("DROP DATABASE IF EXISTS {name}", name=name)
    administer("CREATE DATABASE {name} TEMPLATE {template}", name=name, template=template())


def empty() -> None:
    """Empty every table of the database of this process, but for what its tables were made with.

    Past the triggers that refuse it, and only where there are rows: to truncate two hundred tables takes a quarter of
    a second, and to make kinds and permissions anew longer.
    """
    from django.db import connection, transaction

    tables = (
        set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - MADE_WITH
    )
    names = {table: sql.Identifier(table) for table in sorted(tables)}
    asked = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(sql.Literal(table), name)
        for table, name in names.items()
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(asked)
        filled = [table for (table,) in cursor.fetchall()]
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in filled:
            cursor.execute(sql.SQL("DELETE FROM {}").format(names[table]))
