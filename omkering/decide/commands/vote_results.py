"""What follows from a count: the chair decides a tie, the result is announced, and the thread hears of it."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from omkering.decide import vote_rule
from omkering.decide.commands.vote_plans import record_plan
from omkering.decide.commands.vote_rows import (
    LATER,
    copy_of,
    in_attended_meeting,
    locked,
    tell_meeting,
)
from omkering.decide.models import AdviceKind, Outcome, Proposal, ProposalState, Vote, VoteState
from omkering.journal import clock
from omkering.journal.commands import record
from omkering.thread import milestones
from omkering.thread.commands import announce
from omkering.thread.models import Item
from omkering.who.authority import require
from omkering.who.models import Person
from omkering.who.owners import BUREAU

# What becomes of the item where the members follow an advice on it.
FOLLOWED = {
    AdviceKind.ADOPT: "vote.adopted",
    AdviceKind.REJECT: "vote.rejected",
    AdviceKind.HOLD: "vote.held",
    AdviceKind.TAKE_OVER: "vote.taken_over",
}


@transaction.atomic
def decide_tie(*, actor: Person, vote: Vote, choice: str) -> Vote:
    """The chair decides where votes are equal and the rule says so: "for", "against", or one of the tied options."""
    require(actor, "decide.decide_tie", vote)
    vote = locked(vote)
    if vote.state != VoteState.CLOSED or not vote.waits_for_chair:
        raise ValidationError(_("There is nothing here for the chair to decide."))
    tied = list((vote.result or {})["tied"]) if vote_rule.is_election(vote.rule) else ["for", "against"]
    if choice not in tied:
        raise ValidationError({"choice": _("Choose one of those that have equal votes.")})
    vote.chair_choice, vote.chair_person = choice, actor
    vote.save(update_fields=["chair_choice", "chair_person"])
    record(
        verb="vote.tie_decided",
        subject=vote.subject,
        actor=actor.pk,
        on_behalf_of=BUREAU,
        data={"choice": choice},
    )
    tell_meeting(vote, "tie_decided")
    if not in_attended_meeting(vote):
        settle_result(vote, actor, clock.database_now())
    return vote


@transaction.atomic
def announce_result(*, actor: Person, vote: Vote) -> Vote:
    """Announce the result of a vote in a meeting: from now on it stands, and everyone upstream hears of it.

    Doing it twice is doing it once.
    """
    require(actor, "decide.announce_result", vote)
    vote = locked(vote)
    if vote.state != VoteState.CLOSED:
        raise ValidationError(_("Close this vote before you announce its result."))
    if vote.announced_at is not None:
        return vote
    if vote.waits_for_chair:
        raise ValidationError(_("The votes are equal. The chair must decide first."))
    now = clock.database_now()
    settle_result(vote, actor, now)
    record(
        verb="vote.announced",
        subject=vote.subject,
        actor=actor.pk,
        on_behalf_of=BUREAU,
        data={"outcome": str(vote.outcome)},
    )
    tell_meeting(vote, "announced")
    return vote


def settle_result(vote: Vote, actor: Person | None, now: datetime) -> None:
    """Let the result have its effects, once; nothing yet where the chair must decide a tie first."""
    if vote.waits_for_chair:
        return
    outcome = vote.outcome
    vote.announced_at = vote.answered_at = now
    vote.save(update_fields=["announced_at", "answered_at"])
    if vote.ratifies_id is None and not vote.on_advice:
        state = ProposalState.ADOPTED if outcome == Outcome.ELECTED else ProposalState(str(outcome))
        Proposal.objects.filter(pk=vote.about_id).update(state=state, changed_at=now)
    elif vote.on_advice:
        Proposal.objects.filter(pk=vote.about_id).update(state=_state_on_advice(vote), changed_at=now)
    _tell(vote, actor)
    if outcome == Outcome.TIE and vote_rule.tie_of(vote.rule) == "revote":
        _plan_again(vote, actor, now)


def _state_on_advice(vote: Vote) -> ProposalState:
    if vote.outcome == Outcome.ADOPTED:
        follows = {AdviceKind.ADOPT: ProposalState.ADOPTED, AdviceKind.REJECT: ProposalState.REJECTED}
        return follows.get(AdviceKind(vote.on_advice), ProposalState.MADE)
    return ProposalState.MADE


def _tell(vote: Vote, actor: Person | None) -> None:
    """News for everyone upstream, and what the result does to the items that were voted on."""
    result = vote.result or {}
    data: dict[str, Any] = {
        "roll": result["roll"]["votes"],
        "cast": result["cast"]["votes"],
        "base": result["base"],
        "required": result["required"],
    }
    if vote_rule.is_election(vote.rule):
        _tell_election(vote, actor, data)
        return
    data |= {"votes_for": result["votes"]["for"], "votes_against": result["votes"]["against"]}
    if _in_heads(result):
        data |= {"votes_for": result["heads"]["for"], "votes_against": result["heads"]["against"]}
    milestone, handled = _milestone(vote)
    announce(item=vote, milestone=milestone, actor=actor, data=data)
    if handled and handled != milestone:
        _react(handled, [vote.about], vote, actor, data)


def _milestone(vote: Vote) -> tuple[str, str]:
    """The news of a vote for or against, and the milestone that other rooms react to ("": none)."""
    outcome = vote.outcome
    acclaimed = any(step["code"] == "acclamation" for step in (vote.result or {})["reason"])
    if vote.ratifies_id is not None:
        return ("vote.ratified", "") if outcome == Outcome.ADOPTED else ("vote.not_ratified", "")
    if vote.on_advice:
        if outcome == Outcome.ADOPTED:
            followed = FOLLOWED[AdviceKind(vote.on_advice)]
            return ("vote.advice_followed", followed)
        if outcome == Outcome.REJECTED:
            return "vote.advice_rejected", ""
        return f"vote.{outcome}", ""
    if vote.chair_choice:
        return f"vote.{outcome}_by_chair", f"vote.{outcome}"
    if acclaimed:
        return "vote.acclaimed", "vote.adopted"
    return f"vote.{outcome}", ""


def _tell_election(vote: Vote, actor: Person | None, data: dict[str, Any]) -> None:
    options = {option["key"]: option for option in vote_rule.options_of(vote.rule)}
    chosen = [options[key] for key in vote.chosen]
    outcome = vote.outcome
    data |= {
        "options": ", ".join(option["title"] for option in chosen),
        "elected": [option["key"] for option in chosen],
        "items": [option["item"] for option in chosen if option.get("item")],
        "refs": [option["ref"] for option in chosen if option.get("ref")],
    }
    milestone = {
        Outcome.ELECTED: "vote.elected",
        Outcome.TIE: "vote.options_tied",
        Outcome.NO_QUORUM: "vote.no_quorum",
    }.get(outcome or Outcome.REJECTED, "vote.none_elected")
    announce(item=vote, milestone=milestone, actor=actor, data=data)
    if outcome == Outcome.ELECTED and vote.ratifies_id is None:
        items = Item.objects.defer("search").in_bulk(
            [option["item"] for option in options.values() if option.get("item")]
        )
        won = set(data["items"])
        _react("vote.adopted", [items[pk] for pk in items if pk in won], vote, actor, data)
        _react("vote.rejected", [items[pk] for pk in items if pk not in won], vote, actor, data)


def _react(milestone: str, items: list[Item], vote: Vote, actor: Person | None, data: dict[str, Any]) -> None:
    """What a milestone does to these items, in the rooms where they live."""
    milestones.run_handlers(milestone, upstream=items, cause=vote, actor=actor, data=data)


def _in_heads(result: dict[str, Any]) -> bool:
    measures = [step["facts"]["in"] for step in result["reason"] if step["code"].startswith("threshold_")]
    return bool(measures) and measures[0] == "heads"


def _plan_again(vote: Vote, actor: Person | None, now: datetime) -> Vote:
    """Plan the vote that the rule asks for on a tie: the same once more, for options between those that are tied.

    A second tie stays one.
    """
    rule = {**vote.rule, "tie": "stays"}
    result = vote.result or {}
    tied = set(result.get("tied", ()))
    if vote_rule.is_election(vote.rule) and tied:
        ballot = dict(vote_rule.ballot_of(vote.rule))
        ballot["options"] = [option for option in ballot["options"] if option["key"] in tied]
        if "seats" in ballot:
            ballot["seats"] = max(1, ballot["seats"] - len(result["elected"]))
        if ballot.get("max_choices"):
            ballot["max_choices"] = min(ballot["max_choices"], len(ballot["options"]))
        rule["ballot"] = ballot
    again = copy_of(
        vote,
        opens_at=now if in_attended_meeting(vote) else now + LATER,
        rule=rule,
        together_id=None,
    )
    record_plan("vote.planned", again, actor)
    return again
