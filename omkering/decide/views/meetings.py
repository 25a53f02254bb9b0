"""Meetings: the list, the page of one, planning, changing, calling and calling off, the steps, and calendar files."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from omkering.decide import meeting_rules
from omkering.decide.commands import meetings as commands
from omkering.decide.commands.attendance import EARLY
from omkering.decide.forms.meetings import PlanForm, ReasonForm, bodies_that_meet
from omkering.decide.models import Meeting, MeetingForm, MeetingRequest, MeetingState
from omkering.decide.motion_words import named, state_badge
from omkering.decide.queries import meetings as queries
from omkering.decide.queries.motions import at_items, filed_for
from omkering.decide.queries.participation import parts_of
from omkering.decide.queries.undertakings import promised_in
from omkering.decide.views.meeting_common import (
    address,
    badge,
    crumbs_in,
    deed_and_back,
    form_page,
    meeting_crumbs,
    meeting_or_404,
    with_version,
)
from omkering.ui.access import access
from omkering.ui.calendar import CalendarEvent, calendar_response
from omkering.ui.form_pages import sent
from omkering.ui.paging import paginate
from omkering.ui.request import Request
from omkering.who.authority import may
from omkering.who.current import association
from omkering.who.models import Body, in_language
from omkering.who.standing import standing_of

OVER = (MeetingState.CLOSED, MeetingState.CANCELLED)
SHOWN = 100  # motions and undertakings on the page of their meeting


@access("public")
def meetings(request: Request) -> HttpResponse:
    """Meetings to come, soonest first, or those that are over, newest first; of one body, with these words."""
    text = request.GET.get("q", "").strip()[:200]
    when = "over" if request.GET.get("when") == "over" else ""
    given = request.GET.get("body", "")
    body = Body.objects.filter(pk=int(given)).first() if given.isdecimal() and len(given) < 10 else None
    rows = queries.listed_meetings(request.user, when=when, body=body.pk if body else None, text=text)
    page = paginate(rows, request.GET, order=["-starts_at", "-pk"] if when else ["starts_at", "pk"])
    here = reverse("decide:meetings")
    narrowed = f"&body={body.pk}" if body else ""
    tabs = [
        {"label": _("To come"), "url": f"{here}?when=soon{narrowed}", "current": not when},
        {"label": _("Over"), "url": f"{here}?when=over{narrowed}", "current": bool(when)},
    ]
    context = {
        "page": page,
        "rows": [(row, badge(row)) for row in page],
        "tabs": tabs,
        "q": text,
        "when": when,
        "body": body,
        "bodies": bodies_that_meet(),
        "may_plan": may(request.user, "decide.plan_meeting"),
        "requests_url": reverse("decide:meeting_requests") if standing_of(request.user).is_insider else "",
        "breadcrumbs": [*meeting_crumbs()[:1], (_("Meetings of bodies"), "")],
    }
    return render(request, "decide/meetings.html", context)


@access("public")
def meeting(request: Request, pk: int) -> HttpResponse:
    """A meeting: when, where, its agenda with papers, what was filed and promised, and how one takes part."""
    row = meeting_or_404(request, pk)
    lines, loose_papers = queries.agenda_in_brief(row, request.user)
    motions = list(filed_for(row, request.user))
    beside = at_items((line.item for line in lines), motions)
    states = {state: state_badge(state) for state in {one.state for one in motions}}
    insider = standing_of(request.user).is_insider
    live = row.state in (MeetingState.OPEN, MeetingState.SUSPENDED)
    quorum = queries.quorum_now(row) if live and row.form != MeetingForm.CONSULTATION else None
    runs = may(request.user, "decide.run_meeting", row)
    context = {
        "meeting": row,
        "badge": badge(row),
        "lines": [(line, [(one, named(one)) for one in beside.get(line.item.pk, ())]) for line in lines],
        "filed": [(one, named(one), states[one.state]) for one in motions[:SHOWN]],
        "undertakings": promised_in(row, SHOWN),
        "records": row.opened_at is not None and may(request.user, "decide.record_undertaking", row),
        "loose_papers": loose_papers,
        "has_papers": bool(lines),
        "deadlines": deadlines_shown(row),
        "late_call": _late_call(row),
        "parts": parts_of(row, request.user) if row.state not in OVER else [],
        "registration_open": registration_open(row),
        "ways": ways_of(row),
        "quorum": quorum,
        "insider": insider,
        "over": row.state in OVER,
        "may_plan": may(request.user, "decide.plan_meeting", row.owner_body),
        "may_run": runs,
        "addresses": {
            "console": address("decide:console", pk) if runs else "",
            "screen": address("decide:screen", pk),
            "minutes": address("decide:minutes", pk),
        },
        "rules_name": meeting_rules_name(row),
        "breadcrumbs": meeting_crumbs((row.title, "")),
    }
    return render(request, "decide/meeting.html", context)


def deadlines_shown(row: Meeting) -> list[dict[str, Any]]:
    """The deadlines of a meeting with the reason, and whether each is over."""
    now = timezone.now()
    return [
        {"label": entry.label, "at": entry.at, "reason": entry.reason, "over": entry.at < now}
        for entry in meeting_rules.deadlines(row.rules, row.starts_at)
    ]


def meeting_rules_name(row: Meeting) -> str:
    """What the rules of a meeting are called, in the reader's language; "" where it has none."""
    return in_language(row.rules["names"]) if row.rules.get("names") else ""


def _late_call(row: Meeting) -> bool:
    """Whether the agenda went out after its deadline."""
    deadline = meeting_rules.moment(row.deadlines, "agenda")
    return row.called_at is not None and deadline is not None and row.called_at > deadline


def registration_open(row: Meeting) -> bool:
    """Whether one can arrive now; the command decides by the clock of the database."""
    if row.form == MeetingForm.CONSULTATION or row.state in (*OVER, MeetingState.PLANNED):
        return False
    return row.state != MeetingState.CALLED or timezone.now() >= row.starts_at - EARLY


def ways_of(row: Meeting) -> list[tuple[str, str]]:
    """How one can be there: value and words."""
    words = {"on_site": _("I am here, on site"), "remote": _("I take part remotely")}
    ways = {
        MeetingForm.ON_SITE: ("on_site",),
        MeetingForm.REMOTE: ("remote",),
        MeetingForm.HYBRID: ("on_site", "remote"),
    }
    return [(way, words[way]) for way in ways.get(MeetingForm(row.form), ())]


# --- the bureau ------------------------------------------------------------------------------------------
@access("bureau")
def plan(request: Request) -> HttpResponse:
    """Plan a meeting; `?request=` answers a request of members, `?body=` names the body."""
    asked = _request_of(request)
    given = request.GET.get("body", "")
    body = asked.owner_body if asked else None
    if body is None and given.isdecimal() and len(given) < 10:
        body = Body.objects.filter(pk=int(given)).first()
    return form_page(
        request,
        PlanForm.for_new(sent(request), body),
        heading=_("Plan a new meeting"),
        lead=_(
            "The deadlines follow from the date and the rules of the body. You put the agenda together after this."
        ),
        button=_("Plan this meeting"),
        back=reverse("decide:meetings"),
        breadcrumbs=meeting_crumbs((_("Plan a new meeting"), "")),
        draft="meeting-new",
        deed=lambda data: commands.plan_meeting(actor=request.user, request=asked, **data),
        done=_("The meeting is planned. Put its agenda together now."),
        after=lambda made: reverse("decide:edit_agenda", args=[made.pk]),
    )


def _request_of(request: Request) -> MeetingRequest | None:
    given = request.GET.get("request", "")
    if not given.isdecimal() or len(given) > 18:
        return None
    return get_object_or_404(MeetingRequest.objects.select_related("owner_body"), pk=int(given))


@access("bureau")
def change(request: Request, pk: int) -> HttpResponse:
    """Change the plan; what somebody else saved meanwhile is shown beside what was typed."""
    row = meeting_or_404(request, pk)

    def anew() -> tuple[PlanForm, list[tuple[str, Any]]]:
        there = meeting_or_404(request, pk)
        form = PlanForm.of(there, with_version(request, there.version))
        names = ("title", "starts_at", "ends_at", "place", "link")
        return form, [(str(form[name].label), _written(getattr(there, name))) for name in names]

    return form_page(
        request,
        PlanForm.of(row, sent(request)),
        heading=_("Change this meeting"),
        lead=_("The deadlines follow the date. Who was called hears of a change of time or place."),
        button=_("Save"),
        back=reverse("decide:meeting", args=[pk]),
        breadcrumbs=crumbs_in(row, (_("Change this meeting"), "")),
        draft=f"meeting-{pk}",
        deed=lambda data: commands.change_meeting(actor=request.user, meeting=row, **data),
        done=_("The meeting was changed."),
        anew=anew,
    )


def _written(value: Any) -> str:
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "j F Y, H:i")
    return str(value)


@access("bureau")
def call(request: Request, pk: int) -> HttpResponse:
    """Send the agenda out, after looking at it once more."""
    row = meeting_or_404(request, pk)
    if request.method == "POST":
        back = reverse("decide:meeting", args=[pk])
        done = _("The agenda is out. Everybody who is called hears of it.")
        return deed_and_back(
            request, lambda: commands.call_meeting(actor=request.user, meeting=row), done, back
        )
    context = {
        "meeting": row,
        "lines": queries.agenda_of(row, request.user),
        "deadlines": deadlines_shown(row),
        "breadcrumbs": crumbs_in(row, (_("Send the agenda out"), "")),
    }
    return render(request, "decide/meeting_call.html", context)


@access("bureau")
def cancel(request: Request, pk: int) -> HttpResponse:
    """Call a meeting off, with the reason."""
    row = meeting_or_404(request, pk)
    return form_page(
        request,
        ReasonForm(sent(request)),
        heading=_("Cancel this meeting"),
        lead=row.title,
        button=_("Call off"),
        negative=True,
        back=reverse("decide:meeting", args=[pk]),
        breadcrumbs=crumbs_in(row, (_("Cancel this meeting"), "")),
        draft=f"meeting-off-{pk}",
        deed=lambda data: commands.cancel_meeting(actor=request.user, meeting=row, **data),
        done=_("The meeting was called off. Who was called hears why."),
    )


STEPS: dict[str, tuple[Callable[..., Meeting], Callable[[], str], Callable[[], str]]] = {
    "openen": (commands.open_meeting, lambda: _("Open the meeting"), lambda: _("The meeting is open.")),
    "schorsen": (
        commands.suspend_meeting,
        lambda: _("Suspend the meeting"),
        lambda: _("The meeting is suspended."),
    ),
    "hervatten": (
        commands.resume_meeting,
        lambda: _("Resume the meeting"),
        lambda: _("The meeting goes on."),
    ),
    "sluiten": (commands.close_meeting, lambda: _("Close the meeting"), lambda: _("The meeting is over.")),
}


@access("person")
def step(request: Request, pk: int, step: str) -> HttpResponse:
    """Open, suspend, resume or close a meeting, after one question; by the bureau or the chair."""
    if step not in STEPS:
        raise Http404
    row = meeting_or_404(request, pk)
    deed, words, done = STEPS[step]
    back = reverse("decide:meeting", args=[pk])
    if request.method == "POST":
        return deed_and_back(request, lambda: deed(actor=request.user, meeting=row), done(), back)
    if not may(request.user, "decide.run_meeting", row):
        raise PermissionDenied("decide.run_meeting")
    context = {
        "meeting": row,
        "step": step,
        "words": words(),
        "breadcrumbs": crumbs_in(row, (words(), "")),
    }
    return render(request, "decide/meeting_step.html", context)


# --- calendar files --------------------------------------------------------------------------------------
@access("public")
@require_safe
def meeting_calendar(request: Request, pk: int) -> HttpResponse:
    """A meeting as a calendar file."""
    row = meeting_or_404(request, pk)
    return calendar_response(f"meeting-{pk}.ics", [_event(request, row)], maker=str(association().names))


@access("public")
@require_safe
def body_calendar(request: Request, pk: int) -> HttpResponse:
    """The meetings of a body from a year ago on, as a calendar file."""
    body = get_object_or_404(Body, pk=pk)
    since = timezone.now() - timedelta(days=365)
    rows = queries.visible_meetings(request.user).filter(owner_body=body, starts_at__gte=since)
    events = [
        _event(request, row) for row in rows.defer("search", "body", "rules").order_by("starts_at", "pk")
    ]
    return calendar_response(f"{body.key}.ics", events, maker=str(association().names))


def _event(request: Request, row: Meeting) -> CalendarEvent:
    insider = standing_of(request.user).is_insider  # the address to join is not for everybody
    url = request.build_absolute_uri(reverse("decide:meeting", args=[row.pk]))
    return CalendarEvent(
        uid=f"meeting-{row.pk}@{request.get_host()}",
        starts=row.starts_at,
        ends=row.ends_at,
        title=row.title,
        changed=row.changed_at,
        place=row.place or (row.link if insider else ""),
        text=_("Agenda and papers: %(url)s") % {"url": url},
        url=url,
        sequence=row.sequence,
        cancelled=row.state == MeetingState.CANCELLED,
    )
