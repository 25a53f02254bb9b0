"""Reading challenges and what hangs under them; each function has a fixed number of queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Greatest
from django.utils import timezone

from omkering.agenda.models import Challenge, ChallengeState, Conflict, ConflictState, Placement
from omkering.agenda.queries.couplings import Coupled, conflicts_of, coupled_with, present_couplings
from omkering.thread import kinds
from omkering.thread.chain import downstream_ids
from omkering.thread.models import Item
from omkering.ui.paging import Page, paginate
from omkering.who.standing import standing_of

# Kinds that have a place of their own on the page; the index `thread_item_hanging` leaves out the same.
APART = ("challenge", "conflict")
DEBTS_SHOWN = 5
SORTED = 10_000  # items that are found and sorted for the newest of them; among more these are soon met
# Columns of an item that a list shows; a query for all of them takes twice as long to make and to read.
LISTED = ("kind", "title", "state", "created_at", "due_at", "example", "owner_member__name")


def readable(person: Any) -> QuerySet[Item]:
    """The items that somebody may read, for lists."""
    rows = Item.objects.visible_to(standing_of(person), getattr(person, "pk", None))
    return rows.select_related("owner_member").only(*LISTED)


def challenges_in(state: ChallengeState) -> QuerySet[Challenge]:
    """The challenges in this state. By their kind too, so that the index on both finds them: by the state alone the
    database may walk all items (220 ms among 170,000).
    """
    return Challenge.objects.filter(kind="challenge", state=state)


def active_challenges() -> QuerySet[Challenge]:
    """The challenges on the agenda, in the order of the agenda."""
    rows = challenges_in(ChallengeState.ACTIVE).defer("body", "search")
    return rows.order_by("position", "pk")


def listed(*, closed: bool = False, body: str = "") -> QuerySet[Challenge]:
    """The challenges of the list: on the agenda or off it, of one body, with `conflicted`: aims that pull apart."""
    state = ChallengeState.CLOSED if closed else ChallengeState.ACTIVE
    pulling = Placement.objects.filter(
        challenge=OuterRef("pk"),
        ended_at__isnull=True,
        item__kind="conflict",
        item__state=ConflictState.OPEN,
    )
    rows = challenges_in(state).annotate(conflicted=Exists(pulling))
    if body:
        rows = rows.filter(owner_body__key=body)
    return rows.select_related("owner_body", "main_theme").defer("body", "search")


def counts_of(challenges: list[Challenge], person: Any) -> dict[int, int]:
    """Challenge id → how many readable items hang under it, by its theme or because they were put there.

    At most three queries.
    """
    ids = [challenge.pk for challenge in challenges]
    of_theme = {row.main_theme_id: row.pk for row in challenges if row.main_theme_id}
    standing, person_id = standing_of(person), getattr(person, "pk", None)
    items = Item.objects.exclude(kind__in=APART)
    found = dict.fromkeys(ids, 0)
    for part in items.filter(theme__in=of_theme).visible_in_parts(standing, person_id):
        for theme, number in part.order_by().values_list("theme_id").annotate(number=Count("*")):
            found[of_theme[theme]] += number
    readable_items = items.visible_to(standing, person_id)
    placed = Placement.objects.filter(challenge__in=ids, ended_at__isnull=True, item__in=readable_items)
    grouped = placed.order_by().values_list("challenge_id", "item__theme_id").annotate(number=Count("pk"))
    for challenge, theme, number in grouped:
        if of_theme.get(theme) != challenge:  # else counted by its theme already
            found[challenge] += number
    return found


@dataclass(frozen=True)
class KindCount:
    """How many items of a kind hang under a challenge, or came in for a body; how many are past their term."""

    key: str
    plural: str
    number: int
    late: int


@dataclass(frozen=True)
class Hanging:
    """Items by kind, with one page of them, newest first."""

    kinds: list[KindCount]
    kind: str  # the kind that is shown; "" for all
    page: Page[Item]

    @property
    def total(self) -> int:
        """All of them together."""
        return sum(row.number for row in self.kinds)

    @property
    def late(self) -> int:
        """How many are past their term without an answer."""
        return sum(row.late for row in self.kinds)


@dataclass(frozen=True)
class Under:
    """Items of some themes, and others beside them: what hangs under a challenge, or came in for a body."""

    readable: QuerySet[Item]
    themes: list[int]
    others: Q

    @property
    def rows(self) -> QuerySet[Item]:
        """All of them."""
        return self.readable.filter(Q(theme_id__in=self.themes) | self.others)

    @property
    def parts(self) -> tuple[QuerySet[Item], QuerySet[Item]]:
        """Those of the themes, which are counted from an index alone, and the others."""
        others = self.readable.filter(self.others).exclude(theme_id__in=self.themes)
        return self.readable.filter(theme_id__in=self.themes), others


def by_kind(under: Under, query: Mapping[str, str]) -> Hanging:
    """Items counted by kind, and a page of them: of the kind in the address, or of all; three queries."""
    late = Q(due_at__lt=timezone.now(), answered_at__isnull=True)
    found: dict[str, tuple[int, int]] = {}
    for rows in under.parts:
        counted = rows.order_by().values("kind").annotate(number=Count("pk"), late=Count("pk", filter=late))
        for key, number, overdue in counted.values_list("kind", "number", "late"):
            before = found.get(key, (0, 0))
            found[key] = (before[0] + number, before[1] + overdue)
    order = [kind.key for kind in kinds.all_kinds()]
    known = [KindCount(key, str(kinds.get(key).plural), *found[key]) for key in order if key in found]
    kind = query.get("kind", "")
    if kind not in order:
        kind = ""
    shown = under.rows.filter(kind=kind) if kind else under.rows.filter(kind__in=order)
    newest = "created_at"
    if sum(row.number for row in known if kind in ("", row.key)) <= SORTED:
        # The same value, but of no index: so the database takes what hangs here and sorts it, where it would walk
        # through all items there are, the newest first, for the few that hang here.
        newest, shown = "at", shown.annotate(at=Greatest("created_at", "created_at"))
    return Hanging(known, kind, paginate(shown, query, order=[f"-{newest}", "-pk"]))


@dataclass(frozen=True)
class ChallengePage:
    """A challenge with all that its page shows, as far as the reader may see it."""

    challenge: Challenge
    hanging: Hanging
    placements: dict[int, int]  # item id → the placement by which it hangs here
    coupled: list[Coupled]
    conflicts: list[Conflict]
    debts: list[Item]  # the longest overdue


def challenge_page(challenge: Challenge, person: Any, query: Mapping[str, str]) -> ChallengePage:
    """Everything on a challenge's page, with one page of what hangs under it; eight queries."""
    placements = dict(
        Placement.objects.filter(challenge=challenge, ended_at__isnull=True).values_list("item_id", "pk")
    )
    under = hanging_under(challenge, person, list(placements))
    return ChallengePage(
        challenge=challenge,
        hanging=by_kind(under, query),
        placements=placements,
        coupled=coupled_with([challenge], present_couplings([challenge.pk])),
        conflicts=conflicts_of([challenge.pk]),
        debts=list(under.rows.debts().order_by("due_at", "pk")[:DEBTS_SHOWN]),  # type: ignore[attr-defined]
    )


def hanging_under(challenge: Challenge, person: Any, placed: list[int]) -> Under:
    """What hangs under a challenge: of its theme, put there (`placed`), or followed from what was put there.

    One query now, and more when it is read.
    """
    themes = [challenge.main_theme_id] if challenge.main_theme_id else []
    others = Q(pk__among=frozenset([*placed, *downstream_ids(placed)]))
    return Under(readable(person).exclude(kind__in=APART), themes, others)


# --- conflicts of aims -------------------------------------------------------------------------------------
def listed_conflicts(*, solved: bool = False) -> QuerySet[Conflict]:
    """Conflicts of aims with their parties, for lists."""
    state = ConflictState.SOLVED if solved else ConflictState.OPEN
    rows = Conflict.objects.filter(kind="conflict", state=state).select_related("first_party", "second_party")
    return rows.defer("body", "search")


def challenges_of(item: Item) -> list[Placement]:
    """The challenges an item was put under, each by its placement; one query."""
    rows = Placement.objects.filter(item_id=item.pk, ended_at__isnull=True).select_related("challenge")
    rows = rows.only("item_id", "challenge__kind", "challenge__title", "challenge__state")
    return list(rows.order_by("challenge__position", "pk"))
