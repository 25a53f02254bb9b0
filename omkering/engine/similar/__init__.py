"""Near-duplicates and bundles of short Dutch texts, by words and sentence vectors together.

- `encode`, `words`: the two halves of what is compared; `score`, `rerank`: both together;
- `Index`: the nearest texts of a new one;
- `suggest_bundles`: what belongs together, with a stable identity; `name_words`: three words that name it.
"""

from .bundles import BUNDLE_SCORE, JOIN_SCORE, PAIR_SCORE, Bundle, Bundles, Pair, suggest_bundles
from .hybrid import Index, inverse_document_frequency, rerank, score
from .naming import Background, name_words
from .terms import word_similarity, words
from .vectors import DIMENSIONS, encode

__all__ = [
    "BUNDLE_SCORE",
    "DIMENSIONS",
    "JOIN_SCORE",
    "PAIR_SCORE",
    "Background",
    "Bundle",
    "Bundles",
    "Index",
    "Pair",
    "encode",
    "inverse_document_frequency",
    "name_words",
    "rerank",
    "score",
    "suggest_bundles",
    "word_similarity",
    "words",
]
