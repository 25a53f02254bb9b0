"""Terms run over the working days of the Dutch calendar."""

from datetime import date, datetime

import pytest
from django.utils import timezone

from omkering.thread import terms
from omkering.who.association.records import Term


@pytest.mark.parametrize(
    ("start", "n", "expected"),
    [
        (date(2026, 11, 2), 10, date(2026, 11, 16)),  # two ordinary weeks
        (date(2026, 11, 6), 1, date(2026, 11, 9)),  # Friday: the weekend does not count
        (date(2026, 11, 7), 1, date(2026, 11, 9)),  # begun on a Saturday
        (date(2026, 4, 2), 1, date(2026, 4, 7)),  # over Good Friday and Easter Monday
        (date(2036, 4, 25), 1, date(2036, 4, 28)),  # 27 April is a Sunday: King's Day is the Saturday before
        (date(2026, 4, 24), 1, date(2026, 4, 28)),  # King's Day on a Monday
        (date(2026, 12, 24), 1, date(2026, 12, 28)),  # Christmas on Friday and Saturday
        (date(2025, 12, 24), 1, date(2025, 12, 29)),  # Christmas on Thursday and Friday
        (date(2026, 12, 31), 1, date(2027, 1, 4)),  # New Year's Day, into another year
        (date(2027, 5, 4), 2, date(2027, 5, 10)),  # Liberation Day and, the day after, Ascension Day
    ],
)
def test_the_nth_working_day(start, n, expected):
    assert terms.working_days_after(start, n) == expected


def test_a_term_takes_a_day_at_least():
    with pytest.raises(ValueError, match="at least one"):
        terms.working_days_after(date(2026, 1, 5), 0)


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (Term(14, "days"), date(2026, 2, 14)),
        (Term(2, "weeks"), date(2026, 2, 14)),
        (Term(1, "months"), date(2026, 2, 28)),  # the month is shorter
        (Term(12, "months"), date(2027, 1, 31)),
        (Term(10, "working_days"), date(2026, 2, 13)),
    ],
)
def test_units(term, expected):
    assert terms.last_day(term, date(2026, 1, 31)) == expected


def test_due_is_the_last_moment_of_the_last_day_here():
    begun = timezone.make_aware(datetime(2026, 3, 20, 23, 30))  # summer time begins in between
    moment = timezone.localtime(terms.due(Term(10, "days"), begun))
    assert (moment.date(), moment.hour, moment.minute) == (date(2026, 3, 30), 23, 59)
