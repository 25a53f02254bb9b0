"""`pk__among=frozenset(ids)`: as `pk__in`, for thousands of ids, which go to the database as one array.

Five times as fast as `IN` with as many parameters on the board of signals.
"""

from typing import Any

from django.db.models import BigAutoField, ForeignKey, Lookup


@ForeignKey.register_lookup
@BigAutoField.register_lookup
class Among(Lookup):
    """Whether a key, or what a foreign key points to, is one of a frozenset of whole numbers.

    Of a list, Django would take each number in hand by itself.
    """

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """The SQL with the ids as one argument."""
        left, arguments = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s::bigint[])", (*arguments, sorted(self.rhs))
