"""Changing a round: its plan and its candidates, opening, closing, and departing from its result."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from omkering.agenda.commands.candidates import nominate as nominate_item
from omkering.agenda.commands.candidates import withdraw_candidate as take_out
from omkering.agenda.commands.departures import depart as record_departure
from omkering.agenda.commands.rounds import change_round as change_plan
from omkering.agenda.commands.rounds import close_round, open_round, plan_round, withdraw_round
from omkering.agenda.forms.rounds import DepartForm, NominateForm, PlanForm, WithdrawForm
from omkering.agenda.models import Round, RoundState
from omkering.agenda.queries import rounds as queries
from omkering.agenda.views.rounds import bodies_of, crumbs, crumbs_of, readable_round, rule
from omkering.thread import kinds
from omkering.thread.models import Item
from omkering.ui.access import access
from omkering.ui.paging import paginate
from omkering.ui.request import Request
from omkering.who.standing import standing_of


def _status(form: Any) -> int:
    return 422 if form.is_bound and form.errors else 200


@access("bureau")
def plan(request: Request) -> HttpResponse:
    """Plan a round."""
    form = PlanForm.for_new(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = plan_round(actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.take_errors(error)
        else:
            messages.success(
                request,
                _("The round is planned. Nominate candidates now: it opens and closes by itself."),
            )
            return redirect("agenda:round", made.pk)
    context = {"form": form, "breadcrumbs": crumbs((_("Plan a round"), ""))}
    return render(request, "agenda/round_form.html", context, status=_status(form))


@access("bureau")
def change(request: Request, pk: int) -> HttpResponse:
    """Change the plan of a round that has not been opened."""
    item = readable_round(request, pk)
    if request.method != "POST" and item.state != RoundState.PLANNED:
        return redirect("agenda:round", item.pk)
    form = PlanForm.for_round(item, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            change_plan(actor=request.user, round=item, **form.cleaned_data)
        except ValidationError as error:
            form.take_errors(error)
        else:
            messages.success(request, _("The plan was changed."))
            return redirect("agenda:round", item.pk)
    context = {"form": form, "round": item, "breadcrumbs": crumbs_of(item, (_("Change the plan"), ""))}
    return render(request, "agenda/round_form.html", context, status=_status(form))


# --- candidates ------------------------------------------------------------------------------------------
@access("bureau")
def nominate(request: Request, pk: int) -> HttpResponse:
    """Make an item a candidate in one of the rounds that take candidates."""
    readable = Item.objects.visible_to(standing_of(request.user), request.user.pk)
    item = get_object_or_404(readable.defer("search"), pk=pk)
    rounds = queries.planned_rounds()
    form = NominateForm(request.POST if request.method == "POST" else None, rounds=rounds)
    if request.method == "POST" and form.is_valid():
        try:
            made = nominate_item(actor=request.user, round=form.cleaned_data["round"], item=item)
        except ValidationError as error:
            form.take_errors(error)
        else:
            messages.success(request, _nominated(item))
            return redirect("agenda:round", made.round_id)
    context = {
        "form": form,
        "item": item,
        "rounds": rounds,
        "back": kinds.url(item) or reverse("agenda:rounds"),
        "breadcrumbs": crumbs((_("Make it a candidate"), "")),
    }
    return render(request, "agenda/round_nominate.html", context, status=_status(form))


def _nominated(item: Item) -> str:
    return _("“%(title)s” is a candidate now. Whoever put in what is behind it hears of it.") % {
        "title": item.title
    }


@access("bureau")
def add_candidates(request: Request, pk: int) -> HttpResponse:
    """Find what may be chosen in a round, and make it a candidate with one button each."""
    item = readable_round(request, pk)
    if request.method != "POST" and item.state != RoundState.PLANNED:
        return redirect("agenda:round", item.pk)
    text = request.GET.get("q", "").strip()[:200]
    error = ""
    if request.method == "POST":
        number = request.POST.get("item", "")
        readable = Item.objects.visible_to(standing_of(request.user), request.user.pk)
        wanted = readable.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 19 else None
        try:
            if wanted is None:
                raise ValidationError(_("Choose something from the list."))
            nominate_item(actor=request.user, round=item, item=wanted)
        except ValidationError as refused:
            error = " ".join(refused.messages)
        else:
            messages.success(request, _nominated(wanted))
            return redirect(request.get_full_path())
    page = paginate(
        queries.possible_candidates(item, text, request.user), request.GET, order=["-changed_at", "-pk"]
    )
    context = {
        "round": item,
        "page": page,
        "rows": [(row, kinds.label(row), kinds.url(row)) for row in page],
        "q": text,
        "error": error,
        "breadcrumbs": crumbs_of(item, (_("Add candidates"), "")),
    }
    return render(request, "agenda/round_add.html", context, status=422 if error else 200)


@access("bureau")
def withdraw_candidate(request: Request, pk: int, candidate: int) -> HttpResponse:
    """Take a candidate out of a round that has not been opened, with a reason."""
    item = readable_round(request, pk)
    row = get_object_or_404(item.candidates.select_related("item", "round"), pk=candidate)
    if request.method != "POST" and (item.state != RoundState.PLANNED or row.withdrawn_at):
        return redirect("agenda:round", item.pk)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            take_out(actor=request.user, candidate=row, **form.cleaned_data)
        except ValidationError as error:
            form.take_errors(error)
        else:
            messages.success(request, _("The candidate was taken out. Whoever is behind it hears why."))
            return redirect("agenda:round", item.pk)
    context = {
        "form": form,
        "round": item,
        "candidate": row,
        "breadcrumbs": crumbs_of(item, (_("Take a candidate out"), "")),
    }
    return render(request, "agenda/round_withdraw.html", context, status=_status(form))


# --- its life --------------------------------------------------------------------------------------------
STEPS = {
    "open": (open_round, RoundState.PLANNED),
    "close": (close_round, RoundState.OPEN),
    "withdraw": (withdraw_round, RoundState.PLANNED),
}


def _step(request: Request, pk: int, step: str) -> HttpResponse:
    """Ask whether to take a step in the life of a round, and take it."""
    item = readable_round(request, pk)
    command, wanted = STEPS[step]
    error = ""
    if request.method == "POST":
        try:
            command(actor=request.user, round=item)  # type: ignore[operator]
        except ValidationError as refused:
            error = " ".join(refused.messages)
        else:
            done = {
                "open": _("The round is open. Everybody who may choose hears of it."),
                "close": _(
                    "The round is closed and counted. Whoever is behind a candidate hears what became of it."
                ),
                "withdraw": _("The round was called off."),
            }
            messages.success(request, done[step])
            return redirect("agenda:round", item.pk)
    elif item.state != wanted:
        return redirect("agenda:round", item.pk)
    candidates = queries.shown_candidates(item, request.user)
    context = {
        "round": item,
        "step": step,
        "error": error,
        "candidates": candidates,
        "turnout": queries.turnout(queries.roll_rows(item)),
        "rule": rule(item, len(candidates)),
        "breadcrumbs": crumbs_of(item, (_("Confirm"), "")),
    }
    return render(request, "agenda/round_step.html", context, status=422 if error else 200)


@access("bureau")
def open_now(request: Request, pk: int) -> HttpResponse:
    """Open a planned round now."""
    return _step(request, pk, "open")


@access("bureau")
def close_now(request: Request, pk: int) -> HttpResponse:
    """Close an open round now."""
    return _step(request, pk, "close")


@access("bureau")
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Call off a planned round."""
    return _step(request, pk, "withdraw")


@access("insider")
def depart(request: Request, pk: int, candidate: int) -> HttpResponse:
    """Record that a body departs from the result for one candidate, with a reason that everybody sees."""
    item: Round = readable_round(request, pk)
    bodies = bodies_of(request)
    if not bodies.exists():
        raise PermissionDenied
    shown = next(
        (each for each in queries.shown_candidates(item, request.user) if each.pk == candidate), None
    )
    if shown is None:
        raise Http404
    if request.method != "POST" and item.state != RoundState.CLOSED:
        return redirect("agenda:round", item.pk)
    chosen = candidate in (item.result or {}).get("selected", [])
    form = DepartForm(request.POST if request.method == "POST" else None, bodies=bodies)
    if request.method == "POST" and form.is_valid():
        try:
            record_departure(
                actor=request.user,
                round=item,
                candidate=item.candidates.get(pk=candidate),
                takes_up=not chosen,
                **form.cleaned_data,
            )
        except ValidationError as error:
            form.take_errors(error)
        else:
            messages.success(request, _("It is recorded, and stands beside the result for everybody to see."))
            return redirect("agenda:round", item.pk)
    context = {
        "form": form,
        "round": item,
        "candidate": shown,
        "chosen": chosen,
        "breadcrumbs": crumbs_of(item, (_("Depart from the result"), "")),
    }
    return render(request, "agenda/round_depart.html", context, status=_status(form))
