"""What the pages of amendments share: who may know of one, the way to a page, and a page with one form."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from omkering.deliberate.models import Amendment, Document
from omkering.deliberate.queries.amendments import readable_amendments, readable_documents
from omkering.ui import form_pages
from omkering.ui.form_pages import is_changed, with_new
from omkering.ui.request import Request

Crumbs = list[tuple[str, str]]


def document_url(document_id: int) -> str:
    """The page of a text, or of its amendments where it has none."""
    try:
        return reverse("deliberate:document", args=[document_id])
    except NoReverseMatch:
        return reverse("deliberate:amendments", args=[document_id])


def crumbs(document: Document, *more: tuple[str, str]) -> Crumbs:
    """The way to a page about amendments to a document."""
    return [
        (_("Deliberate"), reverse("deliberate:room")),
        (document.title, document_url(document.pk)),
        (_("Amendments"), reverse("deliberate:amendments", args=[document.pk])),
        *more,
    ]


def crumbs_of(row: Amendment, *more: tuple[str, str]) -> Crumbs:
    """The way to a page about one amendment."""
    return crumbs(row.document, (named(row), address(row)), *more)


def named(row: Amendment) -> str:
    """An amendment by its number."""
    return _("Amendment %(number)s") % {"number": row.number}


def address(row: Amendment) -> str:
    """The page of an amendment."""
    return reverse("deliberate:amendment", args=[row.pk])


def document_or_404(request: Request, pk: int) -> Document:
    """The document, or a 404 for who may not know of it."""
    return get_object_or_404(readable_documents(request.user).defer("search", "body"), pk=pk)


def amendment_or_404(request: Request, pk: int) -> Amendment:
    """The amendment, or a 404 for who may not know of it."""
    rows = readable_amendments(request.user).select_related(
        "document", "paragraph", "written_on", "in_round", "owner_member", "network", "settled_in", "author"
    )
    skipped = (
        "search",
        "body",
        "document__search",
        "document__body",
        "settled_in__search",
        "settled_in__body",
    )
    return get_object_or_404(rows.defer(*skipped), pk=pk)


def with_new_version(form: forms.Form, pk: int) -> None:
    """Give a form that was sent the version of the amendment as it is now, so that sending it again saves it."""
    with_new(form, version=Amendment.objects.values_list("version", flat=True).get(pk=pk))


def form_page(
    request: Request,
    row: Amendment,
    form: forms.Form,
    *,
    heading: str,
    button: str,
    deed: Callable[[dict[str, Any]], Any],
    done: str,
    lead: str = "",
    template: str = "deliberate/amendment_deed.html",
    negative: bool = False,
    target: Callable[[Any], str] | None = None,
    **more: Any,
) -> HttpResponse:
    """Show a form about an amendment; when it was sent and is right, do the deed and go to its page, or `target`."""

    def stale(form: forms.Form, error: ValidationError) -> tuple[forms.Form, dict[str, Any]]:
        if is_changed(error) and "version" in form.fields:
            with_new_version(form, row.pk)
        return form, {}

    def act(form: forms.Form) -> str:
        made = deed(form.cleaned_data)
        return target(made) if target else address(row)

    context = {
        "amendment": row,
        "heading": heading,
        "button": button,
        "negative": negative,
        "lead": lead or f"{named(row)}. {row.title}",
        "back": address(row),
        "breadcrumbs": crumbs_of(row, (heading, "")),
        **more,
    }
    return form_pages.form_page(
        request, form, template=template, deed=act, done=done, context=context, refused=stale
    )
