"""Show of hands: whose hand can be up in the hall."""

from collections.abc import Iterable

from omkering.decide.models import Attendance, MeetingForm, Presence, Proxy, RollEntry, Vote

Place = tuple[int, int]  # a line of the roll, and its part (0: undivided)


def in_the_hall(vote: Vote, entries: Iterable[RollEntry]) -> set[Place] | None:
    """The lines of the roll, and parts of divided ones, for which somebody is in the hall: two queries.

    A member that gave a proxy is there with the member that holds it. Where everybody takes part remotely, the screen
    is the hall. None where there is no hall: outside a meeting that one attends.
    """
    meeting = vote.meeting
    if meeting is None or meeting.form == MeetingForm.CONSULTATION:
        return None
    way = Presence.REMOTE if meeting.form == MeetingForm.REMOTE else Presence.ON_SITE
    stays = Attendance.objects.filter(meeting=meeting, left_at__isnull=True, presence=way)
    here = list(stays.values_list("member_id", "person_id"))
    people = {person for _member, person in here}
    members = {member for member, _person in here if member}
    proxies = Proxy.objects.filter(meeting=meeting, ended_at__isnull=True, holder_id__in=members)
    members |= set(proxies.values_list("giver_id", flat=True))
    found: set[Place] = set()
    for entry in entries:
        if entry.parts:  # a divided member votes by its parts alone
            found |= {(entry.pk, part["part"]) for part in entry.parts if part["person"] in people}
        elif entry.member_id in members if entry.member_id else entry.person_id in people:
            found.add((entry.pk, 0))
    return found
