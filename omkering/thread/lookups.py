"""`pk__among=frozenset(ids)`: as `pk__in`, for thousands of ids, which go to the database as one array.

Five times as fast as `IN` with as many parameters on the board of signals.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import BigAutoField, ForeignKey, Lookup, QuerySet, TextField
from django.db.models.functions import Cast


@dataclass(frozen=True)
class Ids:
    """Ids as the database tells them: the text of an array. Not iterable, for Django would take each id in hand."""

    array: str

    def __len__(self) -> int:
        return self.array.count(",") + 1 if self.array != "{}" else 0


@ForeignKey.register_lookup
@BigAutoField.register_lookup
class Among(Lookup):
    """Whether a key, or what a foreign key points to, is one of a frozenset of whole numbers, or of `Ids`.

    Of a list, Django would take each number in hand by itself.
    """

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """The SQL with the ids as one argument: the text of an array, for the driver writes a list out slowly."""
        left, arguments = self.process_lhs(compiler, connection)
        ids = self.rhs.array if isinstance(self.rhs, Ids) else array_text(self.rhs)
        return f"{left} = ANY(%s::bigint[])", (*arguments, ids)


def array_text(ids: Iterable[int]) -> str:
    """Ids as the text of an array, for `%s::bigint[]` in plain SQL."""
    return f"{{{','.join(map(str, sorted(ids)))}}}"


def ids_of(rows: QuerySet[Any]) -> frozenset[int]:
    """The ids of all rows, for `among`; one query, whose answer is one text.

    Read row by row, two thousand ids cost the driver several milliseconds.
    """
    found = _joined(rows.order_by())
    return frozenset(map(int, found.split(","))) if found else frozenset()


def array_of(rows: QuerySet[Any], most: int) -> Ids:
    """The ids of any so many of these rows, which go back to the database as they came; one query."""
    return Ids(f"{{{_joined(rows.order_by()[:most]) or ''}}}")


def _joined(rows: QuerySet[Any]) -> str | None:
    found: str | None = rows.aggregate(ids=StringAgg(Cast("pk", TextField()), ","))["ids"]
    return found
