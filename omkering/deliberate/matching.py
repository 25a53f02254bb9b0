"""Which part of a new text is which part of the old one, so that each keeps its address.

Pure: texts in, places out. Parts with the same words are the same; between those, in order, the ones that look
most alike are paired. The order of the text is kept: pairs never cross, except for whole parts that moved.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from difflib import SequenceMatcher

ALIKE = 0.5  # least share of common words for two texts to be the same part
_WORD = re.compile(r"\w+")
LIMIT = 40_000  # pairs of parts compared between two parts that are certain; beyond it the order decides


def match_parts(old: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]]) -> list[int | None]:
    """For each part of the new text the place of its old self, or None where it is new.

    Parts are (kind, text). Every old part is given at most once.
    """
    found: list[int | None] = [None] * len(new)
    before, after = [_key(part) for part in old], [_key(part) for part in new]
    matcher = SequenceMatcher(a=before, b=after, autojunk=False)
    for a, b, length in matcher.get_matching_blocks():
        for shift in range(length):
            found[b + shift] = a + shift
    _moved(before, after, found)
    for low, high, first, last in _gaps(found, len(old)):
        _pair(old, new, [i for i in range(low, high) if i not in set(found)], range(first, last), found)
    # What moved and changed as well has its old self anywhere.
    taken = set(found)
    _pair(old, new, [i for i in range(len(old)) if i not in taken], range(len(new)), found, anywhere=True)
    return found


def _key(part: tuple[str, str]) -> str:
    return " ".join(_WORD.findall(part[1].casefold())) or part[1].strip()


def _moved(before: list[str], after: list[str], found: list[int | None]) -> None:
    """Give whole parts that stand somewhere else their old self."""
    taken = set(found)
    free: dict[str, list[int]] = defaultdict(list)
    for place, key in enumerate(before):
        if place not in taken:
            free[key].append(place)
    for place, key in enumerate(after):
        if found[place] is None and free[key]:
            found[place] = free[key].pop(0)


def _gaps(found: list[int | None], size: int) -> list[tuple[int, int, int, int]]:
    """Stretches without a match: old from–to, new from–to, between matches that are in order."""
    gaps, at, first = [], 0, 0
    for place, old in enumerate(found):
        if old is None or old < at:
            continue
        if place > first:
            gaps.append((at, old, first, place))
        at, first = old + 1, place + 1
    if len(found) > first:
        gaps.append((at, size, first, len(found)))
    return gaps


def _pair(
    old: Sequence[tuple[str, str]],
    new: Sequence[tuple[str, str]],
    olds: list[int],
    news: range,
    found: list[int | None],
    *,
    anywhere: bool = False,
) -> None:
    """Pair the parts that look most alike, the best first; without crossing, unless they may stand `anywhere`."""
    free = [place for place in news if found[place] is None]
    if not olds or not free or len(olds) * len(free) > LIMIT:
        return
    words = {i: set(_WORD.findall(old[i][1].casefold())) for i in olds}
    scored = []
    for place in free:
        mine = set(_WORD.findall(new[place][1].casefold()))
        for i in olds:
            score = _likeness(words[i], mine) + (0.01 if old[i][0] == new[place][0] else 0)
            if score >= ALIKE:
                scored.append((-score, place, i))
    pairs: list[tuple[int, int]] = []
    for _score, place, i in sorted(scored):
        if all(p != place and o != i and (anywhere or (place < p) == (i < o)) for p, o in pairs):
            pairs.append((place, i))
            found[place] = i


def _likeness(one: set[str], other: set[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 0.0
