"""Who may come to a page: declared at the view, enforced here, and checked for every address by a test.

This is the outer gate. What somebody may do inside is decided by the commands.
"""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from omkering.ui.kept import arrived, keep
from omkering.who.standing import Standing, standing_of

GATES: dict[str, Callable[[Standing], bool]] = {
    "person": lambda standing: True,
    "insider": lambda standing: standing.is_insider,
    "member": lambda standing: bool(standing.members),
    "bureau": lambda standing: standing.is_bureau,
    "administrator": lambda standing: standing.is_administrator,
}


def _way_back(request: HttpRequest) -> str:
    """Where to go after logging in: this page, or for a form that was sent, the page it stood on. What was
    typed there is put back by the page itself.
    """
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    referer = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(referer, {request.get_host()}, request.is_secure()):
        return "/"
    parts = urlsplit(referer)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path or "/"


def access(gate: str) -> Callable:
    """Decorator: let in `public` (everyone), `person` (logged in), `insider` (any appointment), `member`
    (works for a member), `bureau` or `administrator`.

    An unknown visitor is sent to the log-in page and comes back afterwards; somebody else gets a 403.
    """
    if gate != "public" and gate not in GATES:
        raise ValueError(f"unknown gate {gate!r}")

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if gate != "public":
                if not request.user.is_authenticated:
                    way_back = _way_back(request)
                    if request.method == "POST":
                        keep(request, urlsplit(way_back).path)
                    return redirect_to_login(way_back)
                if not GATES[gate](standing_of(request.user)):
                    raise PermissionDenied
                if request.method == "POST":
                    arrived(request)
            return view(request, *args, **kwargs)

        guarded.access = gate  # type: ignore[attr-defined]
        return guarded

    return decorate
