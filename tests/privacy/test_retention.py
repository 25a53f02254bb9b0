"""What is kept of people goes when its time is over, what they contributed stays: with a clock of the tests."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.utils import timezone
from typer.testing import CliRunner

from omkering.journal.models import Event
from omkering.listen.commands.signals import save_draft, submit_signal
from omkering.listen.models import Draft, Signal
from omkering.thread.models import Notice
from omkering.web.models import OutboxMail
from omkering.who import retention
from omkering.who.association.records import RETENTION, Term
from omkering.who.commands import people as commands
from omkering.who.current import association
from omkering.who.models import Appointment, Person
from tests.people import make_member, make_person

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 31, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as frozen:
        yield frozen


def signal_of(person, member):
    return submit_signal(
        actor=person, member=member, title="Loket is dicht op vrijdag", case="Het loket is vaak dicht."
    )


@pytest.mark.parametrize(
    ("amount", "unit", "expected"),
    [
        (1, "months", datetime(2026, 2, 28, 9, 0, tzinfo=UTC)),
        (13, "months", datetime(2025, 2, 28, 9, 0, tzinfo=UTC)),
        (2, "weeks", datetime(2026, 3, 17, 9, 0, tzinfo=UTC)),
        (31, "days", datetime(2026, 2, 28, 9, 0, tzinfo=UTC)),
    ],
)
def test_a_period_back_on_the_calendar(amount, unit, expected):
    found = retention.before(Term(amount, unit), NOW)
    assert found.date() == expected.date()


def test_every_period_of_the_association_is_followed_by_a_rule():
    periods = {rule.period for rule in retention.rules().values() if isinstance(rule.period, str)}
    assert periods - {""} == set(RETENTION)
    assert retention.rules()["drafts"].lasts() == association().terms.draft_kept
    assert retention.rules()["sessions"].lasts() is None


def test_nothing_goes_before_its_time(clock):
    member = make_member()
    person, admin = make_person("mayor", member=member, votes=True), make_person("administrator")
    signal_of(person, member)
    save_draft(actor=person, draft=None, step=1, values={"title": "Concept"})
    Notice.objects.create(person=admin, item=Signal.objects.get(), milestone="signal.submitted", news="x")
    gone = make_person("clerk", member=member)
    commands.close_account(actor=admin, person=gone)
    clock.shift(timedelta(days=80))
    assert set(retention.apply().values()) == {0}
    assert not Event.objects.filter(verb="retention.applied").exists()


def test_news_and_drafts_go_and_signals_stay(clock):
    member = make_member()
    person = make_person("mayor", member=member)
    signal = signal_of(person, member)
    Notice.objects.create(person=person, item=signal, milestone="signal.submitted", news="x")
    save_draft(actor=person, draft=None, step=1, values={"title": "Concept"})
    clock.move_to(retention.before(Term(1, "days"), NOW) + timedelta(days=95))
    assert retention.apply()["drafts"] == 1 and not Draft.objects.exists()
    assert Notice.objects.exists()
    clock.move_to(datetime(2028, 4, 1, 9, 0, tzinfo=UTC))
    assert retention.apply()["notices"] == 1 and not Notice.objects.exists()
    assert Signal.objects.get().title == signal.title
    told = Event.objects.filter(verb="retention.applied").values_list("subject", "data", "actor")
    assert ("retention:drafts", {"count": 1}, None) in told and (
        "retention:notices",
        {"count": 1},
        None,
    ) in told


def test_a_closed_account_is_made_unrecognisable_after_its_term(clock):
    member = make_member(name="Onze")
    admin, person = make_person("administrator"), make_person("mayor", member=member)
    back = make_person("clerk", member=member)
    signal, email, name = signal_of(person, member), person.email, person.name
    for leaver in (person, back):
        commands.close_account(actor=admin, person=leaver)
    clock.move_to(datetime(2026, 9, 29, 9, 0, tzinfo=UTC))
    commands.reopen_account(actor=admin, person=back)
    assert retention.apply()["closed_accounts"] == 0
    clock.move_to(datetime(2026, 10, 1, 9, 0, tzinfo=UTC))
    assert retention.apply()["closed_accounts"] == 1
    person.refresh_from_db()
    back.refresh_from_db()
    assert person.name == "oud-deelnemer van Onze" and person.erased_at is not None
    assert not Person.objects.filter(email=email).exists() and not Person.objects.filter(name=name).exists()
    assert back.erased_at is None
    signal.refresh_from_db()
    assert signal.author == person and signal.case
    assert retention.apply()["closed_accounts"] == 0  # once


def test_who_holds_no_role_for_a_year_and_stays_away_goes(clock):
    member = make_member()
    ends = NOW.date() + timedelta(days=1)
    idle, used, held, planned, voter = (make_person() for _ in range(5))
    for person in (idle, used):
        Appointment.objects.create(person=person, role="clerk", member=member, starts=NOW.date(), ends=ends)
    Appointment.objects.create(person=held, role="clerk", member=member, starts=NOW.date())
    clock.move_to(datetime(2027, 3, 30, 9, 0, tzinfo=UTC))
    assert retention.apply()["accounts_without_role"] == 0
    Person.objects.filter(pk=used.pk).update(last_login=timezone.now())
    Appointment.objects.create(
        person=planned, role="clerk", member=member, starts=NOW.date() + timedelta(days=900)
    )
    from omkering.who.models import Mandate

    Mandate.objects.create(person=voter, member=member, starts=NOW.date())
    clock.move_to(datetime(2027, 4, 2, 9, 0, tzinfo=UTC))
    assert retention.apply()["accounts_without_role"] == 1
    assert list(Person.objects.filter(erased_at__isnull=False)) == [idle]


def test_attempts_sessions_and_counters_go(client, clock):
    person = make_person("mayor", member=make_member())
    client.post("/account/login/", {"login": person.email, "password": "fout-fout-fout"})
    client.post("/account/login/", {"login": person.email, "password": "geheim-geheim-geheim"})
    client.get("/")
    AccessAttempt.objects.create(username="weg@example.test", ip_address="192.0.2.1", failures_since_start=3)
    cache.set("counter", 1, timeout=60)
    assert Session.objects.count() == 1 and UserSession.objects.count() == 1
    clock.shift(timedelta(hours=13))
    done = retention.apply()
    assert done["sessions"] >= 2 and done["counters"] >= 1
    assert not Session.objects.exists() and not UserSession.objects.exists()
    assert AccessAttempt.objects.filter(username="weg@example.test").exists()
    clock.move_to(datetime(2026, 7, 2, 9, 0, tzinfo=UTC))
    assert retention.apply()["failed_logins"] == 1
    assert not AccessAttempt.objects.exists()


def test_the_worker_does_it_every_night():
    from procrastinate.contrib.django import app

    from omkering.web.tasks import apply_retention

    crons = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}
    assert crons[apply_retention.name] == "10 3 * * *"
    assert set(apply_retention(0)) == set(retention.rules())


def test_the_command_line_shows_and_applies(clock):
    from omkering.cli import app
    from omkering.cli import commands as cli

    if not app.registered_groups:
        cli.register(app)
    shown = CliRunner().invoke(app, ["retention", "show"])
    assert shown.exit_code == 0 and "closed_accounts" in shown.output
    term = association().retention.closed_accounts
    assert f"{term.amount} {term.unit}" in shown.output
    applied = CliRunner().invoke(app, ["retention", "apply"])
    assert applied.exit_code == 0 and "drafts: 0" in applied.output


def test_mail_of_the_demo_goes(clock):
    OutboxMail.objects.create(recipient="a@example.test", subject="x", text="x", at=timezone.now())
    clock.shift(timedelta(days=29))
    assert retention.apply()["demo_mail"] == 0
    clock.shift(timedelta(days=2))
    assert retention.apply()["demo_mail"] == 1 and not OutboxMail.objects.exists()


def test_a_way_to_log_in_goes_with_the_person(clock):
    admin, person = make_person("administrator"), make_person()
    Authenticator.objects.create(user=person, type="totp", data={})
    from omkering.who.commands.leaving import erase_person

    erase_person(actor=admin, person=person)
    assert not Authenticator.objects.exists()
    assert Person.objects.get(pk=person.pk).has_usable_password() is False
