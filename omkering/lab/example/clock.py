"""Playing what happened earlier at the moment it happened: the commands read the clock, and the clock is set."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from unittest.mock import patch

import time_machine
from django.utils import timezone

from omkering.journal import clock

Story = Iterator[datetime]


def days_ago(days: float, hour: int) -> datetime:
    """The moment so many days ago, at `hour` o'clock and some minutes; never in what is still to come."""
    moment = timezone.localtime() - timedelta(days=days)
    return min(moment.replace(hour=hour, minute=int(days * 7) % 60), timezone.localtime())


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Inside, it is this moment and time goes on from there. Votes then go by this clock too."""
    with (
        time_machine.travel(moment, tick=True),
        patch.object(clock, "database_now", timezone.now),
        patch.object(clock, "set_now", timezone.now),
    ):
        yield


def play(stories: list[Story]) -> None:
    """Play stories through each other in the order of time.

    A story yields the moment of its next step and is woken when everything before that moment has happened, with
    the clock set to it.
    """
    first = [(next(story, None), number, story) for number, story in enumerate(stories)]
    waiting = [(moment, number, story) for moment, number, story in first if moment is not None]
    heapify(waiting)
    reached = waiting[0][0] if waiting else None  # time never goes back, however long a step takes
    while waiting and reached:
        moment, number, story = heappop(waiting)
        with at(max(moment, reached)):
            following = next(story, None)
            reached = timezone.localtime()
        if following is not None:
            heappush(waiting, (following, number, story))
