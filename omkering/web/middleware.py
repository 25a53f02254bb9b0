"""Per-request rules of the shell: where a change comes from, and who needs a second factor."""

import hashlib
import hmac
import time

from django.conf import settings
from django.contrib.auth import logout
from django.shortcuts import render

from omkering.journal.origin import origin
from omkering.ui.second_factor import has_second_factor
from omkering.who.standing import standing_of

# Where somebody without a second factor may come, to set one up or to leave.
WITHOUT_SECOND_FACTOR = ("/account/", "/taal/", "/toegankelijkheid/", "/privacy/", "/static/")


class JournalOriginMiddleware:
    """Events recorded in a request come from `web:` and a keyed mark of the session.

    The mark ties events of one session together and to the access log, without naming an address or
    a secret in a log that can never be changed.
    """

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        key = request.session.session_key or ""
        mark = (
            hmac.new(settings.SECRET_KEY.encode(), key.encode(), hashlib.sha256).hexdigest()[:12]
            if key
            else "none"
        )
        with origin(f"web:{mark}"):
            return self.get_response(request)


class SecondFactorMiddleware:
    """Whoever holds a role of the bureau sees nothing without a second factor but the pages to set it up."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not request.user.is_authenticated or request.path.startswith(WITHOUT_SECOND_FACTOR):
            return None
        if not standing_of(request.user).needs_second_factor or has_second_factor(request):
            return None
        return render(request, "ui/second_factor.html", {"next": request.get_full_path()}, status=403)


class IdleMiddleware:
    """A session nobody uses ends after a while; what was typed is kept by the page itself.

    The moment of last use is written at most once a minute.
    """

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            now = int(time.time())
            last = request.session.get("last_used", now)
            if now - last > settings.SESSION_IDLE_SECONDS:
                logout(request)
            elif now - last > 60 or "last_used" not in request.session:
                request.session["last_used"] = now
        return self.get_response(request)
