"""What a new version can be made of: the present text, and at each paragraph the points that were taken over."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from omkering.deliberate.models import (
    Amendment,
    AnswerKind,
    Basis,
    Block,
    Consultation,
    Deed,
    Version,
)
from omkering.deliberate.queries.answer_points import Point, points_of
from omkering.deliberate.queries.answers import Line, lines_of
from omkering.engine import merge
from omkering.thread.models import Item

TAKEN = (AnswerKind.TAKEN_OVER, AnswerKind.PARTLY)
MOST = 200  # paragraphs that can be changed on one page


@dataclass(frozen=True)
class Part:
    """One paragraph that can change, and why."""

    block: Block
    lines: list[Line]  # what was taken over here
    text: str  # its words with the amendments that were taken over and do not collide
    after: str  # a text that an amendment adds after it
    collides: bool  # two amendments that were taken over exclude each other: somebody has to choose the words
    rows: list[tuple[Line, int | None]]  # the same lines, with the version that already follows from them


@dataclass(frozen=True)
class Draft:
    """The present text and what can change in it."""

    version: Version
    parts: list[Part]
    whole: list[Line]  # what was taken over about the whole text: it can be the reason of any change
    others: list[Block]  # paragraphs without such points, which can be added to the page
    left_out: int  # paragraphs that do not fit on the page
    done: dict[int, int]  # points that a version already follows from, with the number of that version


def draft_of(consultation: Consultation, person: Any, also: Collection[int] = ()) -> Draft | None:
    """What a new version can be made of; None without a document. `also` are addresses of paragraphs to change
    besides. A fixed number of queries.
    """
    if consultation.document_id is None:
        return None
    version = Version.objects.filter(document=consultation.document_id).order_by("-number").first()
    if version is None:
        return None
    points = {point.pk: point for point in points_of([consultation.pk]) if point.answer is not None}
    items = list(
        Item.objects.filter(
            pk__in=points, answered_in__ended_at__isnull=True, answered_in__answer__kind__in=TAKEN
        )
        .select_related("owner_member")
        .defer("search", "body")
        .order_by("pk")
    )
    lines = lines_of(items, consultation, person, points, knows=True)
    by_paragraph: dict[int | None, list[Line]] = defaultdict(list)
    for line in lines:
        by_paragraph[points[line.item.pk].paragraph].append(line)
    blocks = list(version.blocks.select_related("paragraph").order_by("position"))
    present = {block.paragraph_id for block in blocks}
    # What is about a paragraph that the present text no longer has can still be the reason of a change elsewhere.
    whole = [line for pk, some in by_paragraph.items() if pk not in present for line in some]
    chosen = [
        block for block in blocks if block.paragraph_id in by_paragraph or block.paragraph.address in also
    ]
    amended = _amendments([line.item.pk for line in lines])
    done = dict(
        Basis.objects.filter(item__in=points, version__document=consultation.document_id)
        .order_by("version__number")
        .values_list("item_id", "version__number")
    )
    return Draft(
        version=version,
        parts=[_part(block, by_paragraph[block.paragraph_id], amended, done) for block in chosen[:MOST]],
        whole=whole,
        others=[block for block in blocks if block not in chosen],
        left_out=max(0, len(chosen) - MOST),
        done=done,
    )


def _amendments(items: Collection[int]) -> dict[int, Amendment]:
    rows = Amendment.objects.filter(pk__in=items).only("pk", "deed", "base", "text")
    return {row.pk: row for row in rows}


def _part(block: Block, lines: list[Line], amended: Mapping[int, Amendment], done: Mapping[int, int]) -> Part:
    rows = [amended[line.item.pk] for line in lines if line.item.pk in amended]
    changes = {str(row.pk): row.text for row in rows if row.deed == Deed.CHANGE and row.base == block.text}
    merged = merge.merge(block.text, changes)
    dropped = any(row.deed == Deed.DROP for row in rows)
    added = [row.text for row in rows if row.deed == Deed.ADD]
    return Part(
        block=block,
        lines=lines,
        text="" if dropped and not changes else merged.text,
        after="\n\n".join(added),
        collides=bool(merged.collisions) or (dropped and bool(changes)),
        rows=[(line, done.get(line.item.pk)) for line in lines],
    )


def versions_from(consultation: Consultation, points: Collection[Point]) -> list[Version]:
    """The versions of the document that follow from these points of the consultation, oldest first; one query."""
    if consultation.document_id is None:
        return []
    made = Basis.objects.filter(item__among=frozenset(point.pk for point in points)).values("version_id")
    rows = Version.objects.filter(document=consultation.document_id, pk__in=made)
    return list(rows.order_by("number"))


def texts_of(draft: Draft, number: int) -> dict[int, str]:
    """The words of each paragraph in another version of the same document, by address; one query."""
    rows = Block.objects.filter(version__document=draft.version.document_id, version__number=number)
    return dict(rows.values_list("paragraph__address", "text"))
