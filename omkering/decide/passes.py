"""Passes for the quick road: signed words that say which ballot somebody may cast, handed out by a whole request.

A pass tells what was checked when it was made (person, mandate, second factor), belongs to one session, and ends with
it. It is no proof by itself: when the ballot comes, the database looks again whether the session is there, and whether
what the right rests on still holds (`ballot_box`). A stranger's page cannot send one: it does not know any.
"""

import time
from dataclasses import astuple
from functools import cache
from typing import Any

from django.core import signing

from omkering.decide.models import Vote
from omkering.decide.voting_rights import Ground, Right
from omkering.ui.request import Request
from omkering.ui.second_factor import second_factor_lasts
from omkering.ui.sessions import digits, ends_at

SALT = "omkering.decide.passes"
Pass = dict[str, Any]


def issue(request: Request, vote: Vote, right: Right) -> str:
    """A pass for one ballot, for the session of this request."""
    return _signer().sign_object(
        {
            "vote": vote.pk,
            "entry": right.entry.pk,
            "part": right.part,
            "person": request.user.pk,
            "ground": astuple(right.ground),
            "session": digits(request.session.session_key or ""),
            "password": digits(request.user.password),
            "until": int(min(ends_at(request.session), second_factor_lasts(request))),
        }
    )


def read(text: str, session_key: str) -> Pass | None:
    """What a pass says; None for one that is not ours, has ended, or belongs to another session."""
    try:
        found = _signer().unsign_object(text)
    except (signing.BadSignature, ValueError):
        return None
    if not session_key or found["session"] != digits(session_key) or found["until"] < time.time():
        return None
    return {**found, "ground": Ground(*found["ground"])}


@cache
def _signer() -> signing.Signer:
    return signing.Signer(salt=SALT)
