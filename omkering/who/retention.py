"""How long what is kept of people stays.

The periods stand in the association folder ([retention]). Each app registers, for its own tables, what is done
when a period is over; `apply` does all of it, once a day by the worker or by `omkering retention apply`. What
people contributed is never deleted: its author is made unrecognisable (`commands.leaving.erase_person`).
"""

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from omkering.journal.commands import record
from omkering.who.association.records import Term
from omkering.who.current import association

# Given the moment before which things are too old, does what has to be done and returns for how many.
Work = Callable[[datetime], int]


@dataclass(frozen=True)
class Rule:
    """What goes, after which period: a key of [retention], one of the platform itself, or (`term`) a key of [terms]
    that the work applies by itself; none of them for what has an end of its own, such as a session.
    """

    work: Work
    period: str | Term
    term: str

    def lasts(self) -> Term | None:
        """How long it stays; None for what has an end of its own."""
        if isinstance(self.period, Term):
            return self.period
        if self.period:
            return getattr(association().retention, self.period)
        return getattr(association().terms, self.term) if self.term else None


_rules: dict[str, Rule] = {}


def rule(key: str, *, period: str | Term = "", term: str = "") -> Callable[[Work], Work]:
    """Decorator: call the function every day with the moment one `period` back; without a period it gets the present
    moment and knows itself what is past.
    """

    def register(work: Work) -> Work:
        _rules[key] = Rule(work, period, term)
        return work

    return register


def rules() -> dict[str, Rule]:
    """Each rule by its key."""
    return dict(_rules)


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
    for key, found in sorted(_rules.items()):
        with transaction.atomic():
            lasts = found.lasts() if found.period else None
            done[key] = found.work(before(lasts, now) if lasts else now)
            if done[key]:
                record(verb="retention.applied", subject=f"retention:{key}", data={"count": done[key]})
    return done
