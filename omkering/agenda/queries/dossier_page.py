"""Everything on the page of a dossier, its print and its PDF; a fixed number of queries, whatever there is."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from omkering.agenda.cooperation import (
    Missing,
    Way,
    find_way,
    leader_words,
    missing,
    step_name,
    step_words,
)
from omkering.agenda.models import (
    Dossier,
    DossierDocument,
    DossierState,
    DossierStep,
    Participation,
    Party,
    Placement,
)
from omkering.agenda.queries.challenges import LISTED, challenges_of
from omkering.agenda.queries.conditions import ConditionList, conditions_of
from omkering.agenda.queries.dossier_moments import Moment, moments_of
from omkering.agenda.queries.dossiers import facts_from, is_late, owner_words
from omkering.thread.models import Item, Link, LinkKind
from omkering.ui.charts import Category
from omkering.ui.charts.maps import Map
from omkering.ui.member_map import MemberPlace, Placed, member_category_map
from omkering.who.association.agenda_records import StepRecord
from omkering.who.association.records import CLOSED
from omkering.who.models import Member
from omkering.who.standing import Standing, standing_of

SIGNALS_SHOWN = 10  # of each bundle that a dossier comes from
MOST_SIGNALS = 200
TIMELINE_SHOWN = 12
PILOT, FOLLOWS, CARRIES_OUT = (
    Participation.Part.PILOT,
    Participation.Part.FOLLOWS,
    Participation.Part.CARRIES_OUT,
)
RUNNING, NONE = "running", "none"
STATE_WORDS = {
    "done": gettext_lazy("done"),
    "present": gettext_lazy("now"),
    "coming": gettext_lazy("to come"),
    "passed": gettext_lazy("not taken"),
}


@dataclass(frozen=True)
class Stage:
    """A step of the route, and how far the dossier is with it."""

    step: StepRecord
    number: int
    state: str  # done, present, coming, or passed (before the present one, and never taken)
    stay: DossierStep | None  # the newest one

    @property
    def name(self) -> str:
        """The step in words."""
        return step_name(self.step)

    @property
    def leader(self) -> str:
        """Who leads it."""
        return leader_words(self.step)

    @property
    def owner(self) -> str:
        """Who owns it, once it was entered."""
        return owner_words(self.stay)

    @property
    def late(self) -> bool:
        """Whether it is under way and past its day; of what the state leads too."""
        return (
            self.state == "present"
            and self.stay is not None
            and self.stay.due_on is not None
            and self.stay.due_on < timezone.localdate()
        )

    @property
    def state_words(self) -> str:
        """How far it is, in words."""
        return str(STATE_WORDS[self.state])


@dataclass(frozen=True)
class Taking:
    """A member that takes part; one that ended stands under its successor."""

    row: Participation
    member: Placed  # of the reference date
    may_change: bool

    @property
    def former(self) -> Member | None:
        """The member that joined, where that is no more."""
        return self.row.member if self.row.member_id != self.member.pk else None

    @property
    def category(self) -> str:
        """How it stands on the map."""
        return RUNNING if self.row.part == PILOT and self.row.under_way_since else self.row.part


@dataclass(frozen=True)
class Source:
    """What a dossier comes from, with the signals in it that the reader may see."""

    item: Item
    signals: list[Item] = field(default_factory=list)
    total: int = 0
    hidden: int = 0

    @property
    def more(self) -> int:
        """How many signals are not shown."""
        return self.total - len(self.signals)


@dataclass(frozen=True)
class DossierPage:
    """A dossier with all that its page shows, as far as the reader may see it."""

    dossier: Dossier
    way: Way | None
    stages: list[Stage]
    stay: DossierStep | None
    following: StepRecord | None
    lacking: list[Missing]  # what the following step still needs
    conditions: ConditionList
    takings: list[Taking]
    map: Map | None
    sources: list[Source]
    hidden_sources: int
    placements: list[Placement]
    parties: list[Party]
    documents: list[DossierDocument]
    withdrawn: list[DossierDocument]
    moments: list[Moment]
    late: bool

    @property
    def step(self) -> str:
        """The present step in words."""
        return step_words(self.dossier.model, self.dossier.route, self.dossier.step)

    @property
    def owner(self) -> str:
        """Who owns the present step."""
        return owner_words(self.stay)

    @property
    def leader(self) -> str:
        """Who leads the present step."""
        found = self.way.step(self.dossier.step) if self.way else None
        return leader_words(found) if found else ""

    @property
    def following_name(self) -> str:
        """The step that comes next, in words."""
        return step_name(self.following) if self.following else ""

    @property
    def first_moments(self) -> list[Moment]:
        """The newest of what happened."""
        return self.moments[:TIMELINE_SHOWN]

    @property
    def more_moments(self) -> list[Moment]:
        """The rest of it."""
        return self.moments[TIMELINE_SHOWN:]

    def of_part(self, part: str) -> list[Taking]:
        """The members that take part as this."""
        return [taking for taking in self.takings if taking.row.part == part]

    @property
    def parts(self) -> list[tuple[str, list[Taking]]]:
        """The members by how they take part, with the words for it; only what there is."""
        words = {PILOT: _("Pilots"), CARRIES_OUT: _("Carry it out"), FOLLOWS: _("Want to join later")}
        return [(label, found) for part, label in words.items() if (found := self.of_part(part))]


def dossier_page(dossier: Dossier, person: Any, on: date) -> DossierPage:
    """Everything on the page of a dossier that the reader may see."""
    standing, person_id = standing_of(person), getattr(person, "pk", None)
    stays = list(
        DossierStep.objects.filter(dossier=dossier)
        .select_related("owner_person", "owner_body")
        .order_by("number")
    )
    way = find_way(dossier.model, dossier.route)
    following = way.following(dossier.step) if way and dossier.state == DossierState.OPEN else None
    takings, members = _takings(dossier, standing, on)
    sources, hidden = _sources(dossier, standing, person_id)
    documents = list(DossierDocument.objects.filter(dossier=dossier).order_by("-created_at", "-pk"))
    present_documents = [row for row in documents if row.withdrawn_at is None]
    conditions = conditions_of(dossier, standing, person_id, on)
    outside = Party.objects.filter(dossier=dossier, ended_at__isnull=True).order_by("pk")
    parties = list(outside.select_related("organisation", "contact"))
    lacking: list[Missing] = []
    if following:
        facts = facts_from(
            dossier,
            answers=[line.condition.answer for line in conditions.lines],
            pilots=[taking.row.under_way_since for taking in takings if taking.row.part == PILOT],
            parties=len(parties),
            documents=len(present_documents),
        )
        lacking = missing(following, facts)
    return DossierPage(
        dossier=dossier,
        way=way,
        stages=stages(way, dossier, stays) if way else [],
        stay=stays[-1] if stays else None,
        following=following,
        lacking=lacking,
        conditions=conditions,
        takings=takings,
        map=_map(takings, members) if takings else None,
        sources=sources,
        hidden_sources=hidden,
        placements=challenges_of(dossier),
        parties=parties,
        documents=present_documents,
        withdrawn=[row for row in documents if row.withdrawn_at is not None],
        moments=moments_of(conditions, stays, documents, [taking.row for taking in takings]),
        late=is_late(dossier, timezone.now()),
    )


def stages(way: Way, dossier: Dossier, stays: Sequence[DossierStep]) -> list[Stage]:
    """The steps of the route in their order, each with the newest stay in it."""
    newest = {stay.step: stay for stay in stays if (stay.model, stay.route) == (dossier.model, dossier.route)}
    keys = [step.key for step in way.steps]
    present = keys.index(dossier.step) if dossier.step in keys else -1
    found = []
    for number, step in enumerate(way.steps):
        if number == present:
            state = "done" if step.key == CLOSED else "present"
        elif number > present:
            state = "coming"
        else:
            state = "done" if step.key in newest else "passed"
        found.append(Stage(step, number + 1, state, newest.get(step.key) if state != "coming" else None))
    return found


# --- members -------------------------------------------------------------------------------------------------
def _takings(dossier: Dossier, standing: Standing, on: date) -> tuple[list[Taking], list[MemberPlace]]:
    """Who takes part, under the members of the reference date, and all of those; at most three queries."""
    places = Member.objects.on(on).order_by("sort_key", "code").values_list(*MemberPlace.columns())
    members = list(map(MemberPlace._make, places))
    by_id = {member.pk: member for member in members}
    rows = Participation.objects.filter(dossier=dossier, ended_at__isnull=True).select_related("member")
    followed: dict[int, int | None] = {}
    if any(row.member_id not in by_id for row in rows):
        followed = dict(Member.objects.filter(successor__isnull=False).values_list("pk", "successor_id"))
    found = []
    for row in rows:
        living: int | None = row.member_id
        while living is not None and living not in by_id:
            living = followed.get(living)
        member = by_id[living] if living is not None else row.member
        own = "report" in standing.powers and member.pk in standing.members
        found.append(Taking(row, member, standing.is_bureau or own))
    return sorted(found, key=lambda taking: (taking.member.sort_key, taking.row.pk)), members


def categories() -> list[Category]:
    """What a member can be in a dossier, in the order of the legend; the last is a member that takes no part."""
    return [
        Category(RUNNING, "app-step-5", _("Pilot under way")),
        Category(PILOT, "app-step-3", _("Pilot, not under way yet")),
        Category(CARRIES_OUT, "app-bar--against", _("Carries it out")),
        Category(FOLLOWS, "app-step-1", _("Wants to join later")),
        Category(NONE, "app-step-none", _("Takes no part")),
    ]


def _map(takings: Iterable[Taking], members: Sequence[Placed]) -> Map:
    """The members on the map; where two went up in one, what comes first in the legend counts. One query."""
    found = categories()
    rank = {category.key: place for place, category in enumerate(found)}
    chosen: dict[int, str] = {}
    for taking in takings:
        now = chosen.get(taking.member.pk, NONE)
        chosen[taking.member.pk] = min(now, taking.category, key=lambda key: rank[key])
    return member_category_map(members, chosen, found, caption=_("Members that take part in this dossier"))


# --- where it comes from ---------------------------------------------------------------------------------------
def _sources(dossier: Dossier, standing: Standing, person_id: int | None) -> tuple[list[Source], int]:
    """What it comes from as far as the reader may see it, and how many sources are hidden; at most five queries."""
    ids = list(
        Link.objects.filter(downstream=dossier, kind=LinkKind.RAISED_BY, ended_at__isnull=True)
        .order_by("pk")
        .values_list("upstream_id", flat=True)
    )
    if not ids:
        return [], 0
    readable = Item.objects.visible_to(standing, person_id)
    items = {
        item.pk: item for item in readable.filter(pk__in=ids).select_related("owner_member").only(*LISTED)
    }
    held = Link.objects.filter(
        downstream__in=items, kind=LinkKind.BUNDLED_IN, ended_at__isnull=True
    ).order_by()
    counts = dict(held.values_list("downstream").annotate(Count("pk")))
    may_see = held.filter(upstream__in=readable.order_by().values("pk"))
    seen = dict(may_see.values_list("downstream").annotate(Count("pk")))
    signals: dict[int, list[Item]] = defaultdict(list)
    for link in _newest(may_see):
        if len(signals[link.downstream_id]) < SIGNALS_SHOWN:
            signals[link.downstream_id].append(link.upstream)
    found = [
        Source(items[pk], signals.get(pk, []), seen.get(pk, 0), counts.get(pk, 0) - seen.get(pk, 0))
        for pk in ids
        if pk in items
    ]
    return found, len(ids) - len(found)


def _newest(links: QuerySet[Link]) -> QuerySet[Link]:
    shown = (f"upstream__{name}" for name in LISTED)
    rows = links.select_related("upstream__owner_member").only("downstream_id", *shown)
    return rows.order_by("-upstream__created_at", "-upstream_id")[:MOST_SIGNALS]
