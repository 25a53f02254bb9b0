"""The stream of a meeting: what changes is told once it is kept, and who comes back catches up."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from omkering.decide import commands, live, stream
from omkering.decide.models import Meeting, MeetingForm, Vote
from omkering.thread.models import Visibility
from omkering.ui import lean, stopping
from tests.decide.votes import members_with_voters, open_vote, session_of
from tests.people import make_person

pytestmark = pytest.mark.django_db(transaction=True)
WAIT = 20  # seconds after which something that must come did not


def make_meeting(**changes: Any) -> Meeting:
    now = timezone.now()
    values = {
        "kind": "meeting",
        "title": "Ledenvergadering",
        "state": "open",
        "visibility": Visibility.PUBLIC,
        "form": MeetingForm.CONSULTATION,
        "starts_at": now,
        "ends_at": now + timedelta(hours=3),
        "reference_date": now.date(),
    }
    return Meeting.objects.create(**{**values, **changes})


class Client:
    """Somebody who watches; what came in stands in `told`."""

    def __init__(self, meeting: int, *, query: str = "", last: str = "", session: Any = None) -> None:
        headers = [(b"host", b"testserver")]
        if last:
            headers.append((b"last-event-id", last.encode()))
        if session is not None:
            headers.append((b"cookie", f"{settings.SESSION_COOKIE_NAME}={session.session_key}".encode()))
        path = f"/besluiten/vergadering/{meeting}/stroom/"
        self.scope = {
            "type": "http",
            "method": "GET",
            "path": path,
            "query_string": query.encode(),
            "headers": headers,
        }
        self.told: list[dict[str, Any]] = []
        self._news = asyncio.Event()
        self._gone = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Client":
        self._task = asyncio.create_task(
            lean.with_quick_road(_elsewhere)(self.scope, self._receive, self._send)
        )
        await self.until(lambda: bool(self.told))
        return self

    async def __aexit__(self, *_error: Any) -> None:
        self._gone.set()
        assert self._task
        await asyncio.wait_for(self._task, WAIT)

    async def _receive(self) -> dict[str, Any]:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: dict[str, Any]) -> None:
        self.told.append(message)
        self._news.set()

    @property
    def text(self) -> str:
        return b"".join(message.get("body", b"") for message in self.told).decode()

    async def until(self, seen: Callable[[], bool]) -> None:
        async with asyncio.timeout(WAIT):
            while not seen():
                self._news.clear()
                await self._news.wait()


async def _elsewhere(_scope: Any, _receive: Any, _send: Any) -> None:
    raise AssertionError("this is not the ordinary road")


def watch(meeting: Meeting, story: Callable[..., Awaitable[None]]) -> None:
    """Run a story in a loop of its own, and let the hub of that loop go afterwards."""

    async def told() -> None:
        try:
            await story()
        finally:
            here = stream.hub()
            here.watchers.clear()
            await here.close()

    asyncio.run(told())


def in_thread(work: Callable[[], Any]) -> Any:
    """Do something with the database while the loop goes on."""

    def done() -> Any:
        from django.db import connections

        try:
            return work()
        finally:
            connections.close_all()

    return asyncio.to_thread(done)


def test_a_change_is_told_to_everybody_who_watches_that_meeting_and_to_nobody_else():
    meeting, other = make_meeting(), make_meeting()

    async def story() -> None:
        async with Client(meeting.pk) as one, Client(meeting.pk) as two, Client(other.pk) as elsewhere:
            change = await in_thread(lambda: live.tell(meeting, "agenda", item=7))
            line = f'id: {change.pk}\nevent: agenda\ndata: {{"item":7}}\n\n'
            await one.until(lambda: line in one.text)
            await two.until(lambda: line in two.text)
            await in_thread(lambda: live.tell(other, "screen"))
            await elsewhere.until(lambda: "event: screen" in elsewhere.text)
            assert "event: agenda" not in elsewhere.text
            assert one.text.count("event: agenda") == 1
            headers = dict(one.told[0]["headers"])
            assert headers[b"content-type"].startswith(b"text/event-stream")

    watch(meeting, story)


def test_what_is_rolled_back_is_told_to_nobody():
    meeting = make_meeting()

    def gives_up() -> None:
        with transaction.atomic():
            live.tell(meeting, "vote", vote=1)
            transaction.set_rollback(True)

    async def story() -> None:
        async with Client(meeting.pk) as one:
            await in_thread(gives_up)
            await in_thread(lambda: live.tell(meeting, "agenda"))
            await one.until(lambda: "event: agenda" in one.text)
            assert "event: vote" not in one.text

    watch(meeting, story)


@pytest.mark.parametrize("how", ["last", "query"])
def test_who_comes_back_gets_what_was_missed_and_nothing_twice(how):
    meeting = make_meeting()
    first, second, third = (live.tell(meeting, "agenda", item=number) for number in (1, 2, 3))
    known = {"last": str(first.pk)} if how == "last" else {"query": f"sinds={first.pk}"}

    async def story() -> None:
        async with Client(meeting.pk, **known) as one, Client(meeting.pk) as new:
            await one.until(lambda: f"id: {third.pk}\n" in one.text)
            later = await in_thread(lambda: live.tell(meeting, "screen"))
            await one.until(lambda: f"id: {later.pk}\n" in one.text)
            await new.until(lambda: f"id: {later.pk}\n" in new.text)
            assert one.text.count("event: agenda") == 2
            assert f"id: {first.pk}\n" not in one.text
            assert f"id: {second.pk}\n" in one.text
            assert "event: agenda" not in new.text  # its page was made with these already

    watch(meeting, story)


def test_who_missed_very_much_is_told_to_read_all_anew(monkeypatch):
    meeting = make_meeting()
    monkeypatch.setattr(stream, "MISSED", 2)
    first = live.tell(meeting, "agenda")
    for _time in range(4):
        live.tell(meeting, "agenda")

    async def story() -> None:
        async with Client(meeting.pk, last=str(first.pk)) as one:
            await one.until(lambda: "event: everything" in one.text)
            assert "event: agenda" not in one.text

    watch(meeting, story)


def test_how_many_voted_is_told_while_what_they_voted_is_not():
    people = members_with_voters(2_000, 3_000)
    meeting = make_meeting()
    vote = open_vote()
    Vote.objects.filter(pk=vote.pk).update(meeting=meeting)
    member, voter = people[0]

    async def story() -> None:
        async with Client(meeting.pk) as one:
            await in_thread(
                lambda: commands.cast_ballot(
                    actor=voter, vote=Vote.objects.get(pk=vote.pk), member=member, choice="for"
                )
            )
            await one.until(lambda: f'{{"vote":{vote.pk},"heads":1,"votes":2}}' in one.text)
            assert '"for"' not in one.text

    watch(meeting, story)


@pytest.mark.parametrize(("who", "status"), [(None, 404), ("stranger", 404), ("alderman", 200)])
def test_a_meeting_for_members_is_watched_by_members_alone(who, status):
    [(_member, voter)] = members_with_voters(1_000)
    meeting = make_meeting(visibility=Visibility.MEMBERS)
    person = {"alderman": voter, "stranger": make_person(), None: None}[who]
    session = session_of(person) if person else None

    async def story() -> None:
        async with Client(meeting.pk, session=session) as one:
            assert one.told[0]["status"] == status

    watch(meeting, story)


def test_a_meeting_that_is_not_there():
    async def story() -> None:
        async with Client(10**9) as one:
            assert one.told[0]["status"] == 404

    watch(make_meeting(), story)


def test_a_server_that_is_asked_to_stop_ends_every_stream_and_begins_none(monkeypatch):
    meeting, other = make_meeting(), make_meeting()
    monkeypatch.setattr(stopping, "_asked", False)
    last = {"type": "http.response.body", "body": b""}

    async def story() -> None:
        async with Client(meeting.pk) as one, Client(meeting.pk) as two, Client(other.pk) as elsewhere:
            watcher = next(iter(stream.hub().watchers[other.pk]))
            watcher.give(stream.event("screen", {}))  # and before it is sent:
            stopping.end_what_lasts()
            for client in (one, two, elsewhere):
                await client.until(lambda client=client: client.told[-1] == last)
            async with Client(meeting.pk) as late:
                await late.until(lambda: late.told[-1] == last)
                assert late.told[0]["status"] == 200
                assert late.text == "retry: 2000\n\n"
            assert not stream.hub().watchers

    watch(meeting, story)


def test_a_stream_that_must_end_sends_what_it_took_and_says_that_this_was_all():
    async def story() -> None:
        watcher = stream.Watcher(0)
        told: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            await asyncio.Event().wait()
            raise AssertionError("nothing comes")

        async def send(message: dict[str, Any]) -> None:
            told.append(message)

        watcher.queue.put_nowait(b"taken")
        watcher.queue.put_nowait(None)
        async with asyncio.timeout(WAIT):
            await stream._tell(watcher, receive, send)
        assert [message["body"] for message in told] == [b"taken", b""]
        assert not told[-1].get("more_body")

    asyncio.run(story())
