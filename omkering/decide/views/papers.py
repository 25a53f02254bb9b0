"""Papers of a meeting: all as one page and one PDF, one by one, and adding and taking back."""

import logging
from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from omkering.decide.commands import papers as commands
from omkering.decide.forms.meetings import PaperForm
from omkering.decide.models import AgendaKind, AgendaState, Meeting, Paper
from omkering.decide.queries.meetings import Line
from omkering.decide.queries.minutes_reading import clock
from omkering.decide.queries.papers import paper_set, readable_items
from omkering.decide.views.meeting_common import crumbs_in, deed_and_back, form_page, meeting_or_404
from omkering.decide.views.meetings import OVER
from omkering.thread import kinds
from omkering.thread.models import Item
from omkering.ui.access import access
from omkering.ui.pdf import pdf_response
from omkering.ui.pdf_joining import Joining
from omkering.ui.request import Request
from omkering.who.authority import may
from omkering.who.current import association
from omkering.who.standing import standing_of

Data = dict[str, Any]
logger = logging.getLogger(__name__)


@access("public")
def papers(request: Request, pk: int) -> HttpResponse:
    """All papers of a meeting on one page, item by item."""
    return render(request, "decide/papers_print.html", _set(request, meeting_or_404(request, pk)))


@access("public")
@require_safe
def papers_pdf(request: Request, pk: int) -> HttpResponse:
    """All papers of a meeting as one PDF, with a bookmark for each: texts first, then the files that are PDFs."""
    context = _set(request, meeting_or_404(request, pk)) | {"is_pdf": True}
    name = f"meeting-{pk}.pdf"
    return pdf_response(request, "decide/papers_print.html", context, name, finish=_joined(context).join)


def _joined(context: dict[str, Any]) -> Joining:
    """The files of a set as appendices, in its order; each entry gets its number, or none where it is not put in."""
    joining = Joining()
    held = [entry for entry in context["lines"] if not entry["dropped"]]
    for entry in [*context["loose"], *(paper for line in held for paper in line["papers"])]:
        number = len(joining.parts) + 1
        title = _("Appendix %(number)s: %(title)s") % {"number": number, "title": entry["paper"].title}
        if entry["paper"].file and _taken(joining, entry["paper"], title):
            entry["appendix"] = number
    return joining


def _taken(joining: Joining, paper: Paper, title: str) -> bool:
    if not paper.file_name.lower().endswith(".pdf"):  # as `check_upload` named it, by what it is
        return False
    try:
        if paper.file.size > joining.bytes_left:
            return False
        with paper.file.open("rb") as opened:
            content = opened.read()
    except OSError:
        logger.warning("the file of paper %s cannot be read", paper.pk)
        return False
    return joining.take(title, content)


def _set(request: Request, meeting: Meeting) -> dict[str, Any]:
    """The agenda with the papers at each item: texts and items in full, as far as one may read them, files by name."""
    found = paper_set(meeting, request.user)
    site = _site(request)
    shown = {pk: _shown(site, item) for pk, item in found.readable.items()}
    return {
        "meeting": meeting,
        "lines": [_line(site, line, shown) for line in found.lines],
        "loose": [_paper(site, paper, shown) for paper in found.loose],
        "made": date_format(timezone.localtime(), "j F Y, H:i"),
        "address": request.build_absolute_uri(reverse("decide:meeting", args=[meeting.pk])),
        "association_name": str(association().names),
    }


def _site(request: Request) -> str:
    """What an address of the site begins with, without its path."""
    return request.build_absolute_uri("/").removesuffix("/")


def _line(site: str, line: Line, shown: dict[int, Data]) -> Data:
    """An item on the agenda, flat: a template looks up each of these for a hundred items."""
    item = line.item
    return {
        "anchor": f"item-{item.pk}",
        "heading": f"{line.number}. {item.title}",
        "time": clock(timezone.localtime(line.starts_at)) if line.starts_at else "",
        "kind": str(AgendaKind(item.kind).label),
        "dropped": str(AgendaState.DROPPED.label).lower() if line.dropped else "",
        "late": item.added_late,
        "text": item.text,
        "about": shown.get(item.about_id or 0),
        "papers": [_paper(site, paper, shown) for paper in line.papers],
    }


def _shown(site: str, item: Item) -> Data:
    return {
        "title": item.title,
        "kind": kinds.label(item),
        "state": kinds.state_label(item),
        "text": item.body or item.summary,
        "url": f"{site}{kinds.url(item)}",
    }


def _paper(site: str, paper: Paper, shown: dict[int, Data]) -> Data:
    return {
        "paper": paper,
        "item": shown.get(paper.item_id) if paper.item_id else None,
        "url": f"{site}{reverse('decide:paper_file', args=[paper.pk])}" if paper.file else "",
    }


@access("public")
def paper(request: Request, pk: int) -> HttpResponse:
    """One paper: its text, its file, or the item that it is."""
    row = paper_or_404(request, pk)
    site = _site(request)
    readable = readable_items({row.item_id} if row.item_id else set(), request.user)
    context = {
        "meeting": row.meeting,
        "entry": _paper(site, row, {pk: _shown(site, item) for pk, item in readable.items()}),
        "may_keep": row.meeting.state not in OVER and may(request.user, "decide.keep_agenda", row.meeting),
        "breadcrumbs": crumbs_in(row.meeting, (row.title, "")),
    }
    return render(request, "decide/paper.html", context)


def paper_or_404(request: Request, pk: int) -> Paper:
    """A paper that was not withdrawn, of a meeting one may know of."""
    row = get_object_or_404(
        Paper.objects.filter(withdrawn_at__isnull=True).select_related("agenda_item"), pk=pk
    )
    row.meeting = meeting_or_404(request, row.meeting_id)
    return row


@access("public")
@require_safe
def paper_file(request: Request, pk: int) -> HttpResponseBase:
    """The file of a paper; always as a download."""
    row = paper_or_404(request, pk)
    if not row.file:
        raise Http404
    try:
        opened = row.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(opened, as_attachment=True, filename=row.file_name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@access("bureau")
def add_paper(request: Request, pk: int) -> HttpResponse:
    """Add a paper to a meeting; `?item=` is the item on the agenda."""
    meeting = meeting_or_404(request, pk)
    data = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = PaperForm(*data, meeting=meeting, initial={"agenda_item": request.GET.get("item", "")[:18]})
    late = _("The agenda is out: this paper gets a number, and everybody who was called hears of it.")
    back = reverse("decide:edit_agenda", args=[pk])
    return form_page(
        request,
        form,
        heading=_("Add a paper"),
        lead=late if meeting.called_at else "",
        button=_("Add the paper"),
        back=back,
        breadcrumbs=crumbs_in(meeting, (_("Agenda"), back), (_("Add a paper"), "")),
        draft=f"paper-{pk}",
        deed=lambda data: commands.add_paper(
            actor=request.user, meeting=meeting, **_with_item(request, data)
        ),
        done=_("The paper was added."),
    )


def _with_item(request: Request, data: dict[str, Any]) -> dict[str, Any]:
    """The item by its number, as far as one may read it."""
    if data["item"] is None:
        return data
    rows = Item.objects.visible_to(standing_of(request.user), request.user.pk)
    return {**data, "item": get_object_or_404(rows.defer("search"), pk=data["item"])}


@access("bureau")
@require_POST
def withdraw_paper(request: Request, pk: int) -> HttpResponse:
    """Take a paper back."""
    row = paper_or_404(request, pk)
    return deed_and_back(
        request,
        lambda: commands.withdraw_paper(actor=request.user, paper=row),
        _("The paper was taken back."),
        reverse("decide:edit_agenda", args=[row.meeting_id]),
    )
