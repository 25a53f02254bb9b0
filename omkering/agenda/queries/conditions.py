"""Reading conditions: those of a dossier, and all that one page shows; each with a fixed number of queries.

Who may read a dossier may read its conditions, so every list here asks for the dossiers that the reader may see.
The monitor over all dossiers stands in `monitor`.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omkering.agenda.models import (
    Condition,
    ConditionAnswer,
    ConditionState,
    Dossier,
    DossierState,
    Fulfilment,
)
from omkering.agenda.promises import days_late, is_late
from omkering.thread.chain import upstream_ids
from omkering.thread.models import Item, Link, LinkKind
from omkering.thread.search import search_query
from omkering.who.standing import Standing, standing_of

REASON_KINDS = ("signal", "bundle")
TONES = {
    ConditionState.DRAFT: "neutral",
    ConditionState.ASKED: "info",
    ConditionState.AGREED: "positive",
    ConditionState.PARTLY: "warning",
    ConditionState.REFUSED: "negative",
    ConditionState.WITHDRAWN: "neutral",
}
# Columns of the dossier and its item that a list needs; the long texts stay where they are.
_LISTED = (
    *(
        "number",
        "condition_kind",
        "answer",
        "asked_on",
        "answer_due",
        "answered_on",
        "promised_on",
        "met",
        "met_on",
    ),
    *("owed_on", "title", "summary", "state", "example", "visibility", "kind", "theme_id"),
    *("organisation__names", "organisation__key", "organisation__kind", "organisation__abbreviation"),
)
_OF_DOSSIER = ("dossier__title", "dossier__kind", "dossier__model", "dossier__state")


@dataclass
class ConditionLine:
    """A condition as a list shows it; `signals` is how many signals of its reason the reader may see."""

    condition: Condition
    on: date
    signals: int = 0

    @property
    def late(self) -> bool:
        """Whether the other party is late on the reference day."""
        return is_late(self.condition.owed_on, self.on)

    @property
    def tone(self) -> str:
        """The tone of the state's badge."""
        return TONES[ConditionState(self.condition.answer)]

    @property
    def met_words(self) -> str:
        """Whether it was met, where that is known."""
        if self.condition.met is None:
            return ""
        return _("Met") if self.condition.met else _("Not met")

    @property
    def met_tone(self) -> str:
        """The tone of that badge."""
        return "positive" if self.condition.met else "negative"

    @cached_property
    def late_words(self) -> str:
        """What is late and how long, as a sentence; "" where nothing is."""
        days = days_late(self.condition.owed_on, self.on)
        if not days:
            return ""
        if self.condition.answer == ConditionState.ASKED:
            return ngettext("Answer %(n)s day late", "Answer %(n)s days late", days) % {"n": days}
        return ngettext("Promise %(n)s day late", "Promise %(n)s days late", days) % {"n": days}


@dataclass(frozen=True)
class ConditionList:
    """The conditions of one dossier, for `agenda/condition_list.html`."""

    dossier: Dossier
    lines: list[ConditionLine]
    may_add: bool
    on: date

    @property
    def late(self) -> int:
        """How many of them are late."""
        return sum(line.late for line in self.lines)

    @property
    def answered(self) -> int:
        """How many of them have an answer."""
        return sum(line.condition.answered_on is not None for line in self.lines)


# --- lists -----------------------------------------------------------------------------------------------------
def readable_dossiers(standing: Standing, person_id: int | None) -> QuerySet[Dossier]:
    """The dossiers that somebody may read."""
    return Dossier.objects.visible_to(standing, person_id)


def readable_conditions(standing: Standing, person_id: int | None) -> QuerySet[Condition]:
    """The conditions of the dossiers that somebody may read."""
    rows: QuerySet[Condition] = Condition.objects.all()
    if standing.is_bureau:
        return rows
    # Of the items alone, and by their kind too: joined to the dossiers each would be looked up by itself.
    dossiers = Item.objects.filter(kind="dossier").visible_to(standing, person_id)
    return rows.filter(dossier__in=dossiers.order_by().values("pk"))


def conditions_of(
    dossier: Dossier, standing: Standing, person_id: int | None = None, on: date | None = None
) -> ConditionList:
    """All conditions of a dossier that the reader may see already, in their order; at most four queries.

    `on` is the reference day for what is late (today when not given).
    """
    on = on or timezone.localdate()
    found = Condition.objects.filter(dossier=dossier).select_related("organisation")
    rows = list(found.only(*_LISTED, "dossier_id").order_by("number"))
    for row in rows:
        row.dossier = dossier
    lines = lines_of(rows, standing, person_id, on) if rows else []
    return ConditionList(dossier, lines, standing.is_bureau and dossier.state == DossierState.OPEN, on)


def listed(rows: QuerySet[Condition]) -> QuerySet[Condition]:
    """The rows with what a list shows of them, their organisation and their dossier."""
    return rows.select_related("organisation", "dossier").only(*_LISTED, *_OF_DOSSIER)


def lines_of(
    conditions: Sequence[Condition], standing: Standing, person_id: int | None, on: date
) -> list[ConditionLine]:
    """The lines of a list, in this order; at most three queries."""
    signals = signals_behind([row.pk for row in conditions], standing, person_id)
    return [ConditionLine(row, on, len(signals.get(row.pk, ()))) for row in conditions]


def signals_behind(
    conditions: Iterable[int], standing: Standing, person_id: int | None
) -> dict[int, set[int]]:
    """Condition id → ids of the signals that are its reason, also through a bundle, as far as the reader may
    see them; at most three queries.
    """
    reasons = Link.objects.filter(
        downstream__in=list(conditions),
        kind=LinkKind.ASKS,
        ended_at__isnull=True,
        upstream__kind__in=REASON_KINDS,
    ).values_list("downstream_id", "upstream_id", "upstream__kind")
    direct: dict[int, set[int]] = defaultdict(set)
    bundles: dict[int, set[int]] = defaultdict(set)
    for condition, item, kind in reasons:
        (bundles if kind == "bundle" else direct)[condition].add(item)
    wanted = set().union(*bundles.values()) if bundles else set()
    within: dict[int, set[int]] = defaultdict(set)
    if wanted:
        links = Link.objects.filter(downstream__in=wanted, kind=LinkKind.BUNDLED_IN, ended_at__isnull=True)
        for bundle, signal in links.values_list("downstream_id", "upstream_id"):
            within[bundle].add(signal)
    found = {
        condition: direct[condition].union(*(within[bundle] for bundle in bundles[condition]))
        for condition in {*direct, *bundles}
    }
    if standing.is_bureau or not found:
        return found
    every = set().union(*found.values())
    readable = Item.objects.filter(pk__in=every, kind="signal").visible_to(standing, person_id)
    may_see = set(readable.values_list("pk", flat=True))
    return {condition: signals & may_see for condition, signals in found.items()}


# --- a page ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Moment:
    """Something that happened to a condition: a day, words, and the row it comes from."""

    on: date
    words: str
    tone: str = "info"
    text: str = ""
    answer: ConditionAnswer | None = None
    fulfilment: Fulfilment | None = None
    holds: bool = False

    @property
    def row(self) -> ConditionAnswer | Fulfilment | None:
        """The answer or fulfilment with its evidence."""
        return self.answer or self.fulfilment


@dataclass(frozen=True)
class Changed:
    """What a condition asked before its text was changed, until when, and why it changed."""

    exactly: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class ConditionPage:
    """A condition with all that its page shows, as far as the reader may see it."""

    line: ConditionLine
    reasons: list[Item]
    hidden: int  # reasons that this reader may not see
    moments: list[Moment]
    changes: list[Changed] = field(default_factory=list)

    @property
    def condition(self) -> Condition:
        """The condition itself."""
        return self.line.condition


def condition_page(condition: Condition, person: Any, on: date) -> ConditionPage:
    """Everything on the page of a condition the reader may see; eight queries, whatever there is."""
    standing, person_id = standing_of(person), getattr(person, "pk", None)
    links = Link.objects.filter(
        downstream=condition, kind=LinkKind.ASKS, ended_at__isnull=True, upstream__kind__in=REASON_KINDS
    )
    ids = list(links.order_by("upstream_id").values_list("upstream_id", flat=True))
    readable = Item.objects.filter(pk__in=ids).visible_to(standing, person_id)
    reasons = list(readable.select_related("owner_member").defer("body", "search").order_by("-kind", "pk"))
    return ConditionPage(
        line=lines_of([condition], standing, person_id, on)[0],
        reasons=reasons,
        hidden=len(ids) - len(reasons),
        moments=_moments(condition),
        changes=_changes(condition),
    )


def _moments(condition: Condition) -> list[Moment]:
    """What happened, in the order of its own days: asked, every answer and fulfilment, withdrawn; two queries."""
    answers = list(condition.answers_given.select_related("document").order_by("given_on", "pk"))
    seen = list(condition.fulfilments.select_related("document").order_by("seen_on", "pk"))
    found: list[tuple[date, int, Moment]] = []
    if condition.asked_on:
        found.append((condition.asked_on, 0, Moment(condition.asked_on, _("Asked"))))
    for answer in answers:
        state = ConditionState(answer.answer)
        moment = Moment(
            answer.given_on, str(state.label), TONES[state], answer.text, answer, holds=answer is answers[-1]
        )
        found.append((answer.given_on, 1, moment))
    for row in seen:
        words, tone = (_("Met"), "positive") if row.met else (_("Not met"), "negative")
        moment = Moment(row.seen_on, words, tone, row.text, fulfilment=row, holds=row is seen[-1])
        found.append((row.seen_on, 2, moment))
    if condition.withdrawn_at:
        day = timezone.localdate(condition.withdrawn_at)
        found.append((day, 3, Moment(day, _("Withdrawn"), "neutral", condition.withdraw_reason)))
    return [moment for _day, _place, moment in sorted(found, key=lambda entry: entry[:2])]


_EARLIER = """
SELECT before.exactly, after.pgh_created_at, context.metadata ->> 'reason'
FROM agenda_conditionevent AS after
JOIN LATERAL (
  SELECT exactly, version FROM agenda_conditionevent
  WHERE pgh_obj_id = after.pgh_obj_id AND pgh_id < after.pgh_id ORDER BY pgh_id DESC LIMIT 1
) AS before ON before.version <> after.version
LEFT JOIN pghistory_context AS context ON context.id = after.pgh_context_id
WHERE after.pgh_obj_id = %s AND after.answer <> 'draft' ORDER BY after.pgh_id DESC
"""


def _changes(condition: Condition) -> list[Changed]:
    """What it said before each change since it was asked, newest first; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_EARLIER, [condition.pk])
        return [Changed(exactly, at, reason or "") for exactly, at, reason in cursor.fetchall()]


# --- what can be the reason ------------------------------------------------------------------------------------
OFFERED, FOUND = 30, 25


def reasons_offered(
    dossier: Dossier, person: Any, *, words: str = "", chosen: Iterable[int] = ()
) -> list[Item]:
    """Signals and bundles to choose as reason: the chosen ones, what the words find, and what the dossier came of.

    As far as the reader may see them; at most three queries.
    """
    readable = (
        Item.objects.filter(kind__in=REASON_KINDS)
        .visible_to(standing_of(person), getattr(person, "pk", None))
        .select_related("owner_member")
        .defer("body", "search")
    )
    before = upstream_ids([dossier.pk], limit=500)
    near = readable.filter(Q(pk__in=[*before]) | Q(pk__in=[*chosen]))
    found = {item.pk: item for item in near}
    picked = set(chosen)
    order = sorted(
        found, key=lambda pk: (pk not in picked, found[pk].kind != "bundle", before.get(pk, 0), pk)
    )
    kept = [pk for number, pk in enumerate(order) if number < OFFERED or pk in picked]
    offered = [found[pk] for pk in kept]
    query = search_query(words) if words else None
    if query is not None:
        hits = readable.filter(search=query).exclude(pk__in=kept).order_by("-created_at", "-pk")[:FOUND]
        first = sum(pk in picked for pk in kept)
        offered = [*offered[:first], *hits, *offered[first:]]
    return offered
