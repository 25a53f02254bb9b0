"""What the pages of documents share: who may know of one, and the way to a page."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from omkering.deliberate.models import Document, Import
from omkering.deliberate.queries.amendments import readable_documents
from omkering.thread.models import Visibility
from omkering.ui.request import Request
from omkering.who.authority import may

Crumbs = list[tuple[str, str]]


def crumbs(*more: tuple[str, str]) -> Crumbs:
    """The way to a page among the documents."""
    return [
        (_("Deliberate"), reverse("deliberate:room")),
        (_("Documents"), reverse("deliberate:documents")),
        *more,
    ]


def crumbs_of(document: Document, *more: tuple[str, str]) -> Crumbs:
    """The way to a page about one document."""
    return crumbs((document.title, reverse("deliberate:document", args=[document.pk])), *more)


def document_or_404(request: Request, pk: int) -> Document:
    """The document, or a 404 for who may not know of it."""
    rows = readable_documents(request.user).select_related("theme", "owner", "owner_body", "audience")
    return get_object_or_404(rows.defer("search", "body"), pk=pk)


def document_to_read(request: Request, pk: int) -> Document:
    """The same for its page: of what stands around it no more than its names."""
    own = [field.name for field in Document._meta.concrete_fields if field.name not in ("search", "body")]
    named = ("theme__names", "owner__name", "owner_body__names", "audience__names")
    rows = readable_documents(request.user).select_related("theme", "owner", "owner_body", "audience")
    return get_object_or_404(rows.only(*own, *named), pk=pk)


def import_or_404(request: Request, pk: int) -> Import:
    """The text that is being looked at, or a 404 for who does not work on those."""
    if not may(request.user, "deliberate.import_document"):
        raise Http404
    rows = Import.objects.select_related("person", "document", "based_on")
    return get_object_or_404(rows.defer("document__search", "document__body"), pk=pk)


def number_of(request: Request, name: str) -> int | None:
    """A whole number of the address; None where there is none."""
    given = request.GET.get(name, "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 6 else None


def visible_to_whom(document: Document) -> str:
    """Who may read it, in words; empty where everyone may."""
    if document.visibility == Visibility.PUBLIC:
        return ""
    return document.audience.name if document.audience else document.get_visibility_display()
