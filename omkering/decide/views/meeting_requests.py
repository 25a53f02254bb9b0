"""Requests of members for an extra meeting: the list, the page of one, asking, and standing behind one."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from omkering.decide import meeting_rules
from omkering.decide.commands import meeting_requests as commands
from omkering.decide.forms.meetings import RequestForm, SupportForm, bodies_that_meet
from omkering.decide.models import MeetingRequest, RequestState
from omkering.decide.queries.meetings import visible_requests
from omkering.decide.views.meeting_common import deed_and_back, form_page, meeting_crumbs
from omkering.ui.access import access
from omkering.ui.form_pages import sent
from omkering.ui.paging import paginate
from omkering.ui.request import Request
from omkering.ui.second_factor import second_factor_required
from omkering.who.authority import may
from omkering.who.models import Body
from omkering.who.standing import standing_of

TONES = {RequestState.REACHED: "warning", RequestState.CALLED: "positive"}


def bodies_with_requests() -> list[Body]:
    """The bodies of which members can ask a meeting, by the rules of today."""
    today = timezone.localdate()
    return [body for body in bodies_that_meet() if meeting_rules.snapshot(body, today)["request"]]


@access("insider")
def meeting_requests(request: Request) -> HttpResponse:
    """All requests for an extra meeting, newest first."""
    rows = visible_requests(request.user).select_related("owner_body", "owner_member").defer("search", "body")
    page = paginate(rows, request.GET, order=["-created_at", "-pk"])
    context = {
        "page": page,
        "rows": [
            (row, RequestState(row.state).label, TONES.get(RequestState(row.state), "neutral"))
            for row in page
        ],
        "may_ask": bool(standing_of(request.user).votes_for),
        "breadcrumbs": meeting_crumbs((_("Requests for an extra meeting"), "")),
    }
    return render(request, "decide/meeting_requests.html", context)


@access("insider")
def meeting_request(request: Request, pk: int) -> HttpResponse:
    """A request: why, who stands behind it with how many votes, and how many are needed."""
    row = _request_or_404(request, pk)
    supports = list(
        row.supports.filter(withdrawn_at__isnull=True).select_related("member").order_by("given_at", "pk")
    )
    behind = {support.member_id for support in supports}
    mine = standing_of(request.user).votes_for
    gathering = row.state in (RequestState.OPEN, RequestState.REACHED)
    context = {
        "item": row,
        "badge": (RequestState(row.state).label, TONES.get(RequestState(row.state), "neutral")),
        "supports": supports,
        "votes": sum(support.weight for support in supports),
        "support_form": SupportForm(members=mine - behind) if gathering and mine - behind else None,
        "withdraw_form": SupportForm(members=mine & behind)
        if row.state == RequestState.OPEN and mine & behind
        else None,
        "may_plan": row.state in (RequestState.OPEN, RequestState.REACHED)
        and may(request.user, "decide.plan_meeting", row.owner_body),
        "breadcrumbs": meeting_crumbs(
            (_("Requests for an extra meeting"), reverse("decide:meeting_requests")), (row.title, "")
        ),
    }
    return render(request, "decide/meeting_request.html", context)


def _request_or_404(request: Request, pk: int) -> MeetingRequest:
    rows = visible_requests(request.user).select_related("owner_body", "owner_member", "meeting")
    return get_object_or_404(rows.defer("search", "body", "meeting__search", "meeting__rules"), pk=pk)


@access("member")
@second_factor_required
def ask(request: Request) -> HttpResponse:
    """Ask for an extra meeting in the name of one's member."""
    mine = standing_of(request.user).votes_for
    if not mine:
        raise PermissionDenied("decide.request_meeting")
    return form_page(
        request,
        RequestForm(sent(request), bodies=bodies_with_requests(), members=mine),
        heading=_("Ask for an extra meeting"),
        lead=_("Other members can stand behind it. With enough votes the meeting must be called in time."),
        button=_("Ask for it"),
        back=reverse("decide:meeting_requests"),
        breadcrumbs=meeting_crumbs(
            (_("Requests for an extra meeting"), reverse("decide:meeting_requests")), (_("New request"), "")
        ),
        draft="meeting-request",
        deed=lambda data: commands.request_meeting(actor=request.user, **data),
        done=_("The request is made. Whoever votes for a member hears of it."),
        after=lambda made: reverse("decide:meeting_request", args=[made.pk]),
    )


@access("member")
@require_POST
@second_factor_required
def support(request: Request, pk: int) -> HttpResponse:
    """Stand behind a request."""
    return _turn(request, pk, commands.support_request, _("Your member stands behind this request."))


@access("member")
@require_POST
@second_factor_required
def withdraw_support(request: Request, pk: int) -> HttpResponse:
    """No longer stand behind a request."""
    return _turn(
        request, pk, commands.withdraw_support, _("Your member no longer stands behind this request.")
    )


def _turn(request: Request, pk: int, command, done: str) -> HttpResponse:
    row = _request_or_404(request, pk)
    form = SupportForm(request.POST, members=standing_of(request.user).votes_for)
    back = reverse("decide:meeting_request", args=[pk])
    if not form.is_valid():
        return deed_and_back(request, lambda: None, "", back)
    member = form.cleaned_data["member"]
    return deed_and_back(request, lambda: command(actor=request.user, request=row, member=member), done, back)
