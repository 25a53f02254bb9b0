"""The board of all signals: its filters, orders and counts, and what is past its term.

All of it is asked of `BoardRow`, the narrow copy of what a signal is found by; the signals themselves are read
for one page only. Counts are exact up to a thousand and stop there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from django.contrib.postgres.search import CombinedSearchQuery
from django.db import connection
from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from omkering.listen.models import BoardRow, Signal, SignalState
from omkering.listen.queries.relevance import page_of, ranked, with_relevance
from omkering.listen.rules_bundles import LIVE
from omkering.thread.lookups import Ids, array_of
from omkering.thread.models import Item, Link, LinkKind, Theme
from omkering.thread.search import search_query
from omkering.ui.paging import Page, paginate
from omkering.who.current import association
from omkering.who.models import Body, DivisionMembership, Member, NetworkMembership
from omkering.who.queries import population_on
from omkering.who.standing import Standing, standing_of

COUNT_LIMIT = 1000  # what is more is "1,000+"
HITS = 5_000  # signals with a word that are counted; there may be more
RANKED = 500  # the newest hits of a search that are put in order of relevance

NEWEST, OLDEST, MEMBERS, DUE, RELEVANCE = "-created", "created", "-members", "due", "relevance"
# Columns of each order; all of them are never null within the rows that the order shows.
ORDERS: Mapping[str, tuple[str, ...]] = {
    NEWEST: ("-created_at", "-pk"),
    OLDEST: ("created_at", "pk"),
    MEMBERS: ("-supporters", "-pk"),
    "members": ("supporters", "pk"),
    DUE: ("due_at", "pk"),
    "-due": ("-due_at", "-pk"),
    RELEVANCE: ("-relevance", "-pk"),
}
# Long texts that a list does not show.
_LONG = ("body", "search", "case", "touches", "helps", "personal_data_reason")


@dataclass(frozen=True)
class BoardFilter:
    """What somebody wants to see of the board. Groups and members are named as in the association folder."""

    text: str = ""
    state: str = ""
    theme: str = ""
    member: str = ""
    province: str = ""
    network: str = ""
    size_class: str = ""
    bundled: str = ""  # "yes", "no" or "" for both
    visibility: str = ""
    since: date | None = None
    until: date | None = None
    late: bool = False  # past the answering term
    mine: bool = False
    sort: str = ""

    @property
    def order(self) -> str:
        """The order that counts: relevance needs words, and is the default with them."""
        wanted = self.sort or (RELEVANCE if self.text else NEWEST)
        return NEWEST if wanted == RELEVANCE and search_query(self.text) is None else wanted


@dataclass
class Line:
    """A signal on the board, and the bundle it is in as far as the reader may see it."""

    signal: Signal
    bundle: Item | None = None


@dataclass(frozen=True)
class Counts:
    """How many signals there are in each state; with `more` these are lower bounds."""

    by_state: dict[str, int]
    more: bool = False

    @property
    def total(self) -> int:
        """All states together."""
        return sum(self.by_state.values())


class Board:
    """What `person` sees of the board under these filters on the reference date `on`.

    A signal counts for a member or group that sent or recognised it. A member that went up in another counts
    with that one.
    """

    def __init__(self, filters: BoardFilter, person: Any, on: date) -> None:
        self.filters, self.person, self.on = filters, person, on

    @cached_property
    def _query(self) -> CombinedSearchQuery | None:
        return search_query(self.filters.text)

    @cached_property
    def _hits(self) -> Ids:
        """Signals that hold the words, up to one more than `HITS`; one query."""
        return array_of(Item.objects.filter(kind="signal", search=self._query), HITS + 1)

    @property
    def _everywhere(self) -> bool:
        """Whether more signals hold the words than are looked at one by one."""
        return len(self._hits) > HITS

    @cached_property
    def _members(self) -> list[int] | None:
        return _members_wanted(self.filters, self.on)

    def rows(self, *, any_state: bool = False, all_hits: bool = True) -> QuerySet[BoardRow]:
        """The signals that fit, in no order; `any_state` leaves the filter on state out.

        Without `all_hits` a word that is everywhere is looked for in `HITS` signals only.
        """
        rows = self._without_words(any_state=any_state)
        if self._query is None:
            return rows
        if all_hits and self._everywhere:
            return rows.filter(signal__in=Item.objects.filter(search=self._query).values("pk"))
        return rows.filter(signal__among=self._hits)

    def _without_words(self, *, any_state: bool = False) -> QuerySet[BoardRow]:
        """The signals that fit all filters but the words."""
        filters, person = self.filters, self.person
        rows = BoardRow.objects.visible_to(standing_of(person), getattr(person, "pk", None))
        if filters.state and not any_state:
            rows = rows.filter(state=filters.state)
        if filters.theme:
            themes = Theme.objects.filter(key=filters.theme).values_list("pk", flat=True)
            rows = rows.filter(theme_id__in=list(themes))
        if filters.visibility:
            rows = rows.filter(visibility=filters.visibility)
        if filters.bundled:
            rows = rows.filter(bundled=filters.bundled == "yes")
        if filters.since:
            rows = rows.filter(created_at__gte=_start_of(filters.since))
        if filters.until:
            rows = rows.filter(created_at__lt=_start_of(filters.until + timedelta(days=1)))
        if filters.late:
            rows = rows.debts()
        if self._members is not None:
            rows = rows.filter(seen_by__overlap=self._members) if self._members else rows.none()
        if filters.mine:
            if not person.is_authenticated:
                return rows.none()
            rows = rows.filter(Q(author_id=person.pk) | Q(recognised_by__contains=[person.pk]))
        return rows

    def in_order(self) -> QuerySet[BoardRow]:
        """The signals that fit, with what their order needs: what waits, or how well each fits the words."""
        order = self.filters.order
        if self._by_relevance:
            return with_relevance(self._ranked).order_by(*ORDERS[order])
        rows = self.rows()
        if order in (DUE, "-due"):
            rows = rows.filter(due_at__isnull=False, answered_at__isnull=True)
        return rows.order_by(*ORDERS[order])

    @property
    def _by_relevance(self) -> bool:
        return self.filters.order == RELEVANCE and self._query is not None

    @cached_property
    def _ranked(self) -> dict[int, int]:
        """Signal id → how well it fits the words, of the newest `RANKED` that fit; one query."""
        if self._everywhere:
            rows, sort_first = self._without_words(), self._members is not None
        else:
            rows, sort_first = self.rows().order_by("-created_at", "-pk")[:RANKED], False
        return ranked(rows, self._query, RANKED, sort_first=sort_first) if self._query is not None else {}

    def page(self, query: Mapping[str, str]) -> tuple[Page[BoardRow], list[Line]]:
        """One page: three queries, and those of the words and groups that are filtered on."""
        if self._by_relevance:
            page = page_of(self._ranked, query)
        else:
            page = paginate(self.in_order(), query, order=ORDERS[self.filters.order])
        return page, self.lines([row.pk for row in page.rows])

    def lines(self, ids: list[int]) -> list[Line]:
        """These signals as the board shows them, in this order; two queries."""
        signals = Signal.objects.select_related("owner_member", "theme").defer(*_LONG).in_bulk(ids)
        bundles = bundles_of(ids, self.person)
        return [Line(signals[pk], bundles.get(pk)) for pk in ids]

    def counts(self) -> Counts:
        """How many signals fit in each state, whatever state is filtered on; one query, and those of `page`.

        Without other filters it counts up to `COUNT_LIMIT` in each state; of a word that is everywhere it
        counts in `HITS` signals.
        """
        rows = self.rows(any_state=True, all_hits=False)
        if replace(self.filters, state="", sort="") == BoardFilter():
            counts = _capped({state: rows.filter(state=state) for state in SignalState.values})
            return Counts(counts, more=any(count > COUNT_LIMIT for count in counts.values()))
        counts = dict(rows.order_by().values_list("state").annotate(Count("pk")))
        return Counts(counts, more=self._query is not None and self._everywhere)


def bundles_of(signals: Iterable[int], person: Any) -> dict[int, Item]:
    """Signal id → the bundle it is in, for a reader who may see that bundle; one query."""
    readable = Item.objects.visible_to(standing_of(person), getattr(person, "pk", None))
    links = Link.objects.filter(
        kind=LinkKind.BUNDLED_IN,
        ended_at__isnull=True,
        downstream__state__in=LIVE,
        upstream__in=list(signals),
        downstream__in=readable,
    )
    return {
        link.upstream_id: link.downstream
        for link in links.select_related("downstream").defer("downstream__body", "downstream__search")
    }


def _capped(parts: Mapping[str, QuerySet[Any]]) -> dict[str, int]:
    """The number of rows of each queryset, counted up to one more than `COUNT_LIMIT`; one query."""
    pieces: list[str] = []
    parameters: list[Any] = []
    for rows in parts.values():
        sql, values = rows.order_by().values("pk")[: COUNT_LIMIT + 1].query.sql_with_params()
        pieces.append(f"(SELECT count(*) FROM ({sql}) AS part)")  # noqa: S608 - made by the ORM
        parameters += values
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(pieces)}", parameters)
        return dict(zip(parts, cursor.fetchone(), strict=True))


# --- what is past its term -----------------------------------------------------------------------------------
@dataclass(frozen=True)
class BodyDebt:
    """How much a body still has to answer past its term; None is the bureau itself."""

    body: Body | None
    count: int
    oldest: datetime


def debts(standing: Standing, person_id: int | None = None, *, body: Body | None = None) -> QuerySet[Item]:
    """Items past their answering term that the reader may see, longest overdue first; those of one body."""
    rows = Item.objects.visible_to(standing, person_id).debts()
    if body is not None:
        rows = rows.filter(owner_body=body)
    return (
        rows.select_related("owner_member", "owner_body", "theme")
        .defer("body", "search")
        .order_by("due_at", "pk")
    )


def debts_per_body(standing: Standing, person_id: int | None = None) -> list[BodyDebt]:
    """How much each body owes, most first; two queries."""
    rows = (
        Item.objects.visible_to(standing, person_id)
        .debts()
        .order_by()
        .values("owner_body")
        .annotate(number=Count("pk"), oldest=Min("due_at"))
    )
    found = list(rows)
    bodies = Body.objects.in_bulk([row["owner_body"] for row in found if row["owner_body"]])
    owed = [BodyDebt(bodies.get(row["owner_body"]), row["number"], row["oldest"]) for row in found]
    return sorted(owed, key=lambda debt: (-debt.count, debt.oldest))


# --- pieces --------------------------------------------------------------------------------------------------
def _members_wanted(filters: BoardFilter, on: date) -> list[int] | None:
    """Ids of the members in every chosen group, with those that went up in them; None without a choice."""
    groups: list[set[int]] = []
    if filters.province:
        groups.append(
            set(
                DivisionMembership.objects.on(on)
                .filter(division__kind=association().main_division, division__code=filters.province)
                .values_list("member_id", flat=True)
            )
        )
    if filters.network:
        groups.append(
            set(
                NetworkMembership.objects.on(on)
                .filter(network__key=filters.network)
                .values_list("member_id", flat=True)
            )
        )
    if filters.size_class:
        folder = association()
        members = Member.objects.on(on).values_list("pk", flat=True)
        groups.append(
            {
                member
                for member, inhabitants in population_on(on, members).items()
                if folder.size_class(inhabitants).key == filters.size_class
            }
        )
    if filters.member:
        groups.append(set(Member.objects.filter(code=filters.member).values_list("pk", flat=True)))
    if not groups:
        return None
    chosen = set.intersection(*groups)
    ended = dict(Member.objects.filter(successor__isnull=False).values_list("pk", "successor_id"))
    for member in ended:
        last = member
        while last in ended and last not in chosen:
            last = ended[last]
        if last in chosen:
            chosen.add(member)
    return sorted(chosen)


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
