"""`pk__among=frozenset(ids)`: as `pk__in`, for thousands of ids, which go to the database as one array."""

from typing import Any

from django.db.models import BigAutoField, Lookup


@BigAutoField.register_lookup
class Among(Lookup):
    """Whether a key is one of a frozenset of whole numbers; Django takes each of a list in hand by itself."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """The SQL with the ids as one argument."""
        left, arguments = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s)", (*arguments, sorted(self.rhs))
