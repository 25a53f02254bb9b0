"""A text that somebody is writing, carried over to the text as it became meanwhile, part by part.

Pure. What one of the two changed is taken from that one; where both changed a part, their words are merged; what
collides stays as the writer has it and is named, so that a person decides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from omkering.engine.merge import merge

Words = tuple[str, int, str, str]  # kind, level, label, text


@dataclass(frozen=True)
class Carried:
    """The writer's text on the newest one, and the addresses of the parts where both changed the same words."""

    parts: list[dict[str, Any]]
    collisions: tuple[int, ...]


def carry_over(
    parts: Sequence[dict[str, Any]], base: Mapping[int, Words], now: Sequence[tuple[int, Words]]
) -> Carried:
    """`parts` were written from `base` (by address); `now` is the newest text in order."""
    newest = dict(now)
    made: list[dict[str, Any]] = []
    collisions: list[int] = []
    for part in parts:
        address = part.get("address")
        if address is None or address not in base:
            made.append(dict(part))
        elif address not in newest:
            # Dropped meanwhile: gone here too, unless the writer changed it.
            if _words(part) != base[address]:
                collisions.append(address)
                made.append(dict(part))
        else:
            merged, collides = _merged(_words(part), base[address], newest[address])
            made.append({**part, **dict(zip(("kind", "level", "label", "text"), merged, strict=True))})
            if collides:
                collisions.append(address)
    here = {part.get("address") for part in parts}
    for position, (address, words) in enumerate(now):
        if address in base:
            # The writer dropped a part that was changed meanwhile: somebody has to look.
            if address not in here and words != base[address]:
                collisions.append(address)
            continue
        before = {one for one, _words_of in now[:position]}
        place = max((i for i, part in enumerate(made) if part.get("address") in before), default=-1)
        kind, level, label, text = words
        made.insert(
            place + 1, {"kind": kind, "level": level, "label": label, "text": text, "address": address}
        )
    return Carried(made, tuple(collisions))


def _words(part: Mapping[str, Any]) -> Words:
    return str(part["kind"]), int(part["level"] or 0), str(part["label"]), str(part["text"])


def _merged(mine: Words, base: Words, now: Words) -> tuple[Words, bool]:
    """The words of one part, and whether both changed the same of them."""
    if mine in (base, now):
        return now, False
    if now == base:
        return mine, False
    merged = merge(base[3], {"mine": mine[3], "now": now[3]})
    heads = list(zip(mine[:3], base[:3], now[:3], strict=True))
    clash = any(one not in (old, other) and other != old for one, old, other in heads)
    if merged.collisions or clash:
        return mine, True
    kind, level, label = (other if one == old else one for one, old, other in heads)
    return (str(kind), int(str(level)), str(label), merged.text), False
