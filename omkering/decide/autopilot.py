"""The usual run of a meeting: from how it stands, the one step that a chair would take next. Pure.

Somebody who speaks is heard out first, then what is being voted on is brought to its end, then who waits is heard,
then what is ready is put to the vote; then comes the next item on the agenda, and after the last one the end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Do(StrEnum):
    """What a step does."""

    OPEN_MEETING = "open_meeting"
    RESUME = "resume_meeting"
    GO_TO = "go_to"
    CALL_SPEAKER = "call_speaker"
    END_SPEECH = "end_speech"
    OPEN_VOTE = "open_vote"
    CLOSE_VOTE = "close_vote"
    ANNOUNCE = "announce_result"
    DECIDE_TIE = "decide_tie"  # the chair chooses; a button cannot
    CLOSE_MEETING = "close_meeting"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Step:
    """A step and what it is about: the key of an item, a speech or a vote (0: the meeting)."""

    do: Do
    about: int = 0

    @property
    def key(self) -> str:
        """How a form names it, so that a button does only what it said: "call_speaker:12"."""
        return f"{self.do}:{self.about}"


@dataclass(frozen=True)
class VoteNow:
    """A vote of the current item: `state` as of a vote, whether announced, and whether the chair must decide a tie."""

    key: int
    state: str
    announced: bool = False
    tied: bool = False


@dataclass(frozen=True)
class State:
    """How a meeting stands. `waiting_items` and `waiting` (speakers) are keys in order."""

    meeting: str
    current: int | None = None
    waiting_items: Sequence[int] = ()
    speaking: int | None = None
    waiting: Sequence[int] = ()
    votes: Sequence[VoteNow] = ()  # of the current item, in the order in which they are to be held


def next_step(state: State) -> Step:
    """The usual next step; `Do.NOTHING` where the meeting is not called yet, or is over."""
    if state.meeting == "called":
        return Step(Do.OPEN_MEETING)
    if state.meeting == "suspended":
        return Step(Do.RESUME)
    if state.meeting != "open":
        return Step(Do.NOTHING)
    if state.current is None:
        return _onwards(state)
    if state.speaking is not None:
        return (
            Step(Do.CALL_SPEAKER, state.waiting[0]) if state.waiting else Step(Do.END_SPEECH, state.speaking)
        )
    return _vote_under_way(state) or _heard_first(state) or _onwards(state)


def _vote_under_way(state: State) -> Step | None:
    for vote in state.votes:
        if vote.state == "closed" and not vote.announced:
            return Step(Do.DECIDE_TIE if vote.tied else Do.ANNOUNCE, vote.key)
        if vote.state == "open":
            return Step(Do.CLOSE_VOTE, vote.key)
    return None


def _heard_first(state: State) -> Step | None:
    if state.waiting:
        return Step(Do.CALL_SPEAKER, state.waiting[0])
    planned = next((vote.key for vote in state.votes if vote.state == "planned"), None)
    return None if planned is None else Step(Do.OPEN_VOTE, planned)


def _onwards(state: State) -> Step:
    return Step(Do.GO_TO, state.waiting_items[0]) if state.waiting_items else Step(Do.CLOSE_MEETING)
