"""Signals that mean alike, and the theme a text seems to be about.

The database gives candidates in two ways, by meaning (the nearest sentence vectors) and by words; the engine
puts them in order by both together. Words that stand in very many items say little and cost much, so those are
left to the vectors: how common a word is, PostgreSQL's own statistics of the search column tell.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import connection, transaction
from django.db.models import F, QuerySet
from pgvector.django import MaxInnerProduct

from omkering.engine import similar
from omkering.thread.commands import meaning_words
from omkering.thread.models import Item, Theme
from omkering.who.current import association
from omkering.who.standing import standing_of

CANDIDATES = 40  # by meaning, and as many by words
ALIKE = 0.22  # hybrid score from which a signal is worth showing to somebody who is writing one
THEME_ALIKE = 0.12  # the same for a theme, which is described in a few words only
ROWS_BY_WORDS = 3_000  # items that may be ranked by their words
WORDS = 12
_READ = 2_000  # characters of a text that count
_LEXEME = re.compile(r"\w+")


@dataclass(frozen=True)
class Similar:
    """A signal and how much it is alike, in whole percents."""

    item: Item
    percent: int


def similar_signals(
    text: str,
    person: Any,
    *,
    vector: Any = None,
    exclude: int | None = None,
    limit: int = 5,
    by_words: bool = True,
) -> list[Similar]:
    """The signals most alike to `text` that `person` may read, best first.

    `vector` (512 numbers) spares the encoding. Six queries, and two fewer without `by_words`.
    """
    text = text[:_READ]
    vector = similar.encode([text])[0] if vector is None else np.asarray(vector, np.float32)
    readable = Item.objects.filter(kind="signal").visible_to(standing_of(person), getattr(person, "pk", None))
    if exclude is not None:
        readable = readable.exclude(pk=exclude)
    ids = _nearest(readable, vector)
    if by_words:
        ids |= _with_words(readable, text)
    found = list(
        Item.objects.filter(pk__in=ids, meaning__isnull=False)
        .order_by("pk")
        .values_list("pk", "title", "summary", "meaning__vector")
    )
    if not found:
        return []
    scores = similar.rerank(
        text,
        vector,
        [meaning_words(title, summary) for _pk, title, summary, _vector in found],
        np.array([row[-1] for row in found], np.float32),
    )
    best = sorted(
        zip(scores.tolist(), (row[0] for row in found), strict=True), key=lambda pair: (-pair[0], pair[1])
    )
    alike = {pk: round(100 * score) for score, pk in best[:limit] if score >= ALIKE}
    items = Item.objects.select_related("owner_member", "signal").defer("body", "search").in_bulk(alike)
    return [Similar(items[pk], percent) for pk, percent in alike.items()]


def _nearest(readable: QuerySet[Item], vector: np.ndarray) -> set[int]:
    """By meaning. The index goes on looking until enough of what it finds may be read."""
    nearest = readable.filter(meaning__isnull=False).order_by(MaxInnerProduct("meaning__vector", vector))
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL hnsw.iterative_scan = 'strict_order'; SET LOCAL hnsw.ef_search = 60")
        return set(nearest.values_list("pk", flat=True)[:CANDIDATES])


_HOW_COMMON = """
WITH words AS (SELECT unnest(tsvector_to_array(to_tsvector('public.nl', %s))) AS word),
common AS (
    SELECT found.word, found.share
    FROM pg_stats, LATERAL unnest(most_common_elems::text::text[], most_common_elem_freqs) AS found (word, share)
    WHERE schemaname = current_schema() AND tablename = 'thread_item' AND attname = 'search'
)
SELECT word, coalesce(share, 0) * (SELECT greatest(reltuples, 0) FROM pg_class WHERE oid = 'thread_item'::regclass)
FROM words LEFT JOIN common USING (word) ORDER BY 2, length(word) DESC, word
"""


def _with_words(readable: QuerySet[Item], text: str) -> set[int]:
    """By words: those that share the rarest ones."""
    with connection.cursor() as cursor:
        cursor.execute(_HOW_COMMON, [text])
        rows = cursor.fetchall()
    chosen: list[str] = []
    expected = 0.0
    for word, items in rows:
        expected += items
        if len(chosen) == WORDS or expected > ROWS_BY_WORDS:
            break
        if _LEXEME.fullmatch(word):
            chosen.append(word)
    if not chosen:
        return set()
    query = SearchQuery(" | ".join(chosen), config="simple", search_type="raw")
    ranked = readable.filter(search=query).order_by(SearchRank(F("search"), query).desc())
    return set(ranked.values_list("pk", flat=True)[:CANDIDATES])


def suggest_theme(text: str) -> Theme | None:
    """The theme a text seems to be about; None when it fits none. One query."""
    themes = list(Theme.objects.all())
    if not themes or not text.strip():
        return None
    described = tuple(_described(theme) for theme in themes)
    text = text[:_READ]
    scores = similar.rerank(text, similar.encode([text])[0], described, _vectors(described))
    best = int(np.argmax(scores))
    return themes[best] if scores[best] >= THEME_ALIKE else None


def _described(theme: Theme) -> str:
    """A theme in the association's main language, as the texts are."""
    main = association().languages[0]
    return f"{theme.names.get(main, theme.name)}. {theme.descriptions.get(main, theme.description)}"


@lru_cache(maxsize=4)
def _vectors(texts: tuple[str, ...]) -> np.ndarray:
    return similar.encode(texts)
