"""Keyset paging: pages neither repeat nor skip rows, and bad cursors are harmless."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.db.models import Q
from hypothesis import given, settings
from hypothesis import strategies as st

from omkering.ui.paging import BadCursor, beyond, decode_cursor, encode_cursor, paginate


@dataclass(frozen=True)
class Thing:
    support: int
    name: str
    pk: int


def _holds(condition: Q, row: Thing) -> bool:
    """Judge a condition on a row in memory."""
    results = []
    for child in condition.children:
        if isinstance(child, Q):
            results.append(_holds(child, row))
            continue
        key, value = child
        name, _sep, operator = key.partition("__")
        have = getattr(row, name)
        results.append(
            {
                "": have == value,
                "lt": have < value,
                "gt": have > value,
                "lte": have <= value,
                "gte": have >= value,
            }[operator]
        )
    return any(results) if condition.connector == Q.OR else all(results)


class Rows:
    """As much of a queryset as paging uses, over a list."""

    def __init__(self, rows: list[Thing]) -> None:
        self.rows = rows

    def order_by(self, *names: str) -> "Rows":
        rows = list(self.rows)
        for name in reversed(names):
            rows.sort(key=lambda row: getattr(row, name.lstrip("-")), reverse=name.startswith("-"))
        return Rows(rows)

    def filter(self, condition: Q) -> "Rows":
        return Rows([row for row in self.rows if _holds(condition, row)])

    def __getitem__(self, part: slice) -> list[Thing]:
        return self.rows[part]


things = st.lists(st.tuples(st.integers(0, 3), st.sampled_from("abc")), max_size=30).map(
    lambda pairs: [Thing(support, name, number) for number, (support, name) in enumerate(pairs)]
)
orders = st.lists(
    st.sampled_from(["support", "-support", "name", "-name"]),
    min_size=1,
    max_size=2,
    unique_by=lambda n: n.lstrip("-"),
)


@settings(deadline=None)
@given(things, orders, st.integers(1, 7))
def test_walking_forth_and_back_gives_every_row_once(rows: list[Thing], order: list[str], size: int) -> None:
    whole = Rows(rows).order_by(*order, "pk").rows
    seen: list[Thing] = []
    query: dict[str, Any] = {}
    pages = []
    while True:
        page = paginate(Rows(rows), query, order=order, size=size)  # type: ignore[type-var]
        pages.append(list(page))
        seen += page
        if page.next is None:
            break
        query = {"after": page.next}
    assert seen == whole
    back = []
    while page.previous:
        page = paginate(Rows(rows), {"before": page.previous}, order=order, size=size)  # type: ignore[type-var]
        back.insert(0, list(page))
    assert back == pages[:-1]


def test_the_condition_in_words() -> None:
    assert beyond(["-support", "pk"], [5, 9]) == Q(support__lte=5) & (
        Q(support__lt=5) | Q(support=5, pk__gt=9)
    )


@given(
    st.lists(
        st.one_of(st.integers(), st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))),
        min_size=1,
        max_size=4,
    )
)
def test_cursors_come_back_as_they_went(values: list) -> None:
    assert decode_cursor(encode_cursor(values), len(values)) == values


def test_dates_go_as_text() -> None:
    assert decode_cursor(encode_cursor([date(2026, 1, 2)]), 1) == ["2026-01-02"]


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "%%%",
        "bnVsbA",
        "W10",
        "WzFd",
        "W05hTiwxXQ",
        "W1siYSJdLDFd",
        "WyJcdTAwMDAiLDFd",
        "é" * 9,
        "W251bGwsMV0",
    ],
)
def test_a_cursor_that_is_not_ours_is_refused_and_gives_the_first_page(cursor: str) -> None:
    with pytest.raises(BadCursor):
        decode_cursor(cursor, 2)
    rows = [Thing(1, "a", 1), Thing(2, "b", 2)]
    page = paginate(Rows(rows), {"after": cursor}, order=["support"], size=1)  # type: ignore[type-var]
    assert list(page) == rows[:1]
