"""Amendments on the parts of a text: carried to the text as it is now, merged, and where they exclude each other.

Conventions: a part is named by its address; an amendment by its key, a text such as its number. What two amendments
do at different parts never collides. At one part words are merged by `engine.merge`; a part that one drops and
another changes, and two texts at the same place, collide as well. What collides is left as the text has it now and
is told: nothing is resolved here. The outcome does not depend on the order of the amendments.

Sources: three-way merge on words as in `omkering.engine.merge`; the order of voting (what reaches furthest comes
first) is the custom of assemblies.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Any

from omkering.engine.merge import Edit, Kind, Span, apply, diff, merge_edits

CHANGE, ADD, DROP = "change", "add", "drop"
NOW = ""  # how a clash names the text as it is now; no amendment has this key
AROUND = 60  # characters shown on both sides of the words that collide
WORD = re.compile(r"\w+")
_DEEDS = {DROP: 0, CHANGE: 1, ADD: 2}  # the order in which they are put to the vote at one part


class Why(StrEnum):
    """Why amendments cannot stand together, or not in the text as it is now."""

    WORDS = "words"  # they change the same words
    DROPS = "drops"  # one drops what another changes
    PLACE = "place"  # they add another text at the same place
    TEXT = "text"  # the same words were changed in the text since it was written
    GONE = "gone"  # the part is no longer there


@dataclass(frozen=True)
class Part:
    """A part of the text as it is now."""

    address: int
    text: str


@dataclass(frozen=True)
class Change:
    """What one amendment does. `base` is what the part said when it was written; `known`, for a text that is added,
    the addresses of the version it was written on (None: the text as it is now)."""

    key: str
    address: int
    deed: str
    base: str
    text: str
    known: frozenset[int] | None = None


@dataclass(frozen=True)
class Clash:
    """Words that amendments make into different things: `words` between `before` and `after`, and per amendment what
    it would make of them. `NOW` among the proposals is what the text itself says there now."""

    why: Why
    address: int
    words: str
    proposals: Mapping[str, str]
    before: str = ""
    after: str = ""

    @property
    def amendments(self) -> tuple[str, ...]:
        """The amendments that take part, in order."""
        return in_order(key for key in self.proposals if key != NOW)


@dataclass(frozen=True)
class Piece:
    """A part of the consolidated text: its spans tell which amendment wrote what. A text that is added has no
    address; a part that was dropped has an empty `text` and says by whom."""

    address: int | None
    text: str
    spans: tuple[Span, ...]
    by: tuple[str, ...] = ()  # who changed, dropped or added it
    dropped: bool = False
    clashes: tuple[Clash, ...] = ()


@dataclass(frozen=True)
class Consolidated:
    """The whole text with amendments in it; `done` are those that are in it in full."""

    pieces: tuple[Piece, ...]
    clashes: tuple[Clash, ...]
    done: frozenset[str]

    def clashes_of(self, key: str) -> tuple[Clash, ...]:
        """The clashes in which this amendment takes part."""
        return tuple(clash for clash in self.clashes if key in clash.proposals)


@dataclass(frozen=True)
class Turn:
    """An amendment in the order of voting: how many words it touches, and which others fall when it is adopted."""

    key: str
    address: int
    reach: int
    falls: tuple[str, ...]


def in_order(keys: Iterable[str]) -> tuple[str, ...]:
    """The keys in their natural order."""
    return tuple(sorted(keys, key=natural))


def natural(key: str) -> tuple[int, str]:
    """Sorts keys that are whole numbers by their value."""
    return len(key), key


# --- one part --------------------------------------------------------------------------------------------------
@lru_cache(maxsize=5_000)
def carry(base: str, text: str, now: str) -> tuple[tuple[Edit, ...], tuple[Clash, ...]]:
    """The edits that turn `base` into `text`, as edits of `now`, and what of it collides with what `now` changed.

    An edit that `now` holds already is needed no more. The clashes have the key `text`; address 0. Remembered, because
    lists ask it again and again.
    """
    wanted = diff(base, text)
    if base == now:
        return wanted, ()
    since = diff(base, now)
    merged = merge_edits(base, {NOW: since, "text": wanted})
    there = set(since)
    edits: list[Edit] = []
    for edit in merged.applied["text"]:
        if edit not in there:
            shift = sum(len(one.text) - (one.end - one.start) for one in since if one.end <= edit.start)
            start, end, words = edit.start + shift, edit.end + shift, edit.text
            if edits and edits[-1].end == start:
                # What stood between them went: they touch now, and keep their order.
                before = edits.pop()
                start, words = before.start, before.text + words
            edits.append(Edit(start, end, words))
    clashes = tuple(
        _clash(Why.TEXT, 0, base, one.base_start, one.base_end, one.proposals) for one in merged.collisions
    )
    return tuple(edits), clashes


@dataclass(frozen=True)
class _Carried:
    """An amendment on the text as it is now."""

    change: Change
    edits: tuple[Edit, ...] = ()
    clashes: tuple[Clash, ...] = ()
    there: bool = False  # the text does this already

    @property
    def key(self) -> str:
        return self.change.key


def _carried(change: Change, part: Part | None, added: Sequence[Part]) -> _Carried:
    """The amendment on `part` as it is now (None: the part is gone), after which `added` came since."""
    if part is None:
        if change.deed == DROP:
            return _Carried(change, there=True)
        proposals = {NOW: "", change.key: change.text}
        return _Carried(change, clashes=(Clash(Why.GONE, change.address, change.base, proposals),))
    if change.deed == ADD:
        if any(one.text == change.text for one in added):
            return _Carried(change, there=True)
        if not added:
            return _Carried(change)
        proposals = {NOW: "\n\n".join(one.text for one in added), change.key: change.text}
        return _Carried(change, clashes=(Clash(Why.PLACE, change.address, "", proposals),))
    if change.deed == DROP:
        if change.base == part.text:
            return _Carried(change)
        proposals = {NOW: part.text, change.key: ""}
        return _Carried(change, clashes=(Clash(Why.TEXT, change.address, change.base, proposals),))
    edits, found = carry(change.base, change.text, part.text)
    clashes = tuple(_renamed(clash, change) for clash in found)
    return _Carried(change, edits, clashes, there=not edits and not clashes)


def _renamed(clash: Clash, change: Change) -> Clash:
    proposals = {NOW: clash.proposals[NOW], change.key: clash.proposals["text"]}
    return Clash(clash.why, change.address, clash.words, proposals, clash.before, clash.after)


def _clash(why: Why, address: int, text: str, start: int, end: int, proposals: Mapping[str, str]) -> Clash:
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    if start > AROUND:
        before = "…" + (before.partition(" ")[2] if " " in before else before)
    if end + AROUND < len(text):
        after = (after.rpartition(" ")[0] if " " in after else after) + "…"
    return Clash(why, address, text[start:end], dict(proposals), before, after)


def _words(part: Part, rows: Sequence[_Carried]) -> Piece:
    """The part with all that is changed or dropped in it."""
    drops = [row for row in rows if row.change.deed == DROP and not row.there and not row.clashes]
    writes = [row for row in rows if row.change.deed == CHANGE and row.edits]
    merged = merge_edits(part.text, {row.key: row.edits for row in writes})
    clashes = [
        _clash(Why.WORDS, part.address, part.text, one.base_start, one.base_end, one.proposals)
        for one in merged.collisions
    ]
    others = [row for row in rows if row.change.deed == CHANGE and not row.there]
    if drops and others:
        proposals = {row.key: "" for row in drops} | {row.key: _wanted(part, row) for row in others}
        clashes.insert(0, Clash(Why.DROPS, part.address, part.text, proposals))
        told = Span(Kind.COLLISION, part.text, in_order(proposals))
        return Piece(part.address, part.text, (told,), clashes=tuple(clashes))
    if drops:
        by = in_order(row.key for row in drops)
        return Piece(part.address, "", (Span(Kind.DELETED, part.text, by),), by, dropped=True)
    by = in_order(key for key, edits in merged.applied.items() if edits)
    spans = tuple(replace(span, amendments=in_order(span.amendments)) for span in merged.spans)
    return Piece(part.address, merged.text, spans, by, clashes=tuple(clashes))


def _wanted(part: Part, row: _Carried) -> str:
    """What the amendment would make of the whole part."""
    return row.change.text if row.clashes else apply(part.text, row.edits)


def _added(part: Part, rows: Sequence[_Carried]) -> tuple[Piece | None, tuple[Clash, ...]]:
    """The text that is added after the part; nothing where two want another text there."""
    by_text: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row.change.deed == ADD and not row.there and not row.clashes:
            by_text[row.change.text].append(row.key)
    if len(by_text) > 1:
        proposals = {key: text for text, keys in by_text.items() for key in keys}
        return None, (Clash(Why.PLACE, part.address, "", proposals),)
    for text, keys in by_text.items():
        by = in_order(keys)
        return Piece(None, text, (Span(Kind.INSERTED, text, by),), by), ()
    return None, ()


# --- the whole -------------------------------------------------------------------------------------------------
def consolidate(parts: Sequence[Part], changes: Iterable[Change]) -> Consolidated:
    """The text with these amendments in it, and all that keeps them from standing together.

    `parts` in the order of the text. Raises ValueError for two amendments with one key, or a key that is empty.
    """
    return _merged(parts, _on(parts, changes))


def _merged(parts: Sequence[Part], carried: Mapping[int, list[_Carried]]) -> Consolidated:
    pieces: list[Piece] = []
    clashes: list[Clash] = []
    for part in parts:
        rows = carried.get(part.address, [])
        if not rows:
            spans = (Span(Kind.KEPT, part.text),) if part.text else ()
            pieces.append(Piece(part.address, part.text, spans))
            continue
        piece = _words(part, rows)
        extra, place = _added(part, rows)
        own = tuple(clash for row in rows for clash in row.clashes)
        pieces.append(replace(piece, clashes=(*own, *piece.clashes, *place)))
        clashes += pieces[-1].clashes
        if extra is not None:
            pieces.append(extra)
    present = {part.address for part in parts}
    for address in sorted(carried.keys() - present):
        clashes += [clash for row in carried[address] for clash in row.clashes]
    keys = {row.key for rows in carried.values() for row in rows}
    kept_out = {key for clash in clashes for key in clash.proposals}
    return Consolidated(tuple(pieces), tuple(clashes), frozenset(keys - kept_out))


def _on(parts: Sequence[Part], changes: Iterable[Change]) -> dict[int, list[_Carried]]:
    """The amendments on the text as it is now, by address, in the order of their keys."""
    place = {part.address: number for number, part in enumerate(parts)}
    seen: set[str] = set()
    found: dict[int, list[_Carried]] = defaultdict(list)
    for change in sorted(changes, key=lambda one: natural(one.key)):
        if not change.key or change.key in seen:
            raise ValueError(f"an amendment needs a key of its own, not {change.key!r}")
        seen.add(change.key)
        at = place.get(change.address)
        since: list[Part] = []
        if at is not None and change.deed == ADD and change.known is not None:
            for following in parts[at + 1 :]:
                if following.address in change.known:
                    break
                since.append(following)
        found[change.address].append(_carried(change, None if at is None else parts[at], since))
    return found


def together(
    parts: Sequence[Part], changes: Iterable[Change]
) -> tuple[Consolidated, dict[str, frozenset[str]]]:
    """`consolidate` and `excluding` in one go."""
    carried = _on(parts, changes)
    merged = _merged(parts, carried)
    return merged, _excluding(merged, carried)


def excluding(parts: Sequence[Part], changes: Iterable[Change]) -> dict[str, frozenset[str]]:
    """For each amendment those with which it cannot stand: pair by pair, not through a third one."""
    return together(parts, changes)[1]


def _excluding(merged: Consolidated, rows_at: Mapping[int, list[_Carried]]) -> dict[str, frozenset[str]]:
    carried = {row.key: row for rows in rows_at.values() for row in rows}
    found: dict[str, set[str]] = {key: set() for key in carried}
    for clash in merged.clashes:
        keys = clash.amendments
        if clash.why == Why.WORDS:
            pairs = _pairs([(edit, key) for key in keys for edit in carried[key].edits])
        else:
            pairs = {
                (one, other)
                for number, one in enumerate(keys)
                for other in keys[number + 1 :]
                if _differ(clash, carried[one], carried[other])
            }
        for one, other in pairs:
            found[one].add(other)
            found[other].add(one)
    return {key: frozenset(others) for key, others in found.items()}


def _differ(clash: Clash, one: _Carried, other: _Carried) -> bool:
    if clash.why == Why.DROPS:
        return one.change.deed != other.change.deed
    return clash.why == Why.PLACE and one.change.text != other.change.text


def _pairs(edits: list[tuple[Edit, str]]) -> set[tuple[str, str]]:
    """The pairs of keys with edits that exclude each other."""
    edits = sorted(edits)
    found = set()
    for number, (edit, key) in enumerate(edits):
        for other, second in edits[number + 1 :]:
            if other.start > edit.end:
                break
            if key != second and _exclude(edit, other):
                found.add((key, second))
    return found


def _exclude(one: Edit, other: Edit) -> bool:
    """Whether two edits cannot both be made, as `engine.merge` has it; `one` does not come after `other`."""
    if one == other:
        return False
    inserts = (one.start == one.end, other.start == other.end)
    if all(inserts):
        return one.start == other.start
    if any(inserts):
        insert, change = (one, other) if inserts[0] else (other, one)
        edge = insert.start in (change.start, change.end)
        return change.start < insert.start < change.end or (edge and bool(change.text))
    return max(one.start, other.start) < min(one.end, other.end)


# --- voting ----------------------------------------------------------------------------------------------------
def voting_order(parts: Sequence[Part], changes: Iterable[Change]) -> tuple[Turn, ...]:
    """The amendments in the order to put them to the vote: by place, and there what reaches furthest first.

    A proposal to drop a part comes before those that change it; reach is the number of words that go and come. What
    falls with an adopted one is told with it.
    """
    place = {part.address: number for number, part in enumerate(parts)}
    texts = {part.address: part.text for part in parts}
    carried = _on(parts, changes)
    others = _excluding(_merged(parts, carried), carried)
    rows = [row for rows in carried.values() for row in rows]
    reach = {row.key: _reach(row, texts.get(row.change.address, "")) for row in rows}

    def turn(row: _Carried) -> tuple[Any, ...]:
        change = row.change
        at = place.get(change.address, len(parts))
        return at, change.address, _DEEDS[change.deed], -reach[row.key], natural(row.key)

    return tuple(
        Turn(row.key, row.change.address, reach[row.key], in_order(others[row.key]))
        for row in sorted(rows, key=turn)
    )


def _reach(row: _Carried, now: str) -> int:
    change = row.change
    if change.deed == ADD:
        return _count(change.text)
    if change.deed == DROP:
        return _count(now or change.base)
    base, edits = (change.base, diff(change.base, change.text)) if row.clashes else (now, row.edits)
    return sum(_count(base[edit.start : edit.end]) + _count(edit.text) for edit in edits)


def _count(text: str) -> int:
    return len(WORD.findall(text))
