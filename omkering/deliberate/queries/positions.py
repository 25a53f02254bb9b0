"""Reading positions: the register, one page, and what goes into a file; each with a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from omkering.deliberate.models import (
    Alignment,
    Contact,
    Position,
    PositionAddressee,
    PositionState,
    Relation,
    RelationKind,
    Stance,
    StanceKind,
)
from omkering.deliberate.voice import CARRYING
from omkering.thread.search import search_query
from omkering.who.models import Member, Network, Organisation
from omkering.who.standing import Standing, standing_of

CONTACTS = 10  # contacts on a position's page; the register has all
EXPORTED = 5_000
TONES = {
    PositionState.DRAFT: "neutral",
    PositionState.ACTIVE: "positive",
    PositionState.ENDED: "neutral",
}
STANCE_TONES = {
    StanceKind.CARRIES: "positive",
    StanceKind.REMARK: "info",
    StanceKind.NEUTRAL: "neutral",
    StanceKind.OTHER: "negative",
}


def readable_positions(person: Any) -> QuerySet[Position]:
    """Positions that `person` may read."""
    return Position.objects.visible_to(standing_of(person), getattr(person, "pk", None))


_LISTED = (
    *("kind", "title", "summary", "state", "sensitive", "example", "source", "taken_on"),
    *("theme__names", "theme__order"),
)


_SHOWN = (  # of an item of its own page, with what other rooms' panels ask of it
    *("kind", "title", "summary", "state", "visibility", "audience_id", "language", "example", "created_at"),
    *(
        "owner_member_id",
        "owner_body_id",
        "author_id",
        "due_at",
        "answered_at",
        "sensitive",
        "text",
        "messages",
    ),
    *("figures", "source", "source_note", "taken_on", "ends_on", "end_reason"),
    *(
        "theme__names",
        "theme__order",
        "owner__name",
        "source_body__names",
        "source_item__kind",
        "source_item__title",
    ),
)


def position_to_show(person: Any) -> QuerySet[Position]:
    """Positions that `person` may read, with what a page of one shows and no more."""
    rows = readable_positions(person).select_related("theme", "owner", "source_body", "source_item")
    return rows.only(*_SHOWN)


@dataclass(frozen=True)
class PositionFilter:
    """What a list of positions is narrowed to; empty means all. `silent` names a member or network by key."""

    text: str = ""
    theme: str = ""
    state: str = PositionState.ACTIVE
    organisation: str = ""
    source: str = ""
    silent: str = ""
    mine: bool = False


def positions_found(filters: PositionFilter, person: Any) -> QuerySet[Position]:
    """The positions of a list, as far as `person` may read them; drafts are only for the bureau."""
    rows = readable_positions(person).filter(state=filters.state or PositionState.ACTIVE)
    if filters.text:
        query = search_query(filters.text)
        rows = rows.filter(search=query) if query is not None else rows.none()
    if filters.theme:
        rows = rows.filter(theme__key=filters.theme)
    if filters.source:
        rows = rows.filter(source=filters.source)
    if filters.mine:
        rows = rows.filter(owner_id=getattr(person, "pk", None))
    if filters.organisation:
        named = PositionAddressee.objects.filter(
            organisation__key=filters.organisation, ended_at__isnull=True
        )
        rows = rows.filter(pk__in=named.values("position_id"))
    if filters.silent:
        said = Stance.objects.filter(ended_at__isnull=True).filter(
            Q(member__code=filters.silent) | Q(network__key=filters.silent)
        )
        rows = rows.exclude(pk__in=said.values("position_id"))
    return rows.select_related("theme").only(*_LISTED)


@dataclass
class PositionLine:
    """A position as a list shows it; the figures of stances are for insiders."""

    position: Position
    addressees: list[Organisation] = field(default_factory=list)
    carried: int = 0
    networks: int = 0
    other: int = 0

    @property
    def tone(self) -> str:
        """The tone of the state's badge."""
        return TONES[PositionState(self.position.state)]


def lines_of(positions: Iterable[Position], standing: Standing) -> list[PositionLine]:
    """Positions as lines of a list; two queries, one for who is no insider."""
    lines = {row.pk: PositionLine(row) for row in positions}
    named = PositionAddressee.objects.filter(position__in=lines, ended_at__isnull=True)
    organisations = ("organisation__names", "organisation__abbreviation")
    for row in named.select_related("organisation").only("position_id", *organisations).order_by("pk"):
        lines[row.position_id].addressees.append(row.organisation)
    if standing.is_insider:
        counted = (
            Stance.objects.filter(position__in=lines, ended_at__isnull=True)
            .values("position_id", "kind")
            .annotate(members=Count("member"), networks=Count("network"))
        )
        for count in counted:
            line = lines[count["position_id"]]
            if count["kind"] in CARRYING:
                line.carried += count["members"]
                line.networks += count["networks"]
            elif count["kind"] == StanceKind.OTHER:
                line.other += count["members"] + count["networks"]
    return list(lines.values())


# --- a page ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class StanceLine:
    """A stance as a page shows it."""

    stance: Stance
    earlier: list[Stance] = field(default_factory=list)  # of the same party, newest first

    @property
    def who(self) -> Member | Network:
        """The member or network."""
        party = self.stance.member or self.stance.network
        assert party is not None  # the database sees to it
        return party

    @property
    def tone(self) -> str:
        """The tone of its badge."""
        return STANCE_TONES[StanceKind(self.stance.kind)]

    @property
    def presses(self) -> bool:
        """Whether everybody should see it at once: another line, a red line, or a declared right to differ."""
        return self.stance.kind == StanceKind.OTHER or bool(self.stance.red_line) or self.stance.differs


@dataclass(frozen=True)
class PositionPage:
    """A position with all that its page shows, as far as the reader may see it."""

    position: Position
    addressees: list[Organisation]
    networks: list[StanceLine]
    members: list[StanceLine]
    mine: list[tuple[Member | Network, Stance | None]]
    contacts: list[Relation]
    hidden: int  # contacts that this insider may not see
    alignments: list[Alignment]

    @property
    def counts(self) -> list[tuple[str, str, int, int]]:
        """(kind in words, tone, members, networks) of each kind of stance."""
        return [
            (
                str(kind.label),
                STANCE_TONES[kind],
                sum(line.stance.kind == kind for line in self.members),
                sum(line.stance.kind == kind for line in self.networks),
            )
            for kind in StanceKind
        ]

    @property
    def pressing(self) -> list[StanceLine]:
        """Members whose stance everybody should see at once."""
        return [line for line in self.members if line.presses]

    @property
    def others(self) -> list[tuple[str, list[StanceLine]]]:
        """The other members by the kind of their stance, in words; kinds without any are left out."""
        groups = [
            (
                str(kind.label),
                [line for line in self.members if line.stance.kind == kind and not line.presses],
            )
            for kind in StanceKind
        ]
        return [(words, lines) for words, lines in groups if lines]


def position_page(position: Position, person: Any) -> PositionPage:
    """Everything on the page of a position the reader may see; ten queries at most, whatever there is."""
    standing, person_id = standing_of(person), getattr(person, "pk", None)
    named = position.addressees.filter(ended_at__isnull=True).select_related("organisation")
    named = named.only("position_id", "organisation__names").order_by("pk")
    stances = _stances(position) if standing.is_insider else []
    spoken = _spoken_about(position, standing, person_id)
    return PositionPage(
        position=position,
        addressees=[row.organisation for row in named],
        networks=[line for line in stances if line.stance.network_id],
        members=[line for line in stances if line.stance.member_id],
        mine=_mine(stances, standing) if position.state == PositionState.ACTIVE else [],
        contacts=spoken.contacts,
        hidden=spoken.hidden,
        alignments=spoken.alignments,
    )


class _Spoken(NamedTuple):
    contacts: list[Relation]
    hidden: int
    alignments: list[Alignment]


def _spoken_about(position: Position, standing: Standing, person_id: int | None) -> _Spoken:
    """Who spoke about a position, as far as the reader may know of it; four queries, one where nobody did.

    First which contacts there are and which of them may be read, then those that are shown with their names: as one
    query, the database takes longer to plan it than to answer.
    """
    every = Relation.objects.filter(position=position).order_by("-contact__on", "-pk")
    related = list(every.values_list("pk", "contact_id", "kind", "ended_at"))
    if not related:
        return _Spoken([], 0, [])
    present = [(pk, contact, kind) for pk, contact, kind, ended_at in related if ended_at is None]
    contacts = Contact.objects.visible_to(standing, person_id)
    ids = frozenset(contact for _pk, contact, _kind in present)
    readable = set(contacts.filter(pk__among=ids).values_list("pk", flat=True))
    shown = [
        pk
        for pk, contact, kind in present
        if contact in readable and (standing.is_insider or kind != RelationKind.DEPARTS)
    ]
    relations = _with_contact(every.filter(pk__in=shown[:CONTACTS]))
    if not standing.is_insider:
        return _Spoken(list(relations), 0, [])
    alignments = Alignment.objects.visible_to(standing, person_id).filter(relation__position=position)
    return _Spoken(
        list(relations),
        sum(contact not in readable for _pk, contact, _kind in present),
        list(alignments.only("kind", "title", "summary", "state").order_by("-created_at", "-pk")[:CONTACTS]),
    )


def _with_contact(relations: QuerySet[Relation]) -> QuerySet[Relation]:
    """Relations with what the page of a position tells of their contacts."""
    parties = ("contact__organisation__names", "contact__network__names", "contact__owner_member__name")
    rows = relations.select_related("contact__organisation", "contact__network", "contact__owner_member")
    return rows.only("kind", "contact__title", "contact__on", *parties)


def _stances(position: Position) -> list[StanceLine]:
    """What holds now, each with what the same party said before, in the order of their names; one query."""
    rows = position.stances.select_related("member", "network").order_by("-created_at", "-pk")
    rows = rows.only(
        *("position_id", "kind", "remark", "red_line", "differs", "created_at", "ended_at"),
        *("member__name", "member__sort_key", "network__names"),
    )
    earlier: dict[tuple[int | None, int | None], list[Stance]] = defaultdict(list)
    now: dict[tuple[int | None, int | None], Stance] = {}
    for row in rows:
        key = (row.member_id, row.network_id)
        if row.ended_at is None:
            now[key] = row
        else:
            earlier[key].append(row)
    lines = [StanceLine(row, earlier[key]) for key, row in now.items()]
    return sorted(lines, key=lambda line: getattr(line.who, "sort_key", "") or line.who.name.casefold())


def _mine(stances: list[StanceLine], standing: Standing) -> list[tuple[Member | Network, Stance | None]]:
    """The members and networks that the reader says it for, with how they stand; two queries at most."""
    said = {(line.stance.member_id, line.stance.network_id): line.stance for line in stances}
    return [
        (
            party,
            said.get((party.pk, None) if isinstance(party, Member) else (None, party.pk)),
        )
        for party in bound_by(standing)
    ]


def bound_by(standing: Standing) -> list[Member | Network]:
    """The members and networks whose stance somebody says; two queries at most."""
    found: list[Member | Network] = []
    if standing.votes_for:
        found += Member.objects.on(timezone.localdate()).filter(pk__in=standing.votes_for)
    if standing.networks and "network" in standing.powers:
        found += Network.objects.filter(pk__in=standing.networks)
    return found


# --- on another item's page ------------------------------------------------------------------------------------
def positions_about(item: Any, person: Any, limit: int = 5) -> list[Position]:
    """Positions that hold and that follow from an item, and else those of its theme; one query."""
    rows = readable_positions(person).filter(state=PositionState.ACTIVE)
    about = Q(source_item=item.pk)
    if item.theme_id:
        about |= Q(theme=item.theme_id)
    return list(rows.filter(about).only("title", "summary").order_by("-taken_on", "-pk")[:limit])


def exported(rows: QuerySet[Position], standing: Standing) -> Iterator[PositionLine]:
    """The positions of a list with what a file shows of them; three queries."""
    whole = rows.select_related("theme", "source_body", "owner").defer(None).defer("search", "body")
    yield from lines_of(list(whole.order_by("theme__order", "-taken_on", "pk")[:EXPORTED]), standing)


def holding_on(rows: QuerySet[Position], day: date) -> QuerySet[Position]:
    """Those that held on a day."""
    taken = rows.exclude(state=PositionState.DRAFT).filter(taken_on__lte=day)
    return taken.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))
