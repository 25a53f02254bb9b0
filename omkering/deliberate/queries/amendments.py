"""Amendments to read: lists, and all that the page of one shows; each with a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from omkering.deliberate.amendment_words import WHY
from omkering.deliberate.consolidate import NOW, Clash
from omkering.deliberate.models import (
    LIVE,
    Amendment,
    AmendmentAdvice,
    AmendmentState,
    Backing,
    CollisionTalk,
    Document,
)
from omkering.deliberate.queries.amendment_studies import (
    COLUMNS,
    Brief,
    OnTable,
    Study,
    Text,
    brief_of,
    live_amendments,
    look_at,
    spans_of,
    study,
    study_paragraph,
    text_at,
    text_of,
)
from omkering.engine.merge import Span
from omkering.thread.models import Link, LinkKind
from omkering.thread.search import search_query
from omkering.who.standing import Standing, standing_of

# What a page tells, besides what its study takes, of an amendment beside another one, and of one whose page it is.
_NAMED = ("title", "owner_member__name", "network__names")
_SHOWN = (
    *(
        "kind",
        "title",
        "summary",
        "state",
        "visibility",
        "audience_id",
        "theme_id",
        "author_id",
        "owner_body_id",
    ),
    *(
        "language",
        "created_at",
        "due_at",
        "answered_at",
        "example",
        "number",
        "deed",
        "base",
        "text",
        "reason",
    ),
    *("consequences", "late", "submitted_at", "settled_at", "settled_reason", "in_round_id"),
    *("document__kind", "document__title", "document__state", "paragraph__address", "paragraph__document_id"),
    *("written_on__number", "owner_member__name", "network__names", "settled_in__kind", "settled_in__title"),
)
SHOWN = 30  # characters of a paragraph that name it where it has no label


def readable_amendments(person: Any) -> QuerySet[Amendment]:
    """What somebody may read: what is handed in by who may read it, drafts of one's own member or network."""
    standing = standing_of(person)
    rows = Amendment.objects.visible_to(standing, getattr(person, "pk", None))
    if standing.networks:
        rows = rows | Amendment.objects.filter(network_id__in=standing.networks)
    return rows


def readable_documents(person: Any) -> QuerySet[Document]:
    """Documents that somebody may read."""
    return Document.objects.visible_to(standing_of(person), getattr(person, "pk", None))


def amendment_to_show(person: Any) -> QuerySet[Amendment]:
    """Amendments that `person` may read, with what the page of one shows and no more."""
    rows = readable_amendments(person).select_related(
        "document", "paragraph", "written_on", "owner_member", "network", "settled_in"
    )
    return rows.only(*_SHOWN)


# --- lists -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Line:
    """An amendment in a list."""

    amendment: Amendment
    place: str
    supporters: int
    against: tuple[int, ...]  # numbers of those it cannot stand together with
    with_text: bool
    advices: tuple[AmendmentAdvice, ...]


def listed(
    document: Document, person: Any, *, state: str = "", paragraph: int | None = None, words: str = ""
) -> QuerySet[Amendment]:
    """The amendments to a document that somebody may read; drafts only those of one's own."""
    rows = readable_amendments(person).filter(document=document)
    if standing_of(person).is_bureau:
        rows = rows.exclude(Q(state=AmendmentState.DRAFT) & ~Q(author=person))
    if state == "live":
        rows = rows.filter(state__in=LIVE)
    elif state:
        rows = rows.filter(state=state)
    if paragraph is not None:
        rows = rows.filter(paragraph__address=paragraph)
    if words and (query := search_query(words)) is not None:
        rows = rows.filter(search=query)
    return rows.select_related("paragraph", "owner_member", "network").defer("search", "body")


def in_a_list(rows: QuerySet[Amendment]) -> QuerySet[Amendment]:
    """The same amendments with no more than a list tells of them."""
    parties = ("owner_member__name", "network__names")
    return rows.only("number", "title", "state", "deed", "late", "paragraph__address", *parties)


def lines(document: Document, rows: Sequence[Amendment], person: Any) -> list[Line]:
    """What a list says of each; at most seven queries, whatever the number of rows."""
    text = brief_of(document.pk)
    if text is None or not rows:
        return []
    at = {row.paragraph_id for row in rows}
    there = live_amendments(document.pk).filter(paragraph_id__in=at).values_list(*COLUMNS)
    standing = standing_of(person)
    live = [row for row in (OnTable(*one) for one in there) if _is_for(row, standing)]
    looked = look_at(text.parts, live)
    ids = [row.pk for row in rows]
    supporters = dict(
        Backing.objects.filter(amendment__in=ids, ended_at__isnull=True, part=Backing.Part.COSIGNS)
        .values_list("amendment_id")
        .annotate(n=Count("pk"))
        .order_by()
    )
    advices: dict[int, list[AmendmentAdvice]] = defaultdict(list)
    given = AmendmentAdvice.objects.filter(amendment__in=ids, ended_at__isnull=True)
    for advice in given.select_related("body").order_by("pk"):
        advices[advice.amendment_id].append(advice)
    return [
        Line(
            row,
            place_of(text, row.paragraph.address),
            supporters.get(row.pk, 0),
            looked.against(row.number),
            looked.with_text(row.number) if row.state in LIVE else False,
            tuple(advices[row.pk]),
        )
        for row in rows
    ]


def _may_see(row: Amendment, person: Any) -> bool:
    """Whether a row that is on the table is for this reader, without a query."""
    return _is_for(row, standing_of(person))


def _is_for(row: Amendment | OnTable, standing: Standing) -> bool:
    if standing.is_bureau or row.visibility == "public":
        return True
    if row.owner_member_id in standing.members or row.network_id in standing.networks:
        return True
    if row.visibility == "members":
        return standing.is_insider
    return row.visibility == "network" and row.audience_id in standing.reads_networks


def place_of(text: Text | Brief, address: int) -> str:
    """A paragraph in a few characters: the number that the text gives it, or its first words; "" when it is gone."""
    block = text.block(address)
    if block is None:
        return ""
    if block.label:
        return block.label
    return block.text if len(block.text) <= SHOWN else f"{block.text[:SHOWN].rsplit(' ', 1)[0]} …"


# --- one -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Shown:
    """Words that collide, for a page: who makes what of them. `amendment` None is the text as it is now."""

    why: str
    clash: Clash
    sides: list[tuple[Amendment | None, str]]


@dataclass(frozen=True)
class Page:
    """All that the page of an amendment shows."""

    amendment: Amendment
    text: Text | None
    place: str
    spans: tuple[Span, ...]
    backings: list[Backing]
    stepped_out: list[Backing]
    clashes: list[Shown]
    against: list[tuple[Amendment, CollisionTalk | None]]
    talks: list[CollisionTalk]
    advices: list[AmendmentAdvice]
    came_from: list[Amendment]
    went_to: list[Amendment]
    with_text: bool = False  # it collides with the text as it is now
    newer: int = 0  # the number of a version that came after the one it was written on


def amendment_page(row: Amendment, person: Any) -> Page:
    """The page of one amendment; twelve queries at most."""
    text = text_at(row.paragraph)
    clashes: list[Shown] = []
    against: list[Amendment] = []
    with_text = False
    if text is not None and (row.state in LIVE or row.state == AmendmentState.DRAFT):
        others = live_amendments(row.document_id).filter(paragraph_id=row.paragraph_id).exclude(pk=row.pk)
        others = others.only(*COLUMNS, *_NAMED)
        looked = study_paragraph(
            text, row.paragraph, [*(one for one in others if _may_see(one, person)), row]
        )
        against = looked.stands_against(row.number)
        keep = {str(one.number) for one in against} | {str(row.number)}
        clashes = [shown(clash, looked, keep) for clash in looked.result.clashes_of(str(row.number))]
        with_text = looked.with_text(row.number)
    backings = list(_backings_of(row))
    talks = list(_talks_of(row))
    open_talks = {
        talk.second_id if talk.first_id == row.pk else talk.first_id: talk
        for talk in talks
        if talk.ended_at is None
    }
    advices = AmendmentAdvice.objects.filter(amendment=row).select_related("body").order_by("ended_at", "-pk")
    came_from, went_to = _followed(row, person)
    return Page(
        amendment=row,
        text=text,
        place=place_of(text, row.paragraph.address) if text is not None else "",
        spans=spans_of(row),
        backings=[one for one in backings if one.ended_at is None],
        stepped_out=[one for one in backings if one.ended_at is not None and row.state in LIVE],
        clashes=clashes,
        against=[(one, open_talks.get(one.pk)) for one in against],
        talks=talks,
        advices=list(advices.only("kind", "reason", "alternative", "created_at", "ended_at", "body__names")),
        came_from=came_from,
        went_to=went_to,
        with_text=with_text,
        newer=text.version.number if text is not None and text.version.number > row.written_on.number else 0,
    )


def _backings_of(row: Amendment) -> QuerySet[Backing]:
    rows = Backing.objects.filter(amendment=row).select_related("member", "network", "came_from")
    named = ("member__name", "network__names", "came_from__number")
    return rows.only("part", "created_at", "ended_at", *named).order_by("part", "pk")


def _talks_of(row: Amendment) -> QuerySet[CollisionTalk]:
    rows = CollisionTalk.objects.filter(Q(first=row) | Q(second=row)).select_related("first", "second")
    told = ("outcome", "note", "created_at", "ended_at", "first__number", "second__number")
    return rows.only(*told).order_by("-pk")


def _followed(row: Amendment, person: Any) -> tuple[list[Amendment], list[Amendment]]:
    """The amendments it takes the place of, and those that took its place; two queries, one where there are none."""
    links = Link.objects.filter(Q(downstream=row) | Q(upstream=row), ended_at__isnull=True)
    pairs = links.filter(kind=LinkKind.FOLLOWS_FROM).values_list("upstream_id", "downstream_id")
    before, after = set(), set()
    for upstream, downstream in pairs:
        if downstream == row.pk:
            before.add(upstream)
        else:
            after.add(downstream)
    if not (before or after):
        return [], []
    found = readable_amendments(person).filter(pk__among=frozenset(before | after)).order_by("number")
    rows = list(found.only("number"))
    return [one for one in rows if one.pk in before], [one for one in rows if one.pk in after]


def shown(clash: Clash, looked: Study, keep: Iterable[str] | None = None) -> Shown:
    """A clash with its amendments; only those in `keep` where that is given."""
    wanted = None if keep is None else set(keep)
    keys = [key for key in clash.amendments if wanted is None or key in wanted]
    sides: list[tuple[Amendment | None, str]] = [
        (looked.amendments[key], clash.proposals[key]) for key in keys
    ]
    if NOW in clash.proposals:
        sides.insert(0, (None, clash.proposals[NOW]))
    return Shown(str(WHY[clash.why]), clash, sides)


def clash_list(document: Document, person: Any) -> tuple[Text | None, Study | None, list[tuple[str, Shown]]]:
    """All that collides in a document, in the order of the text, each with its place; four queries."""
    text = text_of(document.pk)
    if text is None:
        return None, None, []
    looked = study(text, [row for row in live_amendments(document.pk) if _may_see(row, person)])
    found = [(place_of(text, clash.address), shown(clash, looked)) for clash in looked.result.clashes]
    return text, looked, found


def falls_with(row: Amendment) -> list[Amendment]:
    """The adopted amendments to the same paragraph, newest first: what collides with the text may fall with them."""
    rows = Amendment.objects.filter(paragraph_id=row.paragraph_id, state=AmendmentState.ADOPTED)
    return list(rows.defer("search", "body").order_by("-settled_at"))


def live_seen(document: Document, person: Any) -> list[Amendment]:
    """What is on the table for a document as far as this reader may see it; one query."""
    return [row for row in live_amendments(document.pk) if _may_see(row, person)]
