"""Reading dossiers: what one may read, what requirements are read from, and the board; a fixed number of queries."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

from django.db.models import Count, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Value, Window
from django.db.models.expressions import Case, When
from django.db.models.functions import RowNumber
from django.utils import timezone

from omkering.agenda.cooperation import Facts, Way, columns, find_way, step_words, ways
from omkering.agenda.models import (
    Challenge,
    Condition,
    ConditionState,
    Dossier,
    DossierDocument,
    DossierState,
    DossierStep,
    Participation,
    Party,
    Placement,
)
from omkering.thread.chain import upstream_ids
from omkering.thread.models import Follow, Item
from omkering.thread.search import search_query
from omkering.ui.paging import Page, paginate
from omkering.who.models import Body
from omkering.who.standing import standing_of

DEBT, NEWEST = "debt", "newest"
IN_COLUMN = 4  # dossiers shown in one column of the board; the others are a click away
LATER = datetime(9999, 1, 1, tzinfo=UTC)  # of what falls due on no day
ORDERS: Mapping[str, tuple[str, ...]] = {
    DEBT: ("owed_at", "-changed_at", "-pk"),
    NEWEST: ("-changed_at", "-pk"),
}
ANSWERED = (ConditionState.AGREED, ConditionState.PARTLY, ConditionState.REFUSED)
_ON_CARD = (
    *("title", "summary", "state", "example", "model", "route", "step"),
    *("due_at", "answered_at"),
)
_LONG = ("body", "search", "solution", "asks", "result")


def readable_dossiers(person: Any) -> QuerySet[Dossier]:
    """Dossiers that `person` may read. By their kind too, so that the index on it finds them."""
    rows = Dossier.objects.filter(kind="dossier")
    return rows.visible_to(standing_of(person), getattr(person, "pk", None))


def facts_of(dossier: Dossier) -> Facts:
    """What the requirements of steps are read from, as it is now; six queries."""
    conditions = Condition.objects.filter(dossier=dossier).order_by()
    pilots = Participation.objects.filter(
        dossier=dossier, part=Participation.Part.PILOT, ended_at__isnull=True
    )
    return facts_from(
        dossier,
        answers=conditions.values_list("answer", flat=True),
        pilots=pilots.values_list("under_way_since", flat=True),
        parties=Party.objects.filter(dossier=dossier, ended_at__isnull=True).count(),
        documents=DossierDocument.objects.filter(dossier=dossier, withdrawn_at__isnull=True).count(),
    )


def facts_from(
    dossier: Dossier, *, answers: Iterable[str], pilots: Iterable[date | None], parties: int, documents: int
) -> Facts:
    """The same where the page has read most of it: the state of each condition, since when each pilot is under way,
    and how many parties and documents there are; at most two queries.
    """
    states = Counter(answers)
    del states[ConditionState.WITHDRAWN.value]
    since, today = list(pilots), timezone.localdate()
    before = upstream_ids([dossier.pk])
    return Facts(
        owner=bool(dossier.owner_id or dossier.owner_body_id),
        signals=Item.objects.filter(pk__among=frozenset(before), kind="signal").count() if before else 0,
        pilots=len(since),
        pilots_running=sum(day is not None and day <= today for day in since),
        solution=bool(dossier.solution.strip()),
        conditions=states.total(),
        conditions_waiting=states[ConditionState.ASKED],
        conditions_answered=sum(states[state] for state in ANSWERED),
        parties=parties,
        documents=documents,
        result=bool(dossier.result.strip()),
    )


# --- the board ---------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class BoardFilter:
    """What somebody wants to see of the board; routes, bodies, themes and challenges by their keys."""

    text: str = ""
    way: str = ""  # "model" or "model:route"
    step: str = ""
    body: str = ""
    challenge: str = ""
    theme: str = ""
    late: bool = False
    closed: bool = False  # also those that are closed
    sort: str = DEBT


@dataclass(frozen=True)
class Card:
    """A dossier on the board."""

    dossier: Dossier
    stay: DossierStep | None  # its present step
    members: int
    pilots: int
    late: bool

    @property
    def way(self) -> str:
        """Its model and route in words."""
        found = find_way(self.dossier.model, self.dossier.route)
        return found.name if found else self.dossier.model

    @property
    def step(self) -> str:
        """Its step in words."""
        return step_words(self.dossier.model, self.dossier.route, self.dossier.step)

    @property
    def owner(self) -> str:
        """Who owns the present step."""
        return owner_words(self.stay)


@dataclass
class Column:
    """A step of the board: how many dossiers are at it, how many of them are late, and the first of them."""

    key: str
    name: str
    count: int = 0
    late: int = 0
    cards: list[Card] = field(default_factory=list)

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.cards)


def owner_words(stay: DossierStep | None) -> str:
    """Who owns a step: the person, with the body where both are named."""
    if stay is None:
        return ""
    return ", ".join(str(owner) for owner in (stay.owner_person, stay.owner_body) if owner)


class Board:
    """What `person` sees of the board under these filters."""

    def __init__(self, filters: BoardFilter, person: Any) -> None:
        self.filters, self.person = filters, person
        self.now = timezone.now()

    def rows(self) -> QuerySet[Dossier]:
        """The dossiers that fit, whatever their step, in no order."""
        filters = self.filters
        rows = readable_dossiers(self.person)
        if not filters.closed and not filters.step:
            rows = rows.filter(state=DossierState.OPEN)
        if filters.way:
            model, _, route = filters.way.partition(":")
            rows = rows.filter(model=model, **({"route": route} if route else {}))
        if filters.body:
            rows = rows.filter(owner_body__in=list(Body.objects.filter(key=filters.body)))
        if filters.theme:
            rows = rows.filter(theme__key=filters.theme)
        if filters.challenge:
            rows = rows.filter(_under(filters.challenge))
        if filters.late:
            rows = rows.debts(self.now)  # type: ignore[attr-defined]
        if filters.text:
            query = search_query(filters.text)
            rows = rows.filter(search=query) if query is not None else rows.none()
        return rows

    def ordered(self) -> QuerySet[Dossier]:
        """The dossiers that fit, at the step that is filtered on, with what their order needs."""
        rows = self.rows()
        if self.filters.step:
            rows = rows.filter(step=self.filters.step)
        return _with_owed(rows).order_by(*self.order)

    @property
    def order(self) -> tuple[str, ...]:
        """The columns of the order."""
        return ORDERS.get(self.filters.sort, ORDERS[DEBT])

    @cached_property
    def columns(self) -> list[Column]:
        """The steps with their counts, and the first dossiers of each; five queries.

        Without a choice of model only the steps at which there is a dossier.
        """
        late = Q(due_at__lt=self.now, answered_at__isnull=True)
        counted = {
            step: (number, overdue)
            for step, number, overdue in self.rows()
            .order_by()
            .values("step")
            .annotate(number=Count("pk"), overdue=Count("pk", filter=late))
            .values_list("step", "number", "overdue")
        }
        names = columns(self._ways())
        for step in counted:
            names.setdefault(step, step)
        place = Window(RowNumber(), partition_by=F("step"), order_by=list(self._order_expressions()))
        first = _with_owed(self.rows()).annotate(place=place).filter(place__lte=IN_COLUMN)
        ids = [pk for pk, _place in sorted(first.values_list("pk", "place"), key=lambda pair: pair[1])]
        cards: dict[str, list[Card]] = {}
        for card in self.cards(ids):
            cards.setdefault(card.dossier.step, []).append(card)
        return [
            Column(key, name, *counted.get(key, (0, 0)), cards=cards.get(key, []))
            for key, name in names.items()
            if key in counted or (self.filters.way and (key != "closed" or self.filters.closed))
        ]

    def _ways(self) -> list[Way]:
        wanted = self.filters.way
        return [way for way in ways() if not wanted or wanted in (way.key, way.model.key)]

    def _order_expressions(self) -> Iterable[Any]:
        for name in self.order:
            yield F(name.lstrip("-")).desc() if name.startswith("-") else F(name).asc()

    def page(self, query: Mapping[str, str]) -> tuple[Page[Dossier], list[Card]]:
        """One page of the list; four queries."""
        page = paginate(self.ordered().defer(*_LONG), query, order=self.order)
        return page, self.cards([row.pk for row in page.rows])

    def cards(self, ids: list[int], *, whole: bool = False) -> list[Card]:
        """These dossiers in this order, with their step and the members that take part; three queries."""
        return cards_of(ids, self.now, whole=whole)


def cards_of(ids: list[int], now: datetime, *, whole: bool = False) -> list[Card]:
    """These dossiers in this order, with their step and the members that take part; three queries.

    With what a card on a page shows of them; `whole`: also their theme and body, for who takes them along.
    """
    dossiers = Dossier.objects.filter(pk__among=frozenset(ids))
    present = DossierStep.objects.filter(dossier__among=frozenset(ids), ended_at__isnull=True)
    present = present.select_related("owner_person", "owner_body")
    if whole:
        dossiers = dossiers.select_related("theme", "owner_body").defer(*_LONG)
    else:
        dossiers = dossiers.only(*_ON_CARD)
        present = present.only("dossier_id", "due_on", "owner_person__name", "owner_body__names")
    found = {dossier.pk: dossier for dossier in dossiers}
    stays = {stay.dossier_id: stay for stay in present}
    members = {
        dossier: (total, pilots)
        for dossier, total, pilots in Participation.objects.filter(
            dossier__among=frozenset(ids), ended_at__isnull=True
        )
        .order_by()
        .values("dossier")
        .annotate(total=Count("pk"), pilots=Count("pk", filter=Q(part=Participation.Part.PILOT)))
        .values_list("dossier", "total", "pilots")
    }
    return [
        Card(
            dossier=found[pk],
            stay=stays.get(pk),
            members=members.get(pk, (0, 0))[0],
            pilots=members.get(pk, (0, 0))[1],
            late=is_late(found[pk], now),
        )
        for pk in ids
        if pk in found
    ]


def is_late(dossier: Dossier, now: datetime) -> bool:
    """Whether its step is past its term."""
    return dossier.due_at is not None and dossier.due_at < now and dossier.answered_at is None


def _with_owed(rows: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """With the moment by which something is owed; what is owed on no day comes last."""
    owed = Case(
        When(answered_at__isnull=True, due_at__isnull=False, then=F("due_at")),
        default=Value(LATER),
        output_field=DateTimeField(),
    )
    return rows.annotate(owed_at=owed)


def _under(challenge: str) -> Q:
    """Hangs under the challenge with this key: it was put there, or has its theme."""
    found = Challenge.objects.filter(key=challenge)
    placed = Placement.objects.filter(
        item=OuterRef("pk"), ended_at__isnull=True, challenge__in=found.values("pk")
    )
    return Q(Exists(placed)) | Q(theme__in=found.filter(main_theme__isnull=False).values("main_theme"))


# --- one's own ---------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Mine:
    """The open dossiers that are somebody's own, newest change first, by why they are."""

    owned: list[Card]
    of_member: list[Card]
    followed: list[Card]


def my_dossiers(person: Any, most: int = 50) -> Mine:
    """Dossiers that one owns (or whose step one owns), in which one's member takes part, and that one follows.

    Each stands in the first group that fits; seven queries.
    """
    standing, now = standing_of(person), timezone.now()
    rows = _with_owed(readable_dossiers(person).filter(state=DossierState.OPEN)).order_by(*ORDERS[DEBT])
    own_step = DossierStep.objects.filter(dossier=OuterRef("pk"), ended_at__isnull=True, owner_person=person)
    owned = rows.filter(Q(owner=person) | Q(Exists(own_step)))
    part = Participation.objects.filter(
        Q(member__in=standing.members) | Q(member__successor__in=standing.members),
        dossier=OuterRef("pk"),
        ended_at__isnull=True,
    )
    followed = rows.filter(Exists(Follow.objects.filter(person=person, item=OuterRef("pk"))))
    groups: list[list[int]] = []
    seen: set[int] = set()
    for query in (owned, rows.filter(Exists(part)), followed):
        ids = [pk for pk in query.values_list("pk", flat=True)[: most * 2] if pk not in seen][:most]
        seen.update(ids)
        groups.append(ids)
    cards = {card.dossier.pk: card for card in cards_of([pk for group in groups for pk in group], now)}
    return Mine(*([cards[pk] for pk in group if pk in cards] for group in groups))
