"""Playing what happened earlier at the moment it happened: the commands read the clock, and the clock is set."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest.mock import patch

import time_machine
from django.utils import timezone

from omkering.decide.commands import ballots, votes


@contextmanager
def days_ago(days: float, *, hour: int | None = None) -> Iterator[datetime]:
    """Inside, it is so many days ago (at `hour` o'clock); yields that moment. Votes then go by this clock too."""
    moment = timezone.localtime() - timedelta(days=days)
    if hour is not None:
        moment = moment.replace(hour=hour, minute=int(days * 7) % 60)
    with (
        time_machine.travel(moment, tick=True),
        patch.object(votes, "database_now", timezone.now),
        patch.object(ballots, "database_now", timezone.now),
    ):
        yield moment
