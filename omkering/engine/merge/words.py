"""What changed between two texts, word by word, in time that no text can blow up.

Three steps, each cheaper than the next: equal beginnings and ends are cut off by comparing whole blocks;
what is left is divided at passages that occur once in both texts; only the small remains are compared word
by word, with words that occur once as anchors (patience diff) and Myers' algorithm between them (E. Myers
1986, "An O(ND) difference algorithm"). Where the anchors cost more than twice the fewest words, as when such a
word moved past many others, Myers' algorithm takes the whole passage. It works within a fixed budget; a passage
beyond it counts as replaced.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

TOKEN = re.compile(r"\w+|\W")
EDGE = re.compile(r"\W")

BLOCK = 4096  # characters compared at once
PASSAGE = 32  # least length of a passage that divides two texts
SMALL = 1000  # characters below which words are compared at once
PLACES = ((1, 2), (1, 4), (3, 4), (1, 8), (7, 8))  # where in a text a dividing passage is tried
BUDGET = 100_000  # steps of Myers' algorithm for one pair of texts
STEPS_PER_WORD = 16  # steps that each passage may take even when the budget is gone
COINCIDENCE = 5  # characters between two changes that may be chance
DEARER = 2  # how many times the fewest words anchors may cost
DEPTH = 12  # rounds of anchors within anchors


@dataclass(frozen=True, order=True)
class Edit:
    """Replace the characters from `start` to `end` (exclusive) of the base by `text`."""

    start: int
    end: int
    text: str


def apply(base: str, edits: Iterable[Edit]) -> str:
    """The base with the edits applied. Raises ValueError when two overlap or one lies outside the base."""
    parts: list[str] = []
    at = 0
    for edit in sorted(edits):
        if not at <= edit.start <= edit.end <= len(base):
            raise ValueError(f"the change at {edit.start} overlaps another or lies outside the text")
        parts += (base[at : edit.start], edit.text)
        at = edit.end
    parts.append(base[at:])
    return "".join(parts)


def diff(base: str, amended: str) -> tuple[Edit, ...]:
    """The edits that turn `base` into `amended`, in order, on whole words and never touching each other."""
    found: list[Edit] = []
    budget = [BUDGET]
    # Pairs of passages still to compare: base from–to, amended from–to.
    waiting = [(0, len(base), 0, len(amended))]
    while waiting:
        trimmed = _trim(base, amended, *waiting.pop())
        if trimmed is None:
            continue
        low, high, first, last = trimmed
        cut = None
        if low < high and first < last and max(high - low, last - first) > SMALL:
            cut = _passage(base, amended, low, high, first, last)
        if cut is not None:
            at, there, length = cut
            waiting.append((at + length, high, there + length, last))
            waiting.append((low, at, first, there))
        else:
            found += _compare(base, amended, low, high, first, last, budget)
    found.sort()
    return tuple(_tidy(base, found))


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _trim(
    base: str, amended: str, low: int, high: int, first: int, last: int
) -> tuple[int, int, int, int] | None:
    """The passages without their equal beginning and end, cut between words; None when they are equal."""
    if high - low == last - first and base[low:high] == amended[first:last]:
        return None
    same = _equal_start(base, amended, low, high, first, last)
    while same and (_inside_word(base, low + same, high) or _inside_word(amended, first + same, last)):
        same -= 1
    low, first = low + same, first + same
    same = _equal_end(base, amended, low, high, first, last)
    while same and (
        _inside_word(base, high - same, high, low) or _inside_word(amended, last - same, last, first)
    ):
        same -= 1
    return low, high - same, first, last - same


def _inside_word(text: str, at: int, end: int, start: int = 0) -> bool:
    """Whether a cut at `at` goes through a word; `start` and `end` are cuts already."""
    return start < at < end and _is_word(text[at - 1]) and _is_word(text[at])


def _equal_start(base: str, amended: str, low: int, high: int, first: int, last: int) -> int:
    limit = min(high - low, last - first)
    same = 0
    step = BLOCK
    while same < limit and step:
        size = min(step, limit - same)
        if base[low + same : low + same + size] == amended[first + same : first + same + size]:
            same += size
        else:
            step = size // 2
    return same


def _equal_end(base: str, amended: str, low: int, high: int, first: int, last: int) -> int:
    limit = min(high - low, last - first)
    same = 0
    step = BLOCK
    while same < limit and step:
        size = min(step, limit - same)
        if base[high - same - size : high - same] == amended[last - same - size : last - same]:
            same += size
        else:
            step = size // 2
    return same


def _passage(
    base: str, amended: str, low: int, high: int, first: int, last: int
) -> tuple[int, int, int] | None:
    """A passage that occurs once in both texts: where in each, and its length. It starts and ends with a
    character that is no part of a word, so nothing is cut through."""
    for part, of in PLACES:
        edge = EDGE.search(base, low + (high - low) * part // of, high)
        if edge is None:
            continue
        at = edge.start()
        stop = EDGE.search(base, at + PASSAGE, high)
        if stop is None or stop.end() - at > 4 * PASSAGE:
            continue
        probe = base[at : stop.end()]
        there = amended.find(probe, first, last)
        if (
            there >= 0
            and amended.find(probe, there + 1, last) < 0
            and base.find(probe, low, high) == at
            and base.find(probe, at + 1, high) < 0
        ):
            return at, there, len(probe)
    return None


def _compare(
    base: str, amended: str, low: int, high: int, first: int, last: int, budget: list[int]
) -> list[Edit]:
    """The edits of a small passage, word by word."""
    if low == high or first == last:
        return [Edit(low, high, amended[first:last])]
    ours, theirs = TOKEN.findall(base, low, high), TOKEN.findall(amended, first, last)
    at, there = _offsets(ours, low), _offsets(theirs, first)
    edits: list[Edit] = []
    i = j = 0
    for start, begin, length in (*_matches(ours, theirs, budget), (len(ours), len(theirs), 0)):
        if start > i or begin > j:
            edits.append(Edit(at[i], at[start], amended[there[j] : there[begin]]))
        i, j = start + length, begin + length
    return edits


def _offsets(tokens: Sequence[str], start: int) -> list[int]:
    offsets = [start]
    for token in tokens:
        offsets.append(offsets[-1] + len(token))
    return offsets


def _matches(a: list[str], b: list[str], budget: list[int]) -> list[tuple[int, int, int]]:
    """Equal runs of tokens (place in a, place in b, length), in order: those a reader recognises, or, where these
    leave more than twice as much changed as need be, those of a shortest edit script."""
    anchored = _anchored(a, b, budget)
    both = len(a) + len(b)
    most = (both - 2 * sum(length for _, _, length in anchored)) // DEARER
    # No script can be shorter than what the one has more of each token than the other.
    if most <= both - 2 * (Counter(a) & Counter(b)).total():
        return anchored
    return sorted(_myers(a, b, 0, len(a), 0, len(b), budget, most)) or anchored


def _anchored(a: list[str], b: list[str], budget: list[int]) -> list[tuple[int, int, int]]:
    """Equal runs of tokens, in order, with tokens that occur once in both as anchors."""
    found: list[tuple[int, int, int]] = []
    waiting = [(0, len(a), 0, len(b), 0)]
    while waiting:
        low, high, first, last, depth = waiting.pop()
        same = 0
        while low + same < high and first + same < last and a[low + same] == b[first + same]:
            same += 1
        if same:
            found.append((low, first, same))
            low, first = low + same, first + same
        same = 0
        while low < high - same and first < last - same and a[high - same - 1] == b[last - same - 1]:
            same += 1
        if same:
            found.append((high - same, last - same, same))
            high, last = high - same, last - same
        if low == high or first == last:
            continue
        anchors = _anchors(a, b, low, high, first, last) if depth < DEPTH else []
        if not anchors:
            found += _myers(a, b, low, high, first, last, budget)
            continue
        for at, there in anchors:
            waiting.append((low, at, first, there, depth + 1))
            found.append((at, there, 1))
            low, first = at + 1, there + 1
        waiting.append((low, high, first, last, depth + 1))
    found.sort()
    return found


def _anchors(a: list[str], b: list[str], low: int, high: int, first: int, last: int) -> list[tuple[int, int]]:
    """Tokens that occur once in both, on the longest chain that keeps their order (patience)."""
    once_a = {token for token, n in Counter(a[low:high]).items() if n == 1 and _is_word(token[0])}
    if not once_a:
        return []
    once_b = {token for token, n in Counter(b[first:last]).items() if n == 1} & once_a
    place = {b[j]: j for j in range(first, last) if b[j] in once_b}
    pairs = [(i, place[a[i]]) for i in range(low, high) if a[i] in once_b]
    # Longest increasing chain of places in b.
    tops: list[int] = []
    chain: list[int] = []
    before: list[int] = []
    for number, (_, j) in enumerate(pairs):
        pile = bisect_left(tops, j)
        if pile == len(tops):
            tops.append(j)
            chain.append(number)
        else:
            tops[pile] = j
            chain[pile] = number
        before.append(chain[pile - 1] if pile else -1)
    picked: list[tuple[int, int]] = []
    number = chain[-1] if chain else -1
    while number >= 0:
        picked.append(pairs[number])
        number = before[number]
    return picked[::-1]


def _myers(
    a: list[str],
    b: list[str],
    low: int,
    high: int,
    first: int,
    last: int,
    budget: list[int],
    most: int | None = None,
) -> list[tuple[int, int, int]]:
    """Equal runs of a shortest edit script, last first; none when the budget of steps runs out, or when it changes
    more than `most` tokens."""
    n, m = high - low, last - first
    limit = max(budget[0], STEPS_PER_WORD * (n + m))
    furthest = {1: 0}
    history: list[dict[int, int]] = []
    steps = 0
    for d in range((n + m if most is None else most) + 1):
        history.append(dict(furthest))
        for k in range(-d, d + 1, 2):
            if k < -m or k > n:
                continue
            down = k == -d or (k != d and furthest.get(k - 1, -1) < furthest.get(k + 1, -1))
            x = furthest.get(k + 1, 0) if down else furthest.get(k - 1, 0) + 1
            y = x - k
            start = x
            while x < n and y < m and a[low + x] == b[first + y]:
                x += 1
                y += 1
            steps += x - start + 1
            furthest[k] = x
            if x >= n and y >= m:
                budget[0] = max(0, budget[0] - steps)
                return _retrace(history, n, m, low, first)
        steps += len(furthest)
        if steps > limit:
            budget[0] = max(0, budget[0] - steps)
            return []
    return []


def _retrace(
    history: list[dict[int, int]], n: int, m: int, low: int, first: int
) -> list[tuple[int, int, int]]:
    runs: list[tuple[int, int, int]] = []
    x, y = n, m
    for d in range(len(history) - 1, -1, -1):
        furthest = history[d]
        k = x - y
        down = k == -d or (k != d and furthest.get(k - 1, -1) < furthest.get(k + 1, -1))
        origin = k + 1 if down else k - 1
        from_x = furthest.get(origin, 0)
        from_y = from_x - origin
        start = from_x if down else from_x + 1
        if x > start:
            runs.append((low + start, first + start - k, x - start))
        x, y = from_x, from_y
    return runs


def _tidy(base: str, edits: list[Edit]) -> list[Edit]:
    """Edits a reader recognises: two with only a coincidence between them are one.

    A coincidence is a sign or two, or a few characters shorter than what changes on either side (after the
    semantic clean-up of N. Fraser's diff strategies, kept tight so that changes stay independent).
    """
    kept: list[Edit] = []
    for edit in edits:
        if kept:
            before = kept[-1]
            between = base[before.end : min(edit.start, before.end + COINCIDENCE + 1)]
            size = edit.start - before.end
            joined = size <= COINCIDENCE and "\n" not in between
            if joined and any(map(_is_word, between)):
                joined = size <= min(_weight(before), _weight(edit))
            elif joined:
                joined = size <= 2
            if joined or size == 0:
                kept[-1] = Edit(before.start, edit.end, before.text + between + edit.text)
                continue
        kept.append(edit)
    return kept


def _weight(edit: Edit) -> int:
    return max(edit.end - edit.start, len(edit.text))
