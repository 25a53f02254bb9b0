"""Reading the journal: receipts, proofs, and checking the whole of it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache
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
    seals = {seal.size: bytes(seal.root) for seal in Seal.objects.filter(size__in=[old, new or tree_size()])}
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
    roots = [(seal.size, bytes(seal.root)) for seal in Seal.objects.order_by("size")]
    tiles: dict[tuple[int, int], bytes] = {}

    def rebuilt(level: int, number: int) -> bytes:
        return tiles.get((level, number), b"")

    for start in range(0, size, CHUNK):
        stop = min(start + CHUNK, size)
        hashes, fault = _check_leaves(start, stop)
        tiles.update(merkle.append(start, hashes, rebuilt))
        while roots and roots[0][0] <= start + len(hashes):
            sealed, root = roots.pop(0)
            if merkle.root(sealed, rebuilt) != root and fault is None:
                fault = f"the seal at size {sealed} does not fit the events before it", None
        if fault:
            return Verdict(size, waiting, seals, *fault)
        progress(stop)
    return Verdict(size, waiting, seals, *(_unaccounted() or (None, None)))


Fault = tuple[str, int | None]


def _check_leaves(start: int, stop: int) -> tuple[list[bytes], Fault | None]:
    """The hashes of positions start … stop-1 made anew from the events, and the first fault among them."""
    leaves = list(
        Leaf.objects.filter(position__gte=start, position__lt=stop)
        .order_by("position")
        .values_list("position", "event_id")
    )
    events = Event.objects.in_bulk([event for _position, event in leaves])
    first_tile = start // 256
    stored = b"".join(stored_tile(0, n) for n in range(first_tile, (stop + 255) // 256))
    hashes: list[bytes] = []
    for expected, (position, event_id) in enumerate(leaves, start=start):
        if position != expected:
            return hashes, (f"the leaf at position {expected} is missing", None)
        event = events.get(event_id)
        if event is None:
            return hashes, (f"event {event_id} (position {position}) is missing", event_id)
        found = merkle.leaf_hash(canonical(event))
        at = (position - first_tile * 256) * 32
        if found != stored[at : at + 32]:
            return hashes, (
                f"event {event_id} (position {position}) was changed after it was sealed",
                event_id,
            )
        hashes.append(found)
    if len(leaves) < stop - start:
        return hashes, (f"the leaf at position {start + len(leaves)} is missing", None)
    return hashes, None


def _unaccounted() -> Fault | None:
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


def proofs(event_ids: Collection[int]) -> tuple[dict[str, Any], dict[int, dict[str, Any]]]:
    """The newest seal and, for each of these events that is sealed, its place under it; a fixed number of queries and
    one for each tile of 256 hashes.

    The seal: `size`, `root`, `sealed_at`. Of an event: `event` (the exact text that was hashed), `position`, and
    `path`, the hashes from the leaf up, each with the side on which it stands: `[["left", hex], …]`.
    """
    seal = Seal.objects.order_by("-size").first()
    if seal is None:
        return {}, {}
    tile = cache(stored_tile)
    leaves = Leaf.objects.select_related("event").filter(event_id__in=event_ids, position__lt=seal.size)
    found = {}
    for leaf in leaves.order_by("position"):
        path = merkle.inclusion_proof(leaf.position, seal.size, tile)
        found[leaf.event_id] = {
            "event": canonical(leaf.event).decode(),
            "position": leaf.position,
            "path": [
                [side, step.hex()] for side, step in zip(_sides(leaf.position, seal.size), path, strict=True)
            ],
        }
    log = {"size": seal.size, "root": bytes(seal.root).hex(), "sealed_at": seal.at.isoformat()}
    return log, found


def _sides(index: int, size: int) -> list[str]:
    """On which side each hash of a proof stands, from the leaf up (RFC 9162, section 2.1.3.2)."""
    last, sides = size - 1, []
    while last:
        if index & 1 or index == last:
            sides.append("left")
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            sides.append("right")
        index, last = index >> 1, last >> 1
    return sides
