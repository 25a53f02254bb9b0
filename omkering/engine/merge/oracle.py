"""The slow, obvious versions of diff and merge, for tests: a full table, and every pair of edits compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from omkering.engine.merge.words import TOKEN, Edit


def fewest_changed_words(base: str, amended: str) -> int:
    """The least number of tokens to delete and insert, from the table of longest common subsequences."""
    a, b = TOKEN.findall(base), TOKEN.findall(amended)
    row = [0] * (len(b) + 1)
    for token in a:
        before = row[:]
        for j, other in enumerate(b, 1):
            row[j] = before[j - 1] + 1 if token == other else max(before[j], row[j - 1])
    return len(a) + len(b) - 2 * row[-1]


def collide(one: Edit, other: Edit) -> bool:
    """Whether two different edits exclude each other, by the definition in words."""
    if one == other:
        return False
    if one.start == one.end and other.start == other.end:
        return one.start == other.start
    if one.start == one.end or other.start == other.end:
        insert, change = (one, other) if one.start == one.end else (other, one)
        at_edge = insert.start in (change.start, change.end)
        return change.start < insert.start < change.end or (at_edge and bool(change.text))
    return max(one.start, other.start) < min(one.end, other.end)


def slow_merge(
    base: str, amendments: Mapping[str, Iterable[Edit]]
) -> tuple[str, set[tuple[int, int, frozenset[str]]]]:
    """The merged text and the collisions (start, end, amendments), character by character."""
    authors: dict[Edit, set[str]] = {}
    for name, edits in amendments.items():
        for edit in edits:
            authors.setdefault(edit, set()).add(name)
    groups: list[set[Edit]] = [{edit} for edit in authors]
    again = True
    while again:
        again = False
        for i, group in enumerate(groups):
            for other in groups[i + 1 :]:
                if any(collide(a, b) for a in group for b in other):
                    group |= other
                    groups.remove(other)
                    again = True
                    break
            if again:
                break
    free = [next(iter(group)) for group in groups if len(group) == 1]
    gone = {at for edit in free for at in range(edit.start, edit.end)}
    text = ""
    for at in range(len(base) + 1):
        # What is inserted at a place comes before what replaces the words that start there.
        text += "".join(e.text for e in free if e.start == at == e.end)
        text += "".join(e.text for e in free if e.start == at < e.end)
        if at < len(base) and at not in gone:
            text += base[at]
    collisions = {
        (
            min(e.start for e in group),
            max(e.end for e in group),
            frozenset(name for e in group for name in authors[e]),
        )
        for group in groups
        if len(group) > 1
    }
    return text, collisions
