"""What every page knows: the association, the menu, who reads, and the links at the foot."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from omkering.thread.queries import unread_count
from omkering.ui import navigation
from omkering.ui.kept import kept_for
from omkering.who.current import association
from omkering.who.example_people import example_people
from omkering.who.models import in_language
from omkering.who.standing import standing_of


def shell(request: HttpRequest) -> dict[str, Any]:
    """Template context of the frame. Error pages may be rendered before a person is known."""
    language = get_language() or association().languages[0]
    user: Any = getattr(request, "user", None)
    known = user is not None and user.is_authenticated
    return {
        "example_people": SimpleLazyObject(example_people) if settings.DEMO and not known else [],
        "association": {
            "name": "Omkering",
            "subtitle": association().names.get_in(language),
            "theme": association().theme_class,
        },
        "demo": settings.DEMO,
        "on": getattr(request, "on", None),
        "on_given": getattr(request, "on_given", False),
        "standing": SimpleLazyObject(lambda: standing_of(user)),
        "navigation": navigation.entries(request) if user is not None else [],
        "kept_form": SimpleLazyObject(lambda: kept_for(request) if known else None),
        "unread": SimpleLazyObject(lambda: unread_count(user) if known else 0),
        "organisation": SimpleLazyObject(lambda: organisation_of(user) if known else ""),
        "footer_links": [
            (_("About"), reverse("web:about")),
            (_("Accessibility"), reverse("web:accessibility")),
            (_("Privacy"), reverse("web:privacy")),
            (_("Report a vulnerability"), reverse("web:security")),
        ],
    }


def organisation_of(person: Any) -> str:
    """For whom a person acts, in words: the first of their appointments of today."""
    names = standing_of(person).acts_for
    if names is None:
        return ""
    return in_language(dict(names)) or str(association().short_names)
