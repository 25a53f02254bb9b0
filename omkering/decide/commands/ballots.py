"""Casting a ballot: the one command that many call at the same moment."""

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from omkering.decide.models import Ballot, Choice, RollEntry, Vote, VoteState
from omkering.journal import clock
from omkering.journal.commands import record
from omkering.who.authority import require
from omkering.who.models import Member, Person


@transaction.atomic
def cast_ballot(*, actor: Person, vote: Vote, member: Member, choice: str, seen: int | None = None) -> int:
    """Vote in the name of a member, or change its vote; returns the id of the event that is its receipt.

    The weight is on the roll and nowhere else. The same choice by the same person again makes no second
    event: it returns the first receipt. `seen` is the receipt of the ballot that the person looked at (0: there
    was none): a ballot that changed since is not overwritten. ValidationError with code `not_open`,
    `not_on_roll`, `choice` or `changed`.
    """
    require(actor, "decide.cast_ballot", member)
    if choice not in Choice.values:
        raise ValidationError(
            {"choice": ValidationError(_("Choose for, against or abstain."), code="choice")}
        )
    _lock_open(vote)
    # The line of the roll is what the ballots of one member queue up for.
    entry = RollEntry.objects.select_for_update(no_key=True).filter(vote=vote, member=member).first()
    if entry is None:
        raise ValidationError(
            _("%(member)s is not on the roll of this vote.") % {"member": member.name}, code="not_on_roll"
        )
    ballot = Ballot.objects.filter(vote=vote, member=member).first()
    if ballot is not None and (ballot.choice, ballot.person_id) == (choice, actor.pk):
        return ballot.event_id
    if seen is not None and seen != (ballot.event_id if ballot else 0):
        raise ValidationError(
            _("The vote of %(member)s changed in the meantime. Look at it again before you vote.")
            % {"member": member.name},
            code="changed",
        )
    event = record(
        verb="ballot.changed" if ballot else "ballot.cast",
        subject=vote.subject,
        actor=actor.pk,
        on_behalf_of=f"member:{member.code}",
        data={"choice": choice, "votes": entry.weight},
    )
    kept = {"choice": choice, "person": actor, "cast_at": timezone.now(), "event_id": event.pk}
    if ballot is None:
        Ballot.objects.create(vote=vote, member=member, **kept)
    else:
        for name, value in kept.items():
            setattr(ballot, name, value)
        ballot.save(update_fields=list(kept))
    return event.pk


def _lock_open(vote: Vote) -> None:
    """Hold the vote so that it cannot close meanwhile; ValidationError unless it is open.

    The lock is shared: ballots do not wait for each other, closing waits for them. State and time are read
    after the lock is held.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM decide_vote WHERE item_ptr_id = %s FOR SHARE", [vote.pk])
    state, closes_at = Vote.objects.values_list("state", "closes_at").get(pk=vote.pk)
    if state == VoteState.PLANNED:
        raise ValidationError(_("This vote is not open yet."), code="not_open")
    if state != VoteState.OPEN or clock.database_now() >= closes_at:
        raise ValidationError(
            _("This vote is closed since %(moment)s. What you chose now does not count.")
            % {"moment": date_format(timezone.localtime(closes_at), "j F Y, H:i")},
            code="not_open",
        )
