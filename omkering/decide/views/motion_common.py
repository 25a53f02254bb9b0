"""What the pages of motions and undertakings share: who may know of one, the way to a page, a page with one form."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from omkering.decide.models import Motion, Undertaking
from omkering.decide.motion_words import named
from omkering.decide.queries.motions import readable_motions
from omkering.decide.queries.undertakings import readable_undertakings
from omkering.decide.views.common import Crumbs, crumbs
from omkering.thread import kinds
from omkering.thread.models import Item
from omkering.ui import form_pages
from omkering.ui.form_pages import is_changed, with_new
from omkering.ui.request import Request

LIGHT = ("search", "body", "meeting__search", "meeting__body", "meeting__rules")


def motion_crumbs(*more: tuple[str, str]) -> Crumbs:
    """The way to a page among the motions."""
    return crumbs((_("Motions"), reverse("decide:motions")), *more)


def crumbs_to(row: Item, *more: tuple[str, str]) -> Crumbs:
    """The way to a page about one motion or undertaking."""
    if row.kind == "undertaking":
        return crumbs((_("Undertakings"), reverse("decide:undertakings")), (row.title, kinds.url(row)), *more)
    label = named(row) if isinstance(row, Motion) else row.title
    return motion_crumbs((label, kinds.url(row)), *more)


def motion_or_404(request: Request, pk: int) -> Motion:
    """The motion, or a 404 for who may not know of it."""
    rows = readable_motions(request.user).select_related(
        "meeting__owner_body",
        "owner_member",
        "network",
        "theme",
        "agenda_item",
        "owner_body",
    )
    return get_object_or_404(rows.defer(*LIGHT), pk=pk)


def undertaking_or_404(request: Request, pk: int) -> Undertaking:
    """The undertaking, or a 404 for who may not know of it."""
    rows = readable_undertakings(request.user).select_related(
        "meeting", "owner_body", "asked_by", "agenda_item"
    )
    return get_object_or_404(rows.defer(*LIGHT), pk=pk)


def followed_or_404(request: Request, pk: int) -> Motion | Undertaking:
    """The motion or undertaking with this key, or a 404."""
    try:
        return motion_or_404(request, pk)
    except Http404:
        return undertaking_or_404(request, pk)


def with_new_version(form: forms.Form, row: Motion | Undertaking) -> None:
    """Give a form that was sent the version as it is now, so that sending it again saves it."""
    with_new(form, version=type(row).objects.values_list("version", flat=True).get(pk=row.pk))


def form_page(
    request: Request,
    row: Item,
    form: forms.Form,
    *,
    heading: str,
    button: str,
    deed: Callable[[dict[str, Any]], Any],
    done: str,
    lead: str = "",
    template: str = "decide/motion_deed.html",
    negative: bool = False,
    target: Callable[[Any], str] | None = None,
    **more: Any,
) -> HttpResponse:
    """Show a form about an item; when it was sent and is right, do the deed and go to its page, or `target`."""

    def stale(form: forms.Form, error: ValidationError) -> tuple[forms.Form, dict[str, Any]]:
        if is_changed(error) and "version" in form.fields and isinstance(row, Motion | Undertaking):
            with_new_version(form, row)
        return form, {}

    def act(form: forms.Form) -> str:
        made = deed(form.cleaned_data)
        return target(made) if target else kinds.url(row)

    context = {
        "item": row,
        "heading": heading,
        "button": button,
        "negative": negative,
        "lead": lead or (f"{named(row)}. {row.title}" if isinstance(row, Motion) else row.title),
        "back": kinds.url(row),
        "breadcrumbs": crumbs_to(row, (heading, "")),
        **more,
    }
    return form_pages.form_page(
        request, form, template=template, deed=act, done=done, context=context, refused=stale
    )
