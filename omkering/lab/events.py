"""The made association's log: every signal's life as events, filled up with visits, and sealed."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from psycopg.types.json import Jsonb
from rich.progress import Progress

from omkering.engine import merkle
from omkering.journal.canonical import canonical
from omkering.journal.commands import tree_size
from omkering.lab import bulk

if TYPE_CHECKING:
    from omkering.lab.generate import Made

SEAL_EVERY = 10_000
Event = tuple[datetime, int, str, str, str, dict[str, Any]]  # at, actor, on behalf of, verb, subject, data


def write_events(made: "Made", count: int, bar: Progress) -> None:
    """Write and seal `count` events in the order of time."""
    task = bar.add_task("Events", total=count)
    first = bulk.next_id("journal_event")
    start = tree_size()
    tiles: dict[tuple[int, int], bytes] = {}
    if start:
        raise ValueError("the log holds sealed events already")  # the caller makes a new association
    hashes: list[bytes] = []
    seals: list[tuple[int, bytes, datetime]] = []

    def stored(level: int, number: int) -> bytes:
        return tiles.get((level, number), b"")

    def rows() -> Iterator[tuple[Any, ...]]:
        size = 0
        at = made.now
        for number, (at, actor, behalf, verb, subject, data) in enumerate(_in_order(made, count)):
            event = SimpleNamespace(
                id=first + number, at=at, actor=actor, on_behalf_of=behalf, verb=verb, subject=subject,
                origin="web:lab", result="done", data=data,
            )  # fmt: skip
            hashes.append(merkle.leaf_hash(canonical(event)))
            if len(hashes) == SEAL_EVERY or number == count - 1:
                tiles.update(merkle.append(size, hashes, stored))
                size += len(hashes)
                hashes.clear()
                seals.append((size, merkle.root(size, stored), at))
                bar.update(task, completed=size)
            yield event.id, at, actor, behalf, verb, subject, "web:lab", "done", Jsonb(data)

    columns = ("id", "at", "actor", "on_behalf_of", "verb", "subject", "origin", "result", "data")
    bulk.copy("journal_event", columns, rows())
    bulk.copy("journal_leaf", ("position", "event_id"), ((n, first + n) for n in range(count)))
    bulk.copy(
        "journal_tile", ("level", "number", "hashes"), ((lv, n, h) for (lv, n), h in sorted(tiles.items()))
    )
    bulk.copy("journal_seal", ("size", "root", "at"), seals)
    bulk.fix_sequence("journal_event")


def _in_order(made: "Made", count: int) -> list[Event]:
    """The life of each signal, and visits to fill up, in the order of time; exactly `count`."""
    chance = made.chance
    codes = {member.pk: member.code for member in made.members}
    events: list[Event] = []
    for item, author, member, created, state, _kind in made.signals:
        subject = f"item:{item}"
        events.append(
            (created, author, f"member:{codes[member]}", "signal.submitted", subject, {"theme": _kind})
        )
        steps = {"submitted": (), "in_review": ("in_review",)}.get(state, ("in_review", state))
        for days, step in enumerate(steps, start=1):
            at = min(created + timedelta(days=3 * days), made.now)
            events.append((at, chance.choice(made.advisers), "", f"signal.{step}", subject, {"state": step}))
    for bundle, adviser, created in made.bundles:
        events.append((created, adviser, "", "bundle.made", f"item:{bundle}", {}))
    while len(events) < count:
        person, member = chance.choice(made.people)
        at = made.now - timedelta(seconds=chance.randrange(1, 3 * 365 * 86400))
        events.append((at, person, f"member:{codes[member]}", "login.done", f"person:{person}", {}))
    events.sort(key=lambda event: (event[0], event[4], event[3]))
    return events[:count]
