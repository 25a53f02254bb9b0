"""Writing many rows fast: COPY, past the triggers that keep history and queue events one by one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def without_triggers() -> Iterator[None]:
    """Triggers rest inside; the caller writes what they would have written. Needs the owner's rights."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            yield
        finally:
            cursor.execute("SET session_replication_role = DEFAULT")


@contextmanager
def without_index(name: str) -> Iterator[None]:
    """The index is taken away, and built anew at the end: faster than a row at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [name])
        (definition,) = cursor.fetchone()
        cursor.execute(f'DROP INDEX "{name}"')
        try:
            yield
        finally:
            cursor.execute("SET maintenance_work_mem = '1GB'")
            cursor.execute("SET max_parallel_maintenance_workers = 2")
            cursor.execute(definition)
            cursor.execute("RESET maintenance_work_mem")


def copy(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows to a table; `rows` may be a generator."""
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as writer:
        for row in rows:
            writer.write_row(row)


def copy_rows(table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows that name their columns, all the same ones."""
    if rows:
        copy(table, tuple(rows[0]), (tuple(row.values()) for row in rows))


def next_id(table: str, column: str = "id") -> int:
    """The first id that is free."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT coalesce(max("{column}"), 0) + 1 FROM "{table}"')  # noqa: S608 - our own names
        return int(cursor.fetchone()[0])


def fix_sequence(table: str, column: str = "id") -> None:
    """Let the next id that the database gives come after those written."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), "  # noqa: S608 - our own names
            f'(SELECT coalesce(max("{column}"), 1) FROM "{table}"))'
        )


def analyze() -> None:
    """Let the planner know what is there now."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
