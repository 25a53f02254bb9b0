"""How long what is kept of people stays.

The periods stand in the association folder ([retention]). Each app registers, for its own tables, what is done
when a period is over; `apply` does all of it, once a day by the worker or by `omkering retention apply`. What
people contributed is never deleted: its author is made unrecognisable (`commands.leaving.erase`).
"""

import calendar
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from omkering.journal.commands import record
from omkering.who.association.records import Term
from omkering.who.current import association

# Given the moment before which things are too old, does what has to be done and returns for how many.
Work = Callable[[datetime], int]
_rules: dict[str, tuple[str, Work]] = {}


def rule(key: str, *, period: str = "") -> Callable[[Work], Work]:
    """Decorator: call the function every day for what is older than the association's `period` (a key of
    [retention]); without one it gets the present moment and knows itself what is past.
    """

    def register(work: Work) -> Work:
        _rules[key] = (period, work)
        return work

    return register


def rules() -> dict[str, str]:
    """Each rule with the period it follows ("" for none)."""
    return {key: period for key, (period, _work) in _rules.items()}


def before(period: Term, now: datetime) -> datetime:
    """The moment that lies one period (days, weeks or months) before `now`.

    A month back from the 31st is the last day of a shorter month.
    """
    if period.unit == "months":
        local = timezone.localtime(now)
        years, month = divmod(local.year * 12 + local.month - 1 - period.amount, 12)
        day = min(local.day, calendar.monthrange(years, month + 1)[1])
        return local.replace(year=years, month=month + 1, day=day)
    return now - timedelta(days=period.amount * (7 if period.unit == "weeks" else 1))


def apply(now: datetime | None = None) -> dict[str, int]:
    """Do what each rule says, each in its own transaction with one event; returns how many each concerned.

    By the system alone: it is called by the worker and by the command line, never by a page.
    """
    now = now or timezone.now()
    done = {}
    for key, (period, work) in sorted(_rules.items()):
        with transaction.atomic():
            cutoff = before(getattr(association().retention, period), now) if period else now
            done[key] = work(cutoff)
            if done[key]:
                record(verb="retention.applied", subject=f"retention:{key}", data={"count": done[key]})
    return done
