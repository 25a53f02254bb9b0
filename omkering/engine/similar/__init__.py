"""Near-duplicates and bundles of short Dutch texts, by words and sentence vectors together."""

from .hybrid import Index, inverse_document_frequency, rerank, score
from .vectors import DIMENSIONS, encode
from .words import word_similarity, words

__all__ = [
    "DIMENSIONS",
    "Index",
    "encode",
    "inverse_document_frequency",
    "rerank",
    "score",
    "word_similarity",
    "words",
]
