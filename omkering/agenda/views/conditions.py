"""Conditions: a page with all that happened, and the forms for what is asked, answered, seen and withdrawn."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from omkering.agenda.commands import conditions as commands
from omkering.agenda.forms.conditions import (
    AddCondition,
    AnswerCondition,
    AskCondition,
    EditCondition,
    FulfilCondition,
    WithdrawCondition,
    take_stale,
)
from omkering.agenda.models import Condition, ConditionState, Dossier, DossierState
from omkering.agenda.queries.conditions import (
    condition_page,
    readable_conditions,
    readable_dossiers,
    reasons_offered,
)
from omkering.agenda.views.monitor import monitor_crumbs
from omkering.thread.models import Item
from omkering.ui.access import access
from omkering.ui.request import Request
from omkering.who.authority import may
from omkering.who.standing import standing_of

Crumbs = list[tuple[str, str]]


def _condition_or_404(request: Request, pk: int) -> Condition:
    rows = readable_conditions(standing_of(request.user), request.user.pk)
    rows = rows.select_related("organisation", "contact", "dossier", "theme")
    return get_object_or_404(rows.defer("search", "body", "dossier__search", "dossier__body"), pk=pk)


def _dossier_or_404(request: Request, pk: int) -> Dossier:
    return get_object_or_404(readable_dossiers(standing_of(request.user), request.user.pk), pk=pk)


def _address(row: Condition) -> str:
    return reverse("agenda:condition", args=[row.pk])


def _crumbs(row: Condition, *more: tuple[str, str]) -> Crumbs:
    dossier = (row.dossier.title, reverse("agenda:dossier", args=[row.dossier_id]))
    return monitor_crumbs(dossier, (row.title, _address(row)), *more)


@access("public")
def condition(request: Request, pk: int) -> HttpResponse:
    """A condition: what is asked of whom and why, what they answered, and what came of it."""
    row = _condition_or_404(request, pk)
    page = condition_page(row, request.user, request.on)
    bureau = may(request.user, "agenda.ask_condition", row)
    live = row.state in commands.OPEN
    draft = row.state == ConditionState.DRAFT
    context = {
        "page": page,
        "line": page.line,
        "condition": row,
        "item": row,
        "may": {
            "ask": bureau and draft,
            "answer": bureau and live,
            "fulfil": bureau and live,
            "edit": bureau and (live or draft),
            "withdraw": bureau and (live or draft) and not row.met,
        },
        "breadcrumbs": _crumbs(row),
    }
    return render(request, "agenda/condition.html", context)


# --- a new one, in steps ---------------------------------------------------------------------------------------
@access("bureau")
def add(request: Request, pk: int) -> HttpResponse:
    """Write down a condition of a dossier in three short steps; what was filled in travels along."""
    dossier = _dossier_or_404(request, pk)
    if request.method != "POST":
        return _step_page(request, dossier, AddCondition(step=1))
    sent = request.POST
    step = _step_sent(sent)
    go = sent.get("go", "next")
    if go == "back":
        return _step_page(request, dossier, _unchecked(request, dossier, max(step - 1, 1)))
    if go == "find":
        return _step_page(request, dossier, _unchecked(request, dossier, len(AddCondition.STEPS)))
    form = AddCondition(sent, step=step, offered=_offered(request, dossier))
    if not form.is_valid():
        wrong = AddCondition.step_of(form.errors)
        if wrong < step:  # something of an earlier step no longer fits
            form = AddCondition(sent, step=wrong, offered=_offered(request, dossier))
        return _step_page(request, dossier, form)
    if step < len(AddCondition.STEPS):
        return _step_page(request, dossier, _unchecked(request, dossier, step + 1))
    try:
        made = commands.add_condition(actor=request.user, dossier=dossier, **form.cleaned_data)
    except ValidationError as error:
        found = error.error_dict if hasattr(error, "error_dict") else {}
        form = AddCondition(sent, step=AddCondition.step_of(found), offered=_offered(request, dossier))
        form.is_valid()
        form.take_errors(error)
        return _step_page(request, dossier, form)
    messages.success(request, _("The condition is kept. Nobody was told yet: record when you ask it."))
    return redirect("agenda:condition", made.pk)


def _step_sent(sent: Any) -> int:
    given = sent.get("step", "")
    return int(given) if given in ("1", "2", "3") else 1


def _unchecked(request: Request, dossier: Dossier, step: int) -> AddCondition:
    """The form of a step with what was filled in before, without complaints about it."""
    sent = request.POST
    initial: dict[str, Any] = {name: sent.get(name) for names in AddCondition.STEPS for name in names}
    initial["signals"] = sent.getlist("signals")
    return AddCondition(step=step, sent=sent, initial=initial, offered=_offered(request, dossier))


def _offered(request: Request, dossier: Dossier) -> list[Item]:
    chosen = [int(pk) for pk in request.POST.getlist("signals") if pk.isdecimal() and len(pk) < 19]
    words = request.POST.get("words", "").strip()[:200]
    return reasons_offered(dossier, request.user, words=words, chosen=chosen[:200])


def _step_page(request: Request, dossier: Dossier, form: AddCondition) -> HttpResponse:
    """The form at its step."""
    back = reverse("agenda:dossier", args=[dossier.pk])
    last = form.step == len(AddCondition.STEPS)
    context = {
        "form": form,
        "dossier": dossier,
        "closed": dossier.state == DossierState.CLOSED,
        "labels": [_("What and of whom"), _("Exactly"), _("Why")],
        "step": form.step,
        "last": last,
        "words": request.POST.get("words", "")[:200],
        "back": back,
        "breadcrumbs": monitor_crumbs((dossier.title, back), (_("Add a condition"), "")),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "agenda/condition_add.html", context, status=status)


# --- changes ---------------------------------------------------------------------------------------------------
def _form_page(
    request: Request,
    row: Condition,
    form: forms.Form,
    *,
    heading: str,
    button: str,
    deed: Callable[[dict[str, Any]], Any],
    done: str,
    lead: str = "",
    template: str = "agenda/condition_form.html",
    negative: bool = False,
    **more: Any,
) -> HttpResponse:
    """Show a form about a condition; when it was sent and is right, do the deed and go back to its page."""
    if request.method == "POST" and form.is_valid():
        try:
            deed(form.cleaned_data)
        except ValidationError as error:
            form.take_errors(error)  # type: ignore[attr-defined]
            if row.version and "version" in form.fields:
                take_stale(form, error, row.version)
        else:
            messages.success(request, done)
            return redirect("agenda:condition", row.pk)
    context = {
        "form": form,
        "condition": row,
        "heading": heading,
        "button": button,
        "negative": negative,
        "lead": lead or row.title,
        "back": _address(row),
        "breadcrumbs": _crumbs(row, (heading, "")),
        **more,
    }
    return render(request, template, context, status=422 if form.is_bound and form.errors else 200)


@access("bureau")
def edit(request: Request, pk: int) -> HttpResponse:
    """Change what is asked; once it was asked with a reason."""
    row = _condition_or_404(request, pk)
    reasons = commands.reasons_linked(row)
    words = (request.POST.get("words") or request.GET.get("words") or "").strip()[:200]
    chosen = [int(one) for one in request.POST.getlist("signals") if one.isdecimal() and len(one) < 19]
    offered = reasons_offered(
        row.dossier, request.user, words=words, chosen=[*(item.pk for item in reasons), *chosen[:200]]
    )
    initial = EditCondition.initial_of(row, reasons)
    if request.method == "POST" and request.POST.get("go") == "find":
        typed = {name: request.POST.get(name) for name in initial} | {
            "signals": request.POST.getlist("signals")
        }
        typed["reason"] = request.POST.get("reason", "")
        form = EditCondition(condition=row, offered=offered, initial=typed)
    else:
        form = EditCondition(request.POST or None, condition=row, offered=offered, initial=initial)

    def deed(data: dict[str, Any]) -> None:
        commands.edit_condition(
            actor=request.user, condition=row, **{"organisation": row.organisation, "reason": "", **data}
        )

    return _form_page(
        request,
        row,
        form,
        heading=_("Change the condition"),
        button=_("Save"),
        deed=deed,
        done=_("The condition was changed."),
        template="agenda/condition_edit.html",
        words=words,
    )


@access("bureau")
def ask(request: Request, pk: int) -> HttpResponse:
    """Record when it was asked."""
    row = _condition_or_404(request, pk)
    return _form_page(
        request,
        row,
        AskCondition(request.POST or None),
        heading=_("Record that it was asked"),
        button=_("It was asked"),
        deed=lambda data: commands.ask_condition(actor=request.user, condition=row, **data),
        done=_("Recorded. Who put in the signals behind it hears of it."),
    )


@access("bureau")
def answer(request: Request, pk: int) -> HttpResponse:
    """Record what the other party answered."""
    row = _condition_or_404(request, pk)
    return _form_page(
        request,
        row,
        AnswerCondition(request.POST or None, condition=row),
        heading=_("Record an answer"),
        button=_("Record the answer"),
        deed=lambda data: commands.answer_condition(actor=request.user, condition=row, **data),
        done=_("The answer is recorded. Who put in the signals behind it hears of it."),
    )


@access("bureau")
def fulfil(request: Request, pk: int) -> HttpResponse:
    """Record whether it is there."""
    row = _condition_or_404(request, pk)
    return _form_page(
        request,
        row,
        FulfilCondition(request.POST or None, condition=row),
        heading=_("Record whether it is met"),
        button=_("Record it"),
        deed=lambda data: commands.fulfil_condition(actor=request.user, condition=row, **data),
        done=_("Recorded. Who put in the signals behind it hears of it."),
    )


@access("bureau")
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Ask it no more."""
    row = _condition_or_404(request, pk)
    return _form_page(
        request,
        row,
        WithdrawCondition(request.POST or None),
        heading=_("Withdraw the condition"),
        button=_("Withdraw it"),
        negative=True,
        deed=lambda data: commands.withdraw_condition(actor=request.user, condition=row, **data),
        done=_("The condition was withdrawn. It stays in the record."),
    )
