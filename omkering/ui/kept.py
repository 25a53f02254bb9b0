"""What somebody sent after the session had ended: kept until they are logged in again, then offered on the page
it was typed on. Where a script puts it back from the device itself (`draft.js`), this offer goes away.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest

_KEY = "kept_form"
LONGEST = 200_000  # characters of all fields together
MINUTES = 30  # longer, and somebody else may sit there
_NOT_KEPT = ("csrfmiddlewaretoken",)
_SHOWN_FROM = 12  # letters from which a value is something that was written


@dataclass(frozen=True)
class KeptForm:
    """A form as it was sent: whereto, and its fields in their order."""

    action: str
    fields: Sequence[tuple[str, str]]

    @property
    def written(self) -> list[str]:
        """The texts among the values, so that one sees what will be sent."""
        return [value for _name, value in self.fields if len(value) >= _SHOWN_FROM]


def keep(request: HttpRequest, page: str) -> None:
    """Keep a form that was sent without a session, for `page`, the path it was typed on; files are not kept."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in _NOT_KEPT
        for value in values
        if isinstance(value, str)
    ]
    if fields and sum(len(name) + len(value) for name, value in fields) <= LONGEST:
        request.session[_KEY] = {"page": page, "action": request.path, "fields": fields, "at": time.time()}


def kept_for(request: HttpRequest) -> KeptForm | None:
    """What was kept for this page, for who is logged in now; no query where nothing was."""
    kept = request.session.get(_KEY)
    if not kept or kept["page"] != request.path or time.time() - kept["at"] > MINUTES * 60:
        return None
    return KeptForm(kept["action"], [tuple(pair) for pair in kept["fields"]])


def arrived(request: HttpRequest) -> None:
    """Let go of what was kept: it has been sent again."""
    if (request.session.get(_KEY) or {}).get("action") == request.path:
        del request.session[_KEY]
