"""Keyset paging: pages that stay quick and stable however long the list is.

A page is asked by the key of the row it follows (`?after=…`) or precedes (`?before=…`), never by a number of
rows to skip. The order must end in a unique column; `paginate` adds the primary key where it does not.
Columns of the order must not be null.
"""

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from math import isfinite
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet

Row = TypeVar("Row")
Found = TypeVar("Found", bound=Model)

CURSOR_PARAMETERS = ("before", "after")
PAGE_SIZE = 25


class BadCursor(ValueError):
    """The cursor in the address was not made by us; the first page is the answer."""


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows in order, and the cursors of the pages beside it; None where there is no such page.

    An empty `previous` means the first page, whose address carries no cursor.
    """

    rows: Sequence[Row]
    previous: str | None
    next: str | None

    def __iter__(self):
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def encode_cursor(values: Sequence[Any]) -> str:
    """An opaque, URL-safe text of the key of a row."""

    def plain(value: Any) -> Any:
        if isinstance(value, datetime | date):
            return value.isoformat()
        return str(value) if isinstance(value, Decimal | UUID) else value

    raw = json.dumps([plain(v) for v in values], separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")


def decode_cursor(cursor: str, size: int) -> list[Any]:
    """The key in a cursor; `BadCursor` where it is not one of ours or has another number of parts than
    `size`.
    """
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        values = json.loads(raw)
    except (ValueError, binascii.Error) as error:
        raise BadCursor("This page address is not valid.") from error
    if not isinstance(values, list) or len(values) != size:
        raise BadCursor("This page address is not valid.")
    for value in values:
        good = (
            isfinite(value)
            if isinstance(value, int | float)
            else isinstance(value, str) and "\0" not in value
        )
        if not good:
            raise BadCursor("This page address is not valid.")
    return values


def beyond(order: Sequence[str], values: Sequence[Any], *, reverse: bool = False) -> Q:
    """The condition "comes after the row with this key" in an order such as `("-support", "pk")`.

    With `reverse` it is "comes before". Written out column by column, because directions may differ.
    """
    condition = Q()
    for position, name in enumerate(order):
        descending = name.startswith("-") != reverse
        equal = {f"{n.lstrip('-')}": v for n, v in zip(order[:position], values, strict=False)}
        operator = "lt" if descending else "gt"
        condition |= Q(**equal, **{f"{name.lstrip('-')}__{operator}": values[position]})
    # Redundant, but it lets the database start in the index at the right place.
    first = order[0]
    descending = first.startswith("-") != reverse
    return Q(**{f"{first.lstrip('-')}__{'lte' if descending else 'gte'}": values[0]}) & condition


def _flip(order: Sequence[str]) -> list[str]:
    return [name[1:] if name.startswith("-") else f"-{name}" for name in order]


def _value(row: Model, name: str) -> Any:
    value: Any = row
    for part in name.lstrip("-").split("__"):
        value = getattr(value, part)
    return value


def paginate(
    queryset: QuerySet[Found],
    query: Mapping[str, str],
    *,
    order: Sequence[str],
    size: int = PAGE_SIZE,
) -> Page[Found]:
    """One page of a queryset, in one query.

    query: the GET parameters (`before` or `after`). order: column names, "-" for descending; annotations and
    relations (`member__sort_key`) may be named. A cursor that is not ours gives the first page.
    """
    keys = list(order)
    if keys[-1].lstrip("-") not in ("pk", "id"):
        keys.append("pk")
    before, after = (query.get(name, "") for name in CURSOR_PARAMETERS)
    try:
        cursor = decode_cursor(after or before, len(keys)) if after or before else None
        backwards = bool(before) and not after
        ordered = queryset.order_by(*(_flip(keys) if backwards else keys))
        rows_wanted = ordered.filter(beyond(keys, cursor, reverse=backwards)) if cursor else ordered
    except (BadCursor, ValueError, TypeError, ValidationError):
        cursor, backwards = None, False
        rows_wanted = queryset.order_by(*keys)
    rows = list(rows_wanted[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    if backwards:
        rows.reverse()
    return _page(rows, lambda row: [_value(row, name) for name in keys], cursor is not None, backwards, more)


def paginate_keys(
    keys: Sequence[tuple[int, ...]], query: Mapping[str, str], *, size: int = PAGE_SIZE
) -> Page[tuple[int, ...]]:
    """One page of keys that are here already, the largest first, as `paginate` makes it; no query."""
    before, after = (query.get(name, "") for name in CURSOR_PARAMETERS)
    if not keys:
        return Page(keys, "" if after or before else None, None)
    backwards = bool(before) and not after
    try:
        cursor = tuple(decode_cursor(after or before, len(keys[0]))) if after or before else None
        further = [key for key in keys if cursor is None or (key > cursor if backwards else key < cursor)]
    except (BadCursor, TypeError):
        cursor, backwards, further = None, False, list(keys)
    rows = further[-size:] if backwards else further[:size]
    return _page(rows, lambda key: key, cursor is not None, backwards, len(further) > size)


def _page(
    rows: Sequence[Row], key_of: Callable[[Row], Sequence[Any]], asked: bool, backwards: bool, more: bool
) -> Page[Row]:
    """The page with these rows. `asked`: by a cursor; `more`: there are others in the direction that was asked."""
    if not rows:
        return Page(rows, "" if asked else None, None)
    has_previous = more if backwards else asked
    has_next = True if backwards else more
    previous = encode_cursor(key_of(rows[0])) if has_previous else None
    return Page(rows, previous, encode_cursor(key_of(rows[-1])) if has_next else None)
