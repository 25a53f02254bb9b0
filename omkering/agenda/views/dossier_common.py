"""What the pages of dossiers share: who may know of one, the way to a page, and a page with one form."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from omkering.agenda.cooperation import Missing
from omkering.agenda.models import Dossier
from omkering.agenda.queries.dossiers import readable_dossiers
from omkering.ui import form_pages
from omkering.ui.form_pages import is_changed
from omkering.ui.request import Request

Crumbs = list[tuple[str, str]]


def crumbs(*more: tuple[str, str]) -> Crumbs:
    """The way to a page among the dossiers."""
    return [(_("Agenda"), reverse("agenda:room")), (_("Dossiers"), reverse("agenda:dossiers")), *more]


def crumbs_of(dossier: Dossier, *more: tuple[str, str]) -> Crumbs:
    """The way to a page about one dossier."""
    return crumbs((dossier.title, reverse("agenda:dossier", args=[dossier.pk])), *more)


def dossier_or_404(request: Request, pk: int) -> Dossier:
    """The dossier, or a 404 for who may not know of it."""
    # Without its audience, which few have: each join more is a millisecond of planning.
    rows = readable_dossiers(request.user).select_related("theme", "owner", "owner_body")
    return get_object_or_404(rows.defer("search", "body"), pk=pk)


def places(lacking: list[Missing], dossier: Dossier) -> list[tuple[str, str]]:
    """What is missing: the sentence, and the address where it is mended."""
    return [(entry.sentence, reverse(entry.place, args=[dossier.pk])) for entry in lacking]


def form_page(
    request: Request,
    dossier: Dossier,
    form: forms.Form,
    *,
    heading: str,
    button: str,
    deed: Callable[[dict[str, Any]], Any],
    done: str,
    anew: Callable[[Dossier], forms.Form] | None = None,
    lead: str = "",
    **more: Any,
) -> HttpResponse:
    """Show a form about a dossier; when it was sent and is right, do the deed and go to the dossier.

    `anew` makes the form again, with what was typed, for the dossier as somebody else left it meanwhile.
    """

    def stale(form: forms.Form, error: ValidationError) -> tuple[forms.Form, dict[str, Any]]:
        changed, now = is_changed(error), dossier
        if changed and anew is not None:
            now = dossier_or_404(request, dossier.pk)
            form = anew(now)
            form.is_valid()
        differences = form.differences(now) if changed and hasattr(form, "differences") else []
        return form, {"dossier": now, "changed": changed, "differences": differences}

    def act(form: forms.Form) -> str:
        deed(form.cleaned_data)
        return reverse("agenda:dossier", args=[dossier.pk])

    context = {
        "dossier": dossier,
        "heading": heading,
        "button": button,
        "lead": lead,
        "changed": False,
        "differences": [],
        "breadcrumbs": crumbs_of(dossier, (heading, "")),
        **more,
    }
    return form_pages.form_page(
        request,
        form,
        template="agenda/dossier_form.html",
        deed=act,
        done=done,
        context=context,
        refused=stale,
    )


def with_new_version(request: Request, dossier: Dossier, **values: str) -> Any:
    """What was sent, with the version of the dossier as it is now, so that sending it again saves it."""
    data = request.POST.copy()
    data["version"] = str(dossier.version)
    for name, value in values.items():
        data[name] = value
    return data
