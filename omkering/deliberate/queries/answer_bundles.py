"""Points that seem to say the same, for an adviser to answer together; and points that look like answered ones.

Nothing is kept of a suggestion: it is worked out from what has no answer yet, so it never lags behind.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from omkering.deliberate.models import Answer, Consultation
from omkering.deliberate.queries.answer_points import points_of
from omkering.engine import similar
from omkering.thread.commands import meaning_text
from omkering.thread.models import Item, Meaning

MOST = 5_000  # points that are compared; of a larger consultation those that came in first
SHOWN = 200  # points of one suggestion


@dataclass(frozen=True)
class Alike:
    """Points without an answer that belong together: a suggestion, or what looks like the points of `answer`."""

    name: str
    items: tuple[int, ...]
    answer: Answer | None
    percent: int  # how much they are alike


def suggestions(consultation: Consultation) -> list[Alike]:
    """Groups of points without an answer that seem to say the same, and points that look like those that have an
    answer, largest first; four queries.
    """
    points = [point for point in points_of([consultation.pk]) if point.ended][:MOST]
    waiting = {point.pk for point in points if point.answer is None}
    if not waiting:
        return []
    accepted: dict[str, list[str]] = {}
    for point in points:
        if point.answer is not None:
            accepted.setdefault(str(point.answer), []).append(str(point.pk))
    ids = [point.pk for point in points]
    if len(ids) < 2:
        return []
    texts, vectors = _texts_and_vectors(ids)
    outcome = similar.suggest_bundles([str(pk) for pk in ids], texts, vectors, accepted)
    answers = Answer.objects.in_bulk([int(key) for key in accepted])
    found = []
    for bundle in outcome.bundles:
        items = tuple(int(pk) for pk in (bundle.joining if bundle.accepted else bundle.members))[:SHOWN]
        if items:
            answer = answers[int(bundle.id)] if bundle.accepted else None
            percent = max(0, min(100, round(bundle.cohesion * 100)))
            found.append(Alike(" ".join(bundle.name).capitalize(), items, answer, percent))
    return sorted(found, key=lambda alike: (-len(alike.items), alike.items))


def _texts_and_vectors(ids: Collection[int]) -> tuple[list[str], np.ndarray]:
    """Texts and sentence vectors in the order of `ids`; vectors that are not kept are made on the way."""
    items = Item.objects.filter(pk__in=ids).only("title", "summary").in_bulk()
    texts = [meaning_text(items[pk]) for pk in ids]
    kept = dict(Meaning.objects.filter(pk__in=ids).values_list("pk", "vector"))
    vectors = np.zeros((len(texts), similar.DIMENSIONS), np.float32)
    missing = []
    for place, pk in enumerate(ids):
        if pk in kept:
            vectors[place] = kept[pk]
        else:
            missing.append(place)
    if missing:
        vectors[missing] = similar.encode([texts[place] for place in missing])
    return texts, vectors
