"""Two versions of a text beside each other, part by part and word by word.

Pure. Parts are the same by their address, whatever their words or place became.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from omkering.engine.merge import Kind, Span, merge


class How(StrEnum):
    """What became of a part."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    DROPPED = "dropped"
    MOVED = "moved"  # the same words at another place


@dataclass(frozen=True)
class Words:
    """A part in one version."""

    address: int
    kind: str
    label: str
    text: str


@dataclass(frozen=True)
class Row:
    """A part in both: what became of it, and its words with what changed marked."""

    address: int
    how: How
    kind: str
    label: str
    spans: tuple[Span, ...]
    moved: bool = False
    was: str = ""  # the label or kind before, where that changed


def compare(old: Sequence[Words], new: Sequence[Words]) -> list[Row]:
    """The rows in the order of the new text; what was dropped stands where it stood."""
    before = {part.address: part for part in old}
    after = {part.address for part in new}
    staying = _in_order(
        [part.address for part in old if part.address in after], [part.address for part in new]
    )
    # What was dropped follows the part that stood before it and is still in its place.
    dropped: dict[int | None, list[Words]] = {}
    last: int | None = None
    for part in old:
        if part.address not in after:
            dropped.setdefault(last, []).append(part)
        elif part.address in staying:
            last = part.address
    rows = [_dropped(part) for part in dropped.get(None, [])]
    for part in new:
        rows.append(_row(before.get(part.address), part, part.address not in staying))
        if part.address in staying:
            rows += [_dropped(one) for one in dropped.get(part.address, [])]
    return rows


def _dropped(part: Words) -> Row:
    return Row(part.address, How.DROPPED, part.kind, part.label, (Span(Kind.DELETED, part.text),))


def _row(old: Words | None, new: Words, moved: bool) -> Row:
    if old is None:
        return Row(new.address, How.ADDED, new.kind, new.label, (Span(Kind.INSERTED, new.text),))
    if old.text == new.text and (old.kind, old.label) == (new.kind, new.label):
        how = How.MOVED if moved else How.SAME
        return Row(new.address, how, new.kind, new.label, (Span(Kind.KEPT, new.text),), moved)
    spans = merge(old.text, {"new": new.text}).spans or (Span(Kind.KEPT, new.text),)
    was = old.label if old.label != new.label else ""
    return Row(new.address, How.CHANGED, new.kind, new.label, spans, moved, was)


def _in_order(old: Sequence[int], new: Sequence[int]) -> set[int]:
    """The most parts that follow each other in both texts: those did not move (longest increasing subsequence)."""
    place = {address: i for i, address in enumerate(old)}
    row = [place[address] for address in new if address in place]
    ends: list[int] = []  # of the best run of each length, the index of its last
    before: list[int] = [-1] * len(row)
    for i, value in enumerate(row):
        low, high = 0, len(ends)
        while low < high:
            middle = (low + high) // 2
            if row[ends[middle]] < value:
                low = middle + 1
            else:
                high = middle
        before[i] = ends[low - 1] if low else -1
        ends[low : low + 1] = [i]
    kept: set[int] = set()
    at = ends[-1] if ends else -1
    while at >= 0:
        kept.add(old[row[at]])
        at = before[at]
    return kept
