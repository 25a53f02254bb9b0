"""A vote that nobody prepared: the chair puts the item on the table to the vote at once."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from omkering.decide.commands.live_rows import item_of, locked_meeting, refuse_not_going_on
from omkering.decide.commands.proposals import make_proposal
from omkering.decide.commands.vote_plans import plan_vote
from omkering.decide.commands.votes import open_vote
from omkering.decide.models import AgendaItem, Meeting, Procedure, Vote, VoteState
from omkering.journal import clock
from omkering.who.authority import require
from omkering.who.models import Person


@transaction.atomic
def quick_vote(
    *,
    actor: Person,
    meeting: Meeting,
    agenda_item: AgendaItem,
    procedure: str = Procedure.BALLOTS,
    minutes: int = 15,
) -> Vote:
    """Plan and open a vote for or against on an item, by the rule of the body. It closes by itself after `minutes`.

    An item that is about nothing here yet gets a proposal with its own words. ValidationError while another vote on
    the item is open or waits for its result.
    """
    require(actor, "decide.run_meeting", meeting)
    row = locked_meeting(meeting)
    refuse_not_going_on(row)
    item_of(row, agenda_item)
    if not 1 <= minutes <= 120:
        raise ValidationError({"minutes": _("Choose between 1 minute and two hours.")})
    votes = Vote.objects.filter(agenda_item=agenda_item)
    if (
        votes.filter(state=VoteState.OPEN).exists()
        or votes.filter(state=VoteState.CLOSED, announced_at__isnull=True).exists()
    ):
        raise ValidationError(_("A vote on this item is going on. Announce its result first."))
    about = agenda_item.about or make_proposal(
        actor=actor, from_item=row, title=agenda_item.title, text=agenda_item.text or agenda_item.title
    )
    now = clock.database_now()
    vote = plan_vote(
        actor=actor,
        about=about,
        opens_at=now,
        closes_at=now + timedelta(minutes=minutes),
        reference_date=row.reference_date,
        meeting=row,
        agenda_item=agenda_item,
        procedure=procedure,
    )
    return open_vote(actor=actor, vote=vote)
