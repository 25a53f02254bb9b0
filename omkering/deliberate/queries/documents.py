"""Documents to read: lists, the text of a version with what was put in at each part, and two versions compared."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Max, QuerySet
from django.utils.safestring import SafeString

from omkering.deliberate.comparing import Row, Words, compare
from omkering.deliberate.document_words import plain_words, prose_of, reading_of, table_html, words_html
from omkering.deliberate.models import (
    LIVE,
    Amendment,
    Basis,
    Block,
    BlockKind,
    Contribution,
    ContributionState,
    Document,
    Import,
    Version,
)
from omkering.deliberate.queries.amendments import readable_documents
from omkering.deliberate.queries.consultations import open_rounds_for
from omkering.engine.readability import ReadingLevel
from omkering.thread.models import Item
from omkering.thread.search import search_query
from omkering.who.standing import standing_of

LOWEST_HEADING = 6


def listed_documents(person: Any, *, state: str = "", theme: str = "", words: str = "") -> QuerySet[Document]:
    """The documents that somebody may read, each with the number of its present version."""
    rows = readable_documents(person)
    if state:
        rows = rows.filter(state=state)
    if theme:
        rows = rows.filter(theme__key=theme)
    if words:
        query = search_query(words)
        rows = rows.filter(search=query) if query is not None else rows.none()
    rows = rows.annotate(version_number=Max("versions__number"))
    return rows.select_related("theme", "owner_body").only(
        *("title", "summary", "state", "example", "changed_at", "theme__names", "owner_body__names")
    )


def waiting_imports(person: Any) -> QuerySet[Import]:
    """The texts that wait to be looked at, newest first: the bureau works on each other's too."""
    rows = Import.objects.filter(state=Import.State.WAITING).select_related("person", "document")
    return rows.defer("blocks", "notes", "document__search", "document__body").order_by("-pk")


# --- the text of a version -------------------------------------------------------------------------------------
@dataclass
class Part:
    """A part as the page shows it."""

    pk: int
    address: int
    kind: str
    level: int
    label: str
    text: str
    html: SafeString
    shown_level: int = 2  # of a heading: never more than one step deeper than the one before it
    head: list[SafeString] = field(default_factory=list)  # of a table
    rows: list[list[SafeString]] = field(default_factory=list)
    opens: int = 0  # lists that begin before this item
    closes: int = 0  # lists that end after it
    reactions: int = 0
    amendments: int = 0
    bases: list[Item] = field(default_factory=list)
    reading: ReadingLevel | None = None
    tools: str = ""  # what one can see and do there, as `part_tools` writes it in HTML

    @property
    def name(self) -> str:
        """How it is referred to: its own number, or its address."""
        return self.label or f"§{self.address}"

    @property
    def outline(self) -> str:
        """What the table of contents says of it."""
        return plain_words(self.text)


@dataclass(frozen=True)
class Text:
    """The text of a version, and what a reader can do with it now."""

    version: Version
    versions: list[Version]
    parts: list[Part]
    contents: list[Part]
    reading: ReadingLevel
    takes_reactions: bool
    takes_amendments: bool

    @property
    def is_present(self) -> bool:
        """Whether no version came after it."""
        return self.version.number == self.versions[0].number


def text_of(
    document: Document, person: Any, *, number: int | None = None, levels: bool = False, bare: bool = False
) -> Text | None:
    """A version of a document (None: the present one) with what was put in at each part; seven queries, whatever
    its length. `levels` adds the reading level of each part, `bare` leaves out what was put in.
    """
    versions = list(document.versions.order_by("-number"))
    version = next((one for one in versions if number is None or one.number == number), None)
    if version is None:
        return None
    parts = parts_of(version)
    takes_reactions = takes_amendments = False
    if not bare:
        _count(document, person, parts)
        _trace(version, person, parts)
        ways = _open_ways(document, person)
        takes_reactions = any(reactions for reactions, _amendments in ways)
        takes_amendments = any(amendments for _reactions, amendments in ways) and _drafts(person)
    for part in parts:
        if levels and part.kind not in (BlockKind.HEADING, BlockKind.TABLE):
            part.reading = reading_of(part.text)
    return Text(
        version=version,
        versions=versions,
        parts=parts,
        contents=[part for part in parts if part.kind in (BlockKind.HEADING, BlockKind.PROPOSAL)],
        reading=reading_of(prose_of([(part.kind, part.text) for part in parts])),
        takes_reactions=takes_reactions,
        takes_amendments=takes_amendments,
    )


def _drafts(person: Any) -> bool:
    """Whether somebody prepares texts for a member or network, so that the page offers to propose an amendment."""
    standing = standing_of(person)
    of_member = "report" in standing.powers and standing.members
    of_network = "network" in standing.powers and standing.networks
    return bool(standing.votes_for or of_member or of_network)


def parts_of(version: Version) -> list[Part]:
    """The parts of a version in order, ready to be shown; one query."""
    rows = Block.objects.filter(version=version).order_by("position")
    parts = [
        Part(paragraph, address, kind, level, label, text, words_html(text))
        for paragraph, address, kind, level, label, text in rows.values_list(
            "paragraph_id", "paragraph__address", "kind", "level", "label", "text"
        )
    ]
    laid_out(parts)
    return parts


def laid_out(parts: Sequence[Any]) -> None:
    """Where headings stand in the outline and lists begin and end, so that the page has a sound structure.

    Writes `shown_level`, `head`, `rows`, `opens` and `closes` at each `Part`, or at each `Block`.
    """
    heading, depth = 1, 0
    for place, part in enumerate(parts):
        if part.kind == BlockKind.HEADING:
            heading = part.shown_level = min(max(part.level, 1) + 1, heading + 1, LOWEST_HEADING)
        elif part.kind == BlockKind.TABLE:
            part.head, part.rows = table_html(part.text)
        if part.kind != BlockKind.ITEM:
            depth = 0
            continue
        wanted = min(max(part.level, 1), depth + 1)
        part.opens = max(wanted - depth, 0)
        following = parts[place + 1] if place + 1 < len(parts) else None
        is_item = following is not None and following.kind == BlockKind.ITEM
        next_depth = min(max(following.level, 1), wanted + 1) if following is not None and is_item else 0
        part.closes = max(wanted - next_depth, 0)
        depth = wanted


def _count(document: Document, person: Any, parts: Sequence[Part]) -> None:
    """How many reactions and amendments stand at each part; two queries."""
    standing, pk = standing_of(person), getattr(person, "pk", None)
    paragraphs = frozenset(part.pk for part in parts)  # so that an index finds what was put in at them
    put_in = Contribution.objects.visible_to(standing, pk).filter(
        paragraph__among=paragraphs, state__in=(ContributionState.SUBMITTED, ContributionState.ANSWERED)
    )
    amendments = Amendment.objects.visible_to(standing, pk).filter(document=document, state__in=LIVE)
    reactions, proposed = (
        dict(rows.order_by().values_list("paragraph").annotate(n=Count("pk")))
        for rows in (put_in, amendments)
    )
    for part in parts:
        part.reactions, part.amendments = reactions.get(part.pk, 0), proposed.get(part.pk, 0)


def _trace(version: Version, person: Any, parts: Iterable[Part]) -> None:
    """What each part follows from, as far as this reader may read it; two queries."""
    found = bases_of([version], person)
    for part in parts:
        part.bases = found.get(part.pk, [])


def bases_of(versions: Iterable[Version], person: Any) -> dict[int, list[Item]]:
    """What the parts follow from in these versions, by paragraph; two queries."""
    pairs = list(
        Basis.objects.filter(version__in=list(versions)).order_by("pk").values_list("paragraph_id", "item_id")
    )
    if not pairs:
        return {}
    readable = Item.objects.visible_to(standing_of(person), getattr(person, "pk", None))
    items = readable.only("kind", "title").in_bulk({item for _paragraph, item in pairs})
    found: dict[int, list[Item]] = defaultdict(list)
    for paragraph, item in pairs:
        if item in items and items[item] not in found[paragraph]:
            found[paragraph].append(items[item])
    return dict(found)


def _open_ways(document: Document, person: Any) -> list[tuple[bool, bool]]:
    """Whether each round that is open to this person takes reactions, and amendments."""
    rows = open_rounds_for(person).filter(consultation__document=document)
    return list(rows.values_list("takes_reactions", "takes_amendments"))


# --- two versions ----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Compared:
    """Two versions beside each other, and what each changed part follows from."""

    old: Version
    new: Version
    rows: list[tuple[Row, list[Item]]]
    changed: int


def compared(versions: Sequence[Version], old: Version, new: Version, person: Any) -> Compared:
    """What changed from one version to another; four queries. `versions` are all of the document."""
    between = [one for one in versions if old.number < one.number <= new.number]
    paragraphs = dict(
        Block.objects.filter(version__in=[old, new]).values_list("paragraph__address", "paragraph_id")
    )
    bases = bases_of(between, person)
    rows = compare(_words(old), _words(new))
    return Compared(
        old,
        new,
        [(row, bases.get(paragraphs[row.address], [])) for row in rows],
        sum(row.how != "same" for row in rows),
    )


def _words(version: Version) -> list[Words]:
    rows = Block.objects.filter(version=version).order_by("position")
    return [Words(*row) for row in rows.values_list("paragraph__address", "kind", "label", "text")]
