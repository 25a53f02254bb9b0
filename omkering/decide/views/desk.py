"""The desk: take down ballots by hand or on paper, many at once, and confirm what somebody else took down."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from omkering.decide import commands, vote_rule, words
from omkering.decide.commands.desk_ballots import Given
from omkering.decide.commands.vote_rows import in_attended_meeting
from omkering.decide.forms.ballots import BallotForm
from omkering.decide.models import Choice, DeskBallot, RollEntry, Vote, VoteState, Way
from omkering.decide.queries import desk as queries
from omkering.decide.views.common import crumbs_of, readable_vote
from omkering.decide.views.live_common import listening, part_or_page
from omkering.engine.tally import ABSTAIN
from omkering.ui.access import access
from omkering.ui.paging import paginate
from omkering.ui.request import Request
from omkering.ui.second_factor import second_factor_required
from omkering.who.authority import require

PARTS = {"waiting": "decide/desk_waiting.html", "lines": "decide/desk_lines.html"}


class WayForm(forms.Form):
    """How the ballots on this page came in."""

    way = forms.ChoiceField(
        choices=[(Way.HAND.value, Way.HAND.label), (Way.PAPER.value, Way.PAPER.label)],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["way"].label = _("How they voted")


def held_by(request: Request, pk: int) -> Vote:
    """The vote, for who holds its desk; 404 for who may not know of it, 403 for others."""
    vote = readable_vote(request, pk)
    require(request.user, "decide.desk_ballots", vote)
    return vote


def short(vote: Vote) -> list[tuple[str, str]]:
    """What a line can say in one word; [] for a vote in which one fills in more."""
    kind = vote_rule.ballot_of(vote.rule)["kind"]
    if kind == "for_against_abstain":
        return [(choice.value, str(choice.label)) for choice in Choice]
    if kind == "options":
        return [*vote_rule.titles_of(vote.rule).items(), (ABSTAIN, str(Choice.ABSTAIN.label))]
    return []


@access("insider")
@second_factor_required
@never_cache
def desk(request: Request, pk: int) -> HttpResponse:
    """The quick page of a teller: search, choose for many at once, and what waits to be confirmed."""
    vote = held_by(request, pk)
    closed = vote.secret or vote.state != VoteState.OPEN
    if closed and "deel" in request.GET:
        return part_or_page(request, PARTS, "", {"vote": vote, "closed": True})
    if closed:
        return redirect("decide:vote", vote.pk)
    context: dict[str, Any] = listening(vote.meeting)
    text = request.GET.get("q", "").strip()[:100]
    entries: Any = RollEntry.objects.filter(vote=vote).select_related("member", "person")
    if text:
        entries = entries.filter(
            Q(member__name__icontains=text) | Q(person__name__icontains=text) | Q(voter=text)
        )
    of_members = vote_rule.electorate_of(vote.rule)["of"] != "seats"  # a key of the order is never empty
    page = paginate(entries, request.GET, order=["member__sort_key"] if of_members else ["voter"])
    lines = queries.desk_lines(vote, list(page))
    way = WayForm(request.POST or None, initial={"way": Way.HAND.value})
    error, status = "", 200
    if request.method == "POST":
        given = [
            Given(line.voter, choice, line.part)
            for line in lines
            if (choice := request.POST.get(line.field, ""))
        ]
        if not way.is_valid():
            error = _("Choose by hand or on paper.")
        elif not given:
            error = _("Choose something for at least one member.")
        else:
            try:
                made = commands.enter_desk_ballots(
                    actor=request.user, vote=vote, given=given, way=way.cleaned_data["way"]
                )
            except ValidationError as refused:
                error = " ".join(refused.messages)
            else:
                messages.success(request, noted(len(made)))
                return redirect(request.get_full_path())
        status = 422
        for line in lines:
            line.typed = request.POST.get(line.field, "")
    waiting = queries.waiting(vote, request.user)
    query = request.GET.copy()
    query["deel"] = "lines"
    context |= {
        "vote": vote,
        "page": page,
        "lines_query": query.urlencode(),
        "lines": lines,
        "short": short(vote),
        "way": way,
        "error": error,
        "q": text,
        "hands": bool(short(vote)) and in_attended_meeting(vote),
        "waiting": waiting,
        "may_confirm_all": sum(not each.own for each in waiting) > 1,
        "breadcrumbs": crumbs_of(vote, (_("The desk"), "")),
    }
    response = part_or_page(request, PARTS, "decide/desk.html", context)
    response.status_code = status
    return response


def noted(number: int) -> str:
    """That so many votes were taken down."""
    return ngettext(
        "%(n)s vote is taken down. It counts once somebody else confirms it.",
        "%(n)s votes are taken down. They count once somebody else confirms them.",
        number,
    ) % {"n": number}


@access("insider")
@second_factor_required
@never_cache
def desk_line(request: Request, pk: int, voter: str, part: int) -> HttpResponse:
    """Take down one ballot of a vote in which one fills in more than a word."""
    vote = held_by(request, pk)
    entry = get_object_or_404(RollEntry.objects.select_related("member", "person"), vote=vote, voter=voter)
    if vote.secret or vote.state != VoteState.OPEN:
        return redirect("decide:vote", vote.pk)
    way = WayForm(request.POST or None, initial={"way": Way.PAPER.value})
    form = BallotForm(vote.rule, request.POST or None)
    error = ""
    if request.method == "POST" and form.is_valid() and way.is_valid():
        try:
            commands.enter_desk_ballot(
                actor=request.user,
                vote=vote,
                voter=voter,
                choice=form.choice,
                way=way.cleaned_data["way"],
                part=part,
            )
        except ValidationError as refused:
            error = " ".join(refused.messages)
        else:
            messages.success(request, noted(1))
            return redirect("decide:desk", vote.pk)
    name = entry.member.name if entry.member else str(entry.person)
    context = {
        "vote": vote,
        "name": name,
        "form": form,
        "way": way,
        "error": error,
        "how": words.ballot_in_words(vote.rule),
        "breadcrumbs": crumbs_of(vote, (name, "")),
    }
    return render(request, "decide/desk_line.html", context, status=422 if error or form.errors else 200)


@access("insider")
@second_factor_required
@require_POST
def desk_confirm(request: Request, pk: int) -> HttpResponse:
    """Confirm or refuse what was taken down: each that is ticked. What cannot be is named, the others go on."""
    vote = held_by(request, pk)
    if "all" in request.POST:
        return _confirm_all(request, vote)
    wanted = [int(text) for text in request.POST.getlist("desk") if text.isdecimal() and len(text) < 18]
    refuse = "refuse" in request.POST
    done = 0
    for row in DeskBallot.objects.filter(vote=vote, pk__in=wanted).select_related("vote").order_by("pk"):
        try:
            if refuse:
                commands.refuse_desk_ballot(actor=request.user, desk=row)
            else:
                commands.confirm_desk_ballot(actor=request.user, desk=row)
            done += 1
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
    if done:
        words_done = _("Refused: %(n)s.") if refuse else _("Confirmed: %(n)s. They count now.")
        messages.success(request, words_done % {"n": done})
    elif not wanted:
        messages.error(request, _("Tick at least one vote."))
    return redirect("decide:desk", vote.pk)


def _confirm_all(request: Request, vote: Vote) -> HttpResponse:
    """Confirm all that others took down; who voted by phone meanwhile is named."""
    try:
        done, left = commands.confirm_all_desk_ballots(actor=request.user, vote=vote)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("decide:desk", vote.pk)
    if left:
        words_left = _(
            "Voted by phone or computer meanwhile, so that counts: %(names)s. Refuse what was taken down."
        )
        messages.warning(request, words_left % {"names": ", ".join(left)})
    if done:
        messages.success(request, _("Confirmed: %(n)s. They count now.") % {"n": done})
    elif not left:
        messages.info(request, _("Nothing that somebody else took down waits."))
    return redirect("decide:desk", vote.pk)
