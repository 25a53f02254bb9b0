"""The quick road for votes on statements: `POST stellingen/<pk>/stem/snel/`, answered with the next statement, or
with the way to its page.

Votes come by the hundred a second, so what comes in at the same moment goes into the database together. The page hands
out a pass, for half an hour, to who is in the public of the round; with each vote the database looks again whether the
session, the person and the round still hold. Who has no pass that is good goes the ordinary road.
"""

import json
import time
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from typing import Any

import psycopg
from django.conf import settings
from django.core import signing
from django.template.loader import get_template
from django.urls import reverse
from django.utils import translation

from omkering.deliberate import opinion_clock
from omkering.deliberate.commands.statements import VOTE, member_of
from omkering.deliberate.models import ConsultationRound, StatementVote
from omkering.deliberate.queries.statements import Line, Turn, turn_of
from omkering.journal import clock
from omkering.ui import lean
from omkering.ui.request import Request
from omkering.ui.sessions import digits, ends_at

SALT = "omkering.deliberate.quick"
LASTS = 30 * 60  # seconds of a pass
MOST = 100  # votes in one transaction
FRESH = 1.0  # seconds that the statements of a round are remembered

DONE = """
SELECT vote.person_id, statement.in_round_id, array_agg(vote.statement_id)
FROM deliberate_statementvote AS vote
JOIN deliberate_statement AS statement ON statement.item_ptr_id = vote.statement_id
WHERE vote.person_id = ANY(%s) AND statement.in_round_id = ANY(%s)
GROUP BY vote.person_id, statement.in_round_id
"""
SHOWN = """
SELECT statement.item_ptr_id, statement.number, statement.text, statement.vote_count
FROM deliberate_statement AS statement
JOIN thread_item AS item ON item.id = statement.item_ptr_id AND item.state = 'shown'
WHERE statement.in_round_id = %s
"""


# --- passes ----------------------------------------------------------------------------------------------
def issue(request: Request, round: ConsultationRound) -> str:
    """A pass for the statements of a round, for who was found to be in its public by the caller."""
    return _signer().sign_object(
        {
            "round": round.pk,
            "person": request.user.pk,
            "member": member_of(request.user),
            "session": digits(request.session.session_key or ""),
            "password": digits(request.user.password),
            "until": int(min(ends_at(request.session), time.time() + LASTS)),
        }
    )


@cache
def _signer() -> signing.Signer:
    return signing.Signer(salt=SALT)


def _read(text: str, session: str) -> dict[str, Any] | None:
    try:
        found = _signer().unsign_object(text)
    except (signing.BadSignature, ValueError):
        return None
    good = session and found["session"] == digits(session) and found["until"] >= time.time()
    return found if good else None


# --- what comes in ---------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Incoming:
    """A vote as it comes in."""

    statement: int
    value: int
    found: dict[str, Any]  # the pass
    session: str


@dataclass(frozen=True)
class Kept:
    """What became of it, and on which statements this person has voted."""

    verdict: str
    done: frozenset[int]


class _Votes:
    """What this process keeps: its line to the database, and the statements of each round for a second."""

    def __init__(self) -> None:
        self.line = lean.Line()
        self.gathered = lean.Gathered(self._keep, key=lambda v: (v.statement, v.found["person"]), most=MOST)
        self._shown: dict[int, tuple[float, dict[int, Line], dict[int, int]]] = {}

    async def _keep(self, votes: list[Incoming]) -> list[Kept]:
        rows = [
            {
                "i": number,
                "statement": vote.statement,
                "round": vote.found["round"],
                "person": vote.found["person"],
                "member": vote.found["member"],
                "value": vote.value,
                "session": vote.session,
                "password": vote.found["password"],
            }
            for number, vote in enumerate(votes)
        ]
        people = sorted({vote.found["person"] for vote in votes})
        rounds = sorted({vote.found["round"] for vote in votes})
        verdicts, done = await self.line.run_all(
            [(VOTE, [json.dumps(rows), clock.set_now()]), (DONE, [people, rounds])]
        )
        known = {(person, round): frozenset(statements) for person, round, statements in done}
        for round in {votes[number].found["round"] for number, verdict in verdicts if verdict == "kept"}:
            lean.in_background(partial(opinion_clock.changed, round))
        return [
            Kept(verdict, known.get((vote.found["person"], vote.found["round"]), frozenset()))
            for vote, (_number, verdict) in zip(votes, verdicts, strict=True)
        ]

    async def shown(self, round: int) -> tuple[dict[int, Line], dict[int, int]]:
        """The statements shown in a round, and how many votes each has; at most a second old."""
        at, lines, counts = self._shown.get(round, (-FRESH, {}, {}))
        now = time.monotonic()
        if now - at >= FRESH:
            rows = await self.line.run([(SHOWN, [round])])
            lines = {pk: Line(pk, number, text) for pk, number, text, _votes in rows}
            counts = {pk: votes for pk, _number, _text, votes in rows}
            if len(self._shown) > 100:
                self._shown.clear()
            self._shown[round] = (now, lines, counts)
        return lines, counts


@lru_cache(maxsize=1)
def _votes() -> _Votes:
    return _Votes()


async def cast(scope: lean.Scope, receive: lean.Receive, send: lean.Send, path: dict[str, str]) -> None:
    """Take a vote, and answer with the next statement; without a script, lead to the page that shows it."""
    form = await lean.read_form(receive)
    jar = lean.cookies(scope)
    key = jar.get(settings.SESSION_COOKIE_NAME, "")
    found = _read(form.get("pass", ""), key)
    value = {"1": 1, "0": 0, "-1": -1}.get(form.get("value", ""))
    statement = int(path["pk"])
    html = ""
    if found is not None and value is not None:
        try:
            kept = await _votes().gathered.put(Incoming(statement, value, found, key))
            lines, counts = await _votes().shown(found["round"])
        except (psycopg.Error, OSError):
            return await lean.answer(send, 503, {"code": "later"})
        if kept.verdict == "kept" and statement in lines:
            if not lean.header(scope, b"hx-request"):
                page = reverse("deliberate:vote_statements", args=[found["round"]])
                return await lean.go_to(send, f"{page}?last={statement}")
            with translation.override(lean.language_of(jar)):
                html = _page(
                    form, found, lines[statement], value, turn_of(found["person"], lines, counts, kept.done)
                )
    if html:
        return await lean.answer_html(send, html)
    # The ordinary road takes the same vote, or says in its own words why not.
    return await lean.send_on(send, reverse("deliberate:cast_statement_vote", args=[statement]))


def _page(form: dict[str, str], found: dict[str, Any], voted: Line, value: int, turn: Turn) -> str:
    """The next statement, with what was just stored."""
    context = {
        "turn": turn,
        "last": {
            "get_value_display": StatementVote.Value(value).label,
            "statement": voted,
            "statement_id": voted.pk,
        },
        "round": {"pk": found["round"]},
        "values": StatementVote.Value,
        "pass": form["pass"],
        "csrf_token": form.get("csrfmiddlewaretoken", ""),
    }
    return get_template("deliberate/statement_turn.html").render(context)


def register() -> None:
    """Put votes on statements on the quick road; called once, when the application starts."""
    lean.route("POST", r"/beraadslagen/stellingen/(?P<pk>\d{1,18})/stem/snel/", cast)
