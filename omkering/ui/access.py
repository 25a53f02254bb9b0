"""Who may come to a page: declared at the view, enforced here, and checked for every address by a test.

This is the outer gate. What somebody may do inside is decided by the commands.
"""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied

from omkering.who.standing import Standing, standing_of

GATES: dict[str, Callable[[Standing], bool]] = {
    "person": lambda standing: True,
    "insider": lambda standing: standing.is_insider,
    "member": lambda standing: bool(standing.members),
    "bureau": lambda standing: standing.is_bureau,
    "administrator": lambda standing: standing.is_administrator,
}


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
                    return redirect_to_login(request.get_full_path())
                if not GATES[gate](standing_of(request.user)):
                    raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.access = gate  # type: ignore[attr-defined]
        return guarded

    return decorate
