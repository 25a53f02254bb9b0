"""The second factor: whether this session gave one, and pages that ask for it."""

import time
from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

LASTS = 12 * 3600  # seconds; a session does not last longer either
SESSION_KEY = "account_authentication_methods"  # where allauth keeps how and when somebody logged in


def has_second_factor(request: HttpRequest, *, within: int = LASTS) -> bool:
    """Whether a second factor (code, passkey, or the identity provider's own) was given in this session.

    `within`: how long ago at most, in seconds.
    """
    now = time.time()
    return any(
        now - float(record.get("at", 0)) <= within
        for record in request.session.get(SESSION_KEY, [])
        if _counts(record)
    )


def _counts(record: dict) -> bool:
    """A passkey or a code counts; so does a log-in elsewhere that says so (`mfa`), and the demo's one click."""
    method = record.get("method")
    return method in ("mfa", "demo") or bool(record.get("mfa"))


def second_factor_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator: without a second factor in this session, show how to give one, and keep the way back."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if has_second_factor(request):
            return view(request, *args, **kwargs)
        return render(request, "ui/second_factor.html", {"next": request.get_full_path()}, status=403)

    return guarded
