"""The clock that counts: that of the database, so that several web servers agree on what was in time.

Call it by its module (`clock.database_now()`), so that a made-up year can set this one clock.
"""

from datetime import datetime

from django.db import connection


def database_now() -> datetime:
    """The time by the clock of the database, also late in a long transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def set_now() -> datetime | None:
    """The time that a made-up year sets; None, as always elsewhere, for SQL to take the clock of the database:
    `coalesce(%(now)s::timestamptz, clock_timestamp())`.
    """
    return None
