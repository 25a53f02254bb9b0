"""What was done by mistake: a vote is undone until its result is announced, and an acclamation is objected to."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from omkering.decide import secrecy, voting_rights
from omkering.decide.commands.vote_plans import record_plan
from omkering.decide.commands.vote_rows import (
    LATER,
    copy_of,
    in_attended_meeting,
    locked,
    set_state,
    tell_meeting,
)
from omkering.decide.electorate import people_of
from omkering.decide.models import Objection, Procedure, Proposal, ProposalState, Vote, VoteState
from omkering.journal import clock
from omkering.journal.commands import record
from omkering.thread.commands import announce
from omkering.thread.privacy import check_personal_data
from omkering.thread.texts import checked
from omkering.who.authority import require
from omkering.who.models import Person
from omkering.who.owners import BUREAU

LENGTHS = {"reason": (10, 2_000)}


@transaction.atomic
def undo_vote(*, actor: Person, vote: Vote, reason: str) -> Vote:
    """Undo a vote that is open, or closed and not announced; returns the planned vote that comes in its place.

    Nothing is lost: roll, ballots and count stay where they are, and count no more. A roll that was wrong is corrected
    before the new vote opens, which freezes one of its own. Doing it twice gives the same new vote.
    """
    require(actor, "decide.undo_vote", vote)
    texts = checked({"reason": reason}, LENGTHS, one_line=())
    check_personal_data(texts)
    vote = locked(vote)
    if vote.state == VoteState.UNDONE:
        return Vote.objects.filter(replaces=vote).order_by("pk")[0]
    if vote.announced_at is not None:
        raise ValidationError(_("The result of this vote is announced, so it stands."))
    if vote.state not in (VoteState.OPEN, VoteState.CLOSED):
        raise ValidationError(_("Only a vote that is open, or closed and not announced, can be undone."))
    now = clock.database_now()
    was_open = vote.state == VoteState.OPEN
    if was_open and vote.secret:
        secrecy.seal(vote)
    vote.undone_at, vote.undone_reason = now, texts["reason"]
    set_state(vote, VoteState.UNDONE, "undone_at", "undone_reason")
    Proposal.objects.filter(pk=vote.about_id).update(state=ProposalState.MADE, changed_at=now)
    again = copy_of(
        vote,
        opens_at=now if in_attended_meeting(vote) else now + LATER,
        roll_note=texts["reason"],
        together_id=None,
    )
    record(
        verb="vote.undone",
        subject=vote.subject,
        actor=actor.pk,
        on_behalf_of=BUREAU,
        data={"was_open": was_open, "again": again.pk},
    )
    record_plan("vote.planned", again, actor)
    announce(
        item=vote,
        milestone="vote.undone",
        actor=actor,
        data={"again": date_format(localtime(again.opens_at), "d-m-Y H:i")},
        audience=people_of(list(vote.roll.all())),
    )
    tell_meeting(vote, "undone")
    return again


@transaction.atomic
def object_to(*, actor: Person, vote: Vote, voter: str, reason: str = "") -> Objection:
    """Object to an acclamation in the name of a line of the roll: then ballots are cast, for as long again.

    Doing it twice is doing it once.
    """
    right = voting_rights.right_for(vote, actor.pk, voter)
    if right is None:
        raise PermissionDenied("decide.object_to")
    texts = checked({"reason": reason}, {"reason": (0, 2_000)}, one_line=())
    check_personal_data(texts)
    vote = locked(vote)
    if vote.procedure != Procedure.ACCLAMATION:
        raise ValidationError(_("Members cast votes here; there is nothing to object to."))
    now = clock.database_now()
    if vote.state != VoteState.OPEN or vote.closes_at <= now:
        raise ValidationError(_("The time to object is over."))
    known = Objection.objects.filter(vote=vote, entry=right.entry).first()
    if known is not None:
        return known
    first = not Objection.objects.filter(vote=vote).exists()
    made = Objection.objects.create(
        vote=vote, entry=right.entry, person=actor, reason=texts["reason"], made_at=now
    )
    record(
        verb="vote.objected",
        subject=vote.subject,
        actor=actor.pk,
        on_behalf_of=f"member:{voter}" if right.entry.member_id else f"voter:{voter}",
        data={"objection": made.pk},
    )
    if first:
        window = vote.closes_at - (vote.opened_at or vote.opens_at)
        vote.closes_at = max(vote.closes_at, now + window)
        vote.save(update_fields=["closes_at"])
        announce(
            item=vote,
            milestone="vote.objected",
            actor=actor,
            data={"closes": date_format(localtime(vote.closes_at), "d-m-Y H:i")},
            audience=people_of(list(vote.roll.all())),
            upstream=False,
        )
    tell_meeting(vote, "objected")
    return made
