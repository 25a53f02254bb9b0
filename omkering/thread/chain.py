"""The way upstream and downstream of an item: recursive queries, with depth and without circles."""

from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import F

from omkering.thread.models import Item, Link
from omkering.who.standing import Standing

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


class Ways(NamedTuple):
    """Ids of what came before an item and of what came of it, with their distance, nearest first."""

    upstream: dict[int, int]
    downstream: dict[int, int]


_BOTH_WAYS = f"""
SELECT TRUE AS up, * FROM ({_WALK.format(start="downstream_id", to="upstream_id")}) AS before (id, depth)
UNION ALL
SELECT FALSE, * FROM ({_WALK.format(start="upstream_id", to="downstream_id")}) AS after (id, depth)
ORDER BY 1, 3, 2
"""  # noqa: S608 - made of constants


def ways_of(item: Item) -> Ways:
    """Both ways of an item; one query."""
    ways = Ways({}, {})
    with connection.cursor() as cursor:
        cursor.execute(_BOTH_WAYS, [[item.pk], [item.pk], LIMIT] * 2)
        for up, pk, depth in cursor.fetchall():
            (ways.upstream if up else ways.downstream)[pk] = depth
    return ways


def ways_on_page(request: Any, item: Item) -> Ways:
    """Both ways of an item whose page is being made, kept for the other parts of the page."""
    kept: dict[int, Ways] = request.__dict__.setdefault("ways_of_items", {})
    if item.pk not in kept:
        kept[item.pk] = ways_of(item)
    return kept[item.pk]


class Edge(NamedTuple):
    """A link between two items that are both shown, by their ids."""

    upstream_id: int
    downstream_id: int


@dataclass(frozen=True)
class Chain:
    """The neighbourhood of an item in the thread, as far as the reader may see it.

    Its items have their kind, title and state; `owners` names the member of those that have one, by the item's id.
    """

    item: Item
    upstream: list[Item]
    downstream: list[Item]
    links: list[Edge]
    owners: dict[int, str]
    hidden: int  # items that exist and that this reader may not see


def chain(item: Item, ways: Ways, standing: Standing, person_id: int | None, limit: int = 200) -> Chain:
    """What came before `item` and what came of it, so many each; two queries whatever the size."""
    before, after = (dict(islice(way.items(), limit)) for way in ways)
    all_ids = {*before, *after, item.pk}
    seen = {
        row.pk: row
        for row in Item.objects.filter(pk__among=frozenset(all_ids))
        .visible_to(standing, person_id)
        .annotate(owner_name=F("owner_member__name"))
        .only("kind", "title", "state")  # what the list and the picture tell, and nothing more
    }
    shown = frozenset(seen)
    links = Link.objects.filter(upstream__among=shown, downstream__among=shown, ended_at__isnull=True)
    return Chain(
        item=item,
        upstream=[seen[pk] for pk in before if pk in seen],
        downstream=[seen[pk] for pk in after if pk in seen],
        links=[Edge(*ends) for ends in links.order_by("pk").values_list("upstream_id", "downstream_id")],
        owners={row.pk: row.owner_name for row in seen.values() if row.owner_name},
        hidden=len(all_ids) - len(seen),
    )
