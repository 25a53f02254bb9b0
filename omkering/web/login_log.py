"""Logging in leaves events in the journal: done, failed, locked, and every change of how somebody logs in.

Without addresses, names or secrets: a person is a number, and an unknown one is nobody.
"""

from typing import Any

from allauth.account import signals as account
from allauth.account.authentication import get_authentication_records
from allauth.mfa import signals as mfa
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_login_failed
from django.db import transaction
from django.http import HttpRequest

from omkering.journal.commands import record
from omkering.ui.second_factor import count_as_given
from omkering.web import login_watch
from omkering.who.models import Person


def log_login(
    verb: str, *, person: Person | None = None, result: str = "done", data: dict[str, Any] | None = None
) -> None:
    """Record one event about logging in; `person` is None for somebody unknown."""
    with transaction.atomic():
        record(
            verb=verb,
            subject=f"person:{person.pk}" if person else "person:unknown",
            actor=person.pk if person and result == "done" else None,
            result=result,
            data=data,
        )


def _by_address(address: Any) -> Person | None:
    return Person.objects.filter(email__iexact=str(address)).first() if address else None


def _done(request: HttpRequest, user: Person, sociallogin: Any = None, **_: Any) -> None:
    from omkering.web import tasks

    if sociallogin is not None and sociallogin.account.extra_data.get("second_factor"):
        count_as_given(request, "socialaccount")
    methods = [row["method"] for row in get_authentication_records(request, user)]
    place = login_watch.place_of(request)
    odd = login_watch.is_odd(user, place)
    log_login("login.done", person=user, data={"methods": methods} | ({"place": place} if place else {}))
    if odd:
        log_login("login.odd_place", person=user)
        tasks.mail_odd_place.defer(person=user.pk)


def _failed(credentials: dict[str, Any], **_: Any) -> None:
    address = credentials.get("email") or credentials.get("username")
    log_login("login.failed", person=_by_address(address), result="failed")
    _watch_failures()


def _watch_failures() -> None:
    from omkering.web import tasks

    if failures := login_watch.failures_now():
        log_login("login.peak", result="failed", data={"failures": failures})
        tasks.mail_login_peak.defer(failures=failures)


def _code_failed(user: Person, **_: Any) -> None:
    log_login("login.failed", person=user, result="failed", data={"methods": ["mfa"]})
    _watch_failures()


def _locked(username: str | None = None, **_: Any) -> None:
    log_login("login.locked", person=_by_address(username), result="refused")


def _factor_added(request: HttpRequest, user: Person, authenticator: Any, **_: Any) -> None:
    # Whoever sets up a second factor shows that it works, so it counts in this session.
    if authenticator.type != authenticator.Type.RECOVERY_CODES:
        count_as_given(request, "mfa")
    log_login("login.factor_added", person=user, data={"type": str(authenticator.type)})


def _factor_removed(user: Person, authenticator: Any, **_: Any) -> None:
    log_login("login.factor_removed", person=user, data={"type": str(authenticator.type)})


def _factor_reset(user: Person, authenticator: Any, **_: Any) -> None:
    log_login("login.factor_reset", person=user, data={"type": str(authenticator.type)})


def _password(user: Person, **_: Any) -> None:
    log_login("login.password_changed", person=user)


def connect() -> None:
    """Listen to allauth and axes; called once, when the app is ready."""
    for signal, receiver in (
        (account.user_logged_in, _done),
        (user_login_failed, _failed),
        (user_locked_out, _locked),
        (mfa.authentication_failed, _code_failed),
        (mfa.authenticator_added, _factor_added),
        (mfa.authenticator_removed, _factor_removed),
        (mfa.authenticator_reset, _factor_reset),
        (account.password_changed, _password),
        (account.password_set, _password),
        (account.password_reset, _password),
    ):
        signal.connect(receiver, dispatch_uid=f"omkering {receiver.__name__}")
