"""Texts as points whose inner products are their hybrid scores.

A point has 1,024 numbers: the vector of the text, and its weighed terms. Concepts have a coordinate each,
other terms a sparse random projection that follows from a hash of the term alone, so it is the same in every
run and on every machine. Inner products of points differ from hybrid scores by about 0.015 (standard
deviation).

Source: Li, Hastie and Church, *Very Sparse Random Projections* (KDD 2006).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

from .hybrid import VECTOR_WEIGHT, WORD_WEIGHT, Floats, number_terms, rarity_and_weights
from .terms import concept_terms

if TYPE_CHECKING:  # SciPy is loaded where it is needed: few of those who load this module bundle
    from scipy import sparse

WORD_DIMENSIONS = 512
_SIGNS_PER_TERM = 8
# Concepts weigh most, so each has a coordinate of its own; all other terms share the rest.
_EXACT = {term: place for place, term in enumerate(concept_terms())}


@dataclass(frozen=True, slots=True)
class WeighedTerms:
    """One row of length 1 (or 0 without terms) for each text, one column for each of `terms`."""

    matrix: sparse.csr_array
    terms: tuple[str, ...]


def weigh_terms(texts: Sequence[str]) -> WeighedTerms:
    """The terms of each text with their weights under the rarity in this collection."""
    numbers, terms, starts = number_terms(texts)
    _, weights = rarity_and_weights(numbers, terms, len(texts))
    values = weights[terms]
    counts = np.diff(starts)
    lengths = np.sqrt(np.bincount(np.repeat(np.arange(len(texts)), counts), values**2, len(texts)))
    lengths[lengths == 0] = 1.0
    values = (values / np.repeat(lengths, counts)).astype(np.float32)
    return WeighedTerms(_rows((values, terms, starts), (len(texts), len(numbers))), tuple(numbers))


def hybrid_features(sentence: Floats, terms: WeighedTerms) -> Floats:
    """Points of shape (n, 1024) and length 1 from sentence vectors (n, 512) and weighed terms."""
    projected = np.asarray((terms.matrix @ _projection(terms.terms)).todense(), np.float32)
    lengths = np.linalg.norm(projected, axis=1, keepdims=True)
    projected /= np.where(lengths == 0, 1.0, lengths)
    features = np.empty((len(sentence), sentence.shape[1] + WORD_DIMENSIONS), np.float32)
    np.multiply(sentence, VECTOR_WEIGHT**0.5, out=features[:, : sentence.shape[1]])
    np.multiply(projected, WORD_WEIGHT**0.5, out=features[:, sentence.shape[1] :])
    return features


def _projection(terms: Sequence[str]) -> sparse.csr_array:
    """Signed coordinates of each term, shape (terms, WORD_DIMENSIONS)."""
    digests = b"".join(blake2b(term.encode(), digest_size=2 * _SIGNS_PER_TERM).digest() for term in terms)
    drawn = np.frombuffer(digests, "<u2").astype(np.int32).reshape(len(terms), _SIGNS_PER_TERM)
    columns = len(_EXACT) + (drawn & 0x7FFF) % (WORD_DIMENSIONS - len(_EXACT))
    values = np.where(drawn & 0x8000, 1.0, -1.0) / _SIGNS_PER_TERM**0.5
    for row, term in enumerate(terms):
        if term in _EXACT:
            columns[row], values[row] = _EXACT[term], 1 / _SIGNS_PER_TERM  # eight times the same place: 1
    starts = np.arange(len(terms) + 1) * _SIGNS_PER_TERM
    shape = (len(terms), WORD_DIMENSIONS)
    return _rows((values.astype(np.float32).ravel(), columns.ravel(), starts), shape)


def _rows(parts: tuple[np.ndarray, ...], shape: tuple[int, int]) -> sparse.csr_array:
    """A sparse matrix of this shape from values, their columns, and where each row starts."""
    from scipy import sparse

    return sparse.csr_array(parts, shape=shape)
