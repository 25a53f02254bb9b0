"""Themes: the list, and one theme with its numbers, map, bundles and signals."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from omkering.listen.models import SignalState
from omkering.listen.queries.bundles import theme_page, themes_with_counts
from omkering.thread.models import Theme
from omkering.ui.access import access
from omkering.ui.request import Request


@access("public")
def themes(request: Request) -> HttpResponse:
    """All themes, with how many signals each has."""
    context = {
        "themes": themes_with_counts(request.user),
        "breadcrumbs": [(_("Signals"), reverse("listen:board")), (_("Themes"), "")],
    }
    return render(request, "listen/themes.html", context)


@access("public")
def theme(request: Request, key: str) -> HttpResponse:
    """One theme."""
    row = get_object_or_404(Theme.objects.select_related("body"), key=key)
    page = theme_page(row, request.user, request.on)
    context = {
        "page": page,
        "theme": row,
        "states": [(state.value, state.label, page.by_state.get(state, 0)) for state in SignalState],
        "breadcrumbs": [
            (_("Signals"), reverse("listen:board")),
            (_("Themes"), reverse("listen:themes")),
            (row.name, ""),
        ],
    }
    return render(request, "listen/theme.html", context)
