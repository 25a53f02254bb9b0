"""Words and sentence vectors together: one score, reranking, and an index in memory.

Each half misses what the other sees: words miss a paraphrase, sentence vectors are drawn to sentences of the
same
build ("… kunnen … niet betalen") whatever they are about. The hybrid is a weighted sum of the two cosines,
so that
the mean similarity of two groups of texts is the inner product of their mean features (see `bundles`).
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from math import log

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .terms import weight, word_similarities, words
from .vectors import encode

VECTOR_WEIGHT, WORD_WEIGHT = 0.5, 0.5  # tuned on the labelled signals of the tests
PRIOR_TEXTS = 1_000

Floats = NDArray[np.float32]


def score(vector_similarity: ArrayLike, similarity_of_words: ArrayLike) -> Floats:
    """The hybrid of both cosines, elementwise, float32: 1 for equal texts, about 0 for unrelated ones."""
    vector_similarity = np.asarray(vector_similarity, np.float32)
    similarity_of_words = np.asarray(similarity_of_words, np.float32)
    return np.asarray(VECTOR_WEIGHT * vector_similarity + WORD_WEIGHT * similarity_of_words, np.float32)


def inverse_document_frequency(document_frequency: Mapping[str, int], texts: int) -> dict[str, float]:
    """Rarity of each term in a collection of `texts` texts: near 1 for the rarest, towards 0 for the
    commonest.

    The collection is thought to be `PRIOR_TEXTS` larger than it is, so that in a handful of texts a word
    does not count as common because two of them share it.
    """
    total = texts + PRIOR_TEXTS
    scale = log(total)
    return {term: log(total / (1 + count)) / scale for term, count in document_frequency.items()}


def rerank(
    query_text: str,
    query_vector: ArrayLike,
    candidate_texts: Sequence[str],
    candidate_vectors: ArrayLike,
    *,
    idf: Mapping[str, float] | None = None,
) -> Floats:
    """Hybrid score of each candidate that a database returned, against the query; float32 of shape (n,).

    `query_vector` has shape (512,), `candidate_vectors` (n, 512), unit rows as `encode` gives. `idf` weighs
    terms by rarity in the whole collection; without it every term of a kind counts alike.
    """
    if not candidate_texts:
        return np.empty(0, np.float32)
    query, candidates = np.asarray(query_vector, np.float32), np.asarray(candidate_vectors, np.float32)
    if candidates.shape != (len(candidate_texts), *query.shape):
        raise ValueError(f"{len(candidate_texts)} texts, but vectors of shape {candidates.shape}")
    terms = words(query_text)
    by_word = word_similarities(terms, (words(text) for text in candidate_texts), idf)
    return score(candidates @ query, by_word)


def number_terms(texts: Sequence[str]) -> tuple[dict[str, int], NDArray[np.int32], NDArray[np.int64]]:
    """The terms of all texts as numbers: (number of each term, terms row after row, start of each row and
    the end).
    """
    numbers: dict[str, int] = {}
    terms = array("i")
    starts = np.zeros(len(texts) + 1, np.int64)
    for i, text in enumerate(texts):
        # sorted: the order of a set of strings differs from run to run, and float sums with it
        terms.extend(numbers.setdefault(term, len(numbers)) for term in sorted(words(text)))
        starts[i + 1] = len(terms)
    return numbers, np.frombuffer(terms, np.int32) if terms else np.empty(0, np.int32), starts


def rarity_and_weights(
    numbers: Mapping[str, int], terms: NDArray[np.int32], texts: int
) -> tuple[dict[str, float], Floats]:
    """Rarity by term, and the weight of each numbered term under that rarity."""
    frequency = np.bincount(terms, minlength=len(numbers))
    idf = inverse_document_frequency({term: int(frequency[i]) for term, i in numbers.items()}, texts)
    return idf, np.array([weight(term, idf) for term in numbers], np.float32)


class Index:
    """Texts in memory, for the nearest ones of a new text: 2 kB a text for vectors, less than 1 kB for
    words.
    """

    def __init__(self, texts: Sequence[str], vectors: ArrayLike | None = None) -> None:
        """Index `texts`; `vectors` (n, 512) unit rows spare the encoding."""
        self._vectors: Floats = np.ascontiguousarray(
            encode(texts) if vectors is None else vectors, np.float32
        )
        if self._vectors.shape[0] != len(texts):
            raise ValueError(f"{len(texts)} texts and {self._vectors.shape[0]} vectors")
        self._terms, terms, starts = number_terms(texts)
        self.idf, self._weights = rarity_and_weights(self._terms, terms, len(texts))
        documents = np.repeat(np.arange(len(texts), dtype=np.int32), np.diff(starts))
        norms = np.sqrt(np.bincount(documents, self._weights[terms] ** 2, minlength=len(texts)))
        norms[norms == 0] = 1.0
        order = np.argsort(terms, kind="stable")
        self._postings = documents[order]
        self._values: Floats = (self._weights[terms] / norms[documents]).astype(np.float32)[order]
        self._offsets = np.concatenate(([0], np.cumsum(np.bincount(terms, minlength=len(self._terms)))))

    def __len__(self) -> int:
        return len(self._vectors)

    def scores(self, text: str, vector: ArrayLike | None = None) -> Floats:
        """Hybrid score of every indexed text against `text`, float32 of shape (n,)."""
        query = encode([text])[0] if vector is None else np.asarray(vector, np.float32)
        by_word = np.zeros(len(self), np.float32)
        norm = 0.0
        for term in sorted(words(text)):
            number = self._terms.get(term)
            if number is None:
                norm += weight(term) ** 2  # as rare as a term can be
                continue
            value = float(self._weights[number])
            norm += value * value
            span = slice(self._offsets[number], self._offsets[number + 1])
            by_word[self._postings[span]] += value * self._values[span]
        return score(self._vectors @ query, by_word / norm**0.5 if norm else by_word)

    def nearest(self, text: str, k: int = 5, vector: ArrayLike | None = None) -> list[tuple[int, float]]:
        """The `k` most similar texts as (position, score), best first; ties by position."""
        scores = self.scores(text, vector)
        k = min(k, len(scores))
        if k <= 0:
            return []
        border = np.partition(scores, -k)[-k]
        candidates = np.flatnonzero(scores >= border)
        best = candidates[np.lexsort((candidates, -scores[candidates]))][:k]
        return [(int(position), float(scores[position])) for position in best]
