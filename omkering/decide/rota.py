"""The rota of resignation: who resigns when, so that not all go in one year; pure, on days and months.

Nobody sits longer than its term. The days on which people resign lie a year apart (the day of the assembly, say). On
each of them at most so many resign as there must: the smallest number for which everybody can have a day within its
term. Who came last sits longest; who has sat longest goes first where somebody must go before the end of its term.
"""

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Sitting:
    """Somebody on a seat. `key` is the id of the term, `seat` the number of the seat, `months` how long it lasts."""

    key: int
    seat: int
    starts: date
    months: int
    resigns: date | None = None  # agreed before, and kept

    @property
    def last(self) -> date:
        """The day on which the full term is over."""
        return months_on(self.starts, self.months)


def months_on(day: date, months: int) -> date:
    """So many months later; the 31st becomes the last day of a shorter month."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, min(day.day, calendar.monthrange(years, month + 1)[1]))


def rota(
    sittings: Iterable[Sitting], *, today: date, month: int, day: int, keep: bool = True
) -> dict[int, date]:
    """Key → the day on which each resigns.

    `month` and `day` say when in the year (29 February is the 28th where there is none). Days that were agreed before
    are kept and count, unless `keep` is false. A full term that ends before the first such day ends by itself.
    """
    everybody = sorted(sittings, key=lambda one: (one.starts, one.key))
    kept = {one.key: one.resigns for one in everybody if keep and one.resigns is not None}
    found: dict[int, date] = dict(kept)
    waiting = [one for one in everybody if one.key not in kept]
    days = _days(today, max((one.last for one in waiting), default=today), month, day)
    short = [one for one in waiting if not days or one.last < days[0]]
    found.update({one.key: one.last for one in short})
    placed = [one for one in waiting if one.key not in found]
    taken = [sum(1 for agreed in kept.values() if agreed == one) for one in days]
    for most in range(1, len(everybody) + 1):
        chosen = _fit(placed, days, taken, most)
        if chosen is not None:
            return found | chosen
    return found


def _fit(
    sittings: Sequence[Sitting], days: Sequence[date], taken: Sequence[int], most: int
) -> dict[int, date] | None:
    """A day for each with at most `most` on a day; None where that cannot be.

    The last free day within the term, who came last first: which sets of people fit is a matroid, so the order in which
    they are placed does not decide whether all of them fit (scheduling of unit tasks with deadlines).
    """
    free = [max(0, most - number) for number in taken]
    chosen: dict[int, date] = {}
    for one in sorted(sittings, key=lambda one: (one.starts, -one.seat), reverse=True):
        place = max((n for n, when in enumerate(days) if when <= one.last and free[n]), default=None)
        if place is None:
            return None
        free[place] -= 1
        chosen[one.key] = days[place]
    return chosen


def _days(today: date, until: date, month: int, day: int) -> list[date]:
    """That day of each year, after today and no later than `until`."""
    days = (
        date(year, month, min(day, calendar.monthrange(year, month)[1]))
        for year in range(today.year, until.year + 1)
    )
    return [one for one in days if today < one <= until]
