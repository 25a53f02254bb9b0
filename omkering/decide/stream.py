"""The stream of a meeting: `GET vergadering/<pk>/stroom/`, server-sent events named by what changed.

One connection of each web process listens to the database; a change is read once and goes to everybody who watches
that meeting here. An event carries the key of its `LiveChange`, so that a client that comes back says which it had
(`Last-Event-ID`, or `?sinds=`) and gets what it missed. Who reads too slowly is sent away, and comes back;
so is everybody when the server is asked to stop.
"""

import asyncio
import contextlib
import json
import logging
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qs

import psycopg
import psycopg.sql

from omkering.decide.live import CHANNEL
from omkering.decide.models import LiveChange
from omkering.decide.queries.meetings import visible_meetings
from omkering.ui import lean, stopping

logger = logging.getLogger(__name__)

PING = 15  # seconds; so that a middleman does not end the stream
HELD_UP = 200  # events that may wait for a client that reads slowly
MISSED = 500  # events that a client that comes back is told one by one; beyond that it reads all anew
BETWEEN_COUNTS = 0.4  # seconds between two counts of who has voted
AGAIN = 1.0  # seconds before the line to the database is made again

SINCE = """
SELECT id, about, data FROM decide_livechange WHERE meeting_id = %s AND id > %s ORDER BY id LIMIT %s
"""
# Never what was voted: how many lines of the roll, and with how many votes.
TURNOUT = """
SELECT count(*), coalesce(sum(e.weight), 0) FROM decide_rollentry e WHERE e.vote_id = %s AND (
  EXISTS (SELECT 1 FROM decide_ballot b WHERE b.entry_id = e.id)
  OR EXISTS (SELECT 1 FROM decide_secretturnout s WHERE s.entry_id = e.id AND s.voted))
"""


class Watcher:
    """One open stream."""

    __slots__ = ("last", "queue")

    def __init__(self, last: int) -> None:
        self.last = last
        self.queue: asyncio.Queue[bytes | None] = asyncio.Queue(HELD_UP)

    def give(self, chunk: bytes) -> None:
        """Hand over a piece of the stream; who has too many waiting is sent away."""
        try:
            self.queue.put_nowait(chunk)
        except asyncio.QueueFull:
            self.end()

    def end(self) -> None:
        """Let the stream end; what still waits is not sent."""
        while not self.queue.empty():
            self.queue.get_nowait()
        self.queue.put_nowait(None)


class Hub:
    """What one process hears, and who watches here."""

    def __init__(self) -> None:
        self.watchers: dict[int, set[Watcher]] = {}
        self.line = lean.Line()
        self._last: dict[int, int] = {}  # meeting → the newest change that went out
        self._counting: dict[tuple[int, int], asyncio.Task[None]] = {}
        self._listening: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Listen from now on, in the loop of this process."""
        if self._listening is None or self._listening.done():
            self._listening = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        while self.watchers:
            try:
                await self._listen_once()
            except (psycopg.Error, OSError):
                logger.warning("the line that hears of changes was lost; it is made again", exc_info=True)
                await asyncio.sleep(AGAIN)

    async def _listen_once(self) -> None:
        parameters = lean.connection_parameters()
        connection = await psycopg.AsyncConnection.connect(**parameters, autocommit=True)
        async with connection:
            await connection.execute(psycopg.sql.SQL("LISTEN {}").format(psycopg.sql.Identifier(CHANNEL)))
            for meeting in list(self.watchers):  # what happened while nobody listened
                await self._send_new(meeting)
            while self.watchers:
                heard: set[str] = set()
                async for notice in connection.notifies(timeout=PING, stop_after=1):
                    heard.add(notice.payload)
                async for notice in connection.notifies(timeout=0):
                    heard.add(notice.payload)
                await self._hear(heard)

    async def _hear(self, heard: Iterable[str]) -> None:
        meetings = set()
        for payload in heard:
            meeting, _colon, rest = payload.partition(":")
            if int(meeting) not in self.watchers:
                continue
            if rest.startswith("turnout:"):
                self._count_soon(int(meeting), int(rest.removeprefix("turnout:")))
            else:
                meetings.add(int(meeting))
        for changed in meetings:
            await self._send_new(changed)

    async def _send_new(self, meeting: int) -> None:
        watching = self.watchers.get(meeting, set())
        since = self._last.get(meeting, min((w.last for w in watching), default=0))
        rows = await self.line.run([(SINCE, [meeting, since, MISSED])])
        for pk, about, data in rows:
            chunk = event(about, data, pk)
            self._last[meeting] = pk
            for watcher in list(self.watchers.get(meeting, ())):
                if watcher.last < pk:
                    watcher.last = pk
                    watcher.give(chunk)

    # --- how many have voted, not more often than a person can read
    def _count_soon(self, meeting: int, vote: int) -> None:
        if (meeting, vote) not in self._counting:
            self._counting[meeting, vote] = asyncio.create_task(self._count(meeting, vote))

    async def _count(self, meeting: int, vote: int) -> None:
        try:
            await asyncio.sleep(BETWEEN_COUNTS)
        finally:
            self._counting.pop((meeting, vote), None)
        with contextlib.suppress(psycopg.Error, OSError):
            [(heads, votes)] = await self.line.run([(TURNOUT, [vote])])
            chunk = event("turnout", {"vote": vote, "heads": heads, "votes": int(votes)})
            for watcher in list(self.watchers.get(meeting, ())):
                watcher.give(chunk)

    async def close(self) -> None:
        """Hear nothing more."""
        self.watchers.clear()
        if self._listening is not None:
            self._listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._listening
        await self.line.close()

    # --- coming and going
    async def join(self, meeting: int, since: int) -> Watcher:
        """Begin to watch; what came after `since` waits in the queue already."""
        watcher = Watcher(since)
        self.watchers.setdefault(meeting, set()).add(watcher)
        if stopping.asked():  # the client begins its stream, and comes back elsewhere
            watcher.end()
            return watcher
        self.begin()
        rows = await self.line.run([(SINCE, [meeting, since, MISSED + 1])])
        if len(rows) > MISSED:
            watcher.last = max(watcher.last, rows[-1][0])
            watcher.give(event("everything", {}, watcher.last))
        for pk, about, data in rows[:MISSED] if len(rows) <= MISSED else []:
            if watcher.last < pk:
                watcher.last = pk
                watcher.give(event(about, data, pk))
        return watcher

    def leave(self, meeting: int, watcher: Watcher) -> None:
        """Watch no longer."""
        watching = self.watchers.get(meeting, set())
        watching.discard(watcher)
        if not watching:
            self.watchers.pop(meeting, None)
            self._last.pop(meeting, None)

    def send_away(self) -> None:
        """Let every stream end."""
        for watching in self.watchers.values():
            for watcher in watching:
                watcher.end()


def event(about: str, data: Any, pk: int | None = None) -> bytes:
    """One event as bytes of the stream."""
    key = f"id: {pk}\n" if pk else ""
    return f"{key}event: {about}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n".encode()


_hubs: dict[int, Hub] = {}  # by event loop: a process of the server has one


def hub() -> Hub:
    """The hub of the loop that runs."""
    loop = id(asyncio.get_running_loop())
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]


async def stream(scope: lean.Scope, receive: lean.Receive, send: lean.Send, path: dict[str, str]) -> None:
    """Tell what changes in a meeting, for as long as the client stays."""
    meeting = int(path["pk"])

    def newest(visitor: lean.Visitor) -> int | None:
        """The newest change of the meeting; None where this visitor may not know of it."""
        if not visible_meetings(visitor.person).filter(pk=meeting).exists():
            return None
        last = LiveChange.objects.filter(meeting=meeting).order_by("-pk").values_list("pk", flat=True)
        return last.first() or 0

    last = await lean.visitor_of(scope, newest)
    if last is None:
        return await lean.answer(send, 404, {"code": "not_found"})
    asked = (
        lean.header(scope, b"last-event-id") or parse_qs(scope["query_string"].decode()).get("sinds", [""])[0]
    )
    since = int(asked) if asked.isdecimal() and len(asked) < 19 else last
    here = hub()
    watcher = await here.join(meeting, min(since, last))
    try:
        await send({"type": "http.response.start", "status": 200, "headers": STREAM_HEADERS})
        await send({"type": "http.response.body", "body": b"retry: 2000\n\n", "more_body": True})
        await _tell(watcher, receive, send)
    finally:
        here.leave(meeting, watcher)


STREAM_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"x-accel-buffering", b"no"),
    *lean.HEADERS,
]


async def _tell(watcher: Watcher, receive: lean.Receive, send: lean.Send) -> None:
    gone = asyncio.create_task(_until_gone(receive))
    gone.add_done_callback(lambda _done: watcher.end())
    try:
        while not gone.done():
            try:
                chunk = await asyncio.wait_for(watcher.queue.get(), PING)
            except TimeoutError:
                chunk = b": ping\n\n"
            if chunk is None or gone.done():
                break
            while not watcher.queue.empty() and len(chunk) < 16_384:
                more = watcher.queue.get_nowait()
                if more is None:
                    watcher.end()  # once this is sent
                    break
                chunk += more
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    finally:
        gone.cancel()


async def _until_gone(receive: lean.Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def register() -> None:
    """Put the stream on the quick road; called once, when the application starts."""
    lean.route("GET", r"/besluiten/vergadering/(?P<pk>\d{1,18})/stroom/", stream)
    stopping.register(_send_all_away)


def _send_all_away() -> None:
    for here in _hubs.values():
        here.send_away()
