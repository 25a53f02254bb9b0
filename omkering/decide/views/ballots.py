"""Casting a ballot: choose, confirm, and a receipt."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from omkering.decide import commands, queries
from omkering.decide.models import Choice, Vote, VoteState
from omkering.decide.queries import OwnBallot
from omkering.decide.views.common import crumbs_of, readable_vote
from omkering.ui.access import access
from omkering.ui.request import Request
from omkering.ui.second_factor import second_factor_required


def _own(request: Request, vote: Vote, code: str) -> OwnBallot:
    """The ballot of this member; 404 for a member that is not on the roll, 403 without its mandate."""
    own = queries.own_ballot(vote, request.user, code)
    if own is None:
        if vote.roll.filter(member__code=code).exists():
            raise PermissionDenied
        raise Http404
    return own


def _seen(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 19 else None


@access("person")
@second_factor_required
@never_cache
def ballot(request: Request, pk: int, code: str) -> HttpResponse:
    """Confirm a choice for one member (GET with `choice`), and cast it (POST)."""
    vote = readable_vote(request, pk)
    own = _own(request, vote, code)
    choice = request.POST.get("choice", request.GET.get("choice", ""))
    if request.method != "POST":
        if choice not in Choice.values or vote.state != VoteState.OPEN:
            return redirect("decide:vote", vote.pk)
        return _confirm(request, vote, own, Choice(choice))
    try:
        commands.cast_ballot(
            actor=request.user,
            vote=vote,
            member=own.member,
            choice=choice,
            seen=_seen(request.POST.get("seen", "")),
        )
    except ValidationError as error:
        known = Choice(choice) if choice in Choice.values else None
        return _confirm(request, vote, own, known, " ".join(error.messages))
    return redirect("decide:cast", vote.pk, own.member.code)


def _confirm(
    request: Request, vote: Vote, own: OwnBallot, choice: Choice | None, error: str = ""
) -> HttpResponse:
    context = {
        "vote": vote,
        "own": own,
        "choice": choice,
        "error": error,
        "breadcrumbs": crumbs_of(vote, (_("Confirm your vote"), "")),
    }
    return render(request, "decide/ballot.html", context, status=422 if error else 200)


@access("person")
@never_cache
def cast(request: Request, pk: int, code: str) -> HttpResponse:
    """What a member voted as it stands, with the receipt for who cast it."""
    vote = readable_vote(request, pk)
    own = _own(request, vote, code)
    if own.ballot is None:
        return redirect("decide:vote", vote.pk)
    context = {
        "vote": vote,
        "own": own,
        "mine": own.ballot.person_id == request.user.pk,
        "others": [
            other
            for other in queries.own_ballots(vote, request.user)
            if other.ballot is None and vote.state == VoteState.OPEN
        ],
        "breadcrumbs": crumbs_of(vote, (_("Your vote"), "")),
    }
    return render(request, "decide/cast.html", context)
