"""The plan of a vote, and the steps in its life that the bureau or the chair takes."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from omkering.decide import commands, vote_rule
from omkering.decide.forms.ballots import ExtendForm, TieForm, UndoForm
from omkering.decide.forms.plans import PlanForm
from omkering.decide.models import AgendaItem, AgendaState, Choice, Vote, VoteState
from omkering.decide.queries import votes as queries
from omkering.decide.queries.meetings import TO_COME, agenda_places
from omkering.decide.queries.roll import entries_of
from omkering.decide.views.common import crumbs_of, readable_item, readable_vote
from omkering.decide.views.votes import rule_in_words
from omkering.ui.access import access
from omkering.ui.request import Request
from omkering.ui.text_forms import add_errors
from omkering.who.authority import may


@access("bureau")
def plan(request: Request, pk: int) -> HttpResponse:
    """Plan a vote on an item; `?punt=` names the agenda item in whose meeting it is held."""
    about = readable_item(request, pk)
    wanted = request.GET.get("punt", "")
    at = None
    if wanted:
        rows = AgendaItem.objects.select_related("meeting")
        at = get_object_or_404(rows, pk=int(wanted) if wanted.isdecimal() and len(wanted) < 18 else 0)
    form = PlanForm.for_new(about, request.POST or None, meeting=at.meeting if at else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = commands.plan_vote(actor=request.user, about=about, agenda_item=at, **form.found)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(
                request,
                _("The vote is planned. It is opened in the meeting.")
                if at
                else _("The vote is planned. It opens and closes by itself."),
            )
            return redirect("decide:vote", made.pk)
    context = {
        "form": form,
        "about": about,
        "meeting": at.meeting if at else None,
        "places": [] if at else [row for row in agenda_places(about, request.user) if _to_come(row)],
        "breadcrumbs": crumbs_of(about, (_("Plan a vote"), "")),
    }
    return render(request, "decide/plan.html", context, status=422 if form.errors else 200)


def _to_come(item: AgendaItem) -> bool:
    return item.state != AgendaState.DONE and item.meeting.state in TO_COME


@access("bureau")
def change_plan(request: Request, pk: int) -> HttpResponse:
    """Change the plan of a vote that has not been opened."""
    item = readable_vote(request, pk)
    if request.method != "POST" and item.state != VoteState.PLANNED:
        return redirect("decide:vote", item.pk)
    form = PlanForm.for_vote(item, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            commands.change_plan(actor=request.user, vote=item, **form.found)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The plan was changed."))
            return redirect("decide:vote", item.pk)
    context = {
        "form": form,
        "about": item.about,
        "vote": item,
        "breadcrumbs": crumbs_of(item, (_("Change the plan"), "")),
    }
    return render(request, "decide/plan.html", context, status=422 if form.errors else 200)


# --- steps without a form of their own -------------------------------------------------------------------
STEPS: dict[str, tuple[Callable[..., Vote], VoteState, str]] = {
    "open": (commands.open_vote, VoteState.PLANNED, "decide.open_vote"),
    "close": (commands.close_vote, VoteState.OPEN, "decide.close_vote"),
    "announce": (commands.announce_result, VoteState.CLOSED, "decide.announce_result"),
    "withdraw": (commands.withdraw_vote, VoteState.PLANNED, "decide.plan_vote"),
}


def _step(request: Request, pk: int, step: str) -> HttpResponse:
    """Ask whether to take a step in the life of a vote, and take it."""
    item = readable_vote(request, pk)
    command, wanted, permission = STEPS[step]
    if not may(request.user, permission, item):
        raise PermissionDenied(permission)
    error = ""
    if request.method == "POST":
        try:
            command(actor=request.user, vote=item)
        except ValidationError as refused:
            error = " ".join(refused.messages)
        else:
            messages.success(request, _done(step, item))
            return redirect("decide:vote", item.pk)
    elif item.state != wanted or (step == "announce" and item.is_known):
        return redirect("decide:vote", item.pk)
    entries = entries_of(item)
    total = sum(entry.weight for entry in entries)
    context = {
        "vote": item,
        "step": step,
        "error": error,
        "lines": len(entries),
        "total": total,
        "rule": rule_in_words(item, total, len(entries)),
        "others": [other for other in queries.list_of(item) if other.together_id == item.pk],
        "desk_waiting": len(queries.desk_waiting(item)) if step == "close" else 0,
        "breadcrumbs": crumbs_of(item, (_("Confirm"), "")),
    }
    return render(request, "decide/step.html", context, status=422 if error else 200)


def _done(step: str, vote: Vote) -> str:
    closed = (
        _("The vote is closed and counted. The result counts once it is announced.")
        if vote.meeting_id
        else _("The vote is closed and counted. Whoever put in what is behind it hears of it.")
    )
    return {
        "open": _("The vote is open. Everybody with a mandate to vote hears of it."),
        "close": closed,
        "announce": _("The result is announced. Whoever put in what is behind it hears of it."),
        "withdraw": _("The vote was withdrawn."),
    }[step]


@access("insider")
def open_now(request: Request, pk: int) -> HttpResponse:
    """Open a planned vote now."""
    return _step(request, pk, "open")


@access("insider")
def close_now(request: Request, pk: int) -> HttpResponse:
    """Close an open vote now."""
    return _step(request, pk, "close")


@access("insider")
def announce(request: Request, pk: int) -> HttpResponse:
    """Announce the result of a vote in a meeting."""
    return _step(request, pk, "announce")


@access("bureau")
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Call off a planned vote."""
    return _step(request, pk, "withdraw")


# --- steps with a form -----------------------------------------------------------------------------------
def _form_step(
    request: Request, item: Vote, form: forms.Form, command: Callable[..., Any], **texts: Any
) -> HttpResponse:
    """A form for one command on a vote: taken, or shown with what is wrong."""
    if request.method == "POST" and form.is_valid():
        try:
            made = command(actor=request.user, vote=item, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, texts["done"])
            return redirect("decide:vote", made.pk if isinstance(made, Vote) else item.pk)
    context = {
        "form": form,
        "vote": item,
        **texts,
        "breadcrumbs": crumbs_of(item, (texts["title"], "")),
    }
    return render(request, "decide/form_step.html", context, status=422 if form.errors else 200)


def _run(request: Request, pk: int, permission: str) -> Vote:
    item = readable_vote(request, pk)
    if not may(request.user, permission, item):
        raise PermissionDenied(permission)
    return item


@access("insider")
def extend(request: Request, pk: int) -> HttpResponse:
    """Let an open vote last longer."""
    item = _run(request, pk, "decide.close_vote")
    form = ExtendForm(request.POST or None, initial={"closes_at": item.closes_at})
    return _form_step(
        request,
        item,
        form,
        commands.extend_vote,
        title=_("Extend the vote"),
        lead=_("Members can vote longer. Everybody sees the new closing time."),
        button=_("Extend"),
        done=_("The vote lasts longer."),
    )


@access("insider")
def undo(request: Request, pk: int) -> HttpResponse:
    """Undo a vote until its result is announced; a new one comes in its place."""
    item = _run(request, pk, "decide.undo_vote")
    return _form_step(
        request,
        item,
        UndoForm(request.POST or None),
        commands.undo_vote,
        title=_("Undo this vote"),
        lead=_(
            "This vote does not count any more, and stays to be seen with your reason. A new vote comes in its place, "
            "with a roll of its own. Correct what was wrong before that one opens."
        ),
        button=_("Undo the vote"),
        negative=True,
        done=_("The vote was undone. This is the one that comes in its place."),
    )


@access("insider")
def tie(request: Request, pk: int) -> HttpResponse:
    """The chair decides where votes are equal and the rule says so."""
    item = _run(request, pk, "decide.decide_tie")
    if not item.waits_for_chair:
        return redirect("decide:vote", item.pk)
    titles = vote_rule.titles_of(item.rule)
    options = (
        [(key, titles[key]) for key in (item.result or {})["tied"]]
        if titles
        else [(Choice.FOR.value, _("Adopted")), (Choice.AGAINST.value, _("Rejected"))]
    )
    return _form_step(
        request,
        item,
        TieForm(request.POST or None, options=options),
        commands.decide_tie,
        title=_("Decide the tie"),
        lead=_("The votes are equal, and by the rule of this vote the chair decides."),
        button=_("Decide"),
        done=_("The tie is decided."),
    )
