"""The quick road for ballots: `POST stem/` with `{pass, choice, seen}`, answered with a receipt.

The answer comes once the ballot is kept for good, never before; who hears nothing sends the same again, and gets the
same receipt. What comes in at the same moment goes into the box together (`lean.Gathered`), in one transaction.
"""

import logging
from functools import lru_cache
from typing import Any

import psycopg
from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from omkering.decide import ballot_box, choices, passes, vote_rule
from omkering.decide.ballot_box import Incoming, Verdict
from omkering.decide.live import CHANNEL
from omkering.engine.tally import Rule
from omkering.ui import lean
from omkering.ui.sessions import journal_mark

logger = logging.getLogger(__name__)

AT_ONCE = 2  # transactions beside each other
MOST = 100  # ballots in one of them

# The status of an answer for each code; what is kept is 200.
STATUS = {
    "planned": 409,
    "closed": 409,
    "overtaken": 409,
    "voted_before": 409,
    "acclamation": 409,
    "not_on_roll": 403,
    "no_right": 403,
    "no_session": 401,
    "choice": 422,
    "later": 503,
    "form": 400,
}
RULE = "SELECT v.rule, v.secret, v.meeting_id FROM decide_vote v WHERE v.item_ptr_id = %s AND v.opened_at IS NOT NULL"
# What was voted is told to nobody; that a ballot came in is, for the count on the screen.
TELL = "SELECT pg_notify(%s, %s)"


class _Box:
    """What this process keeps for the quick road: its line to the database and the rules of open votes."""

    def __init__(self) -> None:
        self.lines = [lean.Line() for _one in range(AT_ONCE)]
        self.rules: dict[int, tuple[Rule, bool, int | None]] = {}  # a rule stays as it is once a vote is open
        self.open = lean.Gathered(self._keep, key=_place, most=MOST, at_once=AT_ONCE)
        self.secret = lean.Gathered(self._keep_secret, key=_place, most=MOST)

    async def rule_of(self, vote: int) -> tuple[Rule, bool, int | None] | None:
        if vote not in self.rules:
            rows = await self._line().run([(RULE, [vote])])
            if not rows:
                return None
            data, secret, meeting = rows[0]
            if len(self.rules) > 500:
                self.rules.clear()
            self.rules[vote] = (vote_rule.tally_rule(data), secret, meeting)
        return self.rules[vote]

    def _line(self) -> lean.Line:
        """The one that is free, or will be soonest."""
        return min(self.lines, key=lambda line: line.busy)

    async def close(self) -> None:
        for line in self.lines:
            await line.close()

    async def _keep(self, ballots: list[Incoming]) -> list[Verdict]:
        return await self._put(ballots, secret=False)

    async def _keep_secret(self, ballots: list[Incoming]) -> list[Verdict]:
        return await self._put(ballots, secret=True)

    async def _put(self, ballots: list[Incoming], *, secret: bool) -> list[Verdict]:
        meetings = {
            f"{known[2]}:turnout:{ballot.vote}"
            for ballot in ballots
            if (known := self.rules.get(ballot.vote)) and known[2]
        }
        tell = [(TELL, [CHANNEL, text]) for text in sorted(meetings)]
        day = timezone.localdate()
        rows = await self._line().run([*tell, *ballot_box.statements(ballots, secret=secret, day=day)])
        return ballot_box.verdicts(rows)


def _place(ballot: Incoming) -> tuple[int, int]:
    return ballot.entry, ballot.part


@lru_cache(maxsize=1)
def _box() -> _Box:
    return _Box()


async def cast(scope: lean.Scope, receive: lean.Receive, send: lean.Send, _path: dict[str, str]) -> None:
    """Take one ballot."""
    data = await lean.read_json(receive)
    jar = lean.cookies(scope)
    code, kept = await _judge(data, jar.get(settings.SESSION_COOKIE_NAME, ""))
    if kept is None:
        with translation.override(lean.language_of(jar)):
            words = _words(code)
        await lean.answer(send, STATUS[code], {"ok": False, "code": code, "words": words})
    else:
        await lean.answer(send, 200, {"ok": True, "code": code, **kept})


async def _judge(data: dict[str, Any] | None, key: str) -> tuple[str, dict[str, Any] | None]:
    """What became of what was sent: a code, and the receipt of a ballot that was kept."""
    if data is None or not isinstance(data.get("choice"), str):
        return "form", None
    found = passes.read(str(data.get("pass", "")), key)
    if found is None:
        return "no_session", None
    try:
        verdict, choice = await _keep(found, data, key)
    except choices.NoSuchChoice:
        return "choice", None
    except (psycopg.Error, OSError):
        logger.warning("a ballot was not kept: the database did not answer", exc_info=True)
        return "later", None
    if not verdict.kept:
        return verdict.code, None
    if not verdict.event:  # secret: that it came in, and nothing else
        return verdict.code, {"receipt": None}
    at = verdict.at.isoformat() if verdict.at else None
    return verdict.code, {"receipt": verdict.event, "choice": choice, "at": at}


async def _keep(found: passes.Pass, data: dict[str, Any], key: str) -> tuple[Verdict, str]:
    box = _box()
    known = await box.rule_of(found["vote"])
    if known is None:
        return Verdict("planned", 0, None), ""
    rule, secret, _meeting = known
    choice = choices.canonical(rule, data["choice"])
    seen = data.get("seen")
    ballot = Incoming(
        vote=found["vote"],
        entry=found["entry"],
        part=found["part"],
        choice=choice,
        data=choices.parts_of(rule, choice),
        person=found["person"],
        ground=found["ground"],
        seen=seen if isinstance(seen, int) and not isinstance(seen, bool) and 0 <= seen < 2**63 else None,
        session=key,
        password=found["password"],
        origin=f"web:{journal_mark(key)}",
    )
    gathered = box.secret if secret else box.open
    return await gathered.put(ballot), choice


def _words(code: str) -> str:
    """Why a ballot was not kept, in one sentence."""
    return {
        "planned": _("This vote is not open yet."),
        "closed": _("This vote is closed. What you chose now does not count."),
        "overtaken": _("This vote changed in the meantime. Look at it again before you vote."),
        "voted_before": _("A vote was cast here already. A secret vote cannot be changed."),
        "acclamation": _("Nobody votes here unless somebody objects."),
        "not_on_roll": _("This ballot is not on the roll of this vote."),
        "no_right": _(
            "You may not vote here at this moment. Open your votes again to see for whom you can vote."
        ),
        "no_session": _("You are no longer logged in. Log in and vote again."),
        "choice": _("This choice does not fit the vote. Look at what you can fill in, and choose again."),
        "later": _("Your vote has not been received. It is sent again in a moment."),
        "form": _("This is not a ballot."),
    }[code]


def register() -> None:
    """Put ballots on the quick road; called once, when the application starts."""
    lean.route("POST", r"/besluiten/stem/", cast)
