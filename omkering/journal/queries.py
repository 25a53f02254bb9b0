"""Reading the journal: receipts, proofs, and checking the whole of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from omkering.engine import merkle
from omkering.journal.canonical import canonical
from omkering.journal.commands import stored_tile, tree_size
from omkering.journal.models import Event, Leaf, Pending, Seal

CHUNK = 10_000


def receipt(event_id: int) -> dict[str, Any] | None:
    """Proof that an event is in the log, as plain JSON; None while it waits to be sealed or is unknown.

    Keys: `event` (the exact text that was hashed), `position`, `size`, `root`, `sealed_at`, `path` (hex hashes from
    the leaf's neighbour up). `docs/check_receipt.py` checks it without this program.
    """
    leaf = Leaf.objects.select_related("event").filter(event_id=event_id).first()
    if leaf is None:
        return None
    seal = Seal.objects.filter(size__gt=leaf.position).order_by("size").first()
    assert seal is not None  # a leaf is written in the transaction of its seal
    path = merkle.inclusion_proof(leaf.position, seal.size, stored_tile)
    return {
        "event": canonical(leaf.event).decode(),
        "position": leaf.position,
        "size": seal.size,
        "root": bytes(seal.root).hex(),
        "sealed_at": seal.at.isoformat(),
        "path": [step.hex() for step in path],
    }


def consistency(old: int, new: int | None = None) -> dict[str, Any] | None:
    """Proof that the log of `new` (default: now) still holds all that was in it at size `old`; None if unknown."""
    seals = {
        seal.size: bytes(seal.root) for seal in Seal.objects.filter(size__in=[old, new or tree_size()])
    }
    new = new or tree_size()
    if old not in seals or new not in seals or not 0 < old <= new:
        return None
    path = merkle.consistency_proof(old, new, stored_tile)
    return {
        "old_size": old,
        "new_size": new,
        "old_root": seals[old].hex(),
        "new_root": seals[new].hex(),
        "path": [step.hex() for step in path],
    }


@dataclass(frozen=True)
class Verdict:
    """The outcome of checking the log: how far it is sound, and the first fault found."""

    events: int
    waiting: int
    seals: int
    fault: str | None = None
    broken_event: int | None = None


def verify(progress: Callable[[int], None] = lambda done: None) -> Verdict:
    """Hash every event anew and hold it against its tile, then every seal against the tree.

    `progress` is called with the number of events checked so far.
    """
    size, waiting, seals = tree_size(), Pending.objects.count(), Seal.objects.count()
    tree = merkle.Builder()
    roots = dict(Seal.objects.values_list("size", "root"))

    def verdict(fault: str, event: int | None = None) -> Verdict:
        return Verdict(size, waiting, seals, fault, event)

    for start in range(0, size, CHUNK):
        stop = min(start + CHUNK, size)
        leaves = list(
            Leaf.objects.filter(position__gte=start, position__lt=stop).order_by("position").values_list("position", "event_id")
        )
        events = Event.objects.in_bulk([event for _position, event in leaves])
        stored = b"".join(stored_tile(0, n) for n in range(start // 256, (stop + 255) // 256))
        offset = start - start // 256 * 256
        for expected, (position, event_id) in zip(range(start, stop), leaves, strict=False):
            if position != expected:
                return verdict(f"the leaf at position {expected} is missing")
            event = events.get(event_id)
            if event is None:
                return verdict(f"event {event_id} (position {position}) is missing", event_id)
            found = merkle.leaf_hash(canonical(event))
            at = (position - start + offset) * 32
            if found != stored[at : at + 32]:
                return verdict(f"event {event_id} (position {position}) was changed after it was sealed", event_id)
            tree.add(found)
            if tree.size in roots and tree.root() != bytes(roots[tree.size]):
                return verdict(f"the seal at size {tree.size} does not fit the events before it")
        if len(leaves) < stop - start:
            return verdict(f"the leaf at position {start + len(leaves)} is missing")
        progress(stop)
    if fault := _unaccounted():
        return verdict(*fault)
    return Verdict(size, waiting, seals)


def _unaccounted() -> tuple[str, int] | None:
    """An event that is neither sealed nor waiting: somebody took it out of the queue."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT e.id FROM journal_event e
               LEFT JOIN journal_leaf l ON l.event_id = e.id
               LEFT JOIN journal_pending p ON p.event_id = e.id
               WHERE l.event_id IS NULL AND p.event_id IS NULL ORDER BY e.id LIMIT 1"""
        )
        row = cursor.fetchone()
    return (f"event {row[0]} is neither sealed nor waiting to be", row[0]) if row else None
