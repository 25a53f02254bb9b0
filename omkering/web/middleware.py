"""Per-request rules of the shell: where a change comes from, and who needs a second factor."""

import hashlib
import hmac

from django.conf import settings

from omkering.journal.origin import origin


class JournalOriginMiddleware:
    """Events recorded in a request come from `web:` and a keyed mark of the session.

    The mark ties events of one session together and to the access log, without naming an address or
    a secret in a log that can never be changed.
    """

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        key = request.session.session_key or ""
        mark = hmac.new(settings.SECRET_KEY.encode(), key.encode(), hashlib.sha256).hexdigest()[:12] if key else "none"
        with origin(f"web:{mark}"):
            return self.get_response(request)


class SecondFactorMiddleware:
    """Placeholder until the account pages are in."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)
