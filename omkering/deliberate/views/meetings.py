"""Meetings of chapters and networks: the page, the calendar file, planning, calling off, and the report."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from omkering.deliberate.commands import meetings as commands
from omkering.deliberate.forms.consultations import ReasonForm
from omkering.deliberate.forms.contributions import MeetingForm, ReportForm
from omkering.deliberate.models import ConsultationRound, Meeting
from omkering.deliberate.publics import reads_round
from omkering.deliberate.queries.consultations import parts_of, visible_rounds
from omkering.deliberate.view_drafts import same
from omkering.deliberate.views.consultation_common import (
    address,
    crumbs_in,
    form_page,
    round_or_404,
    with_new,
)
from omkering.ui.access import access
from omkering.ui.calendar import CalendarEvent, calendar_response
from omkering.ui.form_pages import is_changed, sent
from omkering.ui.request import Request
from omkering.who.authority import may
from omkering.who.current import association
from omkering.who.models import Network
from omkering.who.standing import standing_of


def _meeting_or_404(request: Request, pk: int) -> Meeting:
    rows = Meeting.objects.filter(in_round__in=visible_rounds(request.user).values("pk"))
    rows = rows.select_related("in_round__consultation", "in_round__network", "network")
    return get_object_or_404(rows.defer("in_round__consultation__search"), pk=pk)


def _mine_or_403(request: Request, pk: int) -> Meeting:
    row = _meeting_or_404(request, pk)
    if not may(request.user, "deliberate.plan_meeting", row):
        raise PermissionDenied
    return row


def _name(row: Meeting) -> str:
    return _("Meeting of %(network)s") % {"network": row.network.name}


def _crumbs(row: Meeting, *more: tuple[str, str]) -> list[tuple[str, str]]:
    here = reverse("deliberate:meeting", args=[row.pk]) if more else ""
    return crumbs_in(row.in_round, (_name(row), here), *more)


@access("public")
def meeting(request: Request, pk: int) -> HttpResponse:
    """A meeting: when and where, and afterwards what was said and advised."""
    row = _meeting_or_404(request, pk)
    standing = standing_of(request.user)
    reads = reads_round(standing, row.in_round) or row.network_id in standing.reads_networks
    parts = {part.pk: part for part in parts_of(row.in_round.consultation)} if reads else {}
    live = (
        row.points.filter(state__in=("submitted", "answered")).defer("search", "body").order_by("order", "pk")
    )
    put_in = list(live) if reads else []
    mine = may(request.user, "deliberate.plan_meeting", row)
    document = row.in_round.consultation.document_id
    context = {
        "meeting": row,
        "round": row.in_round,
        "name": _name(row),
        "reads": reads,
        "points": [
            (point, parts.get(point.paragraph_id or 0)) for point in put_in if point.kind == "report_point"
        ],
        "advice": next((point for point in put_in if point.kind == "chapter_advice"), None),
        "document_url": address("deliberate:document", document) if document else "",
        "mine": mine,
        "changed": mine and bool(row.draft) and not same(row.draft, commands.published(row)),
        "may_report": mine
        and row.cancelled_at is None
        and row.in_round.state in ("open", "closed")
        and row.in_round.consultation.answer_published_at is None,
        "breadcrumbs": _crumbs(row),
    }
    return render(request, "deliberate/meeting.html", context)


@access("public")
def calendar(request: Request, pk: int) -> HttpResponse:
    """The meeting for one's own calendar."""
    row = _meeting_or_404(request, pk)
    site = settings.SITE_URL.rstrip("/")
    event = CalendarEvent(
        uid=f"meeting-{row.pk}@{site.partition('://')[2] or site}",
        starts=row.starts_at,
        ends=row.ends_at,
        title=f"{row.network.name}: {row.in_round.consultation.title}",
        changed=row.cancelled_at or row.in_round.consultation.changed_at,
        place=row.place or row.link,
        text=row.link,
        url=f"{site}{reverse('deliberate:meeting', args=[pk])}",
        sequence=row.version - 1,
        cancelled=row.cancelled_at is not None,
    )
    return calendar_response(
        _("meeting-%(number)s.ics") % {"number": pk}, [event], maker=str(association().names)
    )


# --- planning --------------------------------------------------------------------------------------------
def _networks(request: Request, row: ConsultationRound) -> list[Network]:
    """The networks for which this person may plan a meeting in the round."""
    rows = Network.objects.all()
    if row.network_id is not None:
        rows = rows.filter(pk=row.network_id)
    standing = standing_of(request.user)
    if not standing.is_bureau:
        rows = rows.filter(pk__in=standing.networks if "network" in standing.powers else [])
    return list(rows)


@access("insider")
def plan(request: Request, pk: int) -> HttpResponse:
    """Plan a meeting of a chapter or network in a round."""
    row = round_or_404(request, pk)
    networks = _networks(request, row)
    if row.public == "body" or not networks:
        raise PermissionDenied
    form = MeetingForm(sent(request), networks=networks)
    return form_page(
        request,
        form,
        heading=_("Plan a meeting"),
        lead=_("The people of the chapter or network hear of it, and can put it in their calendar."),
        button=_("Plan the meeting"),
        back=reverse("deliberate:round", args=[pk]),
        breadcrumbs=crumbs_in(row, (_("Plan a meeting"), "")),
        draft=f"meeting-new-{pk}",
        deed=lambda data: commands.plan_meeting(
            actor=request.user, round=row, network=form.chosen(), **_when(data)
        ),
        done=_("The meeting is planned. Who it is for was told."),
        after=lambda made: reverse("deliberate:meeting", args=[made.pk]),
    )


def _when(data: dict[str, Any]) -> dict[str, Any]:
    return {name: data[name] for name in ("starts_at", "ends_at", "place", "link")}


@access("insider")
def change(request: Request, pk: int) -> HttpResponse:
    """Change when and where a meeting is."""
    row = _mine_or_403(request, pk)

    def anew() -> tuple[MeetingForm, list[tuple[str, str]]]:
        now = _mine_or_403(request, pk)
        form = MeetingForm.of(now, with_new(request, "version", now.version))
        return form, [(str(form["place"].label), now.place), (str(form["link"].label), now.link)]

    return form_page(
        request,
        MeetingForm.of(row, sent(request)),
        heading=_("Change the meeting"),
        lead=_name(row),
        button=_("Save"),
        back=reverse("deliberate:meeting", args=[pk]),
        breadcrumbs=_crumbs(row, (_("Change the meeting"), "")),
        draft=f"meeting-{pk}",
        deed=lambda data: commands.change_meeting(
            actor=request.user, meeting=row, version=data["version"] or 0, **_when(data)
        ),
        done=_("The meeting was changed. Who it is for was told."),
        anew=anew,
    )


@access("insider")
def cancel(request: Request, pk: int) -> HttpResponse:
    """Call a meeting off, with the reason."""
    row = _mine_or_403(request, pk)
    return form_page(
        request,
        ReasonForm(sent(request)),
        heading=_("Call this meeting off"),
        lead=_name(row),
        button=_("Call off"),
        negative=True,
        back=reverse("deliberate:meeting", args=[pk]),
        breadcrumbs=_crumbs(row, (_("Call this meeting off"), "")),
        draft=f"meeting-off-{pk}",
        deed=lambda data: commands.cancel_meeting(actor=request.user, meeting=row, **data),
        done=_("The meeting was called off. Who it is for was told why."),
    )


# --- the report ------------------------------------------------------------------------------------------
@access("insider")
def report(request: Request, pk: int) -> HttpResponse:
    """Write the report with its points and the advice; save it, or publish it."""
    row = _mine_or_403(request, pk)
    if row.cancelled_at is not None:
        raise Http404
    has_text = row.in_round.consultation.version_id is not None
    form = ReportForm(row.draft, row.version, sent(request), has_text=has_text)
    theirs: dict[str, Any] | None = None
    if request.method == "POST" and form.is_valid():
        try:
            saved = commands.save_report(
                actor=request.user, meeting=row, version=form.cleaned_data["version"], **form.written()
            )
            if request.POST.get("go") == "publish":
                row = _mine_or_403(request, pk)
                commands.publish_report(actor=request.user, meeting=row, version=saved.version)
                messages.success(request, _("The report is published. Its points get an answer."))
                return redirect("deliberate:meeting", pk)
        except ValidationError as error:
            now = _mine_or_403(request, pk)
            if is_changed(error):
                theirs = now.draft
            form = ReportForm(
                now.draft, now.version, with_new(request, "version", now.version), has_text=has_text
            )
            form.is_valid()
            form.take_errors(error)
        else:
            messages.success(request, _("The draft of the report is saved."))
            return redirect("deliberate:report_meeting", pk)
    context = {
        "meeting": row,
        "round": row.in_round,
        "name": _name(row),
        "form": form,
        "parts": parts_of(row.in_round.consultation),
        "theirs": theirs,
        "back": reverse("deliberate:meeting", args=[pk]),
        "draft_key": f"report-{pk}",
        "breadcrumbs": _crumbs(row, (_("Write the report"), "")),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "deliberate/meeting_report.html", context, status=status)
