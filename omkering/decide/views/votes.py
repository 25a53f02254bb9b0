"""Votes: the list, a vote before, during and after, its plan, and its tables to take away."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from omkering.decide import commands, queries, words
from omkering.decide.forms import PlanForm
from omkering.decide.models import Outcome, Proposal, Vote, VoteState
from omkering.decide.views.common import crumbs, crumbs_of, readable_item, readable_vote
from omkering.thread import kinds
from omkering.ui.access import access
from omkering.ui.export import table_response
from omkering.ui.groupings import division_words
from omkering.ui.paging import paginate
from omkering.ui.request import Request
from omkering.ui.text_forms import add_errors
from omkering.who.authority import may

# What is near comes first: what closes soonest, what opens soonest, what was decided last.
ORDERS = {
    VoteState.OPEN: ["closes_at", "pk"],
    VoteState.PLANNED: ["opens_at", "pk"],
    VoteState.CLOSED: ["-closed_at", "-pk"],
}
TONES = {
    Outcome.ADOPTED: "positive",
    Outcome.REJECTED: "negative",
    Outcome.TIE: "warning",
    Outcome.NO_QUORUM: "warning",
}


def tabs(request: Request, current: str) -> list[dict[str, Any]]:
    """The lists of this room."""
    labels = {"": _("All votes"), **{state.value: _votes_words(state) for state in ORDERS}}
    address = reverse("decide:votes")
    shown = [
        {"label": label, "url": f"{address}?state={state}" if state else address, "current": state == current}
        for state, label in labels.items()
    ]
    proposals = {"label": _("Proposals"), "url": reverse("decide:proposals")}
    return [*shown, {**proposals, "current": current == "proposals"}]


def _votes_words(state: VoteState) -> str:
    return {
        VoteState.OPEN: _("Open votes"),
        VoteState.PLANNED: _("Planned votes"),
        VoteState.CLOSED: _("Results"),
    }[state]


@access("public")
def votes(request: Request) -> HttpResponse:
    """All votes I may know of: open, planned, closed."""
    text = request.GET.get("q", "").strip()[:200]
    state = request.GET.get("state", "")
    rows = queries.find(queries.visible_votes(request.user), text)
    if state in ORDERS:
        rows = rows.filter(state=state)
    page = paginate(
        rows, request.GET, order=ORDERS[VoteState(state)] if state in ORDERS else ["-opens_at", "-pk"]
    )
    return render(
        request,
        "decide/votes.html",
        {
            "page": page,
            "rows": [(vote, badge(vote), _line(vote)) for vote in page],
            "q": text,
            "state": state,
            "tabs": tabs(request, state if state in ORDERS else ""),
            "breadcrumbs": crumbs(),
        },
    )


def badge(vote: Vote) -> tuple[str, str]:
    """The state of a vote, or its outcome, with its tone."""
    if vote.outcome:
        return str(vote.outcome.label), TONES[vote.outcome]
    tones = {VoteState.OPEN: "info", VoteState.PLANNED: "neutral"}
    return str(VoteState(vote.state).label), tones.get(VoteState(vote.state), "neutral")


def _line(vote: Vote) -> str:
    return words.outcome_in_words(vote.result) if vote.result else ""


@access("public")
def vote(request: Request, pk: int) -> HttpResponse:
    """A vote: what it is about, what is needed, who may vote; while open one's own ballots, afterwards the result."""
    item = readable_vote(request, pk)
    lines = queries.roll_lines(item)
    total = sum(line.weight for line in lines)
    label, tone = badge(item)
    context: dict[str, Any] = {
        "vote": item,
        "badge": (label, tone),
        "about_url": kinds.url(item.about),
        "proposal": Proposal.objects.filter(pk=item.about_id).defer("body", "search").first(),
        "lines": lines,
        "total": total,
        "rule": _rule(item, total, len(lines)),
        "division": division_words(),
        "may_plan": item.state == VoteState.PLANNED and may(request.user, "decide.plan_vote", item),
        "may_close": item.state == VoteState.OPEN and may(request.user, "decide.close_vote", item),
        "own": queries.own_ballots(item, request.user),
        "breadcrumbs": crumbs((item.title, "")),
    }
    if item.state == VoteState.OPEN:
        context["turnout"] = queries.turnout(item)
    if item.result:
        context.update(_result(item, lines))
    return render(request, "decide/vote.html", context)


def _rule(vote: Vote, total: int, heads: int) -> dict[str, Any]:
    """The rule in words, with its figures for a roll of so many votes and members."""
    return {
        "weight": words.weight_in_words(vote.rule),
        "weight_name": words.rule_name(vote.rule["weight"]),
        "verified": vote.rule["weight"]["verified"],
        "sources": [vote.rule[part]["source"] for part in ("weight", "threshold", "quorum")],
        "version": vote.rule["weight"]["version"],
        "needed": words.needed_in_words(vote.rule),
        "needed_of": words.needed_of(vote.rule, total),
        "quorum": words.quorum_in_words(vote.rule, total, heads),
    }


def _result(vote: Vote, lines: list[queries.RollLine]) -> dict[str, Any]:
    """What the page of a closed vote shows beside the roll."""
    result = vote.result or {}
    compared = queries.one_member_one_vote(vote.rule, lines)
    return {
        "result": result,
        "outcome": words.outcome_in_words(result),
        "reasons": words.reasons_in_words(result),
        "needed_after": words.needed_of(vote.rule, result["base"]),
        "early": vote.closed_at is not None and vote.closed_at < vote.closes_at,
        "chart": queries.result_chart(result),
        "map": queries.choice_map(lines),
        "parts": queries.parts(),
        "slices": queries.slices(vote),
        "compared": compared,
        "compared_outcome": Outcome(compared.outcome).label,
        "compared_same": compared.outcome == result["outcome"],
    }


# --- the plan --------------------------------------------------------------------------------------------
@access("bureau")
def plan(request: Request, pk: int) -> HttpResponse:
    """Plan a vote on an item."""
    about = readable_item(request, pk)
    form = PlanForm.for_new(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = commands.plan_vote(actor=request.user, about=about, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The vote is planned. It opens and closes by itself."))
            return redirect("decide:vote", made.pk)
    context = {"form": form, "about": about, "breadcrumbs": crumbs_of(about, (_("Plan a vote"), ""))}
    return render(request, "decide/plan.html", context, status=422 if form.errors else 200)


@access("bureau")
def change_plan(request: Request, pk: int) -> HttpResponse:
    """Change the plan of a vote that has not been opened."""
    item = readable_vote(request, pk)
    if request.method != "POST" and item.state != VoteState.PLANNED:
        return redirect("decide:vote", item.pk)
    form = PlanForm.for_vote(item, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            commands.change_plan(actor=request.user, vote=item, **form.cleaned_data)
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


STEPS = {
    "open": (commands.open_vote, VoteState.PLANNED),
    "close": (commands.close_vote, VoteState.OPEN),
    "withdraw": (commands.withdraw_vote, VoteState.PLANNED),
}


def _step(request: Request, pk: int, step: str) -> HttpResponse:
    """Ask whether to take a step in the life of a vote, and take it."""
    item = readable_vote(request, pk)
    command, wanted = STEPS[step]
    error = ""
    if request.method == "POST":
        try:
            command(actor=request.user, vote=item)
        except ValidationError as refused:
            error = " ".join(refused.messages)
        else:
            done = {
                "open": _("The vote is open. Everybody with a mandate to vote hears of it."),
                "close": _("The vote is closed and counted. Whoever put in what is behind it hears of it."),
                "withdraw": _("The vote was withdrawn."),
            }
            messages.success(request, done[step])
            return redirect("decide:vote", item.pk)
    elif item.state != wanted:
        return redirect("decide:vote", item.pk)
    lines = queries.roll_lines(item)
    total = sum(line.weight for line in lines)
    context = {
        "vote": item,
        "step": step,
        "error": error,
        "lines": len(lines),
        "total": total,
        "rule": _rule(item, total, len(lines)),
        "breadcrumbs": crumbs_of(item, (_("Confirm"), "")),
    }
    return render(request, "decide/step.html", context, status=422 if error else 200)


@access("bureau")
def open_now(request: Request, pk: int) -> HttpResponse:
    """Open a planned vote now."""
    return _step(request, pk, "open")


@access("bureau")
def close_now(request: Request, pk: int) -> HttpResponse:
    """Close an open vote now."""
    return _step(request, pk, "close")


@access("bureau")
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Call off a planned vote."""
    return _step(request, pk, "withdraw")


# --- tables to take away ---------------------------------------------------------------------------------
@access("public")
def roll(request: Request, pk: int, form: str) -> HttpResponseBase:
    """The roll as a file: who may vote, with how many votes."""
    if form not in ("csv", "ods"):
        raise Http404
    lines = queries.roll_lines(readable_vote(request, pk))
    header = [_("Code"), _("Member"), division_words(), _("Inhabitants"), _("Votes")]
    rows = ((x.member.code, x.member.name, x.division, x.inhabitants, x.weight) for x in lines)
    return table_response(form, _("roll-%(number)s") % {"number": pk}, header, rows)


@access("public")
def roll_call(request: Request, pk: int, form: str) -> HttpResponseBase:
    """Who voted what, as a file; there once the vote is closed."""
    item = readable_vote(request, pk)
    if form not in ("csv", "ods") or item.state != VoteState.CLOSED:
        raise Http404
    lines = queries.roll_lines(item)
    header = [_("Code"), _("Member"), division_words(), _("Inhabitants"), _("Votes"), _("Choice")]
    rows = (
        (x.member.code, x.member.name, x.division, x.inhabitants, x.weight, x.choice_words) for x in lines
    )
    return table_response(form, _("roll-call-%(number)s") % {"number": pk}, header, rows)
