"""The note of answer as it is read: by paragraph, by kind, or by who put it in.

Before the note is published only the bureau sees answers. Who put in a personal reaction or a statement is named
nowhere: only they themselves see that it is theirs.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Count,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.deliberate.document_words import table_words
from omkering.deliberate.models import (
    Answer,
    Answered,
    AnswerKind,
    Block,
    BlockKind,
    Consultation,
    Paragraph,
)
from omkering.deliberate.queries.answer_points import PERSONAL, Point, points_of
from omkering.deliberate.queries.answer_words import Words, words_of_items
from omkering.thread import kinds
from omkering.thread.models import Item
from omkering.ui.paging import Page, paginate
from omkering.who.authority import may
from omkering.who.standing import standing_of

WHOLE = -1  # the place of what is about the whole text: it comes first
ELSEWHERE = 1_000_000  # the place of what is about a paragraph that this version does not have
NO_ANSWER = 10**12  # comes after all answers
BATCH = 500
ARRANGEMENTS: Mapping[str, tuple[str, ...]] = {
    "paragraph": ("place", "answer_pk", "pk"),
    "kind": ("kind", "place", "pk"),
    "contributor": ("group", "who", "place", "pk"),
}


def readable_consultations(person: Any) -> QuerySet[Consultation]:
    """The consultations that this person may know of."""
    rows = Consultation.objects.visible_to(standing_of(person), getattr(person, "pk", None))
    return rows.select_related("document", "version", "owner").defer("search", "body")


def knows_answers(person: Any, consultation: Consultation) -> bool:
    """Whether this person may read the answers: everybody once they are published, before that the bureau."""
    return consultation.answer_published_at is not None or may(person, "deliberate.give_answer", consultation)


@dataclass(frozen=True)
class Progress:
    """How far answering is: how many points there are, and how many have which answer."""

    total: int
    by_kind: Mapping[str, int]
    ended: int  # of rounds that are over
    due_at: datetime | None  # the first moment at which one without an answer is due

    @property
    def answered(self) -> int:
        """How many points have an answer."""
        return sum(self.by_kind.values())

    @property
    def lacking(self) -> int:
        """How many points of rounds that are over have no answer."""
        return self.ended - self.answered

    @property
    def late(self) -> bool:
        """Whether one is past the moment on which it was due."""
        return self.due_at is not None and self.due_at < timezone.now()


def progress_of(points: Collection[Point]) -> Progress:
    """How far answering is; two queries."""
    given = Counter(point.answer for point in points if point.answer is not None)
    said = dict(Answer.objects.filter(pk__in=given).values_list("pk", "kind"))
    by_kind: dict[str, int] = dict.fromkeys(AnswerKind.values, 0)
    for answer, number in given.items():
        by_kind[said[answer]] += number
    waiting = [point.pk for point in points if point.answer is None and point.ended]
    due = (
        Item.objects.filter(pk__in=waiting, due_at__isnull=False)
        .order_by("due_at")
        .values_list("due_at", flat=True)
    )
    return Progress(
        total=len(points),
        by_kind=by_kind,
        ended=sum(1 for point in points if point.ended),
        due_at=due.first(),
    )


@dataclass(frozen=True)
class Line:
    """One point as it stands in the note."""

    item: Item
    number: int  # by which others refer to it
    kind: str  # in words
    text: str
    by: str  # the member or network; "" for what somebody put in for themselves
    personal: bool
    own: bool  # of the reader, or of their member
    late: bool
    url: str
    place: str  # the paragraph in words; "" for the whole text
    address: int | None  # of the paragraph in its document
    round: str
    answer: Answer | None
    together: int  # how many points have this answer


@dataclass
class Group:
    """Points that stand together under one heading, with the answers they have."""

    heading: str
    address: int | None
    lines: list[Line] = field(default_factory=list)

    @property
    def answers(self) -> list[tuple[Answer | None, list[Line]]]:
        """The points by answer, in their order: what has the same answer stands together, with the answer once."""
        found: dict[int | None, tuple[Answer | None, list[Line]]] = {}
        for line in self.lines:
            key = line.answer.pk if line.answer else None
            found.setdefault(key, (line.answer, []))[1].append(line)
        return list(found.values())


@dataclass(frozen=True)
class NoteFilter:
    """Which points to show: of a kind, with an answer, of a round, with some words, only one's own."""

    by: str = "paragraph"
    kind: str = ""
    answer: str = ""
    words: str = ""
    round: int | None = None
    paragraph: int | None = None  # the address of a paragraph; 0 for the whole text
    mine: bool = False


class Note:
    """The points of a consultation with their answers, as far as `person` may read them."""

    def __init__(self, consultation: Consultation, person: Any, filters: NoteFilter | None = None) -> None:
        self.consultation, self.person = consultation, person
        self.filters = filters or NoteFilter()
        self.points = points_of([consultation.pk])
        self.by_pk = {point.pk: point for point in self.points}
        self.knows = knows_answers(person, consultation)

    def rows(self, *, open_only: bool = False) -> QuerySet[Item]:
        """The items in question, each with its place, its answer and who put it in."""
        chosen = self.by_pk.values()
        if open_only:
            chosen = [point for point in chosen if point.answer is None and point.ended]  # type: ignore[assignment]
        if self.filters.round is not None:
            chosen = [point for point in chosen if point.in_round == self.filters.round]  # type: ignore[assignment]
        if self.filters.paragraph is not None:
            wanted = self._paragraph(self.filters.paragraph)
            chosen = [point for point in chosen if point.paragraph == wanted]  # type: ignore[assignment]
        rows = Item.objects.filter(pk__among=frozenset(point.pk for point in chosen))
        rows = rows.visible_to(standing_of(self.person), getattr(self.person, "pk", None))
        if self.filters.kind:
            rows = rows.filter(kind=self.filters.kind)
        if self.filters.answer and self.knows:
            rows = rows.filter(
                answered_in__ended_at__isnull=True, answered_in__answer__kind=self.filters.answer
            )
        if self.filters.mine:
            rows = rows.filter(self._own())
        if self.filters.words:
            rows = rows.filter(
                Q(title__icontains=self.filters.words) | Q(summary__icontains=self.filters.words)
            )
        return self._placed(rows)

    def _paragraph(self, address: int) -> int | None:
        if address == 0 or self.consultation.document_id is None:
            return None
        rows = Paragraph.objects.filter(document=self.consultation.document_id, address=address)
        return rows.values_list("pk", flat=True).first() or -1

    def _own(self) -> Q:
        members = standing_of(self.person).members
        return Q(author_id=getattr(self.person, "pk", None) or 0) | Q(owner_member_id__in=members)

    def _placed(self, rows: QuerySet[Item]) -> QuerySet[Item]:
        """These with the keys by which they are arranged, and no others: each asks for tables of its own."""
        paragraph = Coalesce(
            "as_contribution__paragraph_id", "as_amendment__paragraph_id", output_field=BigIntegerField()
        )
        rows = rows.alias(paragraph_pk=paragraph)
        position = Block.objects.filter(
            version=self.consultation.version_id, paragraph=OuterRef("paragraph_pk")
        ).values("position")[:1]
        answer = Answered.objects.filter(item=OuterRef("pk"), ended_at__isnull=True).values("answer_id")[:1]
        network = Coalesce(
            "as_contribution__meeting__network__key",
            "as_amendment__network__key",
            Value(""),
            output_field=CharField(),
        )
        keys = {
            "place": Case(
                When(paragraph_pk__isnull=True, then=Value(WHOLE)),
                default=Coalesce(Subquery(position), Value(ELSEWHERE), output_field=IntegerField()),
                output_field=IntegerField(),
            ),
            "answer_pk": Coalesce(Subquery(answer), Value(NO_ANSWER), output_field=BigIntegerField()),
            "group": Case(
                When(kind__in=PERSONAL, then=Value(2)),
                When(owner_member__isnull=False, then=Value(0)),
                default=Value(1),
                output_field=IntegerField(),
            ),
            "who": Case(
                When(kind__in=PERSONAL, then=Value("")),
                default=Coalesce("owner_member__sort_key", network, output_field=CharField()),
                output_field=CharField(),
            ),
        }
        wanted = ARRANGEMENTS[self.filters.by]
        return rows.annotate(**{name: key for name, key in keys.items() if name in wanted})

    def page(self, query: Mapping[str, str], *, open_only: bool = False) -> tuple[Page[Item], list[Group]]:
        """One page of it; eleven queries at most, whatever the size."""
        rows = self.rows(open_only=open_only).select_related("owner_member").defer("search", "body")
        page = paginate(rows, query, order=ARRANGEMENTS[self.filters.by])
        return page, self.groups(page.rows)

    def all_groups(self) -> list[Group]:
        """All of it, for on paper; as many queries for every five hundred points."""
        return _grouped(self.all_lines(), self.filters.by)

    def all_lines(self) -> Iterator[Line]:
        """All points in their order."""
        rows = self.rows().order_by(*ARRANGEMENTS[self.filters.by])
        ids = list(rows.values_list("pk", flat=True))
        for start in range(0, len(ids), BATCH):
            part = ids[start : start + BATCH]
            found = Item.objects.filter(pk__in=part).select_related("owner_member").defer("search", "body")
            by_pk = found.in_bulk()
            yield from self.lines([by_pk[pk] for pk in part if pk in by_pk])

    def groups(self, items: Iterable[Item]) -> list[Group]:
        """These items under their headings, in their order."""
        return _grouped(self.lines(list(items)), self.filters.by)

    def lines(self, items: list[Item]) -> list[Line]:
        """These items as lines of the note; a fixed number of queries."""
        return lines_of(items, self.consultation, self.person, self.by_pk, knows=self.knows)


def _grouped(lines: Iterable[Line], by: str) -> list[Group]:
    groups: list[Group] = []
    for line in lines:
        if by == "kind":
            heading, address = line.kind, None
        elif by == "contributor":
            heading, address = line.by or _("People, for themselves"), None
        else:
            heading, address = line.place or _("About the whole text"), line.address
        if not groups or (groups[-1].heading, groups[-1].address) != (heading, address):
            groups.append(Group(heading, address))
        groups[-1].lines.append(line)
    return groups


def lines_of(
    items: list[Item], consultation: Consultation, person: Any, points: Mapping[int, Point], *, knows: bool
) -> list[Line]:
    """Items as lines of the note of `consultation`; eight queries at most."""
    ids = [item.pk for item in items]
    texts = words_of_items(items)
    places = _places(consultation.version_id, {points[pk].paragraph for pk in ids if pk in points})
    given = {}
    if knows:
        live = Answered.objects.filter(item__in=ids, ended_at__isnull=True).select_related("answer")
        given = {row.item_id: row.answer for row in live}
    together = dict(
        Answered.objects.filter(answer__in={answer.pk for answer in given.values()}, ended_at__isnull=True)
        .values_list("answer_id")
        .annotate(number=Count("pk"))
    )
    members = standing_of(person).members
    rounds = dict(consultation.rounds.values_list("pk", "title"))
    lines = []
    for item in items:
        text = texts.get(item.pk, Words(item.title))
        point = points.get(item.pk)
        place, address = places.get(point.paragraph if point else None, ("", None))
        answer = given.get(item.pk)
        personal = item.kind in PERSONAL
        lines.append(
            Line(
                item=item,
                number=text.number or item.pk,
                kind=kinds.label(item),
                text=text.text,
                by="" if personal else (item.owner_member.name if item.owner_member else text.network),
                personal=personal,
                own=(person.is_authenticated and item.author_id == person.pk)
                or (not personal and item.owner_member_id in members),
                late=text.late,
                url=kinds.url(item),
                place=place,
                address=address,
                round=rounds.get(point.in_round, "") if point else "",
                answer=answer,
                together=together.get(answer.pk, 1) if answer else 0,
            )
        )
    return lines


def _places(
    version: int | None, paragraphs: Collection[int | None]
) -> dict[int | None, tuple[str, int | None]]:
    """The words and address of paragraphs in a version, by id; two queries at most."""
    wanted = {pk for pk in paragraphs if pk is not None}
    blocks = (
        Block.objects.filter(version=version, paragraph__in=wanted).select_related("paragraph").order_by()
    )
    found: dict[int | None, tuple[str, int | None]] = {
        block.paragraph_id: (words_of(block), block.paragraph.address)
        for block in blocks.only("kind", "label", "text", "paragraph__address")
    }
    elsewhere = wanted.difference(found)
    for pk, address in Paragraph.objects.filter(pk__in=elsewhere).values_list("pk", "address"):
        found[pk] = (_("Paragraph %(number)s") % {"number": address}, address)
    return found


def words_of(block: Block) -> str:
    """The number and beginning of a paragraph, on one line."""
    if block.kind == BlockKind.TABLE:
        return f"{block.label} {table_words(block.text)}".strip()
    text = " ".join(block.text.split())
    short = text if len(text) <= 80 else text[:80].rsplit(" ", 1)[0] + "…"
    return f"{block.label} {short}".strip()
