"""Running a meeting: where it is on its agenda, what the screen in the hall shows, speaking time, the usual run.

Votes, attendance and the meeting's own state have commands of their own; see `votes`, `attendance`, `meetings`.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from omkering.decide.commands.live_rows import item_of, locked_meeting, refuse_not_going_on
from omkering.decide.commands.speakers import LONGEST, SHORTEST, end_running
from omkering.decide.live import tell
from omkering.decide.models import AgendaItem, AgendaState, Meeting, Vote, VoteState
from omkering.journal import clock
from omkering.journal.commands import record
from omkering.who.authority import require
from omkering.who.models import Person

# What the screen can be told to show; "" follows the meeting by itself.
SHOWS = ("", "item", "agenda", "speakers", "vote", "result", "pause")
GONE_BY = (AgendaState.DROPPED, AgendaState.HELD)


@transaction.atomic
def go_to(*, actor: Person, meeting: Meeting, agenda_item: AgendaItem) -> AgendaItem:
    """Bring the meeting to an item: what was dealt with is done, or waits again where the meeting goes back.

    Who was speaking has spoken. Not while a vote on the item is open, nor before its result was announced.
    """
    require(actor, "decide.run_meeting", meeting)
    row = locked_meeting(meeting)
    refuse_not_going_on(row)
    item_of(row, agenda_item)
    return _move(actor, row, AgendaItem.objects.select_for_update(no_key=True).get(pk=agenda_item.pk))


@transaction.atomic
def back(*, actor: Person, meeting: Meeting) -> AgendaItem:
    """Go back to the item that came before the current one."""
    require(actor, "decide.run_meeting", meeting)
    row = locked_meeting(meeting)
    refuse_not_going_on(row)
    if row.current is None:
        raise ValidationError(_("The meeting has not come to an item yet."))
    earlier = AgendaItem.objects.select_for_update(no_key=True).filter(
        meeting=row, position__lt=row.current.position
    )
    before = earlier.exclude(state__in=GONE_BY).order_by("-position").first()
    if before is None:
        raise ValidationError(_("This is the first item on the agenda."))
    return _move(actor, row, before)


def _move(actor: Person, meeting: Meeting, item: AgendaItem) -> AgendaItem:
    if meeting.current_id == item.pk and item.state == AgendaState.NOW:
        return item
    if item.state in GONE_BY:
        raise ValidationError({"agenda_item": _("This item was taken off the agenda or held over.")})
    _refuse_vote_under_way(meeting)
    now = clock.database_now()
    ended = end_running(meeting, now)
    left = meeting.current_id
    if meeting.current is not None:
        leave = meeting.current
        leave.state = AgendaState.DONE if leave.position < item.position else AgendaState.WAITING
        leave.ended_at = now if leave.state == AgendaState.DONE else None
        leave.version += 1
        leave.save(update_fields=["state", "ended_at", "version"])
    item.state, item.begun_at, item.ended_at = AgendaState.NOW, item.begun_at or now, None
    item.version += 1
    item.save(update_fields=["state", "begun_at", "ended_at", "version"])
    meeting.current = item
    meeting.on_screen = {}
    meeting.save(update_fields=["current", "on_screen"])
    _record(
        "meeting.went_to",
        meeting,
        actor,
        {"agenda_item": item.pk, "left": left, "ended_speech": ended},
        "agenda",
    )
    return item


def _refuse_vote_under_way(meeting: Meeting) -> None:
    votes = (
        Vote.objects.filter(meeting=meeting, agenda_item=meeting.current_id) if meeting.current_id else None
    )
    if votes is None:
        return
    if votes.filter(state=VoteState.OPEN).exists():
        raise ValidationError(_("A vote on this item is open. Close it before you go on."))
    if votes.filter(state=VoteState.CLOSED, announced_at__isnull=True).exists():
        raise ValidationError(
            _("The result of a vote on this item was not announced yet. Do that before you go on.")
        )


@transaction.atomic
def show_on_screen(*, actor: Person, meeting: Meeting, show: str, vote: Vote | None = None) -> Meeting:
    """Say what the screen shows: an item, the agenda, speakers, a vote, a result or a pause; "" follows the meeting.

    A result is shown only once it was announced. ValidationError by field.
    """
    require(actor, "decide.run_meeting", meeting)
    row = locked_meeting(meeting)
    if show not in SHOWS:
        raise ValidationError({"show": _("Choose what the screen shows.")})
    if show in ("vote", "result"):
        _check_shown(row, show, vote)
    wanted = (
        {"show": show, **({"vote": vote.pk} if vote and show in ("vote", "result") else {})} if show else {}
    )
    if row.on_screen == wanted:
        return row
    row.on_screen = wanted
    row.save(update_fields=["on_screen"])
    _record("meeting.screen_set", row, actor, {"show": show, "vote": wanted.get("vote")}, "screen")
    return row


def _check_shown(meeting: Meeting, show: str, vote: Vote | None) -> None:
    if vote is None or vote.meeting_id != meeting.pk:
        raise ValidationError({"vote": _("Choose a vote of this meeting.")})
    if show == "result" and vote.announced_at is None:
        raise ValidationError(
            {"vote": _("Announce the result first. Until then the screen shows how many voted.")}
        )


@transaction.atomic
def set_autopilot(*, actor: Person, meeting: Meeting, on: bool) -> Meeting:
    """Let the console offer the usual next step with one button, or not."""
    require(actor, "decide.run_meeting", meeting)
    row = locked_meeting(meeting)
    if row.autopilot == on:
        return row
    row.autopilot = on
    row.save(update_fields=["autopilot"])
    _record("meeting.autopilot_set", row, actor, {"on": on}, "screen")
    return row


@transaction.atomic
def set_speaking_time(*, actor: Person, meeting: Meeting, seconds: int) -> Meeting:
    """The limit in seconds for who asks to speak from now on."""
    require(actor, "decide.run_meeting", meeting)
    if not SHORTEST <= seconds <= LONGEST:
        raise ValidationError({"seconds": _("Choose a speaking time between 10 seconds and an hour.")})
    row = locked_meeting(meeting)
    if row.speaking_seconds == seconds:
        return row
    row.speaking_seconds = seconds
    row.save(update_fields=["speaking_seconds"])
    _record("meeting.speaking_time_set", row, actor, {"seconds": seconds}, "speakers")
    return row


def _record(verb: str, meeting: Meeting, actor: Person, data: dict[str, Any], about: str) -> None:
    record(verb=verb, subject=meeting.subject, actor=actor.pk, data=data)
    tell(meeting, about, **{key: value for key, value in data.items() if isinstance(value, int)})
