"""The review of rights is asked for at its term, recorded, and every change of special rights is told."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from omkering.journal.commands import record
from omkering.journal.models import Event
from omkering.thread.waiting import waiting_for
from omkering.ui.export import ODS
from omkering.web.tasks import mail_special_change
from omkering.who.commands import people as commands
from omkering.who.models import Person
from omkering.who.people_queries import changes_of_special_rights
from omkering.who.rights import changes_since, review_rights, reviews
from tests.people import make_member, make_person
from tests.world import give_session

pytestmark = pytest.mark.django_db

START = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as frozen:
        with transaction.atomic():
            record(verb="association.loaded", subject="association")
        yield frozen


@pytest.fixture
def admin():
    return make_person("administrator")


def waits(person: Person) -> dict[str, int]:
    fresh = Person.objects.get(pk=person.pk)
    return {
        entry.url: entry.count for entry in waiting_for(fresh) if "rechten" in entry.url and not entry.counted
    }


def jobs() -> list[dict]:
    rows = ProcrastinateJob.objects.filter(task_name=mail_special_change.name).order_by("pk")
    return [row.args for row in rows]


def deliver() -> None:
    """What the worker does with the jobs that wait."""
    for job in jobs():
        mail_special_change(**job)


def test_reviews_are_asked_for_at_their_term_and_not_before(clock, admin):
    clock.move_to(datetime(2026, 4, 15, 20, 0, tzinfo=UTC))
    assert waits(admin) == {}
    clock.move_to(datetime(2026, 4, 16, 9, 0, tzinfo=UTC))
    assert waits(admin) == {"/mensen/rechten/?special=1": 1}
    assert waits(make_person("adviser")) == {}
    review_rights(actor=admin, scope="special_rights")
    assert waits(admin) == {}
    clock.move_to(datetime(2027, 1, 16, 9, 0, tzinfo=UTC))
    assert set(waits(admin)) == {"/mensen/rechten/", "/mensen/rechten/?special=1"}
    review_rights(actor=admin, scope="all_rights")
    assert waits(admin) == {}, "who looked through all rights has seen the special ones"


def test_a_review_is_recorded_with_how_many_were_looked_at(clock, admin):
    make_person("mayor", member=make_member())
    review_rights(actor=admin, scope="special_rights")
    review_rights(actor=admin, scope="all_rights")
    found = Event.objects.filter(verb="rights.reviewed").order_by("pk")
    assert [(event.subject, event.actor, event.data) for event in found] == [
        ("rights:special_rights", admin.pk, {"appointments": 1}),
        ("rights:all_rights", admin.pk, {"appointments": 2}),
    ]
    assert reviews()["all_rights"].done_at == START
    with pytest.raises(PermissionDenied):
        review_rights(actor=make_person("adviser"), scope="all_rights")
    with pytest.raises(ValidationError):
        review_rights(actor=admin, scope="some")


def test_every_change_of_special_rights_is_mailed_to_all_administrators(admin):
    second, person = make_person("administrator", language="en"), make_person("mayor", member=make_member())
    commands.appoint(actor=admin, person=person, role="adviser", starts=START.date())
    assert jobs() == [{"person": person.pk, "role": "adviser", "given": True}]
    deliver()
    letters = {letter.to[0]: letter for letter in mail.outbox}
    assert set(letters) == {admin.email, second.email, person.email}
    assert f"{person.name} heeft nu de rol: Adviseur van het bureau." in letters[admin.email].body
    assert letters[admin.email].subject == "Rechten zijn gewijzigd"
    assert f"{person.name} was made Adviser of the bureau." in letters[second.email].body
    assert "eigen account" in letters[person.email].body and "eigen account" not in letters[admin.email].body
    assert changes_since(None) == 1


@pytest.mark.parametrize("way", ["end", "close", "erase"])
def test_losing_special_rights_is_told_too(admin, way):
    from omkering.who.commands.leaving import erase_person

    other = make_person("administrator")
    if way == "end":
        commands.end_appointment(actor=admin, appointment=other.appointments.get(), ends=START.date())
    elif way == "close":
        commands.close_account(actor=admin, person=other)
    else:
        erase_person(actor=admin, person=other)
    assert jobs() == [{"person": other.pk, "role": "administrator", "given": False}]
    deliver()
    assert admin.email in {letter.to[0] for letter in mail.outbox}
    assert "heeft deze rol niet meer: Beheerder" in mail.outbox[0].body
    assert changes_since(None) == 1


def test_ordinary_roles_are_not_mailed_and_what_is_undone_is_not_either(admin):
    commands.appoint(
        actor=admin, person=make_person(), role="mayor", member=make_member(), starts=START.date()
    )
    with pytest.raises(RuntimeError), transaction.atomic():
        commands.appoint(actor=admin, person=make_person(), role="adviser", starts=START.date())
        raise RuntimeError
    assert jobs() == [] and changes_since(None) == 0


def test_changes_are_found_by_an_index_however_long_the_log_is(admin):
    with CaptureQueriesContext(connection) as queries:
        changes_since(START)
        changes_of_special_rights()
    asked = [query["sql"] for query in queries if "journal_event" in query["sql"]]
    assert len(asked) == 2
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for sql in asked:
            cursor.execute(f"EXPLAIN {sql}")
            assert "journal_event_rights" in str(cursor.fetchall()), sql


def test_the_page_says_when_takes_the_review_and_hands_out_the_table(clock, admin):
    client = Client()
    give_session(client, admin)
    commands.appoint(actor=admin, person=make_person(), role="adviser", starts=START.date())
    home = client.get("/").content.decode()
    assert "Wijzigingen van bijzondere rechten om te bekijken" in home
    page = client.get("/mensen/rechten/?special=1").content.decode()
    assert "Nog niet nagekeken." in page and "uiterlijk op 15 april 2026" in page
    clock.move_to(datetime(2026, 2, 1, 9, 0, tzinfo=UTC))
    give_session(client, admin)
    done = client.post("/mensen/rechten/?special=1", follow=True).content.decode()
    assert "nagekeken op 1 februari 2026" in done and "uiterlijk op 1 mei 2026" in done
    assert "Wijzigingen van bijzondere rechten" not in client.get("/").content.decode()
    for kind, marker in (("csv", b"\xef\xbb\xbfnaam"), ("ods", b"PK")):
        table = client.get(f"/mensen/rechten/?format={kind}")
        assert b"".join(table.streaming_content).startswith(marker)
        assert kind == "csv" or table["Content-Type"] == ODS
