"""The board of all signals: its filters, orders and counts, and what is past its term.

Counts are exact up to a thousand and stop there, so that they stay cheap whatever the number of signals.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.contrib.postgres.search import SearchRank
from django.db import connection
from django.db.models import Count, Exists, F, IntegerField, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone

from omkering.listen.models import Recognition, Signal, SignalState
from omkering.listen.rules_bundles import LIVE
from omkering.thread.models import Item, Link, LinkKind
from omkering.thread.search import search_query
from omkering.ui.paging import Page, paginate
from omkering.who.current import association
from omkering.who.models import Body, DivisionMembership, Member, NetworkMembership
from omkering.who.queries import population_on
from omkering.who.standing import Standing, standing_of

COUNT_LIMIT = 1000  # what is more is "1,000+"
RANKED = 2000  # the newest hits of a search that are put in order of relevance

NEWEST, OLDEST, MEMBERS, DUE, RELEVANCE = "-created", "created", "-members", "due", "relevance"
# Columns of each order; all of them are never null within the rows that the order shows.
ORDERS: Mapping[str, tuple[str, ...]] = {
    NEWEST: ("-created_at", "-id"),
    OLDEST: ("created_at", "id"),
    MEMBERS: ("-supporters", "-id"),
    "members": ("supporters", "id"),
    DUE: ("due_at", "id"),
    "-due": ("-due_at", "-id"),
    RELEVANCE: ("-relevance", "-id"),
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
    debts: bool = False
    mine: bool = False
    sort: str = ""

    @property
    def order(self) -> str:
        """The order that counts: relevance needs words, and is the default with them."""
        wanted = self.sort or (RELEVANCE if self.text else NEWEST)
        return NEWEST if wanted == RELEVANCE and search_query(self.text) is None else wanted


def signals_matching(
    filters: BoardFilter, person: Any, on: date, *, any_state: bool = False
) -> QuerySet[Signal]:
    """Signals that fit the filters and that `person` may read; not yet in order.

    Groups are those of the reference date `on`; a member that went up in another counts with that one.
    `any_state` leaves the filter on state out, for counting by state.
    """
    standing = standing_of(person)
    rows = Signal.objects.filter(kind="signal").visible_to(standing, getattr(person, "pk", None))
    if filters.state and not any_state:
        rows = rows.filter(state=filters.state)
    if filters.theme:
        rows = rows.filter(theme__key=filters.theme)
    if filters.member:
        rows = rows.filter(pk__in=_seen_by(Member.objects.filter(code=filters.member).values("pk")))
    members = _members_of_groups(filters, on)
    if members is not None:
        recognised = Recognition.objects.filter(member__in=members, withdrawn_at__isnull=True)
        rows = rows.filter(Q(owner_member__in=members) | Q(pk__in=recognised.values("signal_id")))
    if filters.bundled:
        in_bundle = Exists(_bundle_links().filter(upstream=OuterRef("pk")))
        rows = rows.filter(in_bundle if filters.bundled == "yes" else ~in_bundle)
    if filters.visibility:
        rows = rows.filter(visibility=filters.visibility)
    if filters.since:
        rows = rows.filter(created_at__gte=_start_of(filters.since))
    if filters.until:
        rows = rows.filter(created_at__lt=_start_of(date.fromordinal(filters.until.toordinal() + 1)))
    if filters.debts:
        rows = rows.debts()
    if filters.mine:
        own = Recognition.objects.filter(signal=OuterRef("pk"), person=person, withdrawn_at__isnull=True)
        rows = rows.filter(Q(author=person) | Exists(own)) if person.is_authenticated else rows.none()
    query = search_query(filters.text) if filters.text else None
    if query is not None:
        rows = rows.filter(search=query)
    return rows


def in_order(rows: QuerySet[Signal], filters: BoardFilter) -> QuerySet[Signal]:
    """The rows with what their order needs: what waits for an answer, or how well each fits the words."""
    if filters.order in (DUE, "-due"):
        return rows.filter(due_at__isnull=False, answered_at__isnull=True)
    query = search_query(filters.text)
    if filters.order == RELEVANCE and query is not None:
        newest = rows.order_by("-created_at", "-id").values("pk")[:RANKED]
        # A whole number, so that a page's address can name it exactly.
        rank = Cast(SearchRank(F("search"), query) * 1_000_000, IntegerField())
        return Signal.objects.filter(pk__in=newest).annotate(relevance=rank)
    return rows


@dataclass
class Line:
    """A signal on the board, and the bundle it is in as far as the reader may see it."""

    signal: Signal
    bundle: Item | None = None


def board_page(
    filters: BoardFilter, person: Any, on: date, query: Mapping[str, str]
) -> tuple[Page[Signal], list[Line]]:
    """One page of the board: two queries, and those of the groups that are filtered on."""
    rows = in_order(signals_matching(filters, person, on), filters)
    rows = rows.select_related("owner_member", "theme").defer(*_LONG)
    page = paginate(rows, query, order=ORDERS[filters.order])
    bundles = bundles_of([row.pk for row in page.rows], person)
    return page, [Line(row, bundles.get(row.pk)) for row in page.rows]


def bundles_of(signals: Iterable[int], person: Any) -> dict[int, Item]:
    """Signal id → the bundle it is in, for a reader who may see that bundle; one query."""
    readable = Item.objects.visible_to(standing_of(person), getattr(person, "pk", None))
    links = _bundle_links().filter(upstream__in=list(signals), downstream__in=readable)
    return {
        link.upstream_id: link.downstream
        for link in links.select_related("downstream").defer("downstream__body", "downstream__search")
    }


def counts_by_state(filters: BoardFilter, person: Any, on: date) -> dict[str, int]:
    """State → number of signals that fit the other filters, counted up to one more than `COUNT_LIMIT`."""
    rows = signals_matching(filters, person, on, any_state=True)
    return capped_counts({state: rows.filter(state=state) for state in SignalState.values})


def capped_counts(parts: Mapping[str, QuerySet[Any]]) -> dict[str, int]:
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
        rows.select_related("owner_member", "owner_body", "theme").defer("body", "search").order_by("due_at")
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
def _bundle_links() -> QuerySet[Link]:
    return Link.objects.filter(kind=LinkKind.BUNDLED_IN, ended_at__isnull=True, downstream__state__in=LIVE)


def _seen_by(members: QuerySet[Any]) -> QuerySet[Any]:
    """Ids of the signals that these members sent or recognised, each found by its own index."""
    sent = Item.objects.filter(kind="signal", owner_member__in=members).order_by().values("pk")
    recognised = Recognition.objects.filter(member__in=members, withdrawn_at__isnull=True)
    return sent.union(recognised.order_by().values("signal_id"))


def _members_of_groups(filters: BoardFilter, on: date) -> list[int] | None:
    """Ids of the members in every chosen group, with those that went up in them; None without a group."""
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
