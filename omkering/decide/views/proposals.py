"""Proposals: the list, a page, making and changing one."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from omkering.decide import commands
from omkering.decide.forms.votes import ProposalForm
from omkering.decide.models import VoteState
from omkering.decide.queries.votes import find, visible_proposals, votes_of
from omkering.decide.views.common import crumbs, crumbs_of, readable_item, readable_proposal
from omkering.decide.views.votes import tabs
from omkering.ui.access import access
from omkering.ui.paging import paginate
from omkering.ui.request import Request
from omkering.ui.text_forms import add_errors
from omkering.who.authority import may


@access("public")
def proposals(request: Request) -> HttpResponse:
    """All proposals, newest first."""
    text = request.GET.get("q", "").strip()[:200]
    rows = find(visible_proposals(request.user), text).select_related("theme")
    rows = rows.only("kind", "title", "summary", "state", "example", "created_at", "theme__names")
    page = paginate(rows, request.GET, order=["-created_at", "-pk"])
    context = {"page": page, "q": text, "tabs": tabs(request, "proposals"), "breadcrumbs": crumbs()}
    return render(request, "decide/proposals.html", context)


@access("public")
def proposal(request: Request, pk: int) -> HttpResponse:
    """A proposal: its text, the votes on it, and the red thread."""
    item = readable_proposal(request, pk)
    votes = votes_of(item)
    opened = any(vote.opened_at for vote in votes)
    busy = any(vote.state in (VoteState.PLANNED, VoteState.OPEN) for vote in votes)
    decided = item.state in ("adopted", "rejected")
    return render(
        request,
        "decide/proposal.html",
        {
            "proposal": item,
            "votes": votes,
            "may_edit": not opened and may(request.user, "decide.edit_proposal", item),
            "may_plan": not busy and not decided and may(request.user, "decide.plan_vote", item),
            "breadcrumbs": crumbs((item.title, "")),
        },
    )


@access("bureau")
def propose(request: Request, pk: int) -> HttpResponse:
    """Make a proposal that follows from an item."""
    source = readable_item(request, pk)
    form = ProposalForm.for_source(source, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = commands.make_proposal(actor=request.user, from_item=source, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(
                request, _("The proposal is made. Whoever put in what is behind it hears of it.")
            )
            return redirect("decide:proposal", made.pk)
    context = {"form": form, "source": source, "breadcrumbs": crumbs_of(source, (_("New proposal"), ""))}
    return render(request, "decide/propose.html", context, status=422 if form.errors else 200)


@access("bureau")
def edit(request: Request, pk: int) -> HttpResponse:
    """Change the words of a proposal."""
    item = readable_proposal(request, pk)
    form = ProposalForm.for_proposal(item, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            commands.edit_proposal(actor=request.user, proposal=item, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The proposal was changed."))
            return redirect("decide:proposal", item.pk)
    context = {"form": form, "proposal": item, "breadcrumbs": crumbs_of(item, (_("Change"), ""))}
    return render(request, "decide/propose.html", context, status=422 if form.errors else 200)
