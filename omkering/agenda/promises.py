"""What another party owes, and when that is late. Pure: every function takes the facts and the reference day.

A condition that was asked owes an answer before the end of `answer_due`. One that was agreed, wholly or partly, owes
what was promised before the end of `promised_on`, until it is seen to be met. What was refused, withdrawn or not yet
asked owes nothing.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Protocol, TypeVar

ASKED = "asked"
PROMISED = ("agreed", "partly")


class Kept(Protocol):
    """A row with an id; a later one has a higher id."""

    pk: int


Row = TypeVar("Row", bound=Kept)


def newest(rows: Iterable[Row], day: Callable[[Row], date]) -> Row | None:
    """The row of the latest day; of one day, the one recorded last. None where there are none.

    So the order in which they were recorded does not matter otherwise.
    """
    return max(rows, key=lambda row: (day(row), row.pk), default=None)


def owed_on(state: str, answer_due: date | None, promised_on: date | None, met: bool | None) -> date | None:
    """The last day for what the other party owes now; None where it owes nothing or named no day."""
    if state == ASKED and not met:
        return answer_due
    if state in PROMISED and not met:
        return promised_on
    return None


def is_late(owed: date | None, on: date) -> bool:
    """Whether the last day has passed on the reference day; on the last day itself it has not."""
    return owed is not None and owed < on


def days_late(owed: date | None, on: date) -> int:
    """How many days the last day has passed; 0 where it has not."""
    return (on - owed).days if owed is not None and owed < on else 0
