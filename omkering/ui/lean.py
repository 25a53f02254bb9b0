"""The quick road: for what a whole hall sends in the same second, and for streams that stay open for hours.

A handler is a plain ASGI application that answers before the middleware of the framework begins. It therefore looks
after itself: it reads who somebody is with `visitor_of` or takes a signed pass that a whole request handed out, and it
never holds a connection of the pool while it waits. Rooms register their handlers with `route` when the application
starts; everything else goes the ordinary road.
"""

import asyncio
import json
import logging
import re
import time
from collections.abc import Awaitable, Callable, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any, Generic, TypeVar
from urllib.parse import parse_qsl

import psycopg
from django.conf import settings
from django.contrib.auth import get_user
from django.db import connections
from django.http import HttpRequest
from django.http.request import split_domain_port, validate_host

from omkering.ui.second_factor import has_second_factor
from omkering.ui.sessions import ends_at
from omkering.who.models import Person
from omkering.who.standing import Standing, standing_of

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Handler = Callable[[Scope, Receive, Send, dict[str, str]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
In = TypeVar("In")
Out = TypeVar("Out")

logger = logging.getLogger(__name__)
LONGEST_BODY = 64 * 1024
_routes: list[tuple[str, re.Pattern[str], Handler]] = []
_threads = ThreadPoolExecutor(4, thread_name_prefix="quick")


def route(method: str, pattern: str, handler: Handler) -> None:
    """Answer requests of this method whose whole path matches `pattern` (its named groups go along)."""
    _routes.append((method, re.compile(pattern), handler))


def with_quick_road(application: Application) -> Application:
    """`application`, with the registered handlers in front of it."""

    async def front(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            for method, pattern, handler in _routes:
                if scope["method"] == method and (found := pattern.fullmatch(scope["path"])):
                    if not _host_is_ours(scope):
                        return await answer(send, 400, {"code": "host"})
                    return await handler(scope, receive, send, found.groupdict())
        return await application(scope, receive, send)

    return front


def header(scope: Scope, name: bytes) -> str:
    """A header of the request, "" without it."""
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")


def _host_is_ours(scope: Scope) -> bool:
    domain, _port = split_domain_port(header(scope, b"host"))
    allowed = settings.ALLOWED_HOSTS or (["localhost", "127.0.0.1"] if settings.DEBUG else [])
    return bool(domain) and validate_host(domain, allowed)


def cookies(scope: Scope) -> dict[str, str]:
    """The cookies of the request."""
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load(header(scope, b"cookie"))
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in jar.items()}


async def read_json(receive: Receive) -> dict[str, Any] | None:
    """The body as a JSON object; None for anything else, or more than 64 kB."""
    body = await _read_body(receive)
    if body is None:
        return None
    try:
        found = json.loads(body)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


async def _read_body(receive: Receive) -> bytes | None:
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if len(body) > LONGEST_BODY:
            return None
        if not message.get("more_body"):
            return body


async def read_form(receive: Receive) -> dict[str, str]:
    """The fields of a form, each with its last value; none for anything that is no form, or more than 64 kB."""
    body = await _read_body(receive)
    if body is None:
        return {}
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=100))
    except ValueError:
        return {}


HEADERS = [
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
]


async def answer(send: Send, status: int, data: dict[str, Any]) -> None:
    """Answer with a JSON object."""
    await _answer(send, status, b"application/json", json.dumps(data).encode())


async def answer_html(send: Send, html: str) -> None:
    """Answer with a piece of a page."""
    await _answer(send, 200, b"text/html; charset=utf-8", html.encode())


async def send_on(send: Send, where: str) -> None:
    """Have the same request, with what was sent, go to another address of this site."""
    await _answer(send, 307, b"text/plain", b"", (b"location", where.encode()))


async def go_to(send: Send, where: str) -> None:
    """Have a browser without a script open another page of this site, now that what it sent was taken."""
    await _answer(send, 303, b"text/plain", b"", (b"location", where.encode()))


async def _answer(send: Send, status: int, kind: bytes, body: bytes, *more: tuple[bytes, bytes]) -> None:
    length = (b"content-length", str(len(body)).encode())
    headers = [(b"content-type", kind), length, *HEADERS, *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def language_of(jar: dict[str, str]) -> str:
    """The language that these cookies ask for, or the first one of the site."""
    chosen = jar.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


# --- who somebody is -------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Visitor:
    """Who sent a request, as its session says; `person` None is somebody without an account."""

    person: Person | None
    standing: Standing
    request: HttpRequest


async def visitor_of(scope: Scope, also: Callable[[Visitor], Out]) -> Out:
    """Read who somebody is and do `also` with it, in a thread that gives its connection back afterwards.

    A session that has ended, or lacks the second factor that a role asks for, is nobody.
    """

    def read() -> Out:
        try:
            return also(_visitor(scope))
        finally:
            connections.close_all()

    return await asyncio.get_running_loop().run_in_executor(_threads, read)


def _visitor(scope: Scope) -> Visitor:
    request = HttpRequest()
    request.COOKIES = cookies(scope)
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    nobody = Visitor(None, standing_of(None), request)
    if not key:
        return nobody
    person = get_user(request)
    if not isinstance(person, Person) or time.time() > ends_at(request.session):
        return nobody
    request.user = person
    standing = standing_of(person)
    if standing.needs_second_factor and not has_second_factor(request):
        return nobody
    return Visitor(person, standing, request)


def in_background(work: Callable[[], Any]) -> None:
    """Do something with the database in a thread, without waiting for it; an error is written to the log."""

    def done() -> None:
        try:
            work()
        except Exception:
            logger.exception("work in the background failed")
        finally:
            connections.close_all()

    _threads.submit(done)


# --- the database ----------------------------------------------------------------------------------------
def connection_parameters() -> dict[str, Any]:
    """What a connection of one's own to the same database needs."""
    parameters = connections["default"].get_connection_params()
    for known in ("context", "cursor_factory", "pool", "prepare_threshold", "server_side_binding"):
        parameters.pop(known, None)
    return parameters


class Line:
    """One connection to the database for the quick road of this process; made when needed, and again when lost."""

    def __init__(self) -> None:
        self._connection: psycopg.AsyncConnection | None = None
        self._lock = asyncio.Lock()
        self.busy = 0  # pieces of work that run or wait

    async def _ready(self) -> psycopg.AsyncConnection:
        if self._connection is None or self._connection.closed:
            self._connection = await psycopg.AsyncConnection.connect(
                **connection_parameters(), autocommit=True, prepare_threshold=1
            )
        return self._connection

    async def run(self, statements: Sequence[tuple[str, Sequence[Any]]]) -> list[Any]:
        """Run the statements in one transaction and one round trip; the rows of the last one, once it is kept."""
        return (await self.run_all(statements))[-1]

    async def run_all(self, statements: Sequence[tuple[str, Sequence[Any]]]) -> list[list[Any]]:
        """The same, with the rows of each statement (none for one that has no rows)."""
        self.busy += 1
        try:
            return await self._run(statements)
        finally:
            self.busy -= 1

    async def _run(self, statements: Sequence[tuple[str, Sequence[Any]]]) -> list[list[Any]]:
        async with self._lock:
            connection = await self._ready()
            try:
                cursors = [connection.cursor() for _each in statements]
                async with connection.pipeline(), connection.transaction():
                    for cursor, (statement, parameters) in zip(cursors, statements, strict=True):
                        await cursor.execute(statement, parameters)
                return [await each.fetchall() if each.description else [] for each in cursors]
            except psycopg.OperationalError:
                await connection.close()
                raise

    async def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            await self._connection.close()


class Gathered(Generic[In, Out]):
    """Does at once what comes in while the work before is under way, so that many share one transaction.

    Nobody waits for others to come: with one alone it begins at once. `work` takes at most `most` things and gives an
    answer for each; no two things with the same `key` are under way together. `at_once` pieces of work may run beside
    each other, so that this process reads and writes while the database thinks. An error goes to all that shared it.
    """

    def __init__(
        self,
        work: Callable[[list[In]], Awaitable[list[Out]]],
        *,
        key: Callable[[In], Hashable],
        most: int = 200,
        at_once: int = 1,
    ) -> None:
        self._work, self._key, self._most, self._at_once = work, key, most, at_once
        self._waiting: list[tuple[In, asyncio.Future[Out]]] = []
        self._under_way: set[Hashable] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def put(self, thing: In) -> Out:
        """Have one thing done; its answer."""
        future: asyncio.Future[Out] = asyncio.get_running_loop().create_future()
        self._waiting.append((thing, future))
        if len(self._tasks) < self._at_once:
            self._begin()
        return await future

    def _begin(self) -> None:
        task = asyncio.create_task(self._run())
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if self._waiting and not self._tasks:  # what came in as the last one went
            self._begin()

    async def _run(self) -> None:
        while batch := self._take():
            keys = {self._key(thing) for thing, _future in batch}
            try:
                answers = await self._work([thing for thing, _future in batch])
            except Exception as error:  # whoever waits must hear of it, whatever it is
                for _thing, future in batch:
                    if not future.done():
                        future.set_exception(error)
            else:
                for (_thing, future), done in zip(batch, answers, strict=True):
                    if not future.done():
                        future.set_result(done)
            finally:
                self._under_way -= keys

    def _take(self) -> list[tuple[In, "asyncio.Future[Out]"]]:
        taken: list[tuple[In, asyncio.Future[Out]]] = []
        left: list[tuple[In, asyncio.Future[Out]]] = []
        for entry in self._waiting:
            key = self._key(entry[0])
            if len(taken) < self._most and key not in self._under_way:
                self._under_way.add(key)
                taken.append(entry)
            else:
                left.append(entry)
        self._waiting = left
        return taken
