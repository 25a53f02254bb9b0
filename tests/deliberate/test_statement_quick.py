"""The quick road for votes on statements: taken once, answered with the next one, and otherwise sent on."""

import asyncio
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from omkering.deliberate import opinion_clock, quick
from omkering.deliberate.models import StatementVote
from omkering.ui.lean import with_quick_road
from omkering.who.models import Person
from tests.deliberate.statement_rounds import close, make_round, make_voters, with_statements
from tests.world import give_session

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _asks_nothing(monkeypatch):
    monkeypatch.setattr(opinion_clock, "changed", lambda _round: None)


class Page:
    """The page of somebody who votes: its session, and the pass in it."""

    def __init__(self, person: Person, round: Any) -> None:
        self.client = Client()
        give_session(self.client, person)
        self.text = self.client.get(reverse("deliberate:vote_statements", args=[round.pk])).content.decode()
        self.ticket = re.search(r'name="pass" value="([^"]+)"', self.text)[1]
        self.first = int(re.search(r"stellingen/(\d+)/stem/snel/", self.text)[1])

    def vote(self, statement: int, value: str, **changes: str) -> tuple[str, str, dict[str, str]]:
        key = self.client.cookies[settings.SESSION_COOKIE_NAME].value
        return (
            key,
            f"/beraadslagen/stellingen/{statement}/stem/snel/",
            {"pass": self.ticket, "value": value, **changes},
        )


def send(*votes: tuple[str, str, dict[str, str]], script: bool = True) -> list[tuple[int, str, str]]:
    """Send these at the same moment: status, text, and where they are sent on to."""

    async def everything() -> list[tuple[int, str, str]]:
        quick._votes.cache_clear()
        try:
            return await asyncio.gather(*(_send(*vote, script) for vote in votes))
        finally:
            await quick._votes().line.close()
            quick._votes.cache_clear()

    return asyncio.run(everything())


async def _send(key: str, path: str, form: dict[str, str], script: bool) -> tuple[int, str, str]:
    cookie = f"{settings.SESSION_COOKIE_NAME}={key}".encode()
    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "headers": [
            (b"host", b"testserver"),
            (b"cookie", cookie),
            *([(b"hx-request", b"true")] if script else []),
        ],
    }
    told: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": urlencode(form).encode()}

    async def tell(message: dict[str, Any]) -> None:
        told.append(message)

    async def elsewhere(*_all: Any) -> None:
        raise AssertionError("this is not the ordinary road")

    await with_quick_road(elsewhere)(scope, receive, tell)
    where = dict(told[0]["headers"]).get(b"location", b"").decode()
    return told[0]["status"], told[1]["body"].decode(), where


def ready(people: int = 1, statements: int = 3):
    round = make_round()
    rows = with_statements(round, statements)
    return round, rows, [Page(person, round) for person in make_voters(people)]


def test_a_vote_is_kept_and_the_next_statement_comes():
    _round, rows, [page] = ready()
    [(status, text, _where)] = send(page.vote(page.first, "-1"))
    assert status == 200
    vote = StatementVote.objects.get()
    assert (vote.statement_id, vote.value, vote.member_id is not None) == (page.first, -1, True)
    assert "1 van 3" in text
    assert "Opgeslagen: Oneens" in text
    following = int(re.search(r"stellingen/(\d+)/stem/snel/", text)[1])
    assert following != page.first and following in {row.pk for row in rows}
    assert page.ticket in text


def test_without_a_script_a_vote_leads_to_the_page_with_the_next_statement():
    round, _rows, [page] = ready()
    action = re.search(r'<form class="app-turn__form" method="post" action="([^"]+)"', page.text)[1]
    key, path, form = page.vote(page.first, "1")
    assert action == path
    [(status, text, where)] = send((key, path, form), script=False)
    assert (status, text) == (303, "")
    assert where == f"{reverse('deliberate:vote_statements', args=[round.pk])}?last={page.first}"
    assert StatementVote.objects.get().value == 1
    shown = page.client.get(where).content.decode()
    assert "Opgeslagen: Eens" in shown and "1 van 3" in shown


def test_the_last_vote_counts_and_there_is_one():
    _round, _rows, [page] = ready()
    send(page.vote(page.first, "1"), page.vote(page.first, "1"))
    send(page.vote(page.first, "0"))
    assert list(StatementVote.objects.values_list("statement", "value")) == [(page.first, 0)]


def test_many_at_the_same_moment_are_all_kept():
    _round, rows, pages = ready(people=12)
    answers = send(*(page.vote(row.pk, "1") for page in pages for row in rows))
    assert {status for status, _text, _where in answers} == {200}
    assert StatementVote.objects.count() == 36


def test_after_the_last_one_it_says_so():
    _round, rows, [page] = ready(statements=1)
    [(_status, text, _where)] = send(page.vote(rows[0].pk, "1"))
    assert "op alle stellingen gestemd" in text


@pytest.mark.parametrize("wrong", ["pass", "value", "nothing"])
def test_what_is_not_whole_goes_the_ordinary_road(wrong):
    _round, _rows, [page] = ready()
    key, path, form = page.vote(page.first, "1")
    form = {} if wrong == "nothing" else {**form, wrong: "7"}
    [(status, _text, where)] = send((key, path, form))
    assert (status, where) == (307, f"/beraadslagen/stellingen/{page.first}/stem/")
    assert not StatementVote.objects.exists()


def test_a_pass_is_no_pass_in_another_session_and_none_after_logging_out():
    _round, _rows, [one, two] = ready(people=2)
    theirs = two.vote(one.first, "1")
    [(status, _text, _where)] = send((theirs[0], theirs[1], {**theirs[2], "pass": one.ticket}))
    assert status == 307
    one.client.session.delete()
    [(status, _text, _where)] = send(one.vote(one.first, "1"))
    assert status == 307
    assert not StatementVote.objects.exists()


def test_after_closing_and_for_a_statement_of_another_round():
    round, _rows, [page] = ready()
    _other, others, _pages = ready()
    [(status, _text, _where)] = send(page.vote(others[0].pk, "1"))
    assert status == 307
    type(round).objects.filter(pk=round.pk).update(closes_at=timezone.now())
    [(status, _text, _where)] = send(page.vote(page.first, "1"))
    assert status == 307
    assert not StatementVote.objects.exists()


def test_a_round_that_was_closed_takes_nothing():
    round, _rows, [page] = ready()
    close(round)
    [(status, _text, _where)] = send(page.vote(page.first, "1"))
    assert status == 307
    assert not StatementVote.objects.exists()
