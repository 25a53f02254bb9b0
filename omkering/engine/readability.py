"""How hard a Dutch text is to read, and what makes it so.

The score is Flesch's reading ease as fitted to Dutch by Douma:

    score = 206.84 − 77 × syllables per word − 0.93 × words per sentence

Higher is easier; most texts lie between 0 and 100. Advice comes as codes with the fragments that caused it;
the caller puts it into words.

Source: Douma, *De leesbaarheid van landbouwbladen* (Wageningen, 1960). The borders between the levels of the
Common European Framework are a convention of Dutch plain-language practice (B1 from 60), not part of the
formula.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

import pyphen

Level = Literal["A1", "A2", "B1", "B2", "C1", "C2"]
AdviceCode = Literal["long_sentences", "long_words", "passive", "officialese", "abbreviations"]

LEVELS: tuple[tuple[float, Level], ...] = ((90, "A1"), (80, "A2"), (60, "B1"), (45, "B2"), (30, "C1"))
LONG_SENTENCE = 20  # words; a longer sentence is worth splitting
LONG_WORD = 6, 16  # syllables and letters, both; shorter compounds ("jeugdhulp") are everyday words
FEW_WORDS = 30  # below this the score says little


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of the text: `text == source[start:end]`, offsets in characters."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Advice:
    """One kind of obstacle and every place where it stands, in order."""

    code: AdviceCode
    fragments: tuple[Fragment, ...]


@dataclass(frozen=True, slots=True)
class ReadingLevel:
    """The outcome for one text. `score` and `level` are None for a text without words.

    `reliable` is False below `FEW_WORDS` words: show the advice then, not the level.
    """

    score: float | None
    level: Level | None
    reliable: bool
    sentences: int
    words: int
    syllables: int
    words_per_sentence: float
    syllables_per_word: float
    advice: tuple[Advice, ...]


def flesch_douma(text: str) -> ReadingLevel:
    """Reading ease of a Dutch text, its level from A1 to C2, and advice with the fragments concerned."""
    plain = _NO_PROSE.sub(lambda match: " " * len(match.group()), text)
    sentences = [(span, words) for span in _sentences(plain) if (words := list(_WORD.finditer(plain, *span)))]
    words = [word for _, of_sentence in sentences for word in of_sentence]
    syllables = [count_syllables(word.group()) for word in words]
    long_sentences = (span for span, of_sentence in sentences if len(of_sentence) > LONG_SENTENCE)
    long_words = (
        word.span()
        for word, count in zip(words, syllables, strict=True)
        if count >= LONG_WORD[0] and len(word.group()) >= LONG_WORD[1]
    )
    found: tuple[tuple[AdviceCode, Iterator[tuple[int, int]]], ...] = (
        ("long_sentences", long_sentences),
        ("long_words", long_words),
        ("passive", _passives(plain, [span for span, _ in sentences])),
        ("officialese", (match.span() for match in _OFFICIALESE.finditer(plain))),
        ("abbreviations", _unexplained(plain)),
    )
    advice = tuple(
        Advice(code, fragments)
        for code, spans in found
        if (fragments := tuple(Fragment(start, end, text[start:end]) for start, end in spans))
    )
    if not words:
        return ReadingLevel(None, None, False, 0, 0, 0, 0.0, 0.0, advice)
    per_sentence, per_word = len(words) / len(sentences), sum(syllables) / len(words)
    score = 206.84 - 77 * per_word - 0.93 * per_sentence
    level: Level = next((level for least, level in LEVELS if score >= least), "C2")
    return ReadingLevel(
        score, level, len(words) >= FEW_WORDS, len(sentences), len(words), sum(syllables), per_sentence,
        per_word,
        advice,
    )  # fmt: skip


@lru_cache(maxsize=65_536)
def count_syllables(word: str) -> int:
    """Syllables of one Dutch word, at least 1. An abbreviation in capitals is spelled out; a number counts
    as one.
    """
    if not any(map(str.isalpha, word)):
        return 1
    if len(word) <= 5 and word.isupper() and word.isalpha():
        return len(word)
    parts = re.split(r"[-'’]", word.lower())
    return max(1, sum(_syllables_of_part(part) for part in parts if part))


def _syllables_of_part(part: str) -> int:
    # Hyphenation knows "ra-di-o" better, vowel groups know the edges where no hyphen may stand ("o-pen").
    groups = len(_VOWEL_GROUP.findall(part))
    return min(groups, 1) if len(part) < 4 else max(groups, len(_hyphenator().positions(part)) + 1)


@cache
def _hyphenator() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="nl_NL", left=1, right=1)


_VOWEL_GROUP = re.compile(
    r"aai|ooi|oei|eeuw|ieuw|[aeiouy](?:[aeiouyj](?<!i[aou])(?<!e[ao])(?<!u[ao]))*|[à-öø-ÿ]"
)
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+(?:[.,:/-]\d+)*")
_NO_PROSE = re.compile(r"https?://\S+|www\.\S+|\S{1,64}@\S{1,190}")

# --- sentences ---

_END = re.compile(
    r"[.!?…]+[\"'”’)\]]*(?=\s|$)|\n\s*\n|\n(?=\s*(?:[-*•–]|\d{1,2}[.)])\s)|;(?=\s*\n)|:(?=\s*\n)"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:[a-z]|bijv|bv|resp|nr|nrs|art|artt|ca|enz|etc|evt|incl|excl|max|min|jl|mln|mld|mr|dr|ir|drs"
    r"|ing|prof"
    r"|dhr|mevr|mw|st|tel|vgl|zgn|blz|afd|gem|fig|tab|hfst|par|stb|stcrt|lid)|\b[A-Z])\.$",
    re.IGNORECASE,
)


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """Spans of sentences: an end mark, a blank line or a new list item closes one; an abbreviation does
    not.
    """
    start = 0
    for match in _END.finditer(text):
        if match.group() == "." and _ABBREVIATION.search(text, max(start, match.start() - 12), match.end()):
            following = text[match.end() :][:3].lstrip()
            if following and not following[0].isupper():
                continue
        yield _trim(text, start, match.end())
        start = match.end()
    yield _trim(text, start, len(text))


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


# --- passive voice ---

_PASSIVE_VERB = r"(?:word(?:t|en)?|werd(?:en)?|geworden)"
# A past participle: ge…d/t/en, also after a separable part (aangevraagd), or with an unstressed prefix
# (besloten).
_PARTICIPLE = (
    r"(?:(?:aan|af|bij|door|heen|in|mee|na|om|onder|op|over|samen|terug|toe|tegen|uit|vast|voor|weg)?"
    r"ge(?!meent|bied|bruik\b|val|vol|deel\b|noeg|heel|zin|bouw)[a-zë]{2,}(?:d|t|en)"
    r"|(?:be|ver|ont|her|er)[a-zë]{3,}(?:d|t)|(?:be|ver|ont)(?:slot|nom|dwen|bod|koch|strek|sprok|schrev"
    r"|leg)[a-z]*)"
)
_PASSIVE = re.compile(
    rf"\b{_PASSIVE_VERB}\b(?:\s+[^\s.,;:!?]+){{0,14}}?\s+{_PARTICIPLE}\b|\b{_PARTICIPLE}\s+{_PASSIVE_VERB}\b",
    re.IGNORECASE,
)


def _passives(text: str, spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for start, end in spans:
        for match in _PASSIVE.finditer(text, start, end):
            yield match.span()


# --- words that plain language has another for ---

_OFFICIALESE = re.compile(
    r"\b(?:aangaande|aldus|alsmede|alsook|alvorens|behoudens|bewerkstelligen|conform|daar(?:toe|omtrent)"
    r"|derhalve"
    r"|desalniettemin|desbetreffende?|dien(?:t|en) te|doch|gaarne|geenszins|gelieve|heden|hetwelk"
    r"|hieromtrent|hiertoe|hoedanigheid|indien|ingevolge|inzake|jegens|krachtens|middels|met betrekking tot"
    r"|met dien verstande|met inachtneming van|mits|mitsdien|nadere? invulling|nopens|noodzakelijkerwijs"
    r"|omtrent"
    r"|onderhavige?|onverminderd|op grond van|reeds|te dien aanzien|ten aanzien van|ten behoeve van|teneinde"
    r"|ten gevolge van|ter zake(?: van)?|tevens|thans|uit hoofde van|van toepassing zijn|voornoemde?|voorts"
    r"|vooralsnog|wederom|zulks|zorg dragen voor)\b",
    re.IGNORECASE,
)

_CAPITALS = re.compile(r"(?<![\w-])[A-Z]{2,6}(?!\w)")
# Abbreviations every reader knows.
_KNOWN = frozenset(
    {"AI", "BV", "EU", "GGD", "HBO", "MBO", "NS", "NL", "NV", "OV", "TV", "USA", "VN", "WC", "WO"}
)


def _unexplained(text: str) -> Iterator[tuple[int, int]]:
    """The first use of an abbreviation in capitals, unless it stands between brackets or is followed by
    them.
    """
    explained = set(re.findall(r"\(([A-Z]{2,6})\)", text)) | set(re.findall(r"\b([A-Z]{2,6}) \([a-z]", text))
    seen = set(_KNOWN) | explained
    for match in _CAPITALS.finditer(text):
        if match.group() not in seen:
            seen.add(match.group())
            yield match.span()
