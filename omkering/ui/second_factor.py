"""The second factor: whether this session gave one, and pages that ask for it."""

import time
from collections.abc import Callable
from functools import wraps

from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from omkering.ui.kept import keep

LASTS = 12 * 3600  # seconds; a session does not last longer either
SESSION_KEY = "account_authentication_methods"  # where allauth keeps how and when somebody logged in
PERSON_KEY = f"{SESSION_KEY}_user"  # and of whom


def has_second_factor(request: HttpRequest, *, within: int = LASTS) -> bool:
    """Whether a second factor (code, passkey, or the identity provider's own) was given in this session.

    `within`: how long ago at most, in seconds.
    """
    if request.session.get(PERSON_KEY, str(request.user.pk)) != str(request.user.pk):
        return False  # the records are of somebody who began to log in, not of who is logged in
    now = time.time()
    return any(
        now - float(record.get("at", 0)) <= within
        for record in request.session.get(SESSION_KEY, [])
        if _counts(record)
    )


def second_factor_lasts(request: HttpRequest) -> float:
    """Until when, in seconds of the epoch, the second factor of this session counts; 0 without one."""
    if request.session.get(PERSON_KEY, str(request.user.pk)) != str(request.user.pk):
        return 0
    given = [float(r.get("at", 0)) for r in request.session.get(SESSION_KEY, []) if _counts(r)]
    return max(given, default=-LASTS) + LASTS


def count_as_given(request: HttpRequest, method: str) -> None:
    """Note that a second factor was given now: elsewhere (`socialaccount`), here (`mfa`), or in the demo."""
    mine = request.session.get(PERSON_KEY) == str(request.user.pk)
    earlier = request.session.get(SESSION_KEY, []) if mine else []
    request.session[SESSION_KEY] = [*earlier, {"method": method, "mfa": True, "at": time.time()}]
    request.session[PERSON_KEY] = str(request.user.pk)


def _counts(record: dict) -> bool:
    """A passkey or a code counts; so does a log-in elsewhere that says so (`mfa`), and the demo's one click."""
    return record.get("method") == "mfa" or bool(record.get("mfa"))


def second_factor_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator: without a second factor in this session, show how to give one, and keep the way back.

    A form that was sent is kept too, and offered on the page it leads back to.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if has_second_factor(request):
            return view(request, *args, **kwargs)
        if request.method == "POST":
            keep(request, request.path)
        return ask_for_second_factor(request)

    return guarded


def ask_for_second_factor(request: HttpRequest) -> HttpResponse:
    """The page that asks for a second factor; the page of second factors leads back afterwards."""
    back = request.get_full_path() if request.method == "GET" else request.path
    request.session["wanted"] = back
    enrolled = is_mfa_enabled(request.user)
    return render(request, "ui/second_factor.html", {"next": back, "enrolled": enrolled}, status=403)
