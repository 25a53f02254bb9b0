"""The monitor over all dossiers: what was asked of whom, what they answered, what is late and what was met.

The figures are one GROUP BY over a narrow index of conditions; the rows of one page are found first and read after
that. Everything is asked of the dossiers that the reader may see. Late is counted on the reference day, with the
answers as they are known now.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from operator import attrgetter
from typing import Any

from django.db.models import Count, DateField, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from omkering.agenda.models import (
    Challenge,
    Condition,
    ConditionAnswer,
    ConditionKind,
    ConditionState,
    Fulfilment,
    Placement,
)
from omkering.agenda.queries.conditions import (
    ConditionLine,
    lines_of,
    listed,
    readable_dossiers,
    signals_behind,
)
from omkering.thread.lookups import Among, ids_of
from omkering.thread.models import Item
from omkering.thread.search import search_query
from omkering.ui.paging import Page, paginate
from omkering.who.models import Organisation
from omkering.who.standing import standing_of

EXPORTED = 50_000  # rows of one export
_CHUNK = 1_000
FAR = date(9999, 12, 31)  # stands for "no day" in an order
# What counts when no state is asked for: what was asked and not withdrawn.
ASKED_STATES = (ConditionState.ASKED, ConditionState.AGREED, ConditionState.PARTLY, ConditionState.REFUSED)

DUE, PROMISED, NEWEST = "due", "promised", "newest"
ORDERS: Mapping[str, tuple[str, ...]] = {
    DUE: ("due_key", "pk"),
    PROMISED: ("promised_key", "pk"),
    NEWEST: ("-pk",),
}


@dataclass(frozen=True)
class MonitorFilter:
    """What somebody wants to see of the monitor; keys as in the association folder."""

    text: str = ""
    organisation: str = ""
    organisation_kind: str = ""
    condition_kind: str = ""
    state: str = ""
    met: str = ""  # "yes", "no", "unknown" or "" for all
    late: bool = False
    model: str = ""  # of co-operation, of the dossier
    challenge: str = ""
    theme: str = ""
    mine: bool = False  # in the dossiers the reader owns
    sort: str = ""


@dataclass(frozen=True)
class Figures:
    """How many conditions there are, by how they stand. Late and met overlap with the answers."""

    total: int = 0
    agreed: int = 0
    partly: int = 0
    refused: int = 0
    none: int = 0  # asked, without an answer
    late: int = 0
    late_answers: int = 0  # of those that are late: no answer in time; the others were promised
    met: int = 0
    not_met: int = 0

    @property
    def late_promises(self) -> int:
        """How many promises are past their day and not met."""
        return self.late - self.late_answers

    def __add__(self, other: "Figures") -> "Figures":
        return summed((self, other))


FIGURES = tuple(field.name for field in fields(Figures))
_counts = attrgetter(*FIGURES)


def summed(figures: Iterable[Figures]) -> Figures:
    """All of them together."""
    return Figures(*map(sum, zip(*map(_counts, figures), strict=True)))


@dataclass(frozen=True)
class Party:
    """An organisation and its figures, in all and by kind of condition."""

    organisation: Organisation
    figures: Figures
    by_kind: dict[str, Figures]


class Monitor:
    """What `person` sees of the conditions under these filters, on the reference day `on`."""

    def __init__(self, filters: MonitorFilter, person: Any, on: date) -> None:
        self.filters, self.on = filters, on
        self.standing, self.person_id = standing_of(person), getattr(person, "pk", None)

    def rows(self) -> QuerySet[Condition]:
        """The conditions that fit, in no order."""
        filters = self.filters
        states = [filters.state] if filters.state else ASKED_STATES
        rows: QuerySet[Condition] = Condition.objects.filter(answer__in=states)
        if filters.organisation:
            rows = rows.filter(organisation__key=filters.organisation)
        if filters.organisation_kind:
            rows = rows.filter(organisation__kind=filters.organisation_kind)
        if filters.condition_kind:
            rows = rows.filter(condition_kind=filters.condition_kind)
        if filters.met:
            rows = rows.filter(met={"yes": True, "no": False}.get(filters.met))
        if filters.late:
            rows = rows.filter(owed_on__isnull=False, owed_on__lt=self.on)
        if filters.text:
            rows = self._with_words(rows)
        return self._of_dossiers(rows)

    def _with_words(self, rows: QuerySet[Condition]) -> QuerySet[Condition]:
        query = search_query(self.filters.text)
        if query is None:
            return rows.none()
        found = Item.objects.filter(kind="condition", search=query).order_by()
        return rows.filter(item_ptr__in=found.values("pk"))

    def _of_dossiers(self, rows: QuerySet[Condition]) -> QuerySet[Condition]:
        """Those of dossiers that the reader may see and that fit."""
        # As an expression: as `dossier__among` Django would look at each of some thousand ids by itself.
        return rows if self._dossiers is None else rows.filter(Among(F("dossier_id"), self._dossiers))

    @cached_property
    def _dossiers(self) -> frozenset[int] | None:
        """Ids of the dossiers that the reader may see and that fit, None where that is all of them; one query.

        Read once and given to each query after it, which then need not join them to count forty thousand rows.
        By their kind too, so that the index on it finds them.
        """
        filters = self.filters
        dossiers = readable_dossiers(self.standing, self.person_id).filter(kind="dossier")
        narrowed = not self.standing.is_bureau
        if filters.model:
            dossiers, narrowed = dossiers.filter(model=filters.model), True
        if filters.theme:
            dossiers, narrowed = dossiers.filter(theme__key=filters.theme), True
        if filters.challenge:
            dossiers, narrowed = dossiers.filter(_under(filters.challenge)), True
        if filters.mine:
            dossiers, narrowed = dossiers.filter(owner_id=self.person_id), True
        return ids_of(dossiers) if narrowed else None

    # --- figures -------------------------------------------------------------------------------------------
    @cached_property
    def cells(self) -> dict[tuple[int, str], Figures]:
        """(organisation id, kind of condition) → figures; one query."""
        late = Q(owed_on__lt=self.on)
        counted = (
            self.rows()
            .order_by()
            .values_list("organisation_id", "condition_kind")
            .annotate(
                total=Count("*"),
                agreed=Count("answer", filter=Q(answer=ConditionState.AGREED)),
                partly=Count("answer", filter=Q(answer=ConditionState.PARTLY)),
                refused=Count("answer", filter=Q(answer=ConditionState.REFUSED)),
                none=Count("answer", filter=Q(answer=ConditionState.ASKED)),
                late=Count("answer", filter=late),
                late_answers=Count("answer", filter=late & Q(answer=ConditionState.ASKED)),
                met_count=Count("answer", filter=Q(met=True)),
                not_met=Count("answer", filter=Q(met=False)),
            )
        )
        return {(row[0], row[1]): Figures(*row[2:]) for row in counted}

    @cached_property
    def total(self) -> Figures:
        """All of them together."""
        return summed(self.cells.values())

    @cached_property
    def by_kind(self) -> dict[str, Figures]:
        """Kind of condition → figures, in the order of the kinds; those that are not there have none."""
        found: dict[str, list[Figures]] = {kind: [] for kind in ConditionKind.values}
        for (_party, kind), figures in self.cells.items():
            found[kind].append(figures)
        return {kind: summed(cells) for kind, cells in found.items()}

    def parties(self, organisations: Mapping[int, Organisation]) -> list[Party]:
        """The organisations with their figures, most conditions first; no query."""
        by_party: dict[int, dict[str, Figures]] = {}
        for (party, kind), figures in self.cells.items():
            by_party.setdefault(party, {})[kind] = figures
        found = [
            Party(organisations[party], summed(by_kind.values()), by_kind)
            for party, by_kind in by_party.items()
        ]
        return sorted(found, key=lambda party: (-party.figures.total, party.organisation.name))

    # --- the list ------------------------------------------------------------------------------------------
    @property
    def order(self) -> str:
        """The order that counts."""
        return self.filters.sort if self.filters.sort in ORDERS else DUE

    def in_order(self) -> QuerySet[Condition]:
        """The conditions that fit, with what their order needs; what is late longest comes first."""
        rows = self.rows()
        far = Value(FAR, DateField())
        if self.order == DUE:
            rows = rows.annotate(due_key=Coalesce("owed_on", far))
        elif self.order == PROMISED:
            rows = rows.annotate(promised_key=Coalesce("promised_on", far))
        return rows.order_by(*ORDERS[self.order])

    def page(self, query: Mapping[str, str]) -> tuple[Page[Condition], list[ConditionLine]]:
        """One page; at most seven queries."""
        page = self._page(query)
        return page, self.lines([row.pk for row in page.rows])

    def _page(self, query: Mapping[str, str]) -> Page[Condition]:
        """The rows of a page; at most two queries."""
        order = ORDERS[self.order]
        if self.order == DUE and not query.get("before"):
            # Those with a day come first, and the index on it gives them in order: most pages end among them.
            owed = self.rows().filter(owed_on__lt=FAR).annotate(due_key=F("owed_on")).only("owed_on")
            page: Page[Condition] = paginate(owed, query, order=order)
            if page.next:
                return page
        return paginate(self.in_order().only("owed_on"), query, order=order)

    def lines(self, ids: list[int]) -> list[ConditionLine]:
        """These conditions as the list shows them, in this order; at most four queries."""
        found = listed(Condition.objects.all()).in_bulk(ids)
        return lines_of([found[pk] for pk in ids if pk in found], self.standing, self.person_id, self.on)

    # --- export --------------------------------------------------------------------------------------------
    def exported(self) -> Iterator["Exported"]:
        """Each condition that fits, whole, in order; read piece by piece, with five queries for each."""
        ids = list(self.in_order().values_list("pk", flat=True)[:EXPORTED])
        rows = Condition.objects.select_related("organisation", "contact", "dossier", "theme")
        rows = rows.defer("search", "body", "dossier__search", "dossier__body")
        for start in range(0, len(ids), _CHUNK):
            piece = ids[start : start + _CHUNK]
            found = rows.in_bulk(piece)
            signals = signals_behind(piece, self.standing, self.person_id)
            # The last one in the order of its days holds, as everywhere.
            answers = {row.condition_id: row for row in _of(ConditionAnswer, piece, "given_on")}
            seen = {row.condition_id: row for row in _of(Fulfilment, piece, "seen_on")}
            for pk in piece:
                if pk in found:
                    number = len(signals.get(pk, ()))
                    yield Exported(found[pk], number, answers.get(pk), seen.get(pk))


@dataclass(frozen=True)
class Exported:
    """A condition as it is taken along: with the number of its signals, and the answer and fulfilment that hold."""

    condition: Condition
    signals: int
    answer: ConditionAnswer | None
    fulfilment: Fulfilment | None


def _of(model: Any, conditions: list[int], day: str) -> QuerySet[Any]:
    return model.objects.filter(condition__in=conditions).order_by(day, "pk")


def _under(challenge: str) -> Q:
    """Dossiers that hang under a challenge: by their theme, or because they were put there."""
    subjects = Challenge.objects.filter(key=challenge).values("main_theme")
    placed = Placement.objects.filter(challenge__key=challenge, ended_at__isnull=True).values("item")
    return Q(theme__in=subjects) | Q(pk__in=placed)
