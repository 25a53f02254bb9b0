"""Terms of the association on its calendar: when an answer is due.

Working days are Monday to Friday without the public holidays of the association's country and its own closed
days. In the Netherlands those are the generally recognised holidays of the Algemene termijnenwet, article 3:
Liberation Day counts every year and Good Friday is put on a par with them.
"""

from datetime import date, datetime, time, timedelta
from functools import cache

from django.utils import timezone

from omkering.who.association.records import Term
from omkering.who.current import association

# What the calendar calls optional is a closed day by law here.
_CATEGORIES = {"NL": ("public", "optional")}


@cache
def _closed_days(country: str, year: int) -> dict[date, str]:
    """Day → the name of the holiday, in the language of the country."""
    import holidays  # the calendars of a whole world: loaded when a day is first asked for

    categories = _CATEGORIES.get(country, ("public",))
    return dict(holidays.country_holidays(country, years=year, categories=categories))


def is_working_day(day: date) -> bool:
    """Whether the bureau works on `day`."""
    folder = association()
    return (
        day.weekday() < 5
        and day not in folder.extra_closed_days
        and day not in _closed_days(folder.country, day.year)
    )


def why_closed(day: date) -> str:
    """Why the bureau is closed on `day`: the name of the holiday, "weekend" or "closed"; "" on a working day."""
    folder = association()
    if holiday := _closed_days(folder.country, day.year).get(day):
        return holiday
    if day.weekday() >= 5:
        return "weekend"
    return "closed" if day in folder.extra_closed_days else ""


def working_day_on_or_before(day: date) -> date:
    """The day itself where the bureau works on it, else the last working day before it."""
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def working_days_after(start: date, n: int) -> date:
    """The n-th working day after `start` (which itself does not count); ValueError below one."""
    if n < 1:
        raise ValueError("a term takes at least one working day")
    day = start
    while n:
        day += timedelta(days=1)
        n -= is_working_day(day)
    return day


def last_day(term: Term, start: date) -> date:
    """The last day of a term that begins after `start`."""
    if term.unit == "working_days":
        return working_days_after(start, term.amount)
    if term.unit == "months":
        years, month = divmod(start.month - 1 + term.amount, 12)
        return _same_day(start.year + years, month + 1, start.day)
    return start + timedelta(days=term.amount * (7 if term.unit == "weeks" else 1))


def _same_day(year: int, month: int, day: int) -> date:
    """The day in that month, or its last day where the month is shorter."""
    following = date(year + month // 12, month % 12 + 1, 1)
    return min(following - timedelta(days=1), date(year, month, 1) + timedelta(days=day - 1))


def due(term: Term, start: datetime | None = None) -> datetime:
    """The last moment of the last day of a term that begins at `start` (now when not given)."""
    begun = timezone.localdate(start or timezone.now())
    return timezone.make_aware(datetime.combine(last_day(term, begun), time.max))
