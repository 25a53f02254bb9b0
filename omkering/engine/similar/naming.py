"""Three words that name a bundle: frequent inside it, rare outside, in the form in which people wrote them.

The measure is class-based tf-idf (Grootendorst, *BERTopic*, 2022) over texts instead of words: the share of
the bundle's texts that have a word, times the log of its rarity in the background; a word of
the concept that the texts share counts for more.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log

from .concepts import GENERAL_CONCEPTS
from .lexicon import EVERYDAY_WORDS, STOP_WORDS
from .terms import concepts_of, normalise, parts, stem

NAME_LENGTH = 3
THEME_SHARE = 0.4  # what it counts that other texts of the bundle have other words for the same concept
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_EVERYDAY_STEMS = frozenset(stem(word) for word in EVERYDAY_WORDS)


@dataclass(frozen=True, slots=True)
class Background:
    """In how many of `texts` texts each stem stands: what counts as a common word."""

    texts: int
    frequency: Counter[str]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Background:
        """Count the stems of `texts`, once for any number of names."""
        frequency: Counter[str] = Counter()
        count = 0
        for text in texts:
            frequency.update(_forms(text).keys())
            count += 1
        return cls(count, frequency)


def _forms(text: str) -> dict[str, list[str]]:
    """Stem to the forms in which it stands in `text`, without stop words and numbers."""
    forms: dict[str, list[str]] = defaultdict(list)
    for written in _WORD.findall(text):
        root = _root(written)
        if root:
            forms[root].append(written)
    return forms


@lru_cache(maxsize=131_072)
def _root(written: str) -> str:
    """The stem of a word, empty for one that cannot stand in a name."""
    word = normalise(written)
    return "" if len(word) <= 2 or word in STOP_WORDS or word[0].isdigit() else stem(word)


def name_words(texts: Sequence[str], background: Background | Iterable[str] | None = None) -> tuple[str, ...]:
    """Three words that name the bundle `texts` (fewer if it has fewer), the most telling first.

    `background` is the whole collection, as texts or counted beforehand. Without it the name depends on the
    bundle alone, so it stays the same whatever else is added. Order of `texts` does not matter; ties go by
    alphabet.
    """
    if background is not None and not isinstance(background, Background):
        background = Background.of(background)
    inside: Counter[str] = Counter()
    about: Counter[str] = Counter()
    written: dict[str, Counter[str]] = defaultdict(Counter)
    concepts: dict[str, set[str]] = defaultdict(set)
    for text in texts:
        of_text = set()
        for root, forms in _forms(text).items():
            inside[root] += 1
            # A capital at the start of a sentence says nothing; inside a word (VTH, NIS2) it does.
            written[root].update(form if _is_abbreviation(form) else form.lower() for form in forms)
            concepts[root].update(*(concepts_of(normalise(form)) for form in forms))
            of_text |= concepts[root]
        about.update(of_text)

    def telling(root: str) -> float:
        outside = background.frequency[root] / background.texts if background and background.texts else 0.0
        # One mention in a large bundle is chance: the share is damped by half a text.
        share = max(0.0, inside[root] - 0.5) / len(texts)
        theme = max((about[c] * (0.5 if c in GENERAL_CONCEPTS else 1.0) for c in concepts[root]), default=0.0)
        length = min(1.0, 0.4 + len(root) / 10)
        value = (share + THEME_SHARE * theme / len(texts)) * log(1 + 1 / (0.002 + outside)) * length
        return value * 0.1 if root in _EVERYDAY_STEMS else value

    ranked = sorted(inside, key=lambda root: (-telling(root), root))
    chosen: list[str] = []
    for root in ranked:
        if len(chosen) < NAME_LENGTH and not any(_overlap(root, other) for other in chosen):
            chosen.append(root)
    chosen += [root for root in ranked if root not in chosen][: NAME_LENGTH - len(chosen)]
    return tuple(min(written[root], key=lambda form: (-written[root][form], form)) for root in chosen)


def _overlap(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return (len(short) >= 4 and short in long) or short in parts(long)


def _is_abbreviation(form: str) -> bool:
    return sum(map(str.isupper, form)) >= 2 or (form[0].isupper() and form[-1].isdigit())
