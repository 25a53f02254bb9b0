"""The papers of a meeting in full, item by item, as far as somebody may read them."""

from dataclasses import dataclass
from typing import Any

from omkering.decide.models import AgendaItem, Meeting, Paper
from omkering.decide.queries.meetings import Line, numbered
from omkering.thread.models import Item
from omkering.who.standing import standing_of

OF_AN_ITEM = ("title", "text", "kind", "state", "parent_id", "about_id", "minutes", "added_late", "ended_at")


@dataclass(frozen=True)
class PaperSet:
    """The agenda with the papers at each item, those for the whole meeting, and the items that may be read."""

    lines: list[Line]
    loose: list[Paper]
    readable: dict[int, Item]


def paper_set(meeting: Meeting, person: Any) -> PaperSet:
    """The papers of a meeting that were not withdrawn, for somebody; three queries."""
    items = AgendaItem.objects.filter(meeting=meeting).only(*OF_AN_ITEM)
    lines = numbered(meeting, list(items.order_by("position")))
    papers = list(meeting.meeting_papers.filter(withdrawn_at__isnull=True).order_by("order", "pk"))
    by_item: dict[int | None, list[Paper]] = {}
    for paper in papers:
        by_item.setdefault(paper.agenda_item_id, []).append(paper)
    for line in lines:
        line.papers = by_item.get(line.item.pk, [])
    told = {line.item.about_id for line in lines} | {paper.item_id for paper in papers}
    return PaperSet(lines, by_item.get(None, []), readable_items({pk for pk in told if pk}, person))


def readable_items(ids: set[int], person: Any) -> dict[int, Item]:
    """Those of these items that somebody may read, with what papers show of them; at most one query."""
    if not ids:
        return {}
    rows = Item.objects.visible_to(standing_of(person), getattr(person, "pk", None))
    rows = rows.filter(pk__among=frozenset(ids)).only("kind", "state", "title", "summary", "body")
    return {row.pk: row for row in rows}
