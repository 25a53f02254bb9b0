"""Per-request rules of the shell: where a change comes from, who needs a second factor, how long a session
lasts.
"""

import time

from allauth.usersessions.models import UserSession
from django.contrib.auth import logout

from omkering.journal.origin import origin
from omkering.ui.second_factor import ask_for_second_factor, has_second_factor
from omkering.ui.sessions import ends_at, journal_mark
from omkering.who.standing import standing_of

# Where somebody without a second factor may come: to log in and out, to set one up, and to read what is
# about the site itself.
WITHOUT_SECOND_FACTOR = frozenset(
    {
        "account_login",
        "account_logout",
        "account_reauthenticate",
        "account_change_password",
        "account_set_password",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "mfa_index",
        "mfa_authenticate",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_login_webauthn",
        "oidc_login",
        "oidc_callback",
        "set_language",
        "web:about",
        "web:accessibility",
        "web:privacy",
        "web:processing",
        "web:security",
        "web:security_txt",
        "web:robots",
        "web:healthz",
        "web:metrics",
    }
)


class JournalOriginMiddleware:
    """Events recorded in a request come from `web:` and a keyed mark of the session.

    The mark ties events of one session together and to the access log, without naming an address or
    a secret in a log that can never be changed.
    """

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        with origin(f"web:{journal_mark(request.session.session_key or '')}"):
            return self.get_response(request)


class SecondFactorMiddleware:
    """Whoever holds a role of the bureau sees nothing without a second factor but the pages to set it up."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not request.user.is_authenticated or request.resolver_match.view_name in WITHOUT_SECOND_FACTOR:
            return None
        if not standing_of(request.user).needs_second_factor or has_second_factor(request):
            return None
        return ask_for_second_factor(request)


class SessionLimitMiddleware:
    """A session ends when nobody uses it for a while, and in any case after SESSION_COOKIE_AGE.

    What was typed is kept by the page itself. The moment of last use is written at most once a minute, in the
    session and in the list of sessions that its owner sees.
    """

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            now = int(time.time())
            request.session.setdefault("started", now)
            last = request.session.get("last_used", 0)
            if now > ends_at(request.session):
                logout(request)
            elif now - last > 60:
                request.session["last_used"] = now
                UserSession.objects.create_from_request(request)
        return self.get_response(request)
