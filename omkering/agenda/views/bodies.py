"""Bodies of the association: the list, and a page of each."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from omkering.agenda.queries.bodies import all_bodies, body_page
from omkering.agenda.views.common_challenges import crumbs, tabs
from omkering.ui.access import access
from omkering.ui.request import Request
from omkering.who.current import association
from omkering.who.models import Body, in_language

LISTS = ("in", "challenges", "dossiers", "debts")


@access("public")
def bodies(request: Request) -> HttpResponse:
    """Every body with what it owns and owes, by kind."""
    rows = all_bodies(request.user)
    groups = [
        (in_language(kind.names), [row for row in rows if row.body.kind == kind.key])
        for kind in association().body_kinds
    ]
    context = {
        "groups": [group for group in groups if group[1]],
        "tabs": tabs("bodies"),
        "breadcrumbs": crumbs((_("Bodies"), "")),
    }
    return render(request, "agenda/bodies.html", context)


@access("public")
def body(request: Request, key: str) -> HttpResponse:
    """A body: what came in for it, its challenges and dossiers, its debts and its priorities."""
    row = get_object_or_404(Body, key=key)
    show = request.GET.get("show", "")
    if show not in LISTS:
        show = "in" if "kind" in request.GET else ""
    names = [kind.names for kind in association().body_kinds if kind.key == row.kind]
    context = {
        "body": row,
        "kind": in_language(names[0]) if names else "",
        "page": body_page(row, request.user, request.GET, show=show),
        "show": show,
        "breadcrumbs": crumbs((_("Bodies"), reverse("agenda:bodies")), (row.name, "")),
    }
    return render(request, "agenda/body.html", context)
