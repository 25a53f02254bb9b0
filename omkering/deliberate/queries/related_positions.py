"""Positions that a message touches, by meaning and by words together.

An association holds some tens to some hundreds of positions, so all that the reader may see are compared: nothing is
missed because an index looked elsewhere.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from omkering.deliberate.models import Position, PositionState
from omkering.engine import similar
from omkering.thread.commands import meaning_text
from omkering.thread.search import search_query
from omkering.who.standing import standing_of

RELATED = 0.2  # hybrid score from which an author is asked how the message stands to a position
NAMED = 0.6  # share of the words of its title from which a position counts as named in the message,
NEAR = 0.1  # and the score that is enough then
MOST = 6  # positions asked about at once
COMPARED = 2_000  # positions compared, newest first
FOUND = 10  # positions that searching by words offers
_READ = 2_000  # characters of a text that count


@dataclass(frozen=True)
class Related:
    """A position and how much it is alike, in whole percents."""

    position: Position
    percent: int


def open_positions(person: Any) -> Any:
    """Positions that hold and that `person` may read, without their long texts."""
    readable = Position.objects.visible_to(standing_of(person), getattr(person, "pk", None))
    return readable.filter(state=PositionState.ACTIVE).defer("search", "body", "messages", "figures")


def related_positions(text: str, person: Any, *, limit: int = MOST) -> list[Related]:
    """The positions most alike to `text` that hold and that `person` may read, best first; one query."""
    text = " ".join(text.split())[:_READ]
    rows = open_positions(person).filter(meaning__isnull=False).select_related("meaning").order_by("-pk")
    found = list(rows[:COMPARED]) if text else []
    if not found:
        return []
    scores = similar.rerank(
        text,
        similar.encode([text])[0],
        [meaning_text(row) for row in found],
        np.array([row.meaning.vector for row in found], np.float32),
    )
    best = sorted(zip(scores.tolist(), found, strict=True), key=lambda pair: (-pair[0], pair[1].pk))
    said = similar.words(text)
    related = [pair for pair in best if pair[0] >= RELATED or (pair[0] >= NEAR and _is_named(pair[1], said))]
    return [Related(row, round(100 * score)) for score, row in related[:limit]]


def _is_named(position: Position, said: Collection[str]) -> bool:
    """Whether most words of its title are among those of a message, which is mostly about something else."""
    title = similar.words(position.title)
    return bool(title) and sum(word in said for word in title) >= NAMED * len(title)


def positions_found(words: str, person: Any, *, without: Iterable[int] = ()) -> list[Position]:
    """Positions that hold these words, to add to those that were found; at most one query."""
    query = search_query(words)
    if query is None:
        return []
    rows = open_positions(person).filter(search=query).exclude(pk__in=list(without))
    return list(rows.order_by("-taken_on", "-pk")[:FOUND])


def message_text(title: str, message: str) -> str:
    """What of a contact is compared with positions."""
    return f"{title}. {message}"
