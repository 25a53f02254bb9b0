"""Motions, positions and dossiers that mean alike: shown before somebody files one more.

The database gives candidates by meaning and by words; the engine puts them in order by both together.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import connection, transaction
from django.db.models import F, QuerySet
from pgvector.django import MaxInnerProduct

from omkering.engine import similar
from omkering.thread.commands import meaning_text
from omkering.thread.models import Item
from omkering.thread.search import to_tsquery_text
from omkering.who.standing import standing_of

KINDS = ("motion", "position", "dossier", "proposal")
OVER = ("draft", "withdrawn", "ended", "closed", "merged", "settled")  # states of what is no longer there
CANDIDATES = 30  # by meaning, and as many by words
ALIKE = 0.22  # hybrid score from which an item is worth showing
READ = 2_000  # characters of a text that count


@dataclass(frozen=True)
class Alike:
    """An item and how much it is alike, in whole percents."""

    item: Item
    percent: int


def alike(title: str, text: str, person: Any, *, exclude: int | None = None, limit: int = 6) -> list[Alike]:
    """The open motions, positions, dossiers and proposals most alike that `person` may read; four queries."""
    words = f"{title}. {text}"[:READ]
    if len(words.strip(". ")) < 15:
        return []
    vector = similar.encode([words])[0]
    readable = (
        Item.objects.filter(kind__in=KINDS)
        .exclude(state__in=OVER)
        .visible_to(standing_of(person), getattr(person, "pk", None))
    )
    if exclude is not None:
        readable = readable.exclude(pk=exclude)
    ids = _nearest(readable, vector) | _with_words(readable, title)
    found = list(
        Item.objects.filter(pk__in=ids, meaning__isnull=False)
        .select_related("meaning", "theme")
        .defer("body", "search")
        .order_by("pk")
    )
    if not found:
        return []
    scores = similar.rerank(
        words,
        vector,
        [meaning_text(item) for item in found],
        np.array([item.meaning.vector for item in found], np.float32),
    )
    best = sorted(zip(scores.tolist(), found, strict=True), key=lambda pair: (-pair[0], pair[1].pk))
    return [Alike(item, round(100 * score)) for score, item in best[:limit] if score >= ALIKE]


def _nearest(readable: QuerySet[Item], vector: Any) -> set[int]:
    nearest = readable.filter(meaning__isnull=False).order_by(MaxInnerProduct("meaning__vector", vector))
    with transaction.atomic():
        with connection.cursor() as cursor:  # the index goes on looking until enough of what it finds fits
            cursor.execute("SET LOCAL hnsw.iterative_scan = 'strict_order'")
        return set(nearest.values_list("pk", flat=True)[:CANDIDATES])


def _with_words(readable: QuerySet[Item], title: str) -> set[int]:
    """By words: those with any word of the title."""
    asked = to_tsquery_text(title).replace(" & ", " | ")
    if not asked:
        return set()
    query = SearchQuery(asked, config="public.nl", search_type="raw")
    ranked = readable.filter(search=query).order_by(SearchRank(F("search"), query).desc(), "pk")
    return set(ranked.values_list("pk", flat=True)[:CANDIDATES])
