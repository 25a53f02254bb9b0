"""The way upstream and downstream of an item: one recursive query each, with depth and without circles."""

from dataclasses import dataclass

from django.db import connection

from omkering.thread.models import Item, Link

LIMIT = 2000  # items in one picture or list; more are counted, not drawn

_WALK = """
WITH RECURSIVE walk(id, depth) AS (
    SELECT unnest(%s::bigint[]), 0
  UNION
    SELECT l.{to}, w.depth + 1
    FROM walk w JOIN thread_link l ON l.{start} = w.id AND l.ended_at IS NULL
    WHERE w.depth < 20
)
SELECT id, min(depth) FROM walk WHERE depth > 0 AND NOT id = ANY(%s::bigint[]) GROUP BY id ORDER BY 2, 1 LIMIT %s
"""


def _walk(ids: list[int], start: str, to: str, limit: int) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(_WALK.format(start=start, to=to), [ids, ids, limit])
        return dict(cursor.fetchall())


def upstream_ids(ids: list[int], limit: int = 1_000_000) -> dict[int, int]:
    """Ids of all that came before, with their distance (1 is nearest)."""
    return _walk(ids, "downstream_id", "upstream_id", limit)


def downstream_ids(ids: list[int], limit: int = 1_000_000) -> dict[int, int]:
    """Ids of all that came of it, with their distance (1 is nearest)."""
    return _walk(ids, "upstream_id", "downstream_id", limit)


@dataclass(frozen=True)
class Chain:
    """The neighbourhood of an item in the thread, as far as the reader may see it."""

    item: Item
    upstream: list[Item]
    downstream: list[Item]
    links: list[Link]
    hidden: int  # items that exist and that this reader may not see


def chain(item: Item, standing, person_id: int | None, limit: int = 200) -> Chain:
    """What came before `item` and what came of it; four queries whatever the size."""
    before = upstream_ids([item.pk], limit)
    after = downstream_ids([item.pk], limit)
    all_ids = {*before, *after, item.pk}
    seen = {
        row.pk: row
        for row in Item.objects.filter(pk__among=frozenset(all_ids))
        .visible_to(standing, person_id)
        .select_related("owner_member")
        .only("kind", "title", "state", "owner_member__name")  # what the list and the picture tell
    }
    shown = frozenset(seen)
    links = Link.objects.filter(upstream__among=shown, downstream__among=shown, ended_at__isnull=True)
    return Chain(
        item=item,
        upstream=[seen[pk] for pk in before if pk in seen],
        downstream=[seen[pk] for pk in after if pk in seen],
        links=list(links.only("upstream_id", "downstream_id").order_by("pk")),
        hidden=len(all_ids) - len(seen),
    )
