"""How well the newest signals that hold some words fit them."""

from collections.abc import Mapping

from django.contrib.postgres.search import CombinedSearchQuery
from django.db import connection
from django.db.models import Func, IntegerField, JSONField, QuerySet, TextField, Value
from django.db.models.functions import Cast

from omkering.listen.models import BoardRow
from omkering.ui.paging import Page, paginate_keys

# Millionths: a whole number, so that a page's address can name it exactly. `OFFSET 0` keeps the inner order for the
# walk along it; without it the planner is free, and walks the index of the newest.
_RANKED = """
SELECT fits.signal_id, (ts_rank(item.search, {words}) * 1000000)::integer
FROM ({rows}{fence}) AS fits JOIN thread_item AS item ON item.id = fits.signal_id
WHERE item.search @@ {words}
ORDER BY fits.created_at DESC, fits.signal_id DESC LIMIT %s
"""


def ranked(
    rows: QuerySet[BoardRow], words: CombinedSearchQuery, most: int, *, sort_first: bool
) -> dict[int, int]:
    """Signal id → how well it fits the words, of the newest `most` of these rows that hold them; one query.

    With `sort_first` the rows are found and sorted before their texts are looked at, for rows that no index gives
    from the newest on, such as those of some members: the planner knows no such way to the first few.
    """
    if sort_first:
        rows = rows.order_by("-created_at", "-pk")
    compiler = rows.query.get_compiler(connection=connection)
    words_sql, words_values = compiler.compile(words.resolve_expression(rows.query))
    rows_sql, rows_values = rows.values("signal_id", "created_at").query.sql_with_params()
    sql = _RANKED.format(words=words_sql, rows=rows_sql, fence=" OFFSET 0" if sort_first else "")
    with connection.cursor() as cursor:
        cursor.execute(sql, [*words_values, *rows_values, *words_values, most])
        return dict(cursor.fetchall())


def with_relevance(ranks: dict[int, int]) -> QuerySet[BoardRow]:
    """The rows of these signals, each with its rank as `relevance`."""
    told = Value({str(pk): rank for pk, rank in ranks.items()}, output_field=JSONField())
    rank = Func(
        told,
        Cast("pk", TextField()),
        template="(%(expressions)s)",
        arg_joiner=" ->> ",
        output_field=TextField(),
    )
    return BoardRow.objects.filter(pk__among=frozenset(ranks)).annotate(relevance=Cast(rank, IntegerField()))


def page_of(ranks: Mapping[int, int], query: Mapping[str, str]) -> Page[BoardRow]:
    """One page of these signals, the best first, as `paginate` makes it of `with_relevance`; no query.

    Its rows hold nothing but their key.
    """
    page = paginate_keys(sorted(((rank, pk) for pk, rank in ranks.items()), reverse=True), query)
    return Page([BoardRow(pk=pk) for _rank, pk in page.rows], page.previous, page.next)
