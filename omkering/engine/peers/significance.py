"""Many comparisons at once: some come out significant by chance alone, unless the p-values are corrected."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import numpy as np

from omkering.engine.peers.counts import PeersError


class Correction(StrEnum):
    """Benjamini–Hochberg bounds the share of false discoveries, Holm the chance of any."""

    BENJAMINI_HOCHBERG = "benjamini-hochberg"
    HOLM = "holm"
    NONE = "none"


def adjust(p_values: Sequence[float], correction: Correction) -> list[float]:
    """Adjusted p-values in the order given; compare them with the level itself.

    Sources: Benjamini and Hochberg 1995 (step-up), Holm 1979 (step-down). Raises PeersError for a value
    outside 0 to 1.
    """
    p = np.asarray(p_values, dtype=float)
    if not np.all((p >= 0) & (p <= 1)):
        raise PeersError("a p-value lies outside 0 to 1")
    if correction is Correction.NONE or not len(p):
        return p.tolist()
    order = np.argsort(p, kind="stable")
    rank = np.arange(1, len(p) + 1)
    if correction is Correction.HOLM:
        stepped = np.maximum.accumulate(p[order] * (len(p) + 1 - rank))
    else:
        stepped = np.minimum.accumulate((p[order] * (len(p) / rank))[::-1])[::-1]
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(stepped, 1.0)
    return adjusted.tolist()
