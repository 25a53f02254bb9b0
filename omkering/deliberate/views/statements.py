"""Statements to read, to vote on one at a time, and to write."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from omkering.deliberate import quick
from omkering.deliberate.commands import statements as commands
from omkering.deliberate.forms.statements import StatementForm
from omkering.deliberate.models import (
    ConsultationRound,
    ConsultationState,
    Statement,
    StatementState,
    StatementVote,
)
from omkering.deliberate.models.statements import SHOWN
from omkering.deliberate.opinion_words import statement_charts
from omkering.deliberate.queries import opinion
from omkering.deliberate.queries import statements as queries
from omkering.ui.access import access
from omkering.ui.paging import paginate
from omkering.ui.request import Request
from omkering.who.authority import may

Crumbs = list[tuple[str, str]]
TONES = {
    StatementState.WAITING: "warning",
    StatementState.SHOWN: "info",
    StatementState.REFUSED: "negative",
    StatementState.ANSWERED: "positive",
}


def address(name: str, *args: Any) -> str:
    """The address of a page, or "" where that part of the room is not there."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def crumbs_of(round: ConsultationRound, *more: tuple[str, str]) -> Crumbs:
    """The way to a page about the statements of a round."""
    return [
        (_("Deliberate"), reverse("deliberate:room")),
        (round.consultation.title, address("deliberate:consultation", round.consultation_id)),
        (round.title, address("deliberate:round", round.pk)),
        *more,
    ]


def round_or_404(request: Request, pk: int) -> ConsultationRound:
    """The round, or a 404 for who may not know of it and where there are no statements."""
    round = queries.readable_round(request.user, pk)
    if round is None:
        raise Http404
    return round


def badge(statement: Statement) -> tuple[str, str]:
    """The state of a statement with its tone."""
    state = StatementState(statement.state)
    return str(state.label), TONES[state]


def is_open(round: ConsultationRound) -> bool:
    """Whether votes are taken, as far as the page knows; the command looks again."""
    return round.state == ConsultationState.OPEN


def _common(request: Request, round: ConsultationRound) -> dict[str, Any]:
    asked = may(request.user, "deliberate.vote_statement", round)
    return {
        "round": round,
        "open": is_open(round),
        "asked": asked,
        "may_vote": asked and is_open(round),
        "may_moderate": may(request.user, "deliberate.moderate_statement"),
    }


# --- reading ---------------------------------------------------------------------------------------------
@access("public")
def statements(request: Request, pk: int) -> HttpResponse:
    """The statements of a round, newest first, with what one voted oneself."""
    round = round_or_404(request, pk)
    known = request.user.is_authenticated
    labels = {"": _("All statements")}
    if known:
        labels |= {"left": _("Still to vote on"), "own": _("My statements")}
    tab = request.GET.get("tab", "")
    tab = tab if tab in labels else ""
    page = paginate(queries.listed(round, request.user, tab), request.GET, order=["-number", "-pk"])
    votes = queries.votes_of(request.user, page)
    here = reverse("deliberate:statements", args=[round.pk])
    context = {
        **_common(request, round),
        "tab": tab,
        "tabs": [
            {"label": label, "url": f"{here}?tab={key}" if key else here, "current": key == tab}
            for key, label in labels.items()
        ],
        "page": page,
        "rows": [(row, badge(row), votes.get(row.pk)) for row in page],
        "breadcrumbs": crumbs_of(round, (_("Statements"), "")),
    }
    return render(request, "deliberate/statements.html", context)


@access("public")
def statement(request: Request, pk: int) -> HttpResponse:
    """One statement: what one thinks of it oneself, and what groups, networks and size classes do."""
    row = get_object_or_404(queries.readable_statements(request.user), pk=pk)
    run = opinion.newest(row.in_round) if row.state in SHOWN else None
    mine = queries.votes_of(request.user, [row]).get(row.pk)
    context = {
        **_common(request, row.in_round),
        "statement": row,
        "badge": badge(row),
        "vote": mine,
        "values": StatementVote.Value,
        "run": run,
        "charts": statement_charts(run.result, str(row.pk)) if run else [],
        "own": request.user.is_authenticated and row.author_id == request.user.pk,
        "breadcrumbs": crumbs_of(
            row.in_round,
            (_("Statements"), reverse("deliberate:statements", args=[row.in_round_id])),
            (_("Statement %(number)s") % {"number": row.number}, ""),
        ),
    }
    return render(request, "deliberate/statement.html", context)


# --- voting ----------------------------------------------------------------------------------------------
@access("person")
@never_cache
def vote_statements(request: Request, pk: int) -> HttpResponse:
    """One statement at a time, the next one after each vote; `?statement=` asks for one, to change a vote."""
    round = round_or_404(request, pk)
    if not may(request.user, "deliberate.vote_statement", round):
        raise PermissionDenied
    if not is_open(round):
        messages.info(request, _("This round takes no votes now."))
        return redirect("deliberate:statements", round.pk)
    context = _turn(request, round, first=_number(request.GET.get("statement", "")))
    context["pass"] = quick.issue(request, round)
    last = _number(request.GET.get("last", ""))
    context["last"] = _last(request, round, last) if last else None
    context["breadcrumbs"] = crumbs_of(
        round,
        (_("Statements"), reverse("deliberate:statements", args=[round.pk])),
        (_("Vote"), ""),
    )
    return render(request, "deliberate/statements_vote.html", context)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _turn(request: Request, round: ConsultationRound, *, first: int | None = None) -> dict[str, Any]:
    turn = queries.next_turn(request.user, round, first=first)
    mine = queries.votes_of(request.user, [turn.statement]) if first and turn.statement else {}
    return {
        "round": round,
        "turn": turn,
        "left": turn.total - turn.done,
        "vote": mine.get(turn.statement.pk) if turn.statement else None,
        "values": StatementVote.Value,
    }


def _last(request: Request, round: ConsultationRound, pk: int) -> StatementVote | None:
    """What this person just voted, to see it and take it back."""
    rows = StatementVote.objects.filter(person=request.user, statement=pk, statement__in_round=round)
    return rows.select_related("statement").defer("statement__body", "statement__search").first()


@access("person")
@require_POST
def cast(request: Request, pk: int) -> HttpResponse:
    """Take a vote, and give the next statement (or, from a statement's own page, that page)."""
    found = queries.round_of(pk)
    if found is None:
        raise Http404
    round, row = found
    value = {"1": 1, "0": 0, "-1": -1}.get(request.POST.get("value", ""), 9)
    error = ""
    try:
        commands.vote(actor=request.user, statement=row, value=value)
    except ValidationError as refused:
        error = " ".join(refused.messages)
    if request.htmx:
        context = _turn(request, round, first=row.pk if error else None)
        context["error"] = error
        context["pass"] = quick.issue(request, round)
        if not error:
            context["last"] = StatementVote(statement=row, person=request.user, value=value)
        return render(request, "deliberate/statement_turn.html", context)
    if error:
        messages.error(request, error)
    if request.POST.get("back") == "statement":
        return redirect("deliberate:statement", row.pk)
    after = "" if error else f"?last={row.pk}"
    return redirect(f"{reverse('deliberate:vote_statements', args=[round.pk])}{after}")


# --- writing ---------------------------------------------------------------------------------------------
@access("person")
def write(request: Request, pk: int) -> HttpResponse:
    """Write a statement; those that say much the same are shown before it is put in."""
    round = round_or_404(request, pk)
    if not may(request.user, "deliberate.write_statement", round):
        raise PermissionDenied
    form = StatementForm(request.POST if request.method == "POST" else None)
    alike: list[queries.Alike] = []
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        if request.POST.get("looked") != text:
            alike = queries.alike(round, text)
        if not alike:
            try:
                commands.write_statement(actor=request.user, round=round, text=text)
            except ValidationError as error:
                form.take_errors(error)
            else:
                messages.success(
                    request,
                    _("Your statement was put in. The bureau looks at it, and you hear when it is shown."),
                )
                return redirect(f"{reverse('deliberate:statements', args=[round.pk])}?tab=own")
    context = {
        **_common(request, round),
        "form": form,
        "alike": alike,
        "looked": form.cleaned_data["text"] if alike else "",
        "breadcrumbs": crumbs_of(
            round,
            (_("Statements"), reverse("deliberate:statements", args=[round.pk])),
            (_("Write a statement"), ""),
        ),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "deliberate/statement_write.html", context, status=status)
