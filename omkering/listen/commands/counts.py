"""Numbers kept beside a signal, so that a long list can be sorted by them."""

from collections.abc import Iterable

from django.db import connection

_RECOUNT = """
UPDATE listen_signal SET supporters = counted.members
FROM (
    SELECT item.id, count(DISTINCT seen.member_id) AS members
    FROM thread_item AS item
    LEFT JOIN LATERAL (
        SELECT item.owner_member_id AS member_id
      UNION ALL
        SELECT member_id FROM listen_recognition WHERE signal_id = item.id AND withdrawn_at IS NULL
    ) AS seen ON TRUE
    WHERE item.id = ANY(%s)
    GROUP BY item.id
) AS counted
WHERE listen_signal.item_ptr_id = counted.id AND listen_signal.supporters <> counted.members
"""


def recount(signal_ids: Iterable[int]) -> None:
    """Count anew how many members see these signals, their own included; one statement.

    Call it in the transaction that reports a signal, adds a recognition or withdraws one.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RECOUNT, [list(signal_ids)])
