"""What follows on an adopted motion or an undertaking: a plan, reports, and settling."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from omkering.decide import commands
from omkering.decide.forms.motions import (
    AnswerSettling,
    DecideSettling,
    PlanExecution,
    ProposeSettling,
    ReportForm,
    bodies_for,
)
from omkering.decide.models import Meeting, Settlement, Term
from omkering.decide.queries.follow_up import follow_up_of
from omkering.decide.queries.meetings import visible_meetings
from omkering.decide.views.motion_common import followed_or_404, form_page
from omkering.ui.access import access
from omkering.ui.form_pages import sent
from omkering.ui.request import Request
from omkering.ui.second_factor import second_factor_required
from omkering.who.authority import require
from omkering.who.standing import standing_of


@access("insider")
def plan(request: Request, pk: int) -> HttpResponse:
    """Say who carries it out, how, and by when."""
    row = followed_or_404(request, pk)
    standing = standing_of(request.user)
    if not standing.is_bureau and not standing.bodies:
        raise PermissionDenied("decide.plan_execution")
    present = follow_up_of(row).plan
    initial = {"body": present.owner_body_id, "plan": present.plan, "due": present.due} if present else {}
    form = PlanExecution(
        sent(request), bodies=bodies_for(standing.is_bureau, standing.bodies), initial=initial
    )
    return form_page(
        request,
        row,
        form,
        heading=_("Who carries it out"),
        button=_("Save the plan"),
        deed=lambda data: commands.plan_execution(
            actor=request.user, about=row, owner_body=data["body"], plan=data["plan"], due=data["due"]
        ),
        done=_("The plan is saved. An earlier one stays readable."),
    )


@access("insider")
def report(request: Request, pk: int) -> HttpResponse:
    """Tell what was done."""
    row = followed_or_404(request, pk)
    require(request.user, "decide.report", row)
    return form_page(
        request,
        row,
        ReportForm(sent(request)),
        heading=_("Tell what was done"),
        button=_("Add the report"),
        deed=lambda data: commands.report(actor=request.user, about=row, text=data["report"]),
        done=_("The report is added. Who put it in hears of it."),
    )


@access("insider")
def propose(request: Request, pk: int) -> HttpResponse:
    """Propose to settle it, with an account."""
    row = followed_or_404(request, pk)
    require(request.user, "decide.report", row)
    return form_page(
        request,
        row,
        ProposeSettling(sent(request)),
        heading=_("Propose to settle it"),
        button=_("Propose it"),
        deed=lambda data: commands.propose_settling(actor=request.user, about=row, account=data["account"]),
        done=_("The account is given. Who put it in is heard, then the meeting decides."),
    )


@access("insider")
@second_factor_required
def answer(request: Request, pk: int) -> HttpResponse:
    """Agree that it is settled, or object."""
    settlement = get_object_or_404(Settlement, pk=pk)
    row = followed_or_404(request, settlement.about_id)
    require(request.user, "decide.answer_settling", row)
    return form_page(
        request,
        row,
        AnswerSettling(sent(request)),
        heading=_("Is it settled?"),
        button=_("Send the answer"),
        deed=lambda data: commands.answer_settling(
            actor=request.user,
            settlement=settlement,
            agrees=data["answer"] == "agree",
            objection=data["objection"],
        ),
        done=_("Your answer is recorded. The meeting sees it before it decides."),
        account=settlement.account,
    )


@access("insider")
def decide(request: Request, pk: int) -> HttpResponse:
    """Record what a meeting decided about settling."""
    settlement = get_object_or_404(Settlement, pk=pk)
    row = followed_or_404(request, settlement.about_id)
    meetings = _begun(request)
    if not meetings and not standing_of(request.user).is_bureau:
        raise PermissionDenied("decide.decide_settling")
    form = DecideSettling(sent(request), meetings=meetings)

    def deed(data: dict[str, Any]) -> Settlement:
        return commands.decide_settling(
            actor=request.user,
            settlement=settlement,
            meeting=form.meeting(),
            settled=data["settled"] == "yes",
        )

    return form_page(
        request,
        row,
        form,
        heading=_("What the meeting decided"),
        button=_("Record what was decided"),
        deed=deed,
        done=_("What was decided is recorded. Who put it in hears of it."),
        account=settlement.account,
        objection=settlement.objection,
    )


def _begun(request: Request) -> list[Meeting]:
    """The meetings that began, the last first, in which this reader may record what was decided."""
    standing = standing_of(request.user)
    rows = visible_meetings(request.user).filter(opened_at__isnull=False)
    if not standing.is_bureau:
        chairs = Term.objects.on(standing.day).filter(
            seat__chair=True, seat__retired_at__isnull=True, appointment__person_id=request.user.pk
        )
        rows = rows.filter(owner_body_id__in=chairs.values("seat__body_id"))
    return list(rows.defer("search", "body", "rules").order_by("-opened_at", "-pk")[:20])
