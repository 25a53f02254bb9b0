"""Undertakings: the list, one with its life, and recording what was promised in a meeting."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.decide import commands
from omkering.decide.forms.motions import UndertakingText
from omkering.decide.models import Meeting, Undertaking, UndertakingState
from omkering.decide.motion_words import SETTLEMENT_TONES, UNDERTAKING_TONES, is_late
from omkering.decide.queries.undertakings import (
    UndertakingFilters,
    listed_undertakings,
    readable_undertakings,
    undertaking_page,
)
from omkering.decide.views.common import crumbs
from omkering.decide.views.meeting_common import crumbs_in, meeting_or_404
from omkering.decide.views.motion_common import form_page, undertaking_or_404
from omkering.ui.access import access
from omkering.ui.export import table_response
from omkering.ui.form_pages import sent
from omkering.ui.paging import paginate
from omkering.ui.request import Request
from omkering.ui.text_forms import CommandForm
from omkering.who.authority import may, require
from omkering.who.standing import standing_of

EXPORTED = 5_000  # undertakings in one file


def filters_of(request: Request) -> UndertakingFilters:
    """What the address asks for; what is no filter is left out."""
    given = request.GET
    state = given.get("state", "")
    year, meeting = given.get("year", ""), given.get("meeting", "")
    return UndertakingFilters(
        state=state if state == "late" or state in UndertakingState.values else "",
        year=int(year) if year.isdecimal() and len(year) == 4 and int(year) > 0 else None,
        meeting=int(meeting) if meeting.isdecimal() and len(meeting) < 10 else None,
        words=given.get("q", "").strip()[:200],
    )


def badge(row: Undertaking) -> tuple[str, str]:
    """The state of an undertaking with its tone."""
    known = UndertakingState(row.state)
    return str(known.label), UNDERTAKING_TONES.get(known, "neutral")


@access("public")
def listing(request: Request) -> HttpResponse:
    """All undertakings, the newest first."""
    chosen = filters_of(request)
    page = paginate(listed_undertakings(request.user, chosen), request.GET, order=["-created_at", "-pk"])
    query = request.GET.copy()
    for name in ("before", "after"):
        query.pop(name, None)
    own = reverse("decide:undertakings")
    tabs = [
        ("", _("All")),
        *((str(key), str(label)) for key, label in UndertakingState.choices),
        ("late", _("Late")),
    ]
    years = readable_undertakings(request.user).dates("created_at", "year", order="DESC")
    context = {
        "page": page,
        "rows": [(row, badge(row), is_late(row.due_at, row.answered_at)) for row in page],
        "tabs": [
            {
                "label": label,
                "url": f"{own}?state={key}" if key else own,
                "current": key == chosen.state,
                "count": None,
            }
            for key, label in tabs
        ],
        "chosen": chosen,
        "years": [day.year for day in years],
        "query": query.urlencode(),
        "breadcrumbs": crumbs((_("Undertakings"), "")),
    }
    return render(request, "decide/undertakings.html", context)


@access("public")
def export(request: Request, kind: str) -> HttpResponseBase:
    """The undertakings as the list is filtered, as CSV or ODS."""
    if kind not in ("csv", "ods"):
        raise Http404
    rows = listed_undertakings(request.user, filters_of(request)).order_by("-created_at", "-pk")[:EXPORTED]
    header = [
        *(_("Undertaking"), _("What exactly was promised"), _("Meeting"), _("Promised by"), _("Asked by")),
        *(_("Recorded on"), _("To be told of before"), _("State")),
    ]

    def table() -> Iterator[list[Any]]:
        for row in rows:
            yield [
                row.title,
                row.text,
                row.meeting.title,
                str(row.owner_body or ""),
                str(row.asked_by or ""),
                row.created_at,
                row.due_at,
                badge(row)[0],
            ]

    return table_response(kind, _("undertakings"), header, table())


@access("public")
def undertaking(request: Request, pk: int) -> HttpResponse:
    """An undertaking: what was promised, by whom, and what became of it."""
    row = undertaking_or_404(request, pk)
    user, standing = request.user, standing_of(request.user)
    page = undertaking_page(row)
    last = page.follow_up.settlement
    is_open = row.state == UndertakingState.OPEN
    reports = is_open and may(user, "decide.report", row)
    context = {
        "undertaking": row,
        "item": row,
        "page": page,
        "badge": badge(row),
        "late": is_late(row.due_at, row.answered_at),
        "settlement": last,
        "settlement_tone": SETTLEMENT_TONES.get(last.state, "neutral") if last else "",  # type: ignore[call-overload]
        "may": {
            "change": is_open and may(user, "decide.record_undertaking", row.meeting),
            "plan": is_open and (standing.is_bureau or bool(standing.bodies)),
            "report": reports,
            "settle": reports and not page.follow_up.waits,
            "answer": last is not None
            and last.state == "proposed"
            and may(user, "decide.answer_settling", row),
            "decide": page.follow_up.waits and standing.is_bureau,
        },
        "breadcrumbs": crumbs((_("Undertakings"), reverse("decide:undertakings")), (row.title, "")),
    }
    return render(request, "decide/undertaking.html", context)


@access("insider")
def record(request: Request, pk: int) -> HttpResponse:
    """Record what was promised in a meeting."""
    meeting = meeting_or_404(request, pk)
    require(request.user, "decide.record_undertaking", meeting)
    form = UndertakingText(sent(request), meeting=meeting, initial={"agenda_item": meeting.current_id})

    def deed(data: dict[str, Any]) -> Undertaking:
        return commands.record_undertaking(actor=request.user, meeting=meeting, **_values(data))

    return form_page(
        request,
        meeting,
        form,
        heading=_("Record an undertaking"),
        button=_("Record it"),
        deed=deed,
        done=_("The undertaking is recorded."),
        target=lambda made: reverse("decide:undertaking", args=[made.pk]),
        lead=meeting.title,
        back=reverse("decide:meeting", args=[meeting.pk]),
        breadcrumbs=crumbs_in(meeting, (_("Record an undertaking"), "")),
    )


@access("insider")
def change(request: Request, pk: int) -> HttpResponse:
    """Write an undertaking out, or mend it."""
    row = undertaking_or_404(request, pk)
    require(request.user, "decide.record_undertaking", row.meeting)
    form = UndertakingText(
        sent(request),
        meeting=Meeting.objects.get(pk=row.meeting_id),
        with_item=False,
        initial={
            "version": row.version,
            "title": row.title,
            "text": row.text,
            "due": timezone.localdate(row.due_at) if row.due_at else None,
            "asked_by": row.asked_by_id,
            "body": row.owner_body_id,
        },
    )

    def deed(data: dict[str, Any]) -> Undertaking:
        return commands.change_undertaking(
            actor=request.user, undertaking=row, version=data.pop("version") or 0, **_values(data)
        )

    return form_page(
        request,
        row,
        form,
        heading=_("Change the undertaking"),
        button=_("Save"),
        deed=deed,
        done=_("The undertaking is changed."),
    )


@access("insider")
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Mark an undertaking as recorded by mistake."""
    row = undertaking_or_404(request, pk)
    if not may(request.user, "decide.record_undertaking", row.meeting):
        raise PermissionDenied("decide.record_undertaking")
    return form_page(
        request,
        row,
        CommandForm(sent(request)),
        heading=_("Recorded by mistake?"),
        button=_("Yes, it was a mistake"),
        deed=lambda data: commands.withdraw_undertaking(actor=request.user, undertaking=row),
        done=_("The undertaking is marked as recorded by mistake. It stays readable."),
        negative=True,
    )


def _values(data: dict[str, Any]) -> dict[str, Any]:
    names = ("title", "text", "agenda_item", "asked_by", "due", "body")
    return {name: data[name] for name in names if name in data}
