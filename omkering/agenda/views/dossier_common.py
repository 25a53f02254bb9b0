"""What the pages of dossiers share: who may know of one, the way to a page, and a page with one form."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from omkering.agenda.cooperation import Missing
from omkering.agenda.models import Dossier
from omkering.agenda.queries.dossiers import readable_dossiers
from omkering.ui.request import Request
from omkering.ui.text_forms import add_errors

Crumbs = list[tuple[str, str]]


def crumbs(*more: tuple[str, str]) -> Crumbs:
    """The way to a page among the dossiers."""
    return [(_("Agenda"), reverse("agenda:room")), (_("Dossiers"), reverse("agenda:dossiers")), *more]


def crumbs_of(dossier: Dossier, *more: tuple[str, str]) -> Crumbs:
    """The way to a page about one dossier."""
    return crumbs((dossier.title, reverse("agenda:dossier", args=[dossier.pk])), *more)


def dossier_or_404(request: Request, pk: int) -> Dossier:
    """The dossier, or a 404 for who may not know of it."""
    rows = readable_dossiers(request.user).select_related(
        "theme", "owner", "owner_body", "author", "audience"
    )
    return get_object_or_404(rows.defer("search", "body"), pk=pk)


def is_changed(error: ValidationError) -> bool:
    """Whether a command refused because somebody else changed the dossier meanwhile."""
    return not hasattr(error, "error_dict") and any(one.code == "changed" for one in error.error_list)


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
    changed = False
    if request.method == "POST" and form.is_valid():
        try:
            deed(form.cleaned_data)
        except ValidationError as error:
            changed = is_changed(error)
            if changed and anew is not None:
                dossier = dossier_or_404(request, dossier.pk)
                form = anew(dossier)
                form.is_valid()
            add_errors(form, error)
        else:
            messages.success(request, done)
            return redirect("agenda:dossier", dossier.pk)
    context = {
        "form": form,
        "dossier": dossier,
        "heading": heading,
        "button": button,
        "lead": lead,
        "changed": changed,
        "differences": form.differences(dossier) if changed and hasattr(form, "differences") else [],
        "breadcrumbs": crumbs_of(dossier, (heading, "")),
        **more,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "agenda/dossier_form.html", context, status=status)


def with_new_version(request: Request, dossier: Dossier, **values: str) -> Any:
    """What was sent, with the version of the dossier as it is now, so that sending it again saves it."""
    data = request.POST.copy()
    data["version"] = str(dossier.version)
    for name, value in values.items():
        data[name] = value
    return data
