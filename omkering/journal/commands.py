"""Writing the journal: record an event, seal what is new."""

from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from omkering.engine import merkle
from omkering.journal.canonical import canonical, check_data, check_event
from omkering.journal.models import Event, Leaf, Pending, Seal, Tile
from omkering.journal.origin import current_origin

SEAL_LOCK = 0x0A11  # one sealer at a time, in this database
BATCH = 20_000


def record(
    *,
    verb: str,
    subject: str,
    actor: int | None = None,
    on_behalf_of: str = "",
    result: str = "done",
    data: dict[str, Any] | None = None,
) -> Event:
    """Append one event, inside the transaction of the change it tells of.

    `data` holds ids, states and counts; never a name, a text or a secret (it can never be removed).
    Raises TypeError for data that has no single spelling or holds words, ValueError for a field out of shape.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an event is recorded in the transaction of its change")
    check_data(data or {})
    origin = current_origin()
    check_event(verb=verb, subject=subject, on_behalf_of=on_behalf_of, origin=origin, result=result)
    return Event.objects.create(
        at=timezone.now(),
        verb=verb,
        subject=subject,
        actor=actor,
        on_behalf_of=on_behalf_of,
        origin=origin,
        result=result,
        data=data or {},
    )


def stored_tile(level: int, number: int) -> bytes:
    """The hashes of one tile, or b"" where the tree has not come yet."""
    row = Tile.objects.filter(level=level, number=number).values_list("hashes", flat=True).first()
    return b"" if row is None else bytes(row)


def seal_pending(*, limit: int | None = None) -> int:
    """Seal the events that wait, in batches, each in its own transaction; returns how many were sealed.

    Safe to call from several processes: one seals, the others wait for it and find nothing left.
    """
    sealed = 0
    while limit is None or sealed < limit:
        done = _seal_batch(BATCH if limit is None else min(BATCH, limit - sealed))
        sealed += done
        if done == 0:
            break
    return sealed


@transaction.atomic
def _seal_batch(limit: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEAL_LOCK])
    waiting = list(Pending.objects.order_by("event_id").values_list("event_id", flat=True)[:limit])
    if not waiting:
        return 0
    events = Event.objects.filter(pk__in=waiting).order_by("pk")
    hashes, leaves = [], []
    size = tree_size()
    for position, event in enumerate(events, start=size):
        hashes.append(merkle.leaf_hash(canonical(event)))
        leaves.append(Leaf(position=position, event=event))
    changed = merkle.append(size, hashes, stored_tile)
    Leaf.objects.bulk_create(leaves, batch_size=5000)
    Tile.objects.bulk_create(
        [Tile(level=level, number=number, hashes=value) for (level, number), value in changed.items()],
        update_conflicts=True,
        unique_fields=["level", "number"],
        update_fields=["hashes"],
    )
    size += len(hashes)
    Seal.objects.create(size=size, root=merkle.root(size, stored_tile))
    Pending.objects.filter(pk__in=waiting).delete()
    return len(hashes)


def tree_size() -> int:
    """How many events are sealed."""
    return Seal.objects.order_by("-size").values_list("size", flat=True).first() or 0
