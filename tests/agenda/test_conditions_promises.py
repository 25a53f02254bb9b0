"""What another party owes and when that is late: pure functions of the facts and a reference day."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omkering.agenda.models import ConditionState
from omkering.agenda.promises import days_late, is_late, newest, owed_on

DAY = date(2026, 6, 1)
days = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("state", "met", "owed"),
    [
        ("draft", None, None),
        ("asked", None, "answer"),
        ("agreed", None, "promise"),
        ("agreed", False, "promise"),
        ("agreed", True, None),
        ("partly", None, "promise"),
        ("refused", None, None),
        ("refused", False, None),
        ("withdrawn", None, None),
        ("asked", True, None),
    ],
)
def test_what_is_owed_follows_from_the_state(state, met, owed):
    answer, promise = date(2026, 2, 1), date(2027, 1, 1)
    found = owed_on(state, answer, promise, met)
    assert found == {"answer": answer, "promise": promise, None: None}[owed]


def test_the_last_day_itself_is_in_time():
    assert not is_late(DAY, DAY) and days_late(DAY, DAY) == 0
    assert is_late(DAY, DAY + timedelta(days=1)) and days_late(DAY, DAY + timedelta(days=3)) == 3
    assert not is_late(None, DAY) and days_late(None, DAY) == 0


@given(
    st.sampled_from(ConditionState.values),
    st.none() | days,
    st.none() | days,
    st.none() | st.booleans(),
    days,
)
def test_late_is_consistent(state, answer_due, promised_on, met, on):
    owed = owed_on(state, answer_due, promised_on, met)
    assert is_late(owed, on) == (days_late(owed, on) > 0)
    if is_late(owed, on):
        assert not met and state in ("asked", "agreed", "partly")
        assert owed == (answer_due if state == "asked" else promised_on)
        assert is_late(owed, on + timedelta(days=1)), "what is late stays late while nothing happens"
    if owed is not None:
        assert not is_late(owed, owed) and is_late(owed, owed + timedelta(days=1))


@dataclass(frozen=True)
class Row:
    pk: int
    on: date


@given(st.lists(days, unique=False).flatmap(lambda found: st.permutations(list(enumerate(found)))))
def test_the_newest_does_not_depend_on_the_order_of_reading(found):
    rows = [Row(pk, on) for pk, on in found]
    last = newest(rows, lambda row: row.on)
    assert (last is None) == (not rows)
    if last is not None:
        assert all((row.on, row.pk) <= (last.on, last.pk) for row in rows)
