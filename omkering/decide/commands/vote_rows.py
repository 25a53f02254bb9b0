"""What every change of a vote shares: locks, states, and telling the meeting.

Locks are taken in one order: the item that is voted on, then the vote, then a line of the roll.
"""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.decide import live
from omkering.decide.models import MeetingForm, Vote, VoteState
from omkering.journal import clock
from omkering.thread.models import Item

LATER = timedelta(hours=1)  # before a vote that comes in the place of another one opens by itself


def locked(vote: Vote) -> Vote:
    """The vote, locked with the item that it is about."""
    Item.objects.select_for_update(no_key=True).get(pk=vote.about_id)
    return (
        Vote.objects.select_for_update(no_key=True, of=("self", "item_ptr"))
        .select_related("about", "meeting")
        .get(pk=vote.pk)
    )


def set_state(vote: Vote, state: VoteState, *also: str) -> None:
    """Put a vote in a state and save it, with these fields too."""
    vote.state = state
    vote.changed_at = timezone.now()
    fields: list[Any] = ["state", "changed_at", *also]
    vote.save(update_fields=fields)


def tell_meeting(vote: Vote, what: str) -> None:
    """Tell the clients of the meeting of this vote, where it has one, that something about it changed."""
    if vote.meeting_id:
        live.tell(vote.meeting_id, "vote", vote=vote.pk, what=what)


def in_attended_meeting(vote: Vote) -> bool:
    """Whether the vote is held in a meeting that one attends: then its chair opens it, not the clock."""
    return vote.meeting is not None and vote.meeting.form != MeetingForm.CONSULTATION


def check_planned(vote: Vote) -> None:
    """ValidationError unless the vote is planned."""
    if vote.state != VoteState.PLANNED:
        raise ValidationError(_("This vote is no longer planned: it was opened or withdrawn."))


def check_times(opens_at: datetime, closes_at: datetime) -> None:
    """ValidationError where a vote would close before it opens, or has closed already."""
    if closes_at <= opens_at:
        raise ValidationError({"closes_at": _("The vote must close after it opens.")})
    if closes_at <= clock.database_now():
        raise ValidationError({"closes_at": _("This moment has passed. Choose a later one.")})


def copy_of(vote: Vote, *, opens_at: datetime, **changes: Any) -> Vote:
    """A planned vote like this one, that comes in its place and lasts as long; saved."""
    lasts = vote.closes_at - (vote.opened_at or vote.opens_at)
    return Vote.objects.create(
        **{
            "kind": "vote",
            "state": VoteState.PLANNED,
            **{name: getattr(vote, name) for name in COPIED},
            "opens_at": opens_at,
            "closes_at": opens_at + max(lasts, timedelta(minutes=1)),
            "replaces": vote,
            **changes,
        }
    )


COPIED = (
    "title",
    "summary",
    "visibility",
    "language",
    "theme_id",
    "owner_body_id",
    "author_id",
    "example",
    "about_id",
    "meeting_id",
    "agenda_item_id",
    "reference_date",
    "rule",
    "procedure",
    "secret",
    "on_advice",
    "together_id",
    "ratifies_id",
)
