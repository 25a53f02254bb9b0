"""The bureau looks at statements: shows them, or says why not."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from omkering.deliberate.commands import statements as commands
from omkering.deliberate.forms.statements import RefuseForm
from omkering.deliberate.models import Statement, StatementState
from omkering.deliberate.queries import statements as queries
from omkering.deliberate.views.statements import badge, crumbs_of, round_or_404
from omkering.ui.access import access
from omkering.ui.paging import paginate
from omkering.ui.request import Request


@access("bureau")
def moderate(request: Request, pk: int) -> HttpResponse:
    """Statements to look at, oldest first; and those that are shown or refused."""
    round = round_or_404(request, pk)
    labels = {"": _("To be looked at"), "shown": _("Shown"), "refused": _("Not shown")}
    tab = request.GET.get("tab", "")
    tab = tab if tab in labels else ""
    order = ["number", "pk"] if not tab else ["-moderated_at", "-pk"]
    page = paginate(queries.to_moderate(round, tab), request.GET, order=order)
    here = reverse("deliberate:moderate_statements", args=[round.pk])
    context = {
        "round": round,
        "tab": tab,
        "tabs": [
            {"label": label, "url": f"{here}?tab={key}" if key else here, "current": key == tab}
            for key, label in labels.items()
        ],
        "page": page,
        "rows": [(row, badge(row)) for row in page],
        "breadcrumbs": crumbs_of(
            round,
            (_("Statements"), reverse("deliberate:statements", args=[round.pk])),
            (_("Look at statements"), ""),
        ),
    }
    return render(request, "deliberate/statements_moderate.html", context)


def _statement(request: Request, pk: int) -> Statement:
    return get_object_or_404(queries.readable_statements(request.user), pk=pk)


@access("bureau")
@require_POST
def show(request: Request, pk: int) -> HttpResponse:
    """Show a statement."""
    row = _statement(request, pk)
    try:
        commands.show_statement(actor=request.user, statement=row, seen=request.POST.get("seen", ""))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(
            request, _("Statement %(number)s is shown. Its author hears it.") % {"number": row.number}
        )
    return redirect("deliberate:moderate_statements", row.in_round_id)


@access("bureau")
def refuse(request: Request, pk: int) -> HttpResponse:
    """Say why a statement is not shown, or no longer."""
    row = _statement(request, pk)
    if request.method != "POST" and row.state in (StatementState.REFUSED, StatementState.ANSWERED):
        return redirect("deliberate:statement", row.pk)
    alike = [each.statement for each in queries.alike(row.in_round, row.text, exclude=row.pk)]
    seen = {each.pk for each in alike}
    others = [
        each for each in queries.in_round(row.in_round).order_by("number") if each.pk not in {row.pk, *seen}
    ]
    form = RefuseForm(request.POST if request.method == "POST" else None, others=[*alike, *others])
    if request.method == "POST" and form.is_valid():
        try:
            commands.refuse_statement(
                actor=request.user,
                statement=row,
                reason=form.cleaned_data["reason"],
                same_as=form.cleaned_data["same_as"],
                seen=request.POST.get("seen", ""),
            )
        except ValidationError as error:
            form.take_errors(error)
        else:
            messages.success(
                request,
                _("Statement %(number)s is not shown. Its author hears why.") % {"number": row.number},
            )
            return redirect("deliberate:moderate_statements", row.in_round_id)
    context = {
        "form": form,
        "statement": row,
        "round": row.in_round,
        "seen": request.POST.get("seen") or row.state,
        "alike": alike,
        "breadcrumbs": crumbs_of(
            row.in_round,
            (_("Look at statements"), reverse("deliberate:moderate_statements", args=[row.in_round_id])),
            (_("Do not show"), ""),
        ),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "deliberate/statement_refuse.html", context, status=status)
