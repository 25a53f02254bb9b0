"""A new version can be taken back: every migration of ours can be undone, and the newest of each app is, here."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

OURS = ("journal", "who", "thread", "listen", "agenda", "deliberate", "decide", "web")


def migrations() -> Iterator[tuple[str, str, object]]:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    for (app, name), migration in sorted(loader.disk_migrations.items()):
        if app in OURS:
            yield app, name, migration


def test_every_step_can_be_undone():
    stuck = [
        f"{app}.{name}: {operation.describe()}"
        for app, name, migration in migrations()
        for operation in migration.operations
        if not operation.reversible
    ]
    assert stuck == []


@pytest.mark.django_db(transaction=True)
def test_the_newest_of_each_app_goes_back_and_forth():
    before = connection.introspection.table_names()
    newest = {app: name for app, name, _migration in migrations()}
    earlier = {app: name for app, name, _migration in migrations() if name != newest[app]}
    assert set(newest) == set(OURS)
    try:
        for app, name in earlier.items():
            call_command("migrate", app, name, verbosity=0)
    finally:
        call_command("migrate", verbosity=0)
    assert connection.introspection.table_names() == before
