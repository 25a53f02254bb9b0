"""One answer with the points that it answers, what was said before, and the answers that items have."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from omkering.deliberate.models import Answer, Answered, Consultation
from omkering.deliberate.queries.answer_points import points_of
from omkering.deliberate.queries.answers import Line, lines_of
from omkering.thread.models import Item
from omkering.who.authority import may
from omkering.who.standing import standing_of


@dataclass(frozen=True)
class AnswerPage:
    """One answer: the points that have it, and what they were told before."""

    answer: Answer
    lines: list[Line]
    hidden: int  # points that this reader may not see
    earlier: list[tuple[Answer, datetime]]  # other answers that these points had, with when they ended


def answer_page(answer: Answer, person: Any) -> AnswerPage:
    """What the page of an answer shows; a fixed number of queries."""
    consultation = answer.consultation
    items = list(
        Item.objects.filter(answered_in__answer=answer, answered_in__ended_at__isnull=True)
        .visible_to(standing_of(person), getattr(person, "pk", None))
        .select_related("owner_member")
        .defer("search", "body")
        .order_by("pk")
    )
    points = {point.pk: point for point in points_of([consultation.pk])}
    number = answer.given.filter(ended_at__isnull=True).count()
    return AnswerPage(
        answer=answer,
        lines=lines_of(items, consultation, person, points, knows=True),
        hidden=number - len(items),
        earlier=earlier_answers([item.pk for item in items], person, consultation).get("all", []),
    )


def earlier_answers(
    items: Collection[int], person: Any, consultation: Consultation
) -> dict[Any, list[tuple[Answer, datetime]]]:
    """Answers that items had before, newest first: by item, and under "all" each once. Who is not of the bureau sees
    only what was once published; one query.
    """
    rows = Answered.objects.filter(item__in=items, ended_at__isnull=False, answer__consultation=consultation)
    if not may(person, "deliberate.give_answer", consultation):
        if consultation.answer_published_at is None:
            return {}
        rows = rows.filter(ended_at__gt=consultation.answer_published_at)
    found: dict[Any, list[tuple[Answer, datetime]]] = defaultdict(list)
    seen: set[int] = set()
    for row in rows.select_related("answer__person").order_by("-ended_at", "-pk"):
        ended = row.ended_at
        assert ended is not None  # the filter says so
        found[row.item_id].append((row.answer, ended))
        if row.answer_id not in seen:
            seen.add(row.answer_id)
            found["all"].append((row.answer, ended))
    return dict(found)


def answers_to(items: Collection[int], person: Any) -> dict[int, Answer]:
    """The answers that these items have, as far as they are published or the person answers; by item, one query."""
    rows = Answered.objects.filter(item__in=items, ended_at__isnull=True).select_related(
        "answer__consultation"
    )
    rows = rows.only("item_id", "answer__kind", "answer__reason", "answer__consultation__answer_published_at")
    if not may(person, "deliberate.give_answer", None):
        rows = rows.filter(answer__consultation__answer_published_at__isnull=False)
    return {row.item_id: row.answer for row in rows}
