"""Sessions: how long one lasts, and the mark under which the journal knows it."""

import hashlib
import hmac
import time
from typing import Any

from django.conf import settings


def ends_at(session: Any) -> float:
    """Until when, in seconds of the epoch, a session may be used without using it again: its own end
    (SESSION_COOKIE_AGE), or SESSION_IDLE_SECONDS after it was last used.
    """
    now = time.time()
    started, used = session.get("started", now), session.get("last_used") or now
    return min(started + settings.SESSION_COOKIE_AGE, used + settings.SESSION_IDLE_SECONDS)


def journal_mark(key: str) -> str:
    """The keyed mark of a session in the journal: it ties events of one session together and tells nothing else."""
    if not key:
        return "none"
    return hmac.new(settings.SECRET_KEY.encode(), key.encode(), hashlib.sha256).hexdigest()[:12]


def digits(secret: str) -> str:
    """The first digits of a hash: enough to tell whether two secrets are the same, nothing to find one with.

    PostgreSQL gives the same by `left(encode(sha256(convert_to(…, 'UTF8')), 'hex'), 16)`.
    """
    return hashlib.sha256(secret.encode()).hexdigest()[:16]
