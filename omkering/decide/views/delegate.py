"""The delegate's phone: what the meeting is at, my votes, asking to speak, being there, and proxies."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from omkering.decide import passes, vote_rule, words
from omkering.decide.commands import attendance, speakers
from omkering.decide.forms.live import AskForm
from omkering.decide.models import MeetingForm, MeetingState, Paper, Presence, Procedure, SpeechState
from omkering.decide.queries import live as queries
from omkering.decide.views.live_common import done, live_context, part_or_page, speech_in
from omkering.decide.views.meeting_common import address, crumbs_in, meeting_or_404
from omkering.decide.views.watching import now_context
from omkering.ui.access import access
from omkering.ui.request import Request
from omkering.ui.second_factor import has_second_factor, second_factor_required
from omkering.who.models import Member
from omkering.who.standing import standing_of

PARTS = {"votes": "decide/live/delegate_votes.html", "me": "decide/live/delegate_me.html"}
WAYS = {
    MeetingForm.ON_SITE: (Presence.ON_SITE,),
    MeetingForm.HYBRID: (Presence.ON_SITE, Presence.REMOTE),
    MeetingForm.REMOTE: (Presence.REMOTE,),
    MeetingForm.CONSULTATION: (),
}


@access("person")
@never_cache
def delegate(request: Request, pk: int) -> HttpResponse:
    """One's own page of a meeting, or the part of it that `?deel=` names."""
    return _page(request, pk)


@access("person")
@second_factor_required
@require_POST
def delegate_do(request: Request, pk: int) -> HttpResponse:
    """Ask to speak, take that back, arrive or leave."""
    meeting = meeting_or_404(request, pk)
    return done(request, meeting, ACTIONS, "decide:delegate", lambda text: _page(request, pk, text, 422))


def _page(request: Request, pk: int, error: str = "", status: int = 200) -> HttpResponse:
    meeting = meeting_or_404(request, pk)
    state = queries.running(meeting)
    part = request.GET.get("deel")
    context: dict[str, Any] = {
        **live_context(meeting, state),
        "do_url": reverse("decide:delegate_do", args=[meeting.pk]),
        "error": error,
    }
    if part in (None, "votes"):
        context |= _votes(request, state)
    if part in (None, "me"):
        context |= _me(request, state)
    if part is None:
        context |= now_context(meeting, state)
        context["papers"] = _papers(state)
        context["breadcrumbs"] = crumbs_in(meeting, (_("My meeting"), ""))
    response = part_or_page(request, PARTS, "decide/live/delegate.html", context)
    response.status_code = status
    return response


def _votes(request: Request, state: queries.Running) -> dict[str, Any]:
    """The cards with a pass for each, where this session has a second factor; without it the forms ask for it."""
    found = queries.cards(state, request.user)
    strong = has_second_factor(request)
    cards = []
    for card in found:
        rule = card.vote.rule
        ballot = vote_rule.ballot_of(rule)
        cards.append(
            {
                "card": card,
                "kind": ballot["kind"],
                "ballot": ballot,
                "how": words.ballot_in_words(rule),
                "options": vote_rule.options_of(rule),
                "chosen": _chosen(ballot["kind"], card.ballot.choice if card.ballot else ""),
                "ticket": passes.issue(request, card.vote, card.right)
                if strong and not (card.vote.secret and card.voted)
                else "",
                "acclaimed": card.vote.procedure == Procedure.ACCLAMATION,
                "mine": card.ballot is not None and card.ballot.person_id == request.user.pk,
            }
        )
    mine = {card.vote.pk for card in found}
    others = [line for line in state.open_votes if line.vote.pk not in mine]
    return {"cards": cards, "other_votes": others, "announced": state.announced, "strong": strong}


def _chosen(kind: str, choice: str) -> dict[str, str]:
    """Option → what it was given so far: "1" where ticked, its points; for a ranking its place."""
    if not choice or choice == "abstain":
        return {}
    if kind == "points":
        return {key: number for key, _colon, number in (part.rpartition(":") for part in choice.split("|"))}
    if kind == "ranking":
        tiers = enumerate((tier.split("=") for tier in choice.split(">")), 1)
        return {key: str(place) for place, tier in tiers for key in tier}
    return dict.fromkeys(choice.split("|"), "1")


def _me(request: Request, state: queries.Running) -> dict[str, Any]:
    meeting, person = state.meeting, request.user
    parts = queries.parts_of(meeting, person)
    seated = meeting.owner_body_id in standing_of(person).bodies
    members = {part.member.pk for part in parts}
    asked = [
        queries.Speaker(speech, 0)
        for speech in state.speeches
        if speech.state == SpeechState.WAITING
        and (speech.person_id == person.pk or (speech.member_id and speech.member_id in members))
    ]
    return {
        "parts": parts,
        "seated": seated and not parts,
        "seat_stay": queries.own_stay(meeting, person) if seated and not parts else None,
        "ways": [(way.value, way.label) for way in WAYS[MeetingForm(meeting.form)]],
        "may_come": meeting.state in (MeetingState.CALLED, MeetingState.OPEN, MeetingState.SUSPENDED),
        "asked": asked,
        "ask_form": AskForm(prefix="ask", initial={"kind": "speak"}),
        "proxies_url": address("decide:proxies", meeting.pk),
    }


def _papers(state: queries.Running) -> list[Paper]:
    """The papers of the item that the meeting is at; one query."""
    if state.current is None:
        return []
    rows = Paper.objects.filter(agenda_item=state.current, withdrawn_at__isnull=True).only("title")
    return list(rows.order_by("order", "pk"))


# --- what can be done ------------------------------------------------------------------------------------
def _member(request: Request) -> Member | None:
    text = request.POST.get("member", "")
    if not text:
        return None
    member = Member.objects.filter(pk=int(text)).first() if text.isdecimal() and len(text) < 19 else None
    if member is None:
        raise Http404
    return member


def _ask(request: Request, meeting: Any) -> str:
    form = AskForm(request.POST, prefix="ask")
    if not form.is_valid():
        raise ValidationError([text for texts in form.errors.values() for text in texts])
    item = meeting.current
    speakers.ask_to_speak(
        actor=request.user, meeting=meeting, member=_member(request), agenda_item=item, **form.cleaned_data
    )
    return _("You are on the list of speakers.")


def _withdraw(request: Request, meeting: Any) -> str:
    speakers.withdraw_speech(actor=request.user, speech=speech_in(request, meeting))
    return _("You are off the list of speakers.")


def _arrive(request: Request, meeting: Any) -> str:
    attendance.arrive(
        actor=request.user,
        meeting=meeting,
        member=_member(request),
        person=request.user,
        presence=request.POST.get("presence", ""),
    )
    return _("You are registered as present.")


def _leave(request: Request, meeting: Any) -> str:
    attendance.leave(actor=request.user, meeting=meeting, member=_member(request), person=request.user)
    return _("You are registered as gone.")


ACTIONS = {"ask_to_speak": _ask, "withdraw_speech": _withdraw, "arrive": _arrive, "leave": _leave}
