"""A line of the log has action, object, result, origin, actor and moment; none holds a name, a text or a secret."""

import ast
import json
import logging
import re
from datetime import datetime
from pathlib import Path

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from omkering.config.logs import LineFormatter
from omkering.journal.canonical import FIELDS, SHAPES, canonical, check_data
from omkering.journal.commands import record
from omkering.journal.models import Event
from omkering.journal.origin import origin
from omkering.listen.models import Signal
from omkering.thread.commands import save_search
from omkering.who.models import Member, Person
from tests.people import make_member, make_person
from tests.shared_world import shared
from tests.web.test_login import SECRET, code
from tests.world import ORIGIN

ROOT = Path(__file__).parents[2] / "omkering"
PASSWORD, WRONG = "kanarie-geel-olifant-7", "kanarie-fout-olifant-8"

pytestmark = pytest.mark.django_db


def test_every_line_has_its_six_parts_and_no_words():
    shared()
    names = {*Person.objects.values_list("name", flat=True), *Person.objects.values_list("email", flat=True)}
    titles = set(Signal.objects.values_list("title", flat=True))
    members = set(Member.objects.values_list("name", flat=True))
    events = list(Event.objects.all())
    assert len(events) > 30
    for event in events:
        line = json.loads(canonical(event))
        assert set(line) == set(FIELDS)
        for field, shape in SHAPES.items():
            assert shape.fullmatch(line[field]), (field, line)
        assert line["actor"] is None or isinstance(line["actor"], int)
        assert datetime.fromisoformat(line["at"]).utcoffset() is not None
        values = set(re.findall(r'"([^"]*)"', json.dumps(line["data"], ensure_ascii=False)))
        assert not values & (names | titles | members), line
        assert "@" not in json.dumps(line)
    session = {event.origin for event in events if not event.verb.startswith("candidacy.")}
    told_of = {event.subject for event in events if event.verb.startswith("candidacy.")}
    unmarked = [event for event in events if event.origin == "web"]  # nothing leads to who stands for a seat
    assert all(event.subject in told_of and event.actor is None for event in unmarked)
    assert session - {"web"} == {ORIGIN}


@pytest.mark.parametrize(
    "wrong",
    [
        {"verb": "Signal submitted"},
        {"verb": "signal"},
        {"subject": "Jan de Vries"},
        {"subject": "item:jan@example.test"},
        {"on_behalf_of": "member:Den Haag"},
        {"result": "Is goed."},
    ],
)
def test_a_line_of_another_shape_is_refused(wrong):
    with pytest.raises(ValueError, match="of an event cannot be"), transaction.atomic():
        record(**{"verb": "test.done", "subject": "item:1", **wrong})
    with origin("web 192.0.2.1"), pytest.raises(ValueError, match="origin"), transaction.atomic():
        record(verb="test.done", subject="item:1")
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    "value", ["Jan de Vries", "jan@example.test", "x" * 101, "regel\n", "<b>", {"a": ["een zin"]}]
)
def test_words_in_the_data_are_refused(value):
    with pytest.raises(TypeError, match="keys and codes only"):
        check_data({"field": value})
    check_data({"field": ["GM0014", 3, None, True, {"at": "2026-01-01T09:00:00+01:00"}]})


def test_every_verb_in_the_code_has_the_shape():
    """A verb that only occurs in a rare case would else be found when that case happens."""
    found = []
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("record", "log_login"):
                verbs = [keyword.value for keyword in node.keywords if keyword.arg == "verb"] or node.args[:1]
                found += [
                    part.value
                    for verb in verbs
                    for part in ast.walk(verb)
                    if isinstance(part, ast.Constant)
                    and isinstance(part.value, str)
                    and not isinstance(verb, ast.JoinedStr)
                ]
    assert len(found) > 50
    assert [verb for verb in found if not SHAPES["verb"].fullmatch(verb)] == []


class Everything(logging.Handler):
    """Keeps every line, with its traceback, as it would be written."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        self.setFormatter(LineFormatter(settings.LOGGING["formatters"]["line"]["format"]))

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def written():
    """All lines of all loggers, down to the least important."""
    handler, root = Everything(), logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield handler.lines
    root.removeHandler(handler)
    root.setLevel(before)


def holds(table: str, secret: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE strpos(t::text, %s) > 0', [secret])
        return cursor.fetchone()[0] > 0


def test_no_secret_comes_into_a_log_an_event_or_a_table(client, written):
    person = make_person("adviser")
    person.set_password(PASSWORD)
    person.save()
    TOTP.activate(person, SECRET)
    recovery = RecoveryCodes.activate(person).get_unused_codes()
    login = reverse("account_login")

    for _ in range(6):  # wrong, until it is locked
        client.post(login, {"login": person.email, "password": WRONG}, headers={"user-agent": "canary"})
    other = make_person("mayor", member=make_member())
    other.set_password(PASSWORD)
    other.save()
    mayor = Client()
    mayor.post(login, {"login": other.email, "password": PASSWORD})
    session_key = mayor.session.session_key
    mayor.get("/mijn/account/gegevens/")
    mayor.post(reverse("account_reset_password"), {"email": other.email})
    link = re.search(r"http://testserver(\S+)", mail.outbox[-1].body).group(1)
    token = link.strip("/").rpartition("/")[2]
    assert Client().get(link).status_code == 302
    assert Client().get(f"/nergens{link}").status_code == 404
    feed = save_search(person=other, name="Bus", kind="signal", query={}).secret
    assert Client().get(f"/nergens/{feed}/").status_code == 404
    from axes.models import AccessAttempt

    AccessAttempt.objects.all().delete()  # let in again
    adviser = Client()
    adviser.post(login, {"login": person.email, "password": PASSWORD})
    wrong_code = "000000"
    adviser.post(reverse("mfa_authenticate"), {"code": wrong_code})
    right = code()
    adviser.post(reverse("mfa_authenticate"), {"code": right})
    assert adviser.get("/mensen/").status_code == 403 and adviser.get("/").status_code == 200
    assert {"login.failed", "login.locked", "login.done"} <= set(Event.objects.values_list("verb", flat=True))

    secrets = [PASSWORD, WRONG, SECRET, token, feed, settings.SECRET_KEY, other.password, *recovery]
    text = "\n".join(written)
    assert len(token) > 10 and len(recovery) == 10 and "Not Found: /nergens/…/" in text
    for secret in [*secrets, session_key, adviser.session.session_key]:
        assert secret not in text, "in a log line"
        assert not holds("journal_event", secret), "in an event"
    for table in connection.introspection.table_names():
        for secret in (PASSWORD, WRONG, SECRET, token, settings.SECRET_KEY, *recovery):
            assert not holds(table, secret), f"in {table}"
    assert not holds("journal_event", "canary")
