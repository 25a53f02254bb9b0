"""Who has spoken at a running meeting, by side and by group of members."""

from collections.abc import Iterable, Mapping, Sequence

from omkering.decide.models import Meeting
from omkering.decide.queries.live import Speaker
from omkering.decide.speaking_balance import Balance, Spoken, balance
from omkering.who.queries import register_on


def speakers_balance(meeting: Meeting, speakers: Sequence[Speaker]) -> Balance:
    """Who has spoken so far, by side and by group of members on the reference date; six queries."""
    members = {speaker.speech.member_id for speaker in speakers if speaker.speech.member_id}
    groups = groups_of(meeting, members) if members else {}
    return balance(
        Spoken(
            seconds=speaker.seconds,
            side=speaker.speech.side,
            member=speaker.speech.member.code if speaker.speech.member else "",
            groups=groups.get(speaker.speech.member_id, {}),
        )
        for speaker in speakers
        if speaker.speech.started_at
    )


def groups_of(meeting: Meeting, members: Iterable[int]) -> dict[int | None, Mapping[str, Sequence[str]]]:
    """Member → its groups on the reference date of the meeting, of these members; five queries."""
    register = register_on(meeting.reference_date)
    return {pk: register.groups(register.by_id[pk]) for pk in members if pk in register.by_id}
