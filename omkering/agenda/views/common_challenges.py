"""What the pages about challenges share."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from omkering.ui import form_pages
from omkering.ui.request import Request

Crumbs = list[tuple[str, str]]


def crumbs(*more: tuple[str, str]) -> Crumbs:
    """The way to a page of this room: (words, address) of each step."""
    return [(_("Agenda"), reverse("agenda:room")), *more]


def challenge_crumbs(*more: tuple[str, str]) -> Crumbs:
    """The way to a page about challenges."""
    return crumbs((_("Challenges"), reverse("agenda:challenges")), *more)


def tabs(current: str) -> list[dict[str, Any]]:
    """The lists about challenges, beside each other."""
    entries = (
        ("challenges", _("Challenges")),
        ("couplings", _("How they hang together")),
        ("conflicts", _("Conflicts of aims")),
        ("bodies", _("Bodies")),
    )
    return [
        {"label": label, "url": reverse(f"agenda:{name}"), "current": name == current, "count": None}
        for name, label in entries
    ]


def form_page(
    request: Request,
    form: forms.Form,
    *,
    heading: str,
    button: str,
    back: str,
    breadcrumbs: Crumbs,
    deed: Callable[[dict[str, Any]], str],
    done: str,
    lead: str = "",
    template: str = "agenda/challenge_form.html",
    wrong: Callable[[ValidationError], dict[str, Any]] | None = None,
    **more: Any,
) -> HttpResponse:
    """Show a form; when it was sent and is right, do the deed and go to the address that it returns.

    `wrong` may give the page more to show for what the command found wrong.
    """
    context = {
        "heading": heading,
        "lead": lead,
        "button": button,
        "back": back,
        "breadcrumbs": breadcrumbs,
        **more,
    }
    return form_pages.form_page(
        request,
        form,
        template=template,
        deed=lambda form: deed(form.cleaned_data),
        done=done,
        context=context,
        refused=lambda form, error: (form, wrong(error) if wrong else {}),
    )
