"""Dossiers to look at: the board, one's own, one dossier, its print and its PDF, and its files."""

from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from omkering.agenda.forms.dossier_board import BoardForm
from omkering.agenda.models import DossierDocument, DossierState
from omkering.agenda.queries.dossier_export import EXPORTED, export_rows, header
from omkering.agenda.queries.dossier_page import DossierPage, dossier_page
from omkering.agenda.queries.dossiers import Board, my_dossiers, readable_dossiers
from omkering.agenda.views.dossier_common import crumbs, dossier_or_404, places
from omkering.thread.models import Visibility
from omkering.ui.access import access
from omkering.ui.export import table_response
from omkering.ui.paging import CURSOR_PARAMETERS
from omkering.ui.pdf import pdf_response
from omkering.ui.request import Request
from omkering.who.authority import may
from omkering.who.current import association
from omkering.who.standing import standing_of


@access("public")
def board(request: Request) -> HttpResponse:
    """All dossiers that one may read, by step and by debt; every view has its own address.

    In columns by step, or, when a step is chosen or `view=list`, as one list in pages.
    """
    form = BoardForm(request.GET)
    filters = form.filters
    shown = Board(filters, request.user)
    as_list = bool(filters.step) or request.GET.get("view") == "list"
    kept = _kept(request)
    context: dict[str, Any] = {
        "form": form,
        "filters": filters,
        "as_list": as_list,
        "columns": shown.columns,
        "total": sum(column.count for column in shown.columns),
        "late": sum(column.late for column in shown.columns),
        "without_step": _kept(request, "step"),
        "query": kept,
        "exported": EXPORTED,
        "may_open": may(request.user, "agenda.open_dossier"),
        "breadcrumbs": crumbs(),
    }
    if as_list:
        context["page"], context["cards"] = shown.page(request.GET)
    return render(request, "agenda/dossiers.html", context)


def _kept(request: Request, *without: str) -> str:
    """The filters as they stand in the address, without some."""
    query = request.GET.copy()
    for name in (*CURSOR_PARAMETERS, *without):
        query.pop(name, None)
    return query.urlencode()


@access("public")
@require_safe
def export(request: Request, kind: str) -> HttpResponseBase:
    """The current view as CSV or ODS."""
    if kind not in ("csv", "ods"):
        raise Http404
    rows = export_rows(Board(BoardForm(request.GET).filters, request.user))
    return table_response(kind, f"{_('dossiers')}-{timezone.localdate()}", header(), rows)


@access("person")
def mine(request: Request) -> HttpResponse:
    """The dossiers I own, in which my member takes part, and that I follow."""
    context = {"mine": my_dossiers(request.user), "breadcrumbs": crumbs((_("My dossiers"), ""))}
    return render(request, "agenda/dossiers_mine.html", context)


@access("public")
def dossier(request: Request, pk: int) -> HttpResponse:
    """A dossier: what it is, where it stands, what is asked of whom, and where it came from."""
    row = dossier_or_404(request, pk)
    page = dossier_page(row, request.user, request.on)
    context = {
        "page": page,
        "dossier": row,
        "item": row,
        "lacking": places(page.lacking, row),
        "visibility": visible_to_whom(page),
        "may": _allowed(request, page),
        "breadcrumbs": crumbs((row.title, "")),
    }
    return render(request, "agenda/dossier.html", context)


def _allowed(request: Request, page: DossierPage) -> dict[str, bool]:
    """What this reader can do here, for the buttons; the commands decide again."""
    user, row = request.user, page.dossier
    standing = standing_of(user)
    edits, is_open = may(user, "agenda.edit_dossier", row), row.state == DossierState.OPEN
    taking = {taking.member.pk for taking in page.takings}
    own = standing.members - taking if "report" in standing.powers else frozenset()
    return {
        "edit": edits,
        "step": edits and is_open and page.following is not None,
        "back": edits and (not is_open or row.step != (page.way.first.key if page.way else row.step)),
        "change_model": edits and is_open,
        "join": is_open and (bool(own) or standing.is_bureau),
    }


def visible_to_whom(page: DossierPage) -> str:
    """Who may read it, in the association's own words; empty where everyone may."""
    row = page.dossier
    if row.visibility == Visibility.PUBLIC:
        return ""
    if row.audience:
        return row.audience.name
    return row.get_visibility_display()


@access("public")
def print_view(request: Request, pk: int) -> HttpResponse:
    """A dossier as one clean page to print."""
    return render(request, "agenda/dossier_print.html", _printed(request, pk))


@access("public")
@require_safe
def pdf(request: Request, pk: int) -> HttpResponse:
    """A dossier as a PDF."""
    context = _printed(request, pk) | {"is_pdf": True}
    return pdf_response(request, "agenda/dossier_print.html", context, f"dossier-{pk}.pdf")


def _printed(request: Request, pk: int) -> dict[str, Any]:
    row = dossier_or_404(request, pk)
    page = dossier_page(row, request.user, request.on)
    return {
        "page": page,
        "dossier": row,
        "visibility": visible_to_whom(page),
        "made": date_format(timezone.localtime(), "j F Y, H:i"),
        "address": request.build_absolute_uri(reverse("agenda:dossier", args=[pk])),
        "association_name": str(association().names),
    }


@access("public")
@require_safe
def document(request: Request, pk: int) -> HttpResponseBase:
    """A file of a dossier that one may read; always as a download."""
    row = get_object_or_404(DossierDocument.objects.exclude(file=""), pk=pk)
    if not readable_dossiers(request.user).filter(pk=row.dossier_id).exists():
        raise Http404
    try:
        opened = row.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(opened, as_attachment=True, filename=row.file_name, content_type=row.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
