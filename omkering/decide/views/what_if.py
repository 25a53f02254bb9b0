"""What a vote would be by other rules, voting power and blocs: on a page of its own, apart from official figures."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from omkering.decide.queries import what_if as questions
from omkering.decide.queries.roll import entries_of
from omkering.decide.views.common import crumbs_of, readable_vote
from omkering.ui.access import access
from omkering.ui.request import Request


@access("public")
def what_if(request: Request, pk: int) -> HttpResponse:
    """The same vote by other rules, who has how much power in it, and groups as blocs."""
    vote = readable_vote(request, pk)
    entries = entries_of(vote)
    if not entries:
        return redirect("decide:vote", vote.pk)
    context = {
        "vote": vote,
        "whole": questions.weights_of(entries),
        "rules": questions.other_rules(vote, entries),
        "power": questions.power_by_votes(vote, entries),
        "blocs": questions.blocs(vote, entries),
        "breadcrumbs": crumbs_of(vote, (_("What if"), "")),
    }
    return render(request, "decide/what_if.html", context)
