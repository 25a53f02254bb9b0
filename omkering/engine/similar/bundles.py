"""Bundles of texts that tell of the same thing, with an identity that people can rely on.

Two steps. A loose text is suggested to the accepted bundle to whose members it is most alike on average, if
alike enough; the members that people accepted are never touched. The other loose texts are joined by
average linkage as long as two groups are alike enough, which gives suggested bundles; who finds nobody
stays loose.

The method is in `features` (texts as points) and `linkage` (points into groups).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .features import WeighedTerms, hybrid_features, weigh_terms
from .hybrid import Floats, score
from .linkage import Edges, average_linkage, nearest_neighbours
from .naming import Background, name_words
from .vectors import encode

BUNDLE_SCORE = 0.32  # mean score from which two groups belong together
JOIN_SCORE = 0.30  # mean score from which a text is suggested to an accepted bundle
PAIR_SCORE = 0.45  # score from which two texts are listed as a pair
PROJECTION_NOISE = 0.05  # by how much a score from features may differ from the exact one
MOST_PAIRS = 20_000
NEIGHBOURS = 16


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts (`a` before `b` by id) and their hybrid score."""

    a: str
    b: str
    score: float


@dataclass(frozen=True, slots=True)
class Bundle:
    """Texts that belong together.

    Of an accepted bundle, `id`, `members` and their order are as they were given, and `joining` are loose
    texts that look like its members. Of a suggested bundle `joining` is empty and the id follows from its
    first member. `cohesion` is the mean score between different members (1.0 for a single one).
    """

    id: str
    name: tuple[str, ...]
    members: tuple[str, ...]
    joining: tuple[str, ...]
    accepted: bool
    cohesion: float


@dataclass(frozen=True, slots=True)
class Bundles:
    """Accepted bundles by id, then suggested ones, largest first; loose ids; pairs, best first."""

    bundles: tuple[Bundle, ...]
    loose: tuple[str, ...]
    pairs: tuple[Pair, ...]


def suggest_bundles(
    ids: Sequence[str],
    texts: Sequence[str],
    vectors: ArrayLike | None = None,
    accepted: Mapping[str, Sequence[str]] | None = None,
    *,
    names: Mapping[str, Sequence[str]] | None = None,
    bundle_score: float = BUNDLE_SCORE,
    join_score: float = JOIN_SCORE,
    pair_score: float = PAIR_SCORE,
    most_pairs: int = MOST_PAIRS,
    neighbours: int = NEIGHBOURS,
) -> Bundles:
    """Bundle `texts`; the outcome does not depend on their order.

    `ids` are unique; `vectors` (n, 512) unit rows spare the encoding; `accepted` gives the members of each
    bundle that people accepted, `names` their names where they have one (without it an accepted bundle is
    named from its own members alone, so the name stays). ValueError for ids that are double, unknown or in
    two bundles.
    """
    accepted = accepted or {}
    _check(ids, texts, accepted)
    order = sorted(range(len(ids)), key=lambda i: ids[i])
    ids, texts = [ids[i] for i in order], [texts[i] for i in order]
    sentence = encode(texts) if vectors is None else np.asarray(vectors, np.float32)[order]
    if sentence.shape[0] != len(ids):
        raise ValueError(f"{len(ids)} texts and {sentence.shape[0]} vectors")
    terms = weigh_terms(texts)
    features = hybrid_features(sentence, terms)
    position = {identity: i for i, identity in enumerate(ids)}

    of_accepted = {key: [position[member] for member in accepted[key]] for key in sorted(accepted)}
    taken = {i for members in of_accepted.values() for i in members}
    loose = np.array([i for i in range(len(ids)) if i not in taken], np.int64)
    joining = _join(features, loose, list(of_accepted.values()), join_score)
    remaining = loose[joining < 0]
    edges = nearest_neighbours(features, neighbours, min(bundle_score, pair_score - PROJECTION_NOISE))
    pairs = _pairs(ids, sentence, terms, edges, pair_score, most_pairs)
    known = edges.within(remaining, len(ids))
    groups = average_linkage(features[remaining], bundle_score, neighbours, known, overwrite=True)

    background = Background.of(texts)
    result = []
    for number, (key, members) in enumerate(of_accepted.items()):
        name = tuple(names[key]) if names and key in names else name_words([texts[i] for i in members])
        joined = tuple(ids[i] for i in loose[joining == number])
        result.append(Bundle(key, name, tuple(accepted[key]), joined, True, _cohesion(features[members])))
    suggested = sorted(
        (remaining[group] for group in groups if len(group) > 1), key=lambda g: (-len(g), g[0])
    )
    for found in suggested:
        name = name_words([texts[i] for i in found], background)
        key = _free_id(ids[found[0]], accepted)
        members_of = tuple(ids[i] for i in found)
        result.append(Bundle(key, name, members_of, (), False, _cohesion(features[found])))
    alone = tuple(ids[remaining[group[0]]] for group in groups if len(group) == 1)
    return Bundles(tuple(result), tuple(sorted(alone)), pairs)


def _check(ids: Sequence[str], texts: Sequence[str], accepted: Mapping[str, Sequence[str]]) -> None:
    if len(ids) != len(texts):
        raise ValueError(f"{len(ids)} ids and {len(texts)} texts")
    known = set(ids)
    if len(known) < len(ids):
        double = next(identity for i, identity in enumerate(ids) if identity in set(ids[:i]))
        raise ValueError(f"id {double!r} stands twice")
    owner: dict[str, str] = {}
    for key, members in accepted.items():
        if not members:
            raise ValueError(f"accepted bundle {key!r} has no members")
        for member in members:
            if member not in known:
                raise ValueError(f"accepted bundle {key!r} names unknown id {member!r}")
            if member in owner:
                raise ValueError(f"id {member!r} is in accepted bundles {owner[member]!r} and {key!r}")
            owner[member] = key


def _free_id(first_member: str, accepted: Mapping[str, Sequence[str]]) -> str:
    key = f"new:{first_member}"
    while key in accepted:
        key = f"new:{key}"
    return key


def _join(
    features: Floats, loose: NDArray[np.int64], bundles: list[list[int]], least: float
) -> NDArray[np.int64]:
    """For each loose text the number of the accepted bundle that it resembles most, or -1."""
    joining = np.full(len(loose), -1, np.int64)
    if not bundles:
        return joining
    means = np.stack([features[members].mean(axis=0) for members in bundles])
    for start in range(0, len(loose), 4_096):
        part = slice(start, start + 4_096)
        likeness = features[loose[part]] @ means.T
        best = likeness.argmax(axis=1)
        joining[part] = np.where(likeness.max(axis=1) >= least, best, -1)
    return joining


def _cohesion(features: Floats) -> float:
    count = len(features)
    if count < 2:
        return 1.0
    total = features.sum(axis=0, dtype=np.float64)
    return float((total @ total - (features.astype(np.float64) ** 2).sum()) / (count * (count - 1)))


def _pairs(
    ids: Sequence[str], vectors: Floats, terms: WeighedTerms, edges: Edges, least: float, most: int
) -> tuple[Pair, ...]:
    """The nearest neighbours whose exact hybrid score is high enough, best first, at most `most`."""
    keys = np.unique(np.minimum(edges.a, edges.b) * len(ids) + np.maximum(edges.a, edges.b))
    exact = np.empty(len(keys), np.float32)
    for start in range(0, len(keys), 4_096):
        a, b = np.divmod(keys[start : start + 4_096], len(ids))
        by_word = np.asarray((terms.matrix[a] * terms.matrix[b]).sum(axis=1)).ravel()
        exact[start : start + 4_096] = score(np.einsum("ij,ij->i", vectors[a], vectors[b]), by_word)
    found = np.flatnonzero(exact >= least)
    best = found[np.lexsort((keys[found], -exact[found]))][:most]
    return tuple(Pair(ids[keys[i] // len(ids)], ids[keys[i] % len(ids)], float(exact[i])) for i in best)
