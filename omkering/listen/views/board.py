"""The board of all signals: look, keep a search, take away as a table, bring in from a table."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from omkering.listen.forms_bundles import BoardForm, ImportFile, ImportPlan, SaveSearch
from omkering.listen.models import SignalState
from omkering.listen.queries.board import COUNT_LIMIT, NEWEST, Board, Counts
from omkering.listen.rules_bundles import LOOSE
from omkering.listen.transfer import EXPORTED, HEADER, export_rows, plan_import, write_plan
from omkering.thread.commands import save_search
from omkering.ui.access import access
from omkering.ui.export import table_response
from omkering.ui.paging import CURSOR_PARAMETERS
from omkering.ui.request import Request
from omkering.ui.templatetags.ui import number
from omkering.who.authority import may
from omkering.who.standing import standing_of


@access("public")
def board(request: Request) -> HttpResponse:
    """All signals that one may read, filtered and in the order one wants; every view has its own address."""
    form = _form(request, request.GET)
    shown = Board(form.filters, request.user, request.on)
    page, lines = shown.page(request.GET)
    counts = shown.counts()
    state = form.filters.state
    found = counts.by_state.get(state, 0) if state else counts.total
    context = {
        "form": form,
        "filters": form.filters,
        "page": page,
        "lines": lines,
        "states": _states(request, counts, state),
        "found": _count(found, counts.more),
        "found_number": found,
        "loose": LOOSE,
        "default_sort": NEWEST if form.filters.order == NEWEST else form.filters.order,
        "may_import": may(request.user, "listen.import_signals"),
        "exported": EXPORTED,
        "query": _without(request.GET, *CURSOR_PARAMETERS).urlencode(),
        "save": SaveSearch() if request.user.is_authenticated and form.chosen else None,
        "now": timezone.now(),
        "breadcrumbs": [(_("Signals"), "")],
    }
    return render(request, "listen/board.html", context)


def _form(request: Request, query: Any) -> BoardForm:
    return BoardForm(query, person=request.user, bureau=standing_of(request.user).is_bureau)


def _without(query: QueryDict, *names: str) -> QueryDict:
    kept = query.copy()
    for name in names:
        kept.pop(name, None)
    return kept


def _count(value: int, more: bool) -> str:
    """A count as it is told: exact up to the limit, then "1,000+"."""
    if value > COUNT_LIMIT and more:
        return f"{number(COUNT_LIMIT)}+"
    return f"{number(value)}+" if more and value else number(value)


def _states(request: Request, counts: Counts, chosen: str) -> list[dict[str, Any]]:
    """The states as tabs: each keeps the other filters."""
    kept = _without(request.GET, "state", *CURSOR_PARAMETERS)
    entries: list[tuple[str, Any, int]] = [("", _("All"), counts.total)]
    entries += [(state.value, state.label, counts.by_state.get(state, 0)) for state in SignalState]
    tabs = []
    for key, label, value in entries:
        query = kept.copy()
        if key:
            query["state"] = key
        tabs.append(
            {
                "label": label,
                "url": f"?{query.urlencode()}",
                "current": key == chosen,
                "count": _count(
                    value, counts.more and (value > COUNT_LIMIT or bool(request.GET.get("text")))
                ),
            }
        )
    return tabs


@access("public")
def export(request: Request, kind: str) -> HttpResponseBase:
    """The current view as CSV or ODS."""
    if kind not in ("csv", "ods"):
        raise Http404
    rows = Board(_form(request, request.GET).filters, request.user, request.on).in_order()
    name = f"{_('signals')}-{timezone.localdate()}"
    return table_response(kind, name, HEADER, export_rows(rows))


@access("person")
@require_POST
def keep_search(request: Request) -> HttpResponse:
    """Keep the filters of the board under a name, and hear of new signals that fit."""
    query = QueryDict(request.POST.get("query", "")[:2000])
    chosen = _form(request, query).chosen
    form = SaveSearch(request.POST)
    back = f"{reverse('listen:board')}?{query.urlencode()}"
    if not chosen:
        messages.error(request, _("Choose at least one filter, then keep the search."))
    elif not form.is_valid():
        messages.error(request, _("Give the search a name of at most 120 characters."))
    else:
        save_search(person=request.user, name=form.cleaned_data["name"], kind="signal", query=chosen)
        messages.success(
            request,
            _("The search is kept under “What I follow”. You hear of new signals that fit."),
        )
    return redirect(back)


@access("insider")
def import_signals(request: Request) -> HttpResponse:
    """Upload a CSV, look at the plan, confirm it. The text travels with the plan's form, so that what is
    confirmed is what was shown."""
    if not may(request.user, "listen.import_signals"):
        raise Http404
    if request.method == "POST" and "text" in request.POST:
        return _confirm(request)
    form = ImportFile(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        return _plan_page(request, form.cleaned_data["file"])
    context = {"form": form, "header": HEADER, "breadcrumbs": _import_breadcrumbs()}
    return render(request, "listen/board_import.html", context, status=422 if form.errors else 200)


def _import_breadcrumbs() -> list[tuple[str, str]]:
    return [(_("Signals"), reverse("listen:board")), (_("Import signals"), "")]


def _plan_page(request: Request, text: str) -> HttpResponse:
    plan = plan_import(text, actor=request.user)
    context = {
        "plan": plan,
        "confirm": ImportPlan(initial={"text": text}),
        "breadcrumbs": _import_breadcrumbs(),
    }
    return render(request, "listen/board_plan.html", context, status=422 if plan.faults else 200)


def _confirm(request: Request) -> HttpResponse:
    form = ImportPlan(request.POST)
    if not form.is_valid():
        messages.error(request, _("Something went wrong on the way. Choose the file once more."))
        return redirect("listen:import")
    also = [int(line) for line in request.POST.getlist("also") if line.isdecimal()]
    plan = plan_import(form.cleaned_data["text"], actor=request.user)
    if plan.faults:  # something changed since the plan was shown
        return _plan_page(request, form.cleaned_data["text"])
    try:
        made = write_plan(actor=request.user, plan=plan, also=also)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("listen:import")
    messages.success(request, _("%(count)s signals were added.") % {"count": number(len(made))})
    return redirect("listen:board")
