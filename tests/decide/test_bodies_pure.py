"""The rota of resignation and the composition of a body: pure functions, against slow and obvious ones."""

from collections import Counter
from datetime import date
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omkering.decide.composition import changed, lines
from omkering.decide.rota import Sitting, months_on, rota

TODAY = date(2026, 3, 1)


def sitting(key: int, starts: date, months: int = 48, resigns: date | None = None) -> Sitting:
    return Sitting(key, key, starts, months, resigns)


def test_a_month_back_and_on_at_the_end_of_a_month():
    assert months_on(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert months_on(date(2023, 11, 30), 3) == date(2024, 2, 29)
    assert months_on(date(2026, 6, 1), 48) == date(2030, 6, 1)


def test_a_body_that_began_at_once_is_spread_over_the_years_of_a_term():
    start = date(2026, 1, 1)
    found = rota([sitting(n, start) for n in range(1, 9)], today=TODAY, month=1, day=1)
    assert Counter(day.year for day in found.values()) == {2027: 2, 2028: 2, 2029: 2, 2030: 2}
    assert found[1] == found[2] == date(2030, 1, 1)  # of who came together the first seats stay longest


def test_who_came_last_sits_longest():
    old, new = sitting(1, date(2025, 7, 1)), sitting(2, date(2026, 1, 1), 42)
    assert old.last == new.last == date(2029, 7, 1)
    found = rota([old, new], today=TODAY, month=7, day=1)
    assert found == {1: date(2028, 7, 1), 2: date(2029, 7, 1)}


def test_days_agreed_before_stay_and_count():
    start = date(2026, 1, 1)
    agreed = sitting(1, start, resigns=date(2030, 1, 1))
    found = rota([agreed, sitting(2, start)], today=TODAY, month=1, day=1)
    assert found == {1: date(2030, 1, 1), 2: date(2029, 1, 1)}
    anew = rota([agreed, sitting(2, start)], today=TODAY, month=1, day=1, keep=False)
    assert anew == {1: date(2030, 1, 1), 2: date(2029, 1, 1)}
    late = sitting(1, start, resigns=date(2027, 1, 1))
    assert rota([late, sitting(2, start)], today=TODAY, month=1, day=1)[1] == date(2027, 1, 1)
    assert rota([late, sitting(2, start)], today=TODAY, month=1, day=1, keep=False)[1] == date(2030, 1, 1)


def test_a_term_that_ends_before_the_first_day_ends_by_itself():
    assert rota([sitting(1, date(2022, 4, 1))], today=TODAY, month=6, day=1) == {1: date(2026, 4, 1)}
    assert rota([], today=TODAY, month=6, day=1) == {}
    assert rota([sitting(1, date(2024, 3, 1))], today=TODAY, month=2, day=31) == {1: date(2028, 2, 29)}


STARTS = st.dates(date(2023, 1, 1), date(2026, 3, 1))
SEATS = st.lists(st.tuples(STARTS, st.sampled_from([24, 36, 48])), min_size=1, max_size=6)


@given(SEATS)
def test_nobody_beyond_a_term_and_no_rota_is_more_even(seats):
    everybody = [sitting(n, starts, months) for n, (starts, months) in enumerate(seats)]
    found = rota(everybody, today=TODAY, month=6, day=1)
    assert set(found) == {one.key for one in everybody}
    days = [date(year, 6, 1) for year in range(2026, 2031)]
    choices = []
    for one in everybody:
        fitting = [day for day in days if TODAY < day <= one.last]
        assert found[one.key] in (fitting or [one.last])
        if fitting:
            choices.append(fitting)
    placed = [found[one.key] for one in everybody if found[one.key] in days]
    if choices:
        least = min(max(Counter(way).values()) for way in product(*choices))
        assert max(Counter(placed).values()) == least


@given(SEATS, st.randoms())
def test_the_order_in_which_seats_are_given_makes_no_difference(seats, random):
    everybody = [sitting(n, starts, months) for n, (starts, months) in enumerate(seats)]
    mixed = list(everybody)
    random.shuffle(mixed)
    assert rota(mixed, today=TODAY, month=6, day=1) == rota(everybody, today=TODAY, month=6, day=1)


# --- composition -----------------------------------------------------------------------------------------
NAMES = {"a": "A", "b": "B", "c": "C"}


def test_a_line_says_heads_shares_and_what_a_seat_makes():
    seats = [["a"], ["a"], ["b"], ["b"], ["b"]]
    members = [["a"]] * 10 + [["b"]] * 5 + [["c"]] * 5
    a, b, c = lines(NAMES, seats, members)
    assert (a.seats, a.of_seats, a.members, a.of_members) == (2, 5, 10, 20)
    assert a.by_share == Fraction(5, 2) and a.difference == Fraction(-1, 2)
    assert (a.one_less, a.share, a.one_more) == (Fraction(1, 5), Fraction(2, 5), Fraction(3, 5))
    assert b.difference == Fraction(7, 4) and c.difference == Fraction(-5, 4)
    assert c.one_less is None and c.one_more == Fraction(1, 5)


def test_what_is_not_known_of_the_membership_is_not_made_up():
    (a, *_rest) = lines(NAMES, [["a"]])
    assert (a.members, a.share_members, a.by_share, a.difference) == (None, None, None, None)
    assert a.share == 1 and a.one_more is None
    (empty, *_rest) = lines(NAMES, [], [["a"]])
    assert (empty.share, empty.difference, empty.one_more) == (0, 0, None)


def test_what_a_nomination_would_change():
    now, later = lines(NAMES, [["a"], ["b"]]), lines(NAMES, [["a"], ["c"], ["c"]])
    assert changed(now, later) == {"b": -1, "c": 2}
    assert changed(now, now) == {}


GROUPS = st.lists(st.sampled_from("abc").map(lambda key: [key]), max_size=20)


@given(GROUPS, GROUPS.filter(bool))
def test_in_a_partition_the_differences_cancel_out(seats, members):
    found = lines(NAMES, seats, members)
    assert sum(line.difference for line in found) == 0
    assert sum(line.seats for line in found) == len(seats)
    for line in found:
        assert line.one_less is None or line.one_less < line.share
        assert line.one_more is None or line.one_more > line.share


@pytest.mark.parametrize("key", ["x", "ab"])
def test_groups_without_a_name_are_left_out(key):
    assert all(line.seats == 0 for line in lines(NAMES, [[key]], [[key]]))
