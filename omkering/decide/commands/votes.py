"""A vote opens on a frozen roll, may last longer, and closes with an exact count."""

import logging
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from omkering.decide import counting, secrecy, vote_rule
from omkering.decide.commands.vote_plans import change_plan, plan_vote, withdraw_vote
from omkering.decide.commands.vote_results import settle_result
from omkering.decide.commands.vote_rows import (
    check_planned,
    in_attended_meeting,
    locked,
    set_state,
    tell_meeting,
)
from omkering.decide.electorate import people_of, roll_digest, roll_of, rule_digest
from omkering.decide.models import (
    DeskBallot,
    MeetingForm,
    Proposal,
    ProposalState,
    RollEntry,
    Vote,
    VoteState,
)
from omkering.journal import clock
from omkering.journal.commands import record
from omkering.thread.commands import announce, link
from omkering.thread.models import Item, LinkKind
from omkering.who.authority import require
from omkering.who.models import Person
from omkering.who.owners import BUREAU

__all__ = [
    "change_plan",
    "close_vote",
    "extend_vote",
    "open_and_close_due",
    "open_vote",
    "plan_vote",
    "withdraw_vote",
]

logger = logging.getLogger(__name__)


# --- opening ---------------------------------------------------------------------------------------------
@transaction.atomic
def open_vote(*, actor: Person | None, vote: Vote, closes_at: datetime | None = None) -> Vote:
    """Freeze the roll and let the members vote. `actor` None is the clock, and only once it is time.

    `closes_at` sets another closing time. With the first vote of a list the others open too. Everybody who may vote
    hears of it, and whoever put in what is behind it. ValidationError where a member has no population by the
    reference date: a weight is never guessed.
    """
    if actor is not None:
        require(actor, "decide.open_vote", vote)
    vote = locked(vote)
    check_planned(vote)
    now = clock.database_now()
    if actor is None and vote.opens_at > now:
        raise ValidationError(_("It is not time yet to open this vote."))
    vote.closes_at = closes_at or vote.closes_at
    if vote.closes_at <= now:
        raise ValidationError(_("The closing time of this vote has passed. Choose a later one first."))
    vote.opens_at = min(vote.opens_at, now)
    entries = RollEntry.objects.bulk_create(roll_of(vote))
    if vote.secret:
        secrecy.make_box(vote, entries)
    vote.opened_at = now
    set_state(vote, VoteState.OPEN, "opened_at", "opens_at", "closes_at")
    Proposal.objects.filter(pk=vote.about_id).update(state=ProposalState.VOTING, changed_at=now)
    link(upstream=vote.about, downstream=vote, kind=LinkKind.DECIDED_IN, actor=actor)
    for item in option_items(vote):
        if item.pk != vote.about_id:
            link(upstream=item, downstream=vote, kind=LinkKind.DECIDED_IN, actor=actor)
    record(
        verb="vote.opened",
        subject=vote.subject,
        actor=actor.pk if actor else None,
        on_behalf_of=BUREAU,
        data={
            "members": len(entries),
            "votes": sum(entry.weight for entry in entries),
            "parts": sum(len(entry.parts) for entry in entries),
            "roll_sha256": roll_digest(entries),
            "rule_sha256": rule_digest(vote.rule),
        },
    )
    announce(
        item=vote,
        milestone="vote.opened",
        actor=actor,
        data={"closes": date_format(timezone.localtime(vote.closes_at), "d-m-Y H:i")},
        audience=people_of(entries),
    )
    tell_meeting(vote, "opened")
    for other in Vote.objects.filter(together=vote, state=VoteState.PLANNED).order_by("pk"):
        open_vote(actor=actor, vote=other, closes_at=vote.closes_at)
    return vote


def option_items(vote: Vote) -> list[Item]:
    """The items that options of a vote stand for, in the order of the options."""
    wanted = [option["item"] for option in vote_rule.options_of(vote.rule) if option.get("item")]
    found = Item.objects.defer("search", "body").in_bulk(wanted)
    return [found[pk] for pk in dict.fromkeys(wanted) if pk in found]


@transaction.atomic
def extend_vote(*, actor: Person, vote: Vote, closes_at: datetime) -> Vote:
    """Let an open vote last longer. Not once its time is over: who came too late then was told so."""
    require(actor, "decide.close_vote", vote)
    vote = locked(vote)
    _check_open(vote)
    now = clock.database_now()
    if vote.closes_at <= now:
        raise ValidationError(_("The time of this vote is over, so it cannot be extended any more."))
    if closes_at <= vote.closes_at:
        raise ValidationError({"closes_at": _("Choose a moment that is later than the closing time of now.")})
    data = {"from": vote.closes_at.isoformat(), "to": closes_at.isoformat()}
    vote.closes_at = closes_at
    vote.changed_at = now
    vote.save(update_fields=["closes_at", "changed_at"])
    record(verb="vote.extended", subject=vote.subject, actor=actor.pk, on_behalf_of=BUREAU, data=data)
    tell_meeting(vote, "extended")
    return vote


# --- closing ---------------------------------------------------------------------------------------------
@transaction.atomic
def close_vote(*, actor: Person | None, vote: Vote) -> Vote:
    """Close a vote and count it. `actor` None is the clock, and only once it is time.

    Outside a meeting, and in a consultation over days, the result is announced at once: everyone upstream hears it.
    In a meeting that one attends its effects wait for `announce_result`. Waits for ballots under way; none gets in
    afterwards. With the first vote of a list the others that are open close too.
    """
    if actor is not None:
        require(actor, "decide.close_vote", vote)
    vote = locked(vote)
    _check_open(vote)
    now = clock.database_now()
    if actor is None and vote.closes_at > now:
        raise ValidationError(_("It is not time yet to close this vote."))
    sealed = secrecy.seal(vote) if vote.secret else {}
    result = counting.result_of(vote)
    vote.result, vote.closed_at = result, now
    set_state(vote, VoteState.CLOSED, "result", "closed_at")
    waiting = DeskBallot.objects.filter(vote=vote, confirmed_at__isnull=True, refused_at__isnull=True).count()
    record(
        verb="vote.closed",
        subject=vote.subject,
        actor=actor.pk if actor else None,
        on_behalf_of=BUREAU,
        data={
            **{key: result[key] for key in ("outcome", "base", "required", "votes", "heads", "absent")},
            "elected": list(result["elected"]),
            "early": vote.closes_at > now,
            "desk_unconfirmed": waiting,
            **sealed,
        },
    )
    tell_meeting(vote, "closed")
    if not in_attended_meeting(vote):
        settle_result(vote, actor, now)
    for other in Vote.objects.filter(together=vote, state=VoteState.OPEN).order_by("pk"):
        if actor is not None or other.closes_at <= now:
            close_vote(actor=actor, vote=other)
    return vote


def _check_open(vote: Vote) -> None:
    if vote.state != VoteState.OPEN:
        raise ValidationError(_("This vote is not open."))


# --- the clock -------------------------------------------------------------------------------------------
def open_and_close_due() -> tuple[int, int]:
    """Open and close every vote whose time has come; returns how many of each.

    A vote that cannot be opened (a population is missing) stays planned, and the bureau sees that it is late. What
    is voted on in a meeting that one attends is opened there.
    """
    now = clock.database_now()
    opened = closed = 0
    by_itself = Q(meeting__isnull=True) | Q(meeting__form=MeetingForm.CONSULTATION)
    due = Q(by_itself, state=VoteState.PLANNED, opens_at__lte=now, closes_at__gt=now) | Q(
        state=VoteState.OPEN, closes_at__lte=now
    )
    for vote in Vote.objects.filter(due).order_by("pk"):
        fresh = Vote.objects.get(pk=vote.pk)  # one of a list may have gone along with another
        if fresh.state != vote.state:
            continue
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
