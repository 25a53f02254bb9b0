"""The life of a vote: planned, open on a frozen roll, closed with an exact count.

Locks are taken in one order: the item that is voted on, then the vote, then a line of the roll.
"""

import logging
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from omkering.decide import vote_rule
from omkering.decide.commands.proposals import BUREAU
from omkering.decide.models import Ballot, Proposal, ProposalState, RollEntry, Vote, VoteState
from omkering.engine import tally
from omkering.journal import clock
from omkering.journal.commands import record
from omkering.thread.commands import announce, link
from omkering.thread.models import Item, LinkKind, Visibility
from omkering.who import rolls
from omkering.who.authority import require
from omkering.who.models import Person

logger = logging.getLogger(__name__)


# --- planning --------------------------------------------------------------------------------------------
@transaction.atomic
def plan_vote(
    *,
    actor: Person,
    about: Item,
    opens_at: datetime,
    closes_at: datetime,
    reference_date: date,
    weight_rule_key: str | None = None,
    threshold_key: str | None = None,
    quorum_key: str | None = None,
) -> Vote:
    """Plan a vote for or against an item, with the rule as it stands now (keys None: the association's own).

    The vote opens and closes by itself at these times. `reference_date` says whose members, and with how many
    inhabitants.
    """
    require(actor, "decide.plan_vote", about)
    about = Item.objects.select_for_update(no_key=True).get(pk=about.pk)
    _check_about(about)
    _check_times(opens_at, closes_at)
    rule = vote_rule.snapshot(reference_date, weight_rule_key, threshold_key, quorum_key)
    rolls.roll_on(reference_date, rule["weight"])
    vote = Vote.objects.create(
        kind="vote",
        state=VoteState.PLANNED,
        title=about.title,
        summary=about.summary,
        visibility=about.visibility,
        language=about.language,
        theme_id=about.theme_id,
        owner_body_id=about.owner_body_id,
        author=actor,
        example=about.example,
        about=about,
        opens_at=opens_at,
        closes_at=closes_at,
        reference_date=reference_date,
        rule=rule,
    )
    _record_plan("vote.planned", vote, actor)
    return vote


@transaction.atomic
def change_plan(
    *,
    actor: Person,
    vote: Vote,
    opens_at: datetime,
    closes_at: datetime,
    reference_date: date,
    weight_rule_key: str | None = None,
    threshold_key: str | None = None,
    quorum_key: str | None = None,
) -> Vote:
    """Change the times, the reference date or the rule of a vote that has not been opened."""
    require(actor, "decide.plan_vote", vote)
    vote = _locked(vote)
    _check_planned(vote)
    _check_times(opens_at, closes_at)
    vote.rule = vote_rule.snapshot(reference_date, weight_rule_key, threshold_key, quorum_key)
    rolls.roll_on(reference_date, vote.rule["weight"])
    vote.opens_at, vote.closes_at, vote.reference_date = opens_at, closes_at, reference_date
    vote.changed_at = timezone.now()
    vote.save(update_fields=["opens_at", "closes_at", "reference_date", "rule", "changed_at"])
    _record_plan("vote.plan_changed", vote, actor)
    return vote


@transaction.atomic
def withdraw_vote(*, actor: Person, vote: Vote) -> Vote:
    """Call off a vote that has not been opened; that it was planned stays known."""
    require(actor, "decide.plan_vote", vote)
    vote = _locked(vote)
    _check_planned(vote)
    _set_state(vote, VoteState.WITHDRAWN)
    record(verb="vote.withdrawn", subject=vote.subject, actor=actor.pk, on_behalf_of=BUREAU)
    return vote


def _check_about(about: Item) -> None:
    if about.visibility not in (Visibility.PUBLIC, Visibility.MEMBERS):
        raise ValidationError(
            _("Not every member can read this. Open it to all members before they vote on it.")
        )
    if Vote.objects.filter(about=about, state__in=[VoteState.PLANNED, VoteState.OPEN]).exists():
        raise ValidationError(_("A vote on this is planned or open already."))
    if about.state in (ProposalState.ADOPTED, ProposalState.REJECTED) and about.kind == "proposal":
        raise ValidationError(_("The members have decided on this. Make a new proposal to ask them again."))


def _check_planned(vote: Vote) -> None:
    if vote.state != VoteState.PLANNED:
        raise ValidationError(_("This vote is no longer planned: it was opened or withdrawn."))


def _check_times(opens_at: datetime, closes_at: datetime) -> None:
    if closes_at <= opens_at:
        raise ValidationError({"closes_at": _("The vote must close after it opens.")})
    if closes_at <= clock.database_now():
        raise ValidationError({"closes_at": _("This moment has passed. Choose a later one.")})


def _record_plan(verb: str, vote: Vote, actor: Person) -> None:
    record(
        verb=verb,
        subject=vote.subject,
        actor=actor.pk,
        on_behalf_of=BUREAU,
        data={
            "about": vote.about_id,
            "opens_at": vote.opens_at.isoformat(),
            "closes_at": vote.closes_at.isoformat(),
            "reference_date": vote.reference_date.isoformat(),
            "weight_rule": vote.rule["weight"]["key"],
            "weight_rule_version": vote.rule["weight"]["version"],
            "threshold": vote.rule["threshold"]["key"],
            "quorum": vote.rule["quorum"]["key"],
        },
    )


# --- opening ---------------------------------------------------------------------------------------------
@transaction.atomic
def open_vote(*, actor: Person | None, vote: Vote) -> Vote:
    """Freeze the roll and let the members vote. `actor` None is the clock, and only once it is time.

    Everybody with a mandate to vote hears of it, and whoever put in what is behind it. ValidationError where a
    member has no population by the reference date: a weight is never guessed.
    """
    if actor is not None:
        require(actor, "decide.open_vote", vote)
    vote = _locked(vote)
    _check_planned(vote)
    now = clock.database_now()
    if actor is None and vote.opens_at > now:
        raise ValidationError(_("It is not time yet to open this vote."))
    if vote.closes_at <= now:
        raise ValidationError(_("The closing time of this vote has passed. Choose a later one first."))
    entries = RollEntry.objects.bulk_create(roll_of(vote))
    vote.opened_at = now
    _set_state(vote, VoteState.OPEN, "opened_at")
    Proposal.objects.filter(pk=vote.about_id).update(state=ProposalState.VOTING, changed_at=now)
    link(upstream=vote.about, downstream=vote, kind=LinkKind.DECIDED_IN, actor=actor)
    record(
        verb="vote.opened",
        subject=vote.subject,
        actor=actor.pk if actor else None,
        on_behalf_of=BUREAU,
        data={
            "members": len(entries),
            "votes": sum(entry.weight for entry in entries),
            "roll_sha256": roll_digest(entries),
        },
    )
    announce(
        item=vote,
        milestone="vote.opened",
        actor=actor,
        data={"closes": date_format(timezone.localtime(vote.closes_at), "d-m-Y H:i")},
        audience=rolls.mandated(entry.member_id for entry in entries),
    )
    return vote


def roll_of(vote: Vote) -> list[RollEntry]:
    """The roll of a vote as it would be frozen now, not saved; ValidationError where a population is missing."""
    return [
        RollEntry(
            vote=vote,
            member=line.member,
            inhabitants=line.inhabitants,
            weight=line.weight,
            groups=line.groups,
        )
        for line in rolls.roll_on(vote.reference_date, vote.rule["weight"])
    ]


def roll_digest(entries: list[RollEntry]) -> str:
    """SHA-256 of the roll as sealed at opening: JSON of [code, inhabitants, votes] in order of code."""
    return rolls.digest((entry.member.code, entry.inhabitants, entry.weight) for entry in entries)


# --- closing ---------------------------------------------------------------------------------------------
@transaction.atomic
def close_vote(*, actor: Person | None, vote: Vote) -> Vote:
    """Close a vote, count it, and tell everyone upstream. `actor` None is the clock, and only once it is time.

    The bureau may close a vote before its time; the page then says so. Waits for ballots under way; none gets
    in afterwards.
    """
    if actor is not None:
        require(actor, "decide.close_vote", vote)
    vote = _locked(vote)
    if vote.state != VoteState.OPEN:
        raise ValidationError(_("This vote is not open."))
    now = clock.database_now()
    if actor is None and vote.closes_at > now:
        raise ValidationError(_("It is not time yet to close this vote."))
    result = count(vote)
    vote.result, vote.closed_at = result.as_dict(), now
    vote.answered_at = now
    _set_state(vote, VoteState.CLOSED, "result", "closed_at", "answered_at")
    Proposal.objects.filter(pk=vote.about_id).update(state=result.outcome, changed_at=now)
    record(
        verb="vote.closed",
        subject=vote.subject,
        actor=actor.pk if actor else None,
        on_behalf_of=BUREAU,
        data={
            "outcome": result.outcome,
            "base": result.base,
            "required": result.required,
            "votes": result.votes,
            "heads": result.heads,
            "absent": result.absent,
            "early": vote.closes_at > now,
        },
    )
    announce(
        item=vote,
        milestone=f"vote.{result.outcome}",
        actor=actor,
        data={
            "votes_for": result.votes["for"],
            "votes_against": result.votes["against"],
            "base": result.base,
            "required": result.required,
            "roll": result.roll.votes,
            "cast": result.cast.votes,
        },
    )
    return vote


def count(vote: Vote) -> tally.Result:
    """The exact count of a vote, from its frozen roll and the ballots cast; two queries."""
    roll = tally.Roll(
        tally.Entry(member=code, weight=votes, groups=groups)
        for code, votes, groups in RollEntry.objects.filter(vote=vote)
        .order_by("member__code")
        .values_list("member__code", "weight", "groups")
    )
    ballots = [
        tally.Ballot(member=code, choice=choice)
        for code, choice in Ballot.objects.filter(vote=vote).values_list("member__code", "choice")
    ]
    return tally.tally(roll, ballots, vote_rule.tally_rule(vote.rule))


# --- the clock -------------------------------------------------------------------------------------------
def open_and_close_due() -> tuple[int, int]:
    """Open and close every vote whose time has come; returns how many of each.

    A vote that cannot be opened (a population is missing) stays planned, and the bureau sees that it is late.
    """
    now = clock.database_now()
    opened = closed = 0
    due = Q(state=VoteState.PLANNED, opens_at__lte=now, closes_at__gt=now) | Q(
        state=VoteState.OPEN, closes_at__lte=now
    )
    for vote in Vote.objects.filter(due).order_by("pk"):
        try:
            if vote.state == VoteState.PLANNED:
                open_vote(actor=None, vote=vote)
                opened += 1
            else:
                close_vote(actor=None, vote=vote)
                closed += 1
        except ValidationError as error:
            logger.warning("vote %s stays %s: %s", vote.pk, vote.state, "; ".join(error.messages))
    return opened, closed


def _locked(vote: Vote) -> Vote:
    """The vote with its row and that of what it is about locked; foreign keys to them may still be made."""
    Item.objects.select_for_update(no_key=True).get(pk=vote.about_id)
    return (
        Vote.objects.select_for_update(no_key=True, of=("self", "item_ptr"))
        .select_related("about")
        .get(pk=vote.pk)
    )


def _set_state(vote: Vote, state: VoteState, *also: str) -> None:
    vote.state = state
    vote.changed_at = timezone.now()
    fields: list[Any] = ["state", "changed_at", *also]
    vote.save(update_fields=fields)
