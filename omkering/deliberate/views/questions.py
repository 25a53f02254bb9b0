"""Questions of a round: replying, the results, and for the bureau adding and taking out."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from omkering.deliberate.commands import questions as commands
from omkering.deliberate.forms.consultations import QuestionForm
from omkering.deliberate.forms.contributions import ReplyForm
from omkering.deliberate.models import ConsultationRound, ConsultationState, Question
from omkering.deliberate.publics import in_public, reads_round
from omkering.deliberate.queries import questions as queries
from omkering.deliberate.views.consultation_common import crumbs_in, form_page, round_or_404
from omkering.ui.access import access
from omkering.ui.charts import Bar, bar_chart
from omkering.ui.export import table_response
from omkering.ui.form_pages import sent
from omkering.ui.request import Request
from omkering.who.standing import standing_of


def _asking_or_404(request: Request, pk: int) -> ConsultationRound:
    row = round_or_404(request, pk)
    if not row.asks_questions:
        raise Http404
    return row


@access("person")
def reply(request: Request, pk: int) -> HttpResponse:
    """Reply to the questions of an open round, for oneself."""
    row = _asking_or_404(request, pk)
    if not in_public(request.user, row):
        raise PermissionDenied
    if request.method != "POST" and row.state != ConsultationState.OPEN:
        return redirect("deliberate:question_results", pk)
    given = queries.replies_of(row, request.user)
    form = ReplyForm(sent(request), questions=queries.questions_of(row), given=given)
    return form_page(
        request,
        form,
        heading=_("Reply to the questions"),
        lead=row.consultation.title,
        button=_("Send"),
        back=reverse("deliberate:question_results", args=[pk]),
        breadcrumbs=crumbs_in(row, (_("Reply to the questions"), "")),
        draft=f"replies-{pk}",
        deed=lambda data: commands.reply(actor=request.user, round=row, values=form.values()),
        done=_("Your replies are in. You can change them until the round closes."),
    )


@access("public")
def results(request: Request, pk: int) -> HttpResponse:
    """What people replied: for who replied themselves while the round is open, afterwards for who may read it."""
    row = _asking_or_404(request, pk)
    shown = _may_see(request, row)
    rows = queries.results_of(row) if shown else []
    context = {
        "round": row,
        "item": row.consultation,
        "shown": shown,
        "results": [(result, _chart(result)) for result in rows],
        "may_reply": row.state == ConsultationState.OPEN and in_public(request.user, row),
        "least": queries.LEAST,
        "breadcrumbs": crumbs_in(row, (_("Results of the questions"), "")),
    }
    return render(request, "deliberate/question_results.html", context)


def _may_see(request: Request, row: ConsultationRound) -> bool:
    if not reads_round(standing_of(request.user), row):
        return False
    if row.state in (ConsultationState.CLOSED, ConsultationState.ANSWERED):
        return True
    return standing_of(request.user).is_bureau or bool(queries.replies_of(row, request.user))


def _chart(result: queries.Result) -> Any:
    if not result.described:
        return None
    bars = [Bar(label, [number]) for label, number, _share in result.answers]
    return bar_chart(bars, caption=result.question.text, parts=[("app-bar--1", _("People"))], shares=False)


@access("public")
def results_file(request: Request, pk: int, form: str) -> HttpResponseBase:
    """What people replied, as a table; questions with fewer than five replies without their figures."""
    row = _asking_or_404(request, pk)
    if form not in ("csv", "ods") or not _may_see(request, row):
        raise Http404
    header = [_("Question"), _("Answer"), _("People")]
    lines = (
        (result.question.text, label, number)
        for result in queries.results_of(row)
        if result.described
        for label, number, _share in result.answers
    )
    return table_response(form, _("replies-%(number)s") % {"number": pk}, header, lines)


# --- the bureau ------------------------------------------------------------------------------------------
@access("bureau")
def edit(request: Request, pk: int) -> HttpResponse:
    """The questions of a round that has not opened: add one, or take one out."""
    row = _asking_or_404(request, pk)
    return form_page(
        request,
        QuestionForm(sent(request), initial={"kind": Question.Kind.SCALE}),
        heading=_("Questions of this round"),
        lead=_("Once the round is open they stay as they are."),
        button=_("Add the question"),
        back=reverse("deliberate:edit_questions", args=[pk]),
        breadcrumbs=crumbs_in(row, (_("Questions of this round"), "")),
        draft=f"question-{pk}",
        deed=lambda data: commands.add_question(
            actor=request.user,
            round=row,
            kind=data["kind"],
            text=data["text"],
            options=data["options"].splitlines(),
        ),
        done=_("The question was added."),
        template="deliberate/questions_edit.html",
        round=row,
        questions=queries.questions_of(row),
        planned=row.state == ConsultationState.PLANNED,
    )


@access("bureau")
@require_POST
def take_out(request: Request, pk: int) -> HttpResponse:
    """Take a question out of a round that has not opened."""
    question = get_object_or_404(Question.objects.select_related("in_round__consultation"), pk=pk)
    try:
        commands.withdraw_question(actor=request.user, question=question)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("The question was taken out."))
    return redirect("deliberate:edit_questions", question.in_round_id)
