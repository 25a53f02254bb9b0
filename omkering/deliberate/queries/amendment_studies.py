"""The text of a document as it is now with amendments on it: what goes together, what collides, what was adopted."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import QuerySet, Subquery

from omkering.deliberate import consolidate
from omkering.deliberate.consolidate import NOW, Change, Clash, Consolidated, Part, Turn
from omkering.deliberate.models import (
    LIVE,
    Amendment,
    AmendmentState,
    Basis,
    Block,
    CollisionTalk,
    Deed,
    Document,
    Paragraph,
    Version,
)
from omkering.deliberate.provenance import trace
from omkering.engine.merge import Edit, Kind, Span, diff, merge
from omkering.thread.models import Item, Visibility

FOLLOWING = 50  # blocks from a paragraph on: those that were added behind it since stand right there


@dataclass(frozen=True)
class Text:
    """A document as it is now: its newest version and the blocks of it, in order."""

    version: Version
    blocks: tuple[Block, ...]

    @property
    def parts(self) -> tuple[Part, ...]:
        """The blocks as the pure functions take them."""
        return tuple(Part(block.paragraph.address, block.text) for block in self.blocks)

    def block(self, address: int) -> Block | None:
        """The block at an address, where it is still there."""
        return self._at.get(address)

    @cached_property
    def _at(self) -> dict[int, Block]:
        return {block.paragraph.address: block for block in self.blocks}


class Words(NamedTuple):
    """A part of a text with no more than a list tells of it."""

    address: int
    label: str
    text: str


@dataclass(frozen=True)
class Brief:
    """The newest text of a document as plain rows: as models, hundreds of parts cost more than studying them does."""

    blocks: tuple[Words, ...]

    @property
    def parts(self) -> tuple[Part, ...]:
        """The blocks as the pure functions take them."""
        return tuple(Part(block.address, block.text) for block in self.blocks)

    def block(self, address: int) -> Words | None:
        """The block at an address, where it is still there."""
        return self._at.get(address)

    @cached_property
    def _at(self) -> dict[int, Words]:
        return {block.address: block for block in self.blocks}


def brief_of(document_id: int) -> Brief | None:
    """The newest version of a document in brief; None without one. Two queries."""
    versions = Version.objects.filter(document_id=document_id).order_by("-number")
    version = versions.values_list("pk", flat=True).first()
    if version is None:
        return None
    blocks = Block.objects.filter(version=version).order_by("position")
    return Brief(tuple(Words(*row) for row in blocks.values_list("paragraph__address", "label", "text")))


def text_of(document_id: int, number: int | None = None) -> Text | None:
    """The newest version of a document, or the one with this number; None without one. Two queries."""
    rows = Version.objects.filter(document_id=document_id).order_by("-number")
    version = rows.first() if number is None else rows.filter(number=number).first()
    if version is None:
        return None
    blocks = Block.objects.filter(version=version).select_related("paragraph").order_by("position")
    return Text(version, tuple(blocks))


def text_at(paragraph: Paragraph) -> Text | None:
    """The newest text of its document from this paragraph on: enough to study it, and nothing where it is gone.
    Two queries, which read no more than a study takes."""
    versions = Version.objects.filter(document_id=paragraph.document_id).only("document_id", "number")
    version = versions.order_by("-number").first()
    if version is None:
        return None
    own = Block.objects.filter(version=version, paragraph=paragraph).values("position")
    blocks = Block.objects.filter(version=version, position__gte=Subquery(own)).select_related("paragraph")
    blocks = blocks.only("label", "text", "paragraph__address").order_by("position")
    return Text(version, tuple(blocks[:FOLLOWING]))


def on_paper(rows: QuerySet[Amendment]) -> QuerySet[Amendment]:
    """The columns that the study of amendments needs, and whose they are."""
    return (
        rows.select_related("paragraph", "owner_member", "network").defer("search", "body").order_by("number")
    )


def live_amendments(document_id: int) -> QuerySet[Amendment]:
    """All that is on the table for a document, in the order of their numbers."""
    return on_paper(Amendment.objects.filter(document_id=document_id, state__in=LIVE))


class OnTable(NamedTuple):
    """An amendment with what its study takes, and what says who may read it, as read with `COLUMNS`."""

    number: int
    address: int
    deed: str
    base: str
    text: str
    written_on_id: int
    visibility: str
    audience_id: int | None
    owner_member_id: int | None
    network_id: int | None


COLUMNS = ("number", "paragraph__address", *OnTable._fields[2:])


def changes_of(rows: Iterable[Amendment]) -> list[Change]:
    """The amendments as the pure functions take them; their paragraphs must be loaded. At most one query."""
    return _changes(
        (row.number, row.paragraph.address, row.deed, row.base, row.text, row.written_on_id) for row in rows
    )


def _changes(rows: Iterable[tuple[int, int, str, str, str, int]]) -> list[Change]:
    rows = list(rows)
    versions = {version for *_row, deed, _base, _text, version in rows if deed == Deed.ADD}
    known: dict[int, set[int]] = defaultdict(set)
    if versions:
        there = Block.objects.filter(version_id__in=versions).order_by()
        for version, address in there.values_list("version_id", "paragraph__address"):
            known[version].add(address)
    frozen = {version: frozenset(addresses) for version, addresses in known.items()}
    return [
        Change(str(number), address, deed, base, text, frozen.get(version) if deed == Deed.ADD else None)
        for number, address, deed, base, text, version in rows
    ]


@dataclass(frozen=True)
class Looked:
    """What amendments make of a text, and what keeps them apart; each by its number."""

    result: Consolidated
    excluding: Mapping[str, frozenset[str]]

    def against(self, number: int) -> tuple[int, ...]:
        """The numbers of the amendments that cannot stand together with this one."""
        return tuple(map(int, consolidate.in_order(self.excluding.get(str(number), ()))))

    def with_text(self, number: int) -> bool:
        """Whether it collides with the text as it is now."""
        return any(NOW in clash.proposals for clash in self.result.clashes_of(str(number)))


@dataclass(frozen=True)
class Study(Looked):
    """Amendments on the text as it is now."""

    amendments: Mapping[str, Amendment]  # by number, as the pure functions name them
    text: Text

    def stands_against(self, number: int) -> list[Amendment]:
        """The amendments that cannot stand together with this one."""
        return [self.amendments[str(other)] for other in self.against(number)]


def look_at(parts: Sequence[Part], rows: Iterable[OnTable]) -> Looked:
    """What these amendments make of these parts, and what keeps them apart; at most one query."""
    return Looked(*consolidate.together(parts, _changes(row[:6] for row in rows)))


def study(text: Text, rows: Iterable[Amendment]) -> Study:
    """The same of a text, which stays at hand."""
    rows = list(rows)
    result, excluding = consolidate.together(text.parts, changes_of(rows))
    return Study(result, excluding, {str(row.number): row for row in rows}, text)


def study_paragraph(text: Text, paragraph: Paragraph, rows: Iterable[Amendment]) -> Study:
    """The same for the amendments at one paragraph: only that part, and what follows it, is looked at."""
    at = next(
        (n for n, block in enumerate(text.blocks) if block.paragraph.address == paragraph.address), None
    )
    blocks = () if at is None else text.blocks[at:]
    return study(Text(text.version, blocks), rows)


def voting_order(text: Text, rows: Iterable[Amendment]) -> tuple[Turn, ...]:
    """The order in which to put these to the vote."""
    return consolidate.voting_order(text.parts, changes_of(rows))


def turns_of(document: Item) -> list[Amendment]:
    """What is on the table for a document and all members may read, in the order to put it to the vote; four queries
    at most.
    """
    text = text_of(document.pk)
    if text is None:
        return []
    readable = live_amendments(document.pk).filter(visibility__in=(Visibility.PUBLIC, Visibility.MEMBERS))
    rows = {str(row.number): row for row in readable}
    return [rows[turn.key] for turn in voting_order(text, rows.values())]


def talks_over(common: Amendment) -> CollisionTalk | None:
    """The talks that go on in which this draft was proposed as the common text; one query."""
    return CollisionTalk.objects.filter(common=common, ended_at__isnull=True).first()


def colliding_with(row: Amendment) -> list[Amendment]:
    """What is on the table for the same paragraph and cannot stand together with this one; four queries."""
    text = text_at(row.paragraph)
    if text is None:
        return []
    others = live_amendments(row.document_id).filter(paragraph_id=row.paragraph_id)
    rows = [*others.exclude(pk=row.pk), row]
    if len(rows) == 1:
        return []
    return study_paragraph(text, row.paragraph, rows).stands_against(row.number)


def clashes_with_text(row: Amendment, text: Text) -> tuple[Clash, ...]:
    """What of one amendment collides with the text as it is now."""
    found = study_paragraph(text, row.paragraph, [row]).result.clashes
    return tuple(clash for clash in found if NOW in clash.proposals)


def difference(base: str, text: str) -> tuple[Span, ...]:
    """What changed between two texts, word by word, for a page."""
    return merge(base, {"1": text}).spans


def spans_of(row: Amendment) -> tuple[Span, ...]:
    """What an amendment changes in the words it was written on."""
    if row.deed == Deed.DROP:
        return (Span(Kind.DELETED, row.base),)
    if row.deed == Deed.ADD:
        return (Span(Kind.INSERTED, row.text),)
    return difference(row.base, row.text)


# --- what was adopted ------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Traced:
    """A part of the present text with where its words come from since an earlier version."""

    block: Block | None  # None: it was dropped
    address: int
    spans: tuple[Span, ...]
    by: tuple[str, ...]


def first_amended(document_id: int) -> int | None:
    """The number of the version before the first that amendments made; None where none did. One query."""
    rows = Basis.objects.filter(version__document_id=document_id, item__kind="amendment")
    first = rows.order_by("version__number").values_list("version__number", flat=True).first()
    return None if first is None else first - 1


def traced(text: Text, since: int) -> tuple[list[Traced], dict[str, Amendment]]:
    """The present text marked with the amendments that wrote it since version `since`, and these; four queries."""
    document = text.version.document_id
    numbers = dict(
        Version.objects.filter(document_id=document, number__range=(since, text.version.number)).values_list(
            "pk", "number"
        )
    )
    said: dict[int, dict[int, str]] = defaultdict(dict)  # address → number of the version → words
    place: dict[int, tuple[int, int]] = {}  # where a part last stood: for those that were dropped
    rows = Block.objects.filter(version_id__in=numbers).values_list(
        "version_id", "paragraph__address", "position", "text"
    )
    for version, address, position, words in rows.order_by("version__number", "position"):
        said[address][numbers[version]] = words
        place[address] = (position, 1)
    made: dict[tuple[int, int], list[int]] = defaultdict(list)
    bases = Basis.objects.filter(version_id__in=numbers, item__kind="amendment")
    for version, address, item in bases.values_list("version_id", "paragraph__address", "item_id"):
        made[address, numbers[version]].append(item)
    ids = {pk for items in made.values() for pk in items}
    amendments = {row.pk: row for row in on_paper(Amendment.objects.filter(pk__in=ids))}
    present = {block.paragraph.address: block for block in text.blocks}
    steps = sorted(numbers.values())
    found = [
        _traced(address, present.get(address), words, steps, made, amendments)
        for address, words in said.items()
        if address in present or any((address, step) in made for step in steps)
    ]
    order = {address: (n, 0) for n, address in enumerate(present)}
    found.sort(key=lambda one: order.get(one.address) or place[one.address])
    return found, {str(row.number): row for row in amendments.values()}


def _traced(
    address: int,
    block: Block | None,
    words: Mapping[int, str],
    steps: Sequence[int],
    made: Mapping[tuple[int, int], list[int]],
    amendments: Mapping[int, Amendment],
) -> Traced:
    texts = [words.get(step, "") for step in steps]
    kept, makers = texts[:1], []
    for step, before, after in zip(steps[1:], texts, texts[1:], strict=False):
        if before == after:
            continue
        rows = [amendments[pk] for pk in made.get((address, step), []) if pk in amendments]
        makers.append({str(row.number): _edits(row, before, after) for row in rows})
        kept.append(after)
    spans = trace(kept, makers)
    by = sorted({key for span in spans for key in span.amendments}, key=consolidate.natural)
    return Traced(block, address, spans, tuple(by))


def _edits(row: Amendment, before: str, after: str) -> tuple[Edit, ...]:
    """What an adopted amendment wanted in the text before it."""
    if row.deed != Deed.CHANGE:
        return diff(before, after)
    return consolidate.carry(row.base, row.text, before)[0]


def unwritten(document: Document | None = None) -> QuerySet[Amendment]:
    """Adopted amendments that are not in the text yet: they collided with it, so somebody must write them in."""
    rows = Amendment.objects.filter(state=AmendmentState.ADOPTED, bases__isnull=True)
    return rows.filter(document=document) if document is not None else rows


def counts(document_id: int) -> dict[int, int]:
    """How many amendments are on the table at each paragraph (its id); one query."""
    rows: Any = Amendment.objects.filter(document_id=document_id, state__in=LIVE).order_by()
    found: dict[int, int] = defaultdict(int)
    for paragraph in rows.values_list("paragraph_id", flat=True):
        found[paragraph] += 1
    return dict(found)
