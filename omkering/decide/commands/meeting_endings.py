"""What follows when a meeting closes: who was there has left, and who put something in hears what came of it."""

from datetime import datetime

from omkering.decide.models import AgendaState, Attendance, Meeting, Vote, VoteState
from omkering.thread.commands import announce
from omkering.who.models import Person

# What can have become of an item on the agenda without a vote: the milestone that tells it.
TOLD = {AgendaState.DONE: "meeting.dealt_with", AgendaState.HELD: "meeting.held_over"}


def end_stays(meeting: Meeting, now: datetime) -> int:
    """Everybody has left; returns how many were still there."""
    return Attendance.objects.filter(meeting=meeting, left_at__isnull=True).update(left_at=now)


def tell_what_was_dealt_with(meeting: Meeting, actor: Person) -> int:
    """Tell the author, followers and those upstream of each item that was dealt with without a vote; how many items.

    What was voted on was told when its result was announced.
    """
    voted = set(
        Vote.objects.filter(meeting=meeting)
        .exclude(state__in=(VoteState.UNDONE, VoteState.WITHDRAWN))
        .values_list("about_id", flat=True)
    )
    told: set[int] = set()
    items = meeting.agenda.filter(about__isnull=False, state__in=TOLD).select_related("about")
    for entry in items.defer("about__search", "about__body"):
        if entry.about is None or entry.about.pk in voted | told:
            continue
        told.add(entry.about.pk)
        announce(
            item=entry.about,
            milestone=TOLD[AgendaState(entry.state)],
            actor=actor,
            data={"meeting": meeting.title},
            once=str(meeting.pk),
        )
    return len(told)
