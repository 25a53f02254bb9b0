"""Words of a short Dutch text as comparable terms: lower case, without accents, stemmed, compounds opened.

Terms come in four kinds, told apart by their first sign so that one inverted index holds them all: a stem
("betal"), a part of a compound ("+hur"), a concept ("=energie") and a letter group of a long word ("~energ").
The stemmer is light on purpose: it joins inflections of one word (huis/huizen, stad/steden, betaalt/betalen,
melding/melden) and rarely different words.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache

from .concepts import CONCEPTS, GENERAL_CONCEPTS
from .lexicon import BUILDING_BLOCKS, EVERYDAY_WORDS, STOP_WORDS

PART, CONCEPT, GRAM, REPEAT = "+", "=", "~", "*"
GRAM_LENGTH = 5
GRAM_WORD = 8  # letters from which a word is long enough to be a compound
# Tuned on the labelled signals of the tests; a weight counts squared in a cosine.
CONCEPT_WEIGHT, PART_WEIGHT, GRAM_WEIGHT = 3.0, 0.7, 0.12
EVERYDAY_FACTOR, GENERAL_FACTOR = 0.25, 0.6
CONCEPT_RARITY_POWER = 1.5
MOST_REPEATS = 3

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_IRREGULAR = {
    "steden": "stad", "leden": "lid", "schepen": "schip", "kinderen": "kind", "koeien": "koe", "eieren": "ei",
    "mensen": "mens", "wegen": "weg", "dagen": "dag", "daken": "dak", "gaten": "gat", "baden": "bad",
    "bedrijven": "bedrijf", "vereist": "eis", "gasten": "gast", "lasten": "last", "kosten": "kost",
    "bracht": "breng", "gebracht": "breng", "zocht": "zoek", "gezocht": "zoek", "kocht": "koop",
    "gekocht": "koop", "verkocht": "verkoop", "stond": "sta", "ouders": "ouder", "oudere": "oudere",
    "ouderen": "oudere",
}  # fmt: skip
_VOWELS = "aeiouy"


def normalise(text: str) -> str:
    """Lower case, without accents, with typographic apostrophes made plain."""
    text = text.lower().replace("’", "'")
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


@lru_cache(maxsize=131_072)
def stem(word: str) -> str:
    """The stem of one normalised Dutch word; words of three letters or fewer and numbers are returned as
    they are.
    """
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) <= 3 or word[0].isdigit():
        return word
    word = re.sub(r"'(?:s|tje|tjes|er|ers)$", "", word)
    if word.endswith("heden"):
        word = word[:-5] + "heid"
    if word.endswith("s") and len(word) > 3 and _may_lose_s(word[:-1]):
        word = word[:-1]
    for suffix, least in (("je", 4), ("ingen", 3), ("en", 2), ("e", 3)):
        rest = word[: -len(suffix)]
        if word.endswith(suffix) and len(rest) >= least and rest[-1] not in "aeiou" and _has_vowel(rest):
            word = rest + "ing" if suffix == "ingen" else rest
            break
    if word.endswith("ing") and len(word) >= 7:
        word = word[:-3]
    if len(word) > 4 and word[-1] == "t" and word[-2] in "lrknpgfdmb":
        word = word[:-1]  # betaalt, werkt, wordt
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in _VOWELS:
        word = word[:-1]  # vergunn(en), stell(en)
    word = re.sub(r"([aeou])\1", r"\1", word)  # school/scholen, betaal/betalen
    if word[-1] in "vz":
        word = word[:-1] + {"v": "f", "z": "s"}[word[-1]]  # huiz(en), brev(en)
    return word


def _has_vowel(rest: str) -> bool:
    return any(sign in _VOWELS for sign in rest)


def _may_lose_s(rest: str) -> bool:
    if rest[-1] in "saiou" or rest.endswith(("ij", "ce")) or not _has_vowel(rest):
        return False
    return not (rest[-1] == "n" and len(rest) <= 4)  # grens, kans, mens


@lru_cache(maxsize=131_072)
def parts(word: str) -> tuple[str, ...]:
    """Building blocks of a normalised compound, stemmed, left to right; empty for a word that is none.

    "jeugdhulpaanbieders" gives jeugd, hulp, aanbieder. At most one piece may be unknown, and only of four
    letters or more.
    """
    found = _split(word, unknown_allowed=True)
    return tuple(dict.fromkeys(stem(part) for part in found)) if found and len(found) > 1 else ()


@lru_cache(maxsize=131_072)
def _split(word: str, unknown_allowed: bool) -> tuple[str, ...] | None:
    if word in BUILDING_BLOCKS or stem(word) in _BLOCK_STEMS:
        whole: tuple[str, ...] | None = (word,)
    else:
        whole = None
    if len(word) < 6 or len(word) > 45:
        return whole
    best = None
    for cut in range(len(word) - 3, 2, -1):  # the longest first part wins
        head = word[:cut]
        if head not in BUILDING_BLOCKS and stem(head) not in _BLOCK_STEMS:
            continue
        for link in ("", "s", "en", "e", "n"):
            tail = word[cut + len(link) :]
            if not word.startswith(link, cut) or len(tail) < 3:
                continue
            rest = _split(tail, unknown_allowed=False)
            if rest is not None:
                return (head, *rest)
            if best is None and unknown_allowed and len(tail) >= 5 and not link:
                best = (head, tail)
    if whole:
        return whole
    if best is None and unknown_allowed:
        for cut in range(5, len(word) - 3):  # an unknown first part before a known last one
            if word[cut:] in BUILDING_BLOCKS or stem(word[cut:]) in _BLOCK_STEMS:
                return (word[:cut], word[cut:])
    return best


_BLOCK_STEMS = frozenset(stem(block) for block in BUILDING_BLOCKS if len(block) > 3)
_EVERYDAY = frozenset(stem(word) for word in EVERYDAY_WORDS)
_CONCEPT_OF: dict[str, tuple[str, ...]] = {}
for _concept, _members in CONCEPTS.items():
    for _member in _members.split():
        _key = stem(normalise(_member))
        _CONCEPT_OF[_key] = tuple(dict.fromkeys((*_CONCEPT_OF.get(_key, ()), _concept)))


@lru_cache(maxsize=131_072)
def concepts_of(word: str) -> tuple[str, ...]:
    """The concepts that a normalised word stands under, itself or by a part of it."""
    found = (concept for piece in (stem(word), *parts(word)) for concept in _CONCEPT_OF.get(piece, ()))
    return tuple(dict.fromkeys(found))


def is_everyday(word: str) -> bool:
    """Whether a normalised word stands in every second report."""
    return stem(word) in _EVERYDAY


@lru_cache(maxsize=131_072)
def _terms(word: str) -> tuple[str, ...]:
    stemmed = stem(word)
    pieces = parts(word)
    grams: list[str] = []
    if len(stemmed) >= GRAM_WORD:
        grams = [GRAM + stemmed[i : i + GRAM_LENGTH] for i in range(len(stemmed) - GRAM_LENGTH + 1)]
    elif len(stemmed) >= GRAM_LENGTH:
        grams = [GRAM + stemmed[:GRAM_LENGTH]]
    # A simple word is also offered as a part, so that "huur" meets "huurwoning".
    return (stemmed, *(PART + piece for piece in (pieces or (stemmed,))), *grams)


def tokens(text: str) -> list[str]:
    """Normalised words of `text` in order, without stop words, single letters and plain numbers."""
    return [
        word
        for word in _TOKEN.findall(normalise(text))
        if len(word) > 1 and word not in STOP_WORDS and not word.isdigit()
    ]


def words(text: str) -> frozenset[str]:
    """The terms of `text` (see the module): what the word search compares and an inverted index holds.

    A concept that several words stand under comes back as further terms ("=energie", "=energie*"), so that a text
    about a thing weighs more than a text that mentions it.
    """
    found = tokens(text)
    terms = {term for word in found for term in _terms(word)}
    repeats = Counter(concept for word in found for concept in concepts_of(word))
    for concept, count in repeats.items():
        terms.update(CONCEPT + concept + REPEAT * extra for extra in range(min(count, MOST_REPEATS)))
    return frozenset(terms)


def concept_terms() -> list[str]:
    """All terms that stand for a concept, in a fixed order."""
    return [CONCEPT + concept + REPEAT * extra for concept in CONCEPTS for extra in range(MOST_REPEATS)]


@lru_cache(maxsize=131_072)
def _base_weight(term: str) -> float:
    if term[0] == GRAM:
        return GRAM_WEIGHT
    if term[0] == CONCEPT:
        general = term[1:].rstrip(REPEAT) in GENERAL_CONCEPTS
        return CONCEPT_WEIGHT * (GENERAL_FACTOR if general else 1.0)
    base = PART_WEIGHT if term[0] == PART else 1.0
    return base * EVERYDAY_FACTOR if term.lstrip(PART) in _EVERYDAY else base


def weight(term: str, idf: Mapping[str, float] | None = None) -> float:
    """What a shared term counts for: its kind, times its rarity where `idf` is given (1.0 where it is not)."""
    if idf is None:
        return _base_weight(term)
    rarity = idf.get(term, 1.0)
    return _base_weight(term) * (rarity**CONCEPT_RARITY_POWER if term[0] == CONCEPT else rarity)


def word_similarity(a: frozenset[str], b: frozenset[str], idf: Mapping[str, float] | None = None) -> float:
    """Cosine of two sets of terms under `weight`, 0 to 1; 0 if either is empty."""
    return word_similarities(a, [b], idf)[0]


def word_similarities(
    a: frozenset[str], others: Iterable[frozenset[str]], idf: Mapping[str, float] | None = None
) -> list[float]:
    """The same of one set of terms with each of many."""
    size = sum(weight(term, idf) ** 2 for term in a)
    found = []
    for b in others:
        shared = sum(weight(term, idf) ** 2 for term in a & b)
        norm = size * sum(weight(term, idf) ** 2 for term in b)
        found.append(float(shared / norm**0.5) if norm else 0.0)
    return found
