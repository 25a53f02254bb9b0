"""Casting a ballot: choose, confirm, and a receipt; several at once on a list; objecting to an acclamation."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from omkering.decide import choices, commands, vote_rule, words
from omkering.decide.commands.ballot_lists import Choice as ListChoice
from omkering.decide.forms.ballots import BallotForm, ObjectionForm
from omkering.decide.models import Procedure, Vote, VoteState
from omkering.decide.queries import votes as queries
from omkering.decide.queries.votes import OwnBallot
from omkering.decide.views.common import crumbs_of, readable_vote
from omkering.ui.access import access
from omkering.ui.request import Request
from omkering.ui.second_factor import second_factor_required
from omkering.ui.text_forms import add_errors


def _own(request: Request, vote: Vote, code: str) -> OwnBallot:
    """The ballot of this line of the roll; 404 for one that is not on the roll, 403 for one that is not theirs."""
    own = queries.own_ballot(vote, request.user, code)
    if own is None:
        if vote.roll.filter(voter=code).exists():
            raise PermissionDenied
        raise Http404
    return own


def _seen(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 19 else None


def _canonical(vote: Vote, choice: str) -> str:
    """The choice in its one form; "" for what the rule does not know."""
    try:
        return choices.canonical(vote_rule.tally_rule(vote.rule), choice) if choice else ""
    except choices.NoSuchChoice:
        return ""


@access("person")
@second_factor_required
@never_cache
def ballot(request: Request, pk: int, code: str) -> HttpResponse:
    """Fill in a ballot (GET), confirm the choice (GET with `choice` or with what was filled in), and cast it (POST)."""
    vote = readable_vote(request, pk)
    own = _own(request, vote, code)
    if request.method != "POST":
        if vote.state != VoteState.OPEN:
            return redirect("decide:vote", vote.pk)
        if "choice" in request.GET and _by_choice(vote) and not vote.secret:
            choice = _canonical(vote, request.GET["choice"])
            return _confirm(request, vote, own, choice) if choice else redirect("decide:vote", vote.pk)
        return _fill_in(request, vote, own)
    if "fill" in request.POST and vote.secret:
        return _fill_in(request, vote, own)
    choice = request.POST.get("choice", "")
    try:
        commands.cast_ballot(
            actor=request.user,
            vote=vote,
            voter=own.voter,
            choice=choice,
            seen=_seen(request.POST.get("seen", "")),
        )
    except ValidationError as error:
        return _confirm(request, vote, own, _canonical(vote, choice), " ".join(error.messages))
    return redirect("decide:cast", vote.pk, own.voter)


def _by_choice(vote: Vote) -> bool:
    """Whether the whole choice is one word in the address: for or against, or one of the options."""
    return vote_rule.ballot_of(vote.rule)["kind"] in ("for_against_abstain", "options")


def _fill_in(request: Request, vote: Vote, own: OwnBallot) -> HttpResponse:
    """The form of this kind of vote; what was filled in goes on to be confirmed.

    In a secret vote it is sent in the body, so that no address (in a log, in a browser's history) holds the choice.
    """
    current = own.ballot.choice if own.ballot else ""
    data = request.POST if vote.secret else request.GET
    form = BallotForm(vote.rule, data or None, current=current)
    if data and form.is_valid():
        return _confirm(request, vote, own, form.choice)
    context = {
        "vote": vote,
        "own": own,
        "form": form,
        "how": words.ballot_in_words(vote.rule),
        "breadcrumbs": crumbs_of(vote, (_("Fill in your vote"), "")),
    }
    return render(request, "decide/fill_in.html", context, status=422 if form.errors else 200)


def _confirm(request: Request, vote: Vote, own: OwnBallot, choice: str, error: str = "") -> HttpResponse:
    context = {
        "vote": vote,
        "own": own,
        "choice": choice,
        "choice_words": words.choice_in_words(vote.rule, choice) if choice else "",
        "short": vote_rule.ballot_of(vote.rule)["kind"] in ("for_against_abstain", "options"),
        "error": error,
        "breadcrumbs": crumbs_of(vote, (_("Confirm your vote"), "")),
    }
    return render(request, "decide/ballot.html", context, status=422 if error else 200)


@access("person")
@never_cache
def cast(request: Request, pk: int, code: str) -> HttpResponse:
    """What a member voted as it stands, with the receipt for who cast it; of a secret vote only that it did."""
    vote = readable_vote(request, pk)
    own = _own(request, vote, code)
    if not own.voted:
        return redirect("decide:vote", vote.pk)
    context = {
        "vote": vote,
        "own": own,
        "mine": own.ballot is not None and own.ballot.person_id == request.user.pk,
        "at_desk": own.ballot is not None and own.ballot.way in queries.DESK,
        "others": [
            other
            for other in queries.own_ballots(vote, request.user)
            if not other.voted and vote.state == VoteState.OPEN
        ],
        "breadcrumbs": crumbs_of(vote, (_("Your vote"), "")),
    }
    return render(request, "decide/cast.html", context)


# --- several at once -------------------------------------------------------------------------------------
@access("person")
@second_factor_required
@never_cache
def vote_list(request: Request, pk: int) -> HttpResponse:
    """Vote on everything that is open on a list: one form, one ballot each. What is left empty is not voted on."""
    first = readable_vote(request, pk)
    visible = set(queries.visible_votes(request.user).values_list("pk", flat=True))
    open_votes = [vote for vote in queries.list_of(first) if vote.takes_ballots and vote.pk in visible]
    own = queries.own_open_ballots(open_votes, request.user)
    if not own:
        return redirect("decide:vote", first.pk)
    rows: list[tuple[OwnBallot, BallotForm]] = []
    for line in own:
        prefix = f"b{line.vote.pk}-{line.voter}"
        current = line.ballot.choice if line.ballot else ""
        data = request.POST if request.method == "POST" else None
        rows.append((line, BallotForm(line.vote.rule, data, current=current, prefix=prefix)))
    error = ""
    if request.method == "POST":
        given, wrong = _given(request, rows)
        if not wrong and not given:
            error = _("Choose something for at least one of them.")
        if given and not wrong:
            try:
                commands.cast_list(actor=request.user, given=given)
            except ValidationError as refused:
                error = " ".join(refused.messages)
            else:
                messages.success(request, _("Your votes have been received: %(n)s.") % {"n": len(given)})
                return redirect("decide:vote", first.pk)
        error = error or (_("Look at what is marked below.") if wrong else "")
    context = {
        "vote": first,
        "rows": rows,
        "error": error,
        "breadcrumbs": crumbs_of(first, (_("Vote on all of them"), "")),
    }
    return render(request, "decide/vote_list.html", context, status=422 if error else 200)


def _given(request: Request, rows: list[tuple[OwnBallot, BallotForm]]) -> tuple[list[ListChoice], bool]:
    """What was filled in, without what was left empty or as it was; and whether something is wrong."""
    given, wrong = [], False
    for line, form in rows:
        touched = any(value for name in form.fields for value in request.POST.getlist(form.add_prefix(name)))
        if not touched:
            form.is_bound = False
            continue
        if not form.is_valid():
            wrong = True
        elif not line.voted or (line.ballot and line.ballot.choice != form.choice):
            seen = _seen(request.POST.get(f"{form.prefix}-seen", ""))
            given.append(ListChoice(line.vote, line.voter, form.choice, seen))
    return given, wrong


# --- acclamation -----------------------------------------------------------------------------------------
@access("person")
@second_factor_required
def object_to(request: Request, pk: int, code: str) -> HttpResponse:
    """Object to deciding by acclamation, in the name of a line of the roll."""
    vote = readable_vote(request, pk)
    own = _own(request, vote, code)
    if vote.procedure != Procedure.ACCLAMATION or not vote.takes_ballots:
        return redirect("decide:vote", vote.pk)
    form = ObjectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            commands.object_to(actor=request.user, vote=vote, voter=own.voter, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Your objection is noted. Members can vote now."))
            return redirect("decide:vote", vote.pk)
    context: dict[str, Any] = {
        "form": form,
        "vote": vote,
        "title": _("Object to acclamation"),
        "lead": _("%(member)s objects. After that every member can vote on it.") % {"member": own.name},
        "button": _("Object"),
        "breadcrumbs": crumbs_of(vote, (_("Object to acclamation"), "")),
    }
    return render(request, "decide/form_step.html", context, status=422 if form.errors else 200)
