"""The minutes of a meeting and its list of decisions: as a page, on paper, as a document and as data."""

from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from omkering.decide.minutes_docx import decisions_document, minutes_document
from omkering.decide.minutes_sheets import sheets
from omkering.decide.models import Meeting, MeetingState, Minutes, MinutesState
from omkering.decide.queries.live import newest_change
from omkering.decide.queries.meetings import TO_COME, visible_meetings
from omkering.decide.queries.minutes_reading import decisions, laid_before, minutes_of, read, read_kept
from omkering.decide.queries.ori import ori
from omkering.decide.short_memory import remembered
from omkering.decide.views.live_common import listening, part_or_page
from omkering.ui.access import access
from omkering.ui.docx import docx_response
from omkering.ui.export import disposition, sheets_response
from omkering.ui.pdf import pdf_response
from omkering.ui.request import Request
from omkering.who.authority import may
from omkering.who.current import association

Crumbs = list[tuple[str, str]]
TONES = {MinutesState.DRAFT: "neutral", MinutesState.PROPOSED: "info", MinutesState.ADOPTED: "positive"}
GOING_ON = (MeetingState.OPEN, MeetingState.SUSPENDED)


def meeting_or_404(request: Request, pk: int) -> Meeting:
    """A meeting that was opened, or a 404 for who may not know of it or where there are no minutes yet."""
    rows = visible_meetings(request.user).select_related("owner_body").filter(opened_at__isnull=False)
    return get_object_or_404(rows.defer("search", "body"), pk=pk)


def crumbs(meeting: Meeting, *more: tuple[str, str]) -> Crumbs:
    """The way to a page about the minutes of a meeting."""
    steps: Crumbs = []
    for words, name, arguments in (
        (_("Decide"), "decide:room", []),
        (_("Meetings of bodies"), "decide:meetings", []),
        (meeting.title, "decide:meeting", [meeting.pk]),
    ):
        try:
            steps.append((words, reverse(name, args=arguments)))
        except NoReverseMatch:
            continue
    return [*steps, (_("Minutes"), reverse("decide:minutes", args=[meeting.pk])), *more]


@access("public")
def minutes(request: Request, pk: int) -> HttpResponse:
    """The minutes: they write themselves while the meeting goes on, and are as they were once adopted.

    With `?deel=record` what was written alone, as a page that is open reads it anew when something happens.
    """
    meeting = meeting_or_404(request, pk)
    if "deel" in request.GET and not request.user.is_authenticated:  # the same for all who look from outside
        key = ("verslag", pk, newest_change(meeting), translation.get_language(), request.GET["deel"])
        return HttpResponse(remembered(key, lambda: _minutes(request, meeting).content.decode()))
    return _minutes(request, meeting)


def _minutes(request: Request, meeting: Meeting) -> HttpResponse:
    going_on = meeting.state in GOING_ON
    context: dict[str, Any] = listening(meeting) if going_on else {}
    kept = minutes_of(meeting)
    writes = may(request.user, "decide.write_minutes", meeting)
    state = MinutesState(kept.state) if kept else MinutesState.DRAFT
    laid = laid_before(kept)
    adopting = next((one for one in laid if one.state in GOING_ON), None)
    again = state == MinutesState.PROPOSED and not any(one.state in TO_COME for one in laid)
    context |= {
        "meeting": meeting,
        "kept": kept,
        "state": (str(state.label), TONES[state]),
        "doc": read_kept(meeting, kept, request.user, roll_calls=False),
        "going_on": going_on,
        "may": {
            "write": writes and state != MinutesState.ADOPTED,
            "propose": writes
            and (state == MinutesState.DRAFT or again)
            and meeting.state == MeetingState.CLOSED,
            "correct": writes and state == MinutesState.PROPOSED,
            "adopt": adopting is not None and may(request.user, "decide.adopt_minutes", adopting),
        },
        "breadcrumbs": [*crumbs(meeting)[:-1], (_("Minutes"), "")],
    }
    parts = {"record": "decide/minutes/record.html"}
    return part_or_page(request, parts, "decide/minutes/minutes.html", context)


@access("public")
def kept(request: Request, pk: int) -> HttpResponse:
    """The minutes by their own number: they stand with their meeting."""
    row = get_object_or_404(Minutes.objects.only("meeting_id"), pk=pk)
    meeting_or_404(request, row.meeting_id)
    return redirect("decide:minutes", row.meeting_id)


@access("public")
def decision_list(request: Request, pk: int) -> HttpResponse:
    """What the meeting decided and undertook, item by item."""
    meeting = meeting_or_404(request, pk)
    context = {
        "meeting": meeting,
        "decided": decisions(read(meeting, request.user, roll_calls=False, decided=True)),
        "breadcrumbs": crumbs(meeting, (_("List of decisions"), "")),
    }
    return render(request, "decide/minutes/decisions.html", context)


# --- to take along -------------------------------------------------------------------------------------------
@access("public")
@require_safe
def print_view(request: Request, pk: int) -> HttpResponse:
    """The minutes as one clean page to print."""
    return render(request, "decide/minutes/print.html", _printed(request, meeting_or_404(request, pk)))


@access("public")
@require_safe
def file(request: Request, pk: int, form: str) -> HttpResponseBase:
    """The minutes as PDF, Word document, spreadsheet, or data in the terms of Open Raadsinformatie."""
    meeting = meeting_or_404(request, pk)
    name = f"{_('minutes-of-a-meeting')}-{pk}"
    if form == "pdf":
        context = _printed(request, meeting) | {"is_pdf": True}
        return pdf_response(request, "decide/minutes/print.html", context, f"{name}.pdf")
    if form == "docx":
        made = minutes_document(read(meeting, request.user), _title(meeting))
        return docx_response(made, f"{name}.docx")
    if form == "ods":
        return sheets_response(f"{name}.ods", sheets(read(meeting, request.user)))
    if form == "json":
        base = request.build_absolute_uri(reverse("decide:minutes", args=[pk]))
        response = JsonResponse(
            ori(meeting, request.user, lambda part: f"{base}#{part.replace('/', '-')}"),
            json_dumps_params={"ensure_ascii": False},
        )
        response["Content-Disposition"] = disposition(f"{name}.json")
        return response
    raise Http404


@access("public")
@require_safe
def decisions_file(request: Request, pk: int, form: str) -> HttpResponseBase:
    """The list of decisions as PDF or Word document."""
    meeting = meeting_or_404(request, pk)
    name = f"{_('list-of-decisions')}-{pk}"
    if form == "pdf":
        context = _printed(request, meeting, short=True) | {"is_pdf": True}
        return pdf_response(request, "decide/minutes/print.html", context, f"{name}.pdf")
    if form == "docx":
        doc = read(meeting, request.user, roll_calls=False, decided=True)
        return docx_response(decisions_document(doc, _title(meeting, short=True)), f"{name}.docx")
    raise Http404


def _title(meeting: Meeting, *, short: bool = False) -> str:
    words = _("List of decisions: %(title)s") if short else _("Minutes: %(title)s")
    return words % {"title": meeting.title}


def _printed(request: Request, meeting: Meeting, *, short: bool = False) -> dict[str, Any]:
    doc = read(meeting, request.user, roll_calls=not short, decided=short)
    name = "decide:decision_list" if short else "decide:minutes"
    return {
        "meeting": meeting,
        "doc": doc,
        "short": short,
        "title": _title(meeting, short=short),
        "items": decisions(doc) if short else doc["items"],
        "made": date_format(timezone.localtime(), "j F Y, H:i"),
        "address": request.build_absolute_uri(reverse(name, args=[meeting.pk])),
        "association_name": str(association().names),
    }
