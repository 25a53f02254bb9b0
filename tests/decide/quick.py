"""Sending ballots along the quick road, without a server: the handler is called as the server would call it."""

import asyncio
import json
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from django.conf import settings

from omkering.decide import passes, quick, voting_rights
from omkering.decide.models import Vote
from omkering.ui.lean import with_quick_road
from omkering.who.models import Person


def pass_for(vote: Vote, person: Person, session: Any, number: int = 0) -> str:
    """A pass for the first (or another) ballot that this person may cast."""
    request: Any = SimpleNamespace(user=person, session=session)
    return passes.issue(request, vote, voting_rights.rights_of(vote, person.pk)[number])


def send(body: Any, session: Any = None, *, host: str = "testserver") -> tuple[int, dict[str, Any]]:
    """Send one body; its status and answer."""
    return send_all([(body, session)], host=host)[0]


def send_all(
    bodies: Sequence[tuple[Any, Any]], *, host: str = "testserver"
) -> list[tuple[int, dict[str, Any]]]:
    """Send all of them at the same moment; the statuses and answers in their order."""

    async def everything() -> list[tuple[int, dict[str, Any]]]:
        quick._box.cache_clear()  # its line belongs to the loop of an earlier test
        try:
            return await asyncio.gather(*(_send(body, session, host) for body, session in bodies))
        finally:
            await quick._box().close()
            quick._box.cache_clear()

    return asyncio.run(everything())


async def _send(body: Any, session: Any, host: str) -> tuple[int, dict[str, Any]]:
    headers = [(b"host", host.encode()), (b"content-type", b"application/json")]
    if session is not None:
        headers.append((b"cookie", f"{settings.SESSION_COOKIE_NAME}={session.session_key}".encode()))
    scope = {"type": "http", "method": "POST", "path": "/besluiten/stem/", "headers": headers}
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    told: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": raw, "more_body": False}

    async def tell(message: dict[str, Any]) -> None:
        told.append(message)

    async def elsewhere(_scope: Any, _receive: Any, _send: Any) -> None:
        raise AssertionError("this is not the ordinary road")

    await with_quick_road(elsewhere)(scope, receive, tell)
    return told[0]["status"], json.loads(told[1]["body"])
