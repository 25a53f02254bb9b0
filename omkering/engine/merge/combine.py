"""Any number of amendments on one text: what is independent is merged, what collides is reported.

Two changes collide when they touch the same words, when they insert at the same place, or when one inserts at
the edge of what the other rewrites (which of the two words would come first is then a decision, not
arithmetic). The same change made twice is no collision: it is merged once, in the name of both.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from omkering.engine.merge.words import Edit, apply, diff

WORD = re.compile(r"\w+")


class Kind(StrEnum):
    """What a span of the consolidated text is."""

    KEPT = "kept"
    INSERTED = "inserted"
    DELETED = "deleted"
    COLLISION = "collision"


@dataclass(frozen=True)
class Span:
    """A piece of the consolidated text and the amendments it comes from. Deleted pieces are told too;
    collision pieces hold the words of the base, which stay until someone decides."""

    kind: Kind
    text: str
    amendments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Collision:
    """A passage that amendments change in ways that exclude each other.

    `base_start` to `base_end` in characters and `word_start` to `word_end` in words of the base (ends
    exclusive; equal when all insert at one place); `proposals` tells what each amendment would make of the
    passage.
    """

    base_start: int
    base_end: int
    word_start: int
    word_end: int
    base_text: str
    amendments: tuple[str, ...]
    proposals: Mapping[str, str]


@dataclass(frozen=True)
class Merged:
    """The merged `text`, its `spans`, the `collisions` in order of place, and per amendment the edits that
    were merged (`applied`) and that collide (`open`)."""

    text: str
    spans: tuple[Span, ...]
    collisions: tuple[Collision, ...]
    applied: Mapping[str, tuple[Edit, ...]]
    open: Mapping[str, tuple[Edit, ...]]


@dataclass(frozen=True)
class _Change:
    edit: Edit
    by: tuple[str, ...]


def merge(base: str, amendments: Mapping[str, str]) -> Merged:
    """Merge the amended texts, by id, on `base`. The outcome does not depend on their order."""
    return merge_edits(base, {name: diff(base, text) for name, text in amendments.items()})


def merge_edits(base: str, amendments: Mapping[str, Iterable[Edit]]) -> Merged:
    """Merge amendments given as edits of `base`. Raises ValueError when edits of one amendment overlap or lie
    outside the base."""
    authors: dict[Edit, list[str]] = defaultdict(list)
    for name in sorted(amendments):
        at = 0
        for edit in sorted(amendments[name]):
            if not at <= edit.start <= edit.end <= len(base):
                raise ValueError(
                    f"a change of {name} at {edit.start} overlaps another or lies outside the text"
                )
            at = edit.end
            authors[edit].append(name)
    changes = [_Change(edit, tuple(names)) for edit, names in sorted(authors.items())]
    groups = _groups([change.edit for change in changes])
    free: list[_Change] = []
    passages: list[list[_Change]] = []
    for group in groups:
        members = [changes[i] for i in group]
        if len(members) == 1:
            free += members
        else:
            passages.append(members)
    applied: dict[str, list[Edit]] = {name: [] for name in sorted(amendments)}
    left: dict[str, list[Edit]] = {name: [] for name in sorted(amendments)}
    for target, merged in ((applied, free), (left, [change for group in passages for change in group])):
        for change in sorted(merged, key=lambda change: change.edit):
            for name in change.by:
                target[name].append(change.edit)
    collisions = _collisions(base, passages)
    spans = _spans(base, free, collisions)
    return Merged(
        "".join(span.text for span in spans if span.kind is not Kind.DELETED),
        spans,
        collisions,
        MappingProxyType({name: tuple(edits) for name, edits in applied.items()}),
        MappingProxyType({name: tuple(edits) for name, edits in left.items()}),
    )


def _groups(edits: list[Edit]) -> list[list[int]]:
    """The numbers of the (sorted, different) edits, in groups that collide; a group of one collides with
    none."""
    parent = list(range(len(edits)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    def join(i: int, j: int) -> None:
        parent[max(root(i), root(j))] = min(root(i), root(j))

    # Runs of edits that share characters of the base.
    runs: list[tuple[int, int, int]] = []
    for i, edit in enumerate(edits):
        if edit.start == edit.end:
            continue
        if runs and edit.start < runs[-1][1]:
            start, end, first = runs.pop()
            join(first, i)
            runs.append((start, max(end, edit.end), first))
        else:
            runs.append((edit.start, edit.end, i))
    at_start: dict[int, list[int]] = defaultdict(list)
    at_end: dict[int, list[int]] = defaultdict(list)
    inserts: dict[int, int] = {}
    for i, edit in enumerate(edits):
        if edit.start < edit.end and edit.text:
            at_start[edit.start].append(i)
            at_end[edit.end].append(i)
    starts = [run[0] for run in runs]
    for i, edit in enumerate(edits):
        if edit.start < edit.end:
            continue
        join(inserts.setdefault(edit.start, i), i)
        for j in at_start[edit.start] + at_end[edit.start]:
            join(i, j)
        number = bisect_left(starts, edit.start) - 1
        if number >= 0 and runs[number][0] < edit.start < runs[number][1]:
            join(i, runs[number][2])
    groups: dict[int, list[int]] = defaultdict(list)
    for i in range(len(edits)):
        groups[root(i)].append(i)
    return list(groups.values())


def _collisions(base: str, passages: list[list[_Change]]) -> tuple[Collision, ...]:
    if not passages:
        return ()
    word_starts, word_ends = [], []
    for word in WORD.finditer(base):
        word_starts.append(word.start())
        word_ends.append(word.end())
    found = []
    for members in passages:
        start = min(change.edit.start for change in members)
        end = max(change.edit.end for change in members)
        names = sorted({name for change in members for name in change.by})
        passage = base[start:end]
        proposals = {
            name: apply(
                passage,
                (
                    Edit(change.edit.start - start, change.edit.end - start, change.edit.text)
                    for change in members
                    if name in change.by
                ),
            )
            for name in names
        }
        first = bisect_right(word_ends, start)
        found.append(
            Collision(
                start,
                end,
                first,
                max(first, bisect_left(word_starts, end)),
                passage,
                tuple(names),
                MappingProxyType(proposals),
            )
        )
    return tuple(sorted(found, key=lambda collision: (collision.base_start, collision.base_end)))


def _spans(base: str, free: list[_Change], collisions: tuple[Collision, ...]) -> tuple[Span, ...]:
    pieces: list[tuple[int, int, tuple[Span, ...]]] = [
        (c.base_start, c.base_end, (Span(Kind.COLLISION, c.base_text, c.amendments),)) for c in collisions
    ]
    for change in free:
        edit = change.edit
        made = (
            Span(Kind.DELETED, base[edit.start : edit.end], change.by),
            Span(Kind.INSERTED, edit.text, change.by),
        )
        pieces.append((edit.start, edit.end, tuple(span for span in made if span.text)))
    spans: list[Span] = []
    at = 0
    for start, end, told in sorted(pieces, key=lambda piece: piece[:2]):
        if start > at:
            spans.append(Span(Kind.KEPT, base[at:start]))
        spans += told
        at = end
    if at < len(base):
        spans.append(Span(Kind.KEPT, base[at:]))
    return tuple(spans)
