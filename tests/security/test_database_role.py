"""Under the role of `docs/role.sql` the product works, and the log cannot be changed, whatever the triggers do."""

from pathlib import Path

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from omkering.journal.commands import record, seal_pending
from omkering.journal.queries import verify
from omkering.who import retention
from omkering.who.commands import people as commands
from tests.people import make_person
from tests.world import build

SCRIPT = (Path(__file__).parents[2] / "docs" / "role.sql").read_text()
LOG = (("journal_event", "verb"), ("journal_leaf", "event_id"), ("journal_seal", "root"))

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_app():
    """The role of the script, made in the transaction of the test, and taken on."""
    with connection.cursor() as cursor:
        cursor.execute(SCRIPT)
        cursor.execute("SET LOCAL ROLE omkering_app")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def refused(sql: str) -> str:
    """The words with which the database refuses a statement."""
    with pytest.raises(DatabaseError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert isinstance(error.value.__cause__, psycopg.errors.InsufficientPrivilege), error.value
    return str(error.value)


def test_the_product_works_under_it(as_app):
    build()  # reports, bundles, answers, proposals, votes, ballots, news: one of everything
    admin = make_person("administrator")
    leaver = make_person("adviser")
    commands.close_account(actor=admin, person=leaver)
    retention.apply()
    seal_pending()
    verdict = verify()
    assert verdict.fault is None and verdict.events > 30


@pytest.mark.parametrize(("table", "column"), LOG)
def test_the_log_cannot_be_changed(as_app, table, column):
    with transaction.atomic():
        record(verb="test.done", subject="item:1")
    seal_pending()
    for sql in (
        f"UPDATE {table} SET {column} = {column}",
        f"DELETE FROM {table}",
        f"TRUNCATE {table} CASCADE",
    ):
        assert "permission denied" in refused(sql), sql


def test_nor_can_what_keeps_it_so_be_switched_off(as_app):
    for sql in (
        "ALTER TABLE journal_event DISABLE TRIGGER ALL",
        "DROP TRIGGER event_append_only ON journal_event",
        "DROP TABLE journal_event CASCADE",
        "SET session_replication_role = replica",
        "CREATE TABLE mine (id int)",
        "ALTER ROLE omkering_app SUPERUSER",
        "UPDATE django_migrations SET name = 'x'",
        "DELETE FROM thread_itemevent",
        "UPDATE decide_ballotevent SET choice = 'for'",
        "DELETE FROM journal_tile",
    ):
        refused(sql)
