"""Reading bodies: what came in for one, what it owns and owes, and its priorities; fixed numbers of queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, Q

from omkering.agenda.models import (
    Challenge,
    ChallengeState,
    Dossier,
    DossierState,
    Placement,
)
from omkering.agenda.queries.challenges import LISTED, Hanging, Under, by_kind, challenges_in, readable
from omkering.agenda.queries.dossiers import readable_dossiers
from omkering.agenda.queries.priorities import RoundPriorities, priorities_of
from omkering.thread.models import Item, Theme
from omkering.ui.paging import Page, paginate
from omkering.who.models import Body
from omkering.who.standing import standing_of

OWN = ("challenge", "dossier", "round")  # kinds that a body owns, rather than that come in for it
SHOWN = 5  # of each on the first page of a body


@dataclass
class BodyCounts:
    """A body in the list: how much it owns and owes."""

    body: Body
    challenges: int = 0
    dossiers: int = 0
    debts: int = 0
    oldest: Any = None


def all_bodies(person: Any) -> list[BodyCounts]:
    """Every body with its counts, in the order of the association; four queries."""
    rows = {body.pk: BodyCounts(body) for body in Body.objects.all()}
    challenges = challenges_in(ChallengeState.ACTIVE).filter(owner_body__isnull=False)
    for pk, number in challenges.order_by().values_list("owner_body_id").annotate(Count("pk")):
        rows[pk].challenges = number
    for pk, number in (
        readable_dossiers(person)
        .filter(state=DossierState.OPEN, owner_body__isnull=False)
        .order_by()
        .values_list("owner_body_id")
        .annotate(Count("pk"))
    ):
        rows[pk].dossiers = number
    owed = _visible(Item, person).debts().filter(owner_body__isnull=False).order_by()
    for pk, number, oldest in owed.values_list("owner_body_id").annotate(Count("pk"), Min("due_at")):
        rows[pk].debts, rows[pk].oldest = number, oldest
    return list(rows.values())


@dataclass(frozen=True)
class BodyPage:
    """A body with all that its page shows, as far as the reader may see it."""

    body: Body
    came_in: Hanging
    challenges: Page[Challenge]
    dossiers: Page[Dossier]
    debts: Page[Item]
    counts: dict[str, int]  # of challenges, dossiers and debts
    rounds: list[RoundPriorities]


def body_page(body: Body, person: Any, query: Mapping[str, str], *, show: str = "") -> BodyPage:
    """Everything on a body's page: the beginning of each list, or one list (`show`) page by page; 14 queries."""
    only: Mapping[str, str] = {}

    def part(name: str) -> tuple[Mapping[str, str], int]:
        return (query, 25) if show == name else (only, SHOWN)

    challenges = (
        challenges_in(ChallengeState.ACTIVE).filter(owner_body=body).only("title", "summary", "position")
    )
    dossiers = readable_dossiers(person).filter(owner_body=body).select_related("owner_member").only(*LISTED)
    debts = readable(person).filter(owner_body=body).debts()  # type: ignore[attr-defined]
    inbox = came_in(body, person)
    shown = by_kind(inbox, query if show == "in" else only)
    if show != "in":
        shown = Hanging(shown.kinds, "", Page(shown.page.rows[:SHOWN], None, None))
    lists = {}
    for name, rows, order in (
        ("challenges", challenges, ["position", "pk"]),
        ("dossiers", dossiers, ["-created_at", "-pk"]),
        ("debts", debts, ["due_at", "pk"]),
    ):
        asked, size = part(name)
        lists[name] = paginate(rows, asked, order=order, size=size)
    return BodyPage(
        body=body,
        came_in=shown,
        **lists,
        counts={"challenges": challenges.count(), "dossiers": dossiers.count(), "debts": debts.count()},
        rounds=priorities_of(body, person),
    )


def came_in(body: Body, person: Any) -> Under:
    """What came in for a body: owned by it, of a theme it answers for, or under a challenge it owns.

    Two queries now, and more when it is read.
    """
    themes = Theme.objects.filter(Q(body=body) | Q(challenge__owner_body=body)).distinct()
    placed = Placement.objects.filter(challenge__owner_body=body, ended_at__isnull=True)
    others = Q(owner_body=body) | Q(pk__in=list(placed.values_list("item_id", flat=True)))
    return Under(readable(person).exclude(kind__in=OWN), list(themes.values_list("pk", flat=True)), others)


def _visible(model: Any, person: Any) -> Any:
    return model.objects.visible_to(standing_of(person), getattr(person, "pk", None))
