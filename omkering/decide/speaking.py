"""Speeches in their order and in time; no query."""

from datetime import datetime

from omkering.decide.models import Speech, SpeechKind


def in_turn(speech: Speech) -> tuple[bool, int, int]:
    """What speakers are sorted by: points of order first, then their order."""
    return speech.kind != SpeechKind.ORDER, speech.order, speech.pk


def seconds_of(speech: Speech, now: datetime | None = None) -> int:
    """How long somebody spoke, or speaks until now, in whole seconds; 0 before it began."""
    end = speech.ended_at or now
    if speech.started_at is None or end is None:
        return 0
    return max(0, round((end - speech.started_at).total_seconds()))
