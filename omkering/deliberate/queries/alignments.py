"""Reading alignments and the differences that stand: what the state could play off; a fixed number of queries each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, QuerySet

from omkering.deliberate.models import (
    Alignment,
    AlignmentState,
    ContactState,
    Position,
    PositionAddressee,
    PositionState,
    Relation,
    RelationKind,
    Stance,
    StanceKind,
    Talk,
)
from omkering.deliberate.queries.contacts import readable_contacts
from omkering.deliberate.queries.positions import readable_positions
from omkering.who.models import in_language
from omkering.who.standing import standing_of

STANDING = (AlignmentState.OPEN, AlignmentState.APART)
OTHER_LINES = 50  # positions with another line on the page of differences
TONES = {
    AlignmentState.OPEN: "warning",
    AlignmentState.ALIGNED: "positive",
    AlignmentState.JOINT: "positive",
    AlignmentState.APART: "negative",
}
_SIDES = (
    "relation__position__owner",
    "relation__contact__organisation",
    "relation__contact__network",
    "relation__contact__owner_member",
)


def readable_alignments(person: Any) -> QuerySet[Alignment]:
    """Alignments that `person` may read; with both sides."""
    rows = Alignment.objects.visible_to(standing_of(person), getattr(person, "pk", None))
    return rows.select_related(*_SIDES).defer("search", "body")


def standing_differences(rows: QuerySet[Alignment]) -> QuerySet[Alignment]:
    """Those of which the message still departs: talks go on, or the difference is open."""
    live = rows.filter(state__in=STANDING, relation__ended_at__isnull=True)
    return live.exclude(relation__contact__state=ContactState.CANCELLED)


def in_a_list(rows: QuerySet[Alignment]) -> QuerySet[Alignment]:
    """The same alignments with no more than the list of differences tells of them and their sides."""
    contact = "relation__contact"
    sides = (
        "relation__position",
        *(f"{contact}__{one}" for one in ("organisation", "network", "owner_member")),
    )
    return (
        rows.select_related(None)
        .select_related(*sides)
        .only(
            *("kind", "title", "summary", "state", "created_at", "relation__position__title"),
            *(f"{contact}__kind", f"{contact}__state", f"{contact}__on", f"{contact}__organisation__names"),
            *(f"{contact}__organisation__abbreviation", f"{contact}__network__names"),
            f"{contact}__owner_member__name",
        )
    )


def talks_of(alignment: Alignment) -> list[Talk]:
    """The talks of an alignment, oldest first; one query."""
    return list(alignment.talks.select_related("member", "network", "person").order_by("on", "pk"))


def may_read_position(alignment: Alignment, person: Any) -> bool:
    """Whether the reader may read the position that the message departs from; one query."""
    return readable_positions(person).filter(pk=alignment.relation.position_id).exists()


@dataclass(frozen=True)
class Difference:
    """A message that departs and was not settled; `position` is None where the reader may not read it."""

    alignment: Alignment
    position: Position | None
    heard: int  # contacts with the same party that carry the position: it hears both

    @property
    def tone(self) -> str:
        """The tone of the state's badge."""
        return TONES[AlignmentState(self.alignment.state)]

    @property
    def relation(self) -> Relation:
        """What the author said of the position."""
        return self.alignment.relation


def differences_of(alignments: Iterable[Alignment], person: Any) -> list[Difference]:
    """Alignments as lines of the list of differences; two queries."""
    rows = list(alignments)
    ids = {row.relation.position_id for row in rows}
    readable = set(readable_positions(person).filter(pk__in=ids).values_list("pk", flat=True))
    carried = (
        Relation.objects.filter(
            position__in=ids,
            ended_at__isnull=True,
            kind__in=(RelationKind.CARRIES, RelationKind.ADDS),
            contact__in=readable_contacts(person).filter(state=ContactState.HELD).values("pk"),
        )
        .order_by()
        .values_list("position_id", "contact__organisation_id")
        .annotate(Count("pk"))
    )
    heard = {(position, organisation): count for position, organisation, count in carried}
    return [
        Difference(
            row,
            row.relation.position if row.relation.position_id in readable else None,
            heard.get((row.relation.position_id, row.relation.contact.organisation_id), 0),
        )
        for row in rows
    ]


@dataclass(frozen=True)
class OtherLine:
    """A position on which members or networks take another line, and since when."""

    position: Position
    addressees: list[str]  # their short names
    members: int
    networks: int
    since: datetime


def other_lines(person: Any) -> tuple[list[OtherLine], int]:
    """Positions that hold and on which somebody takes another line, oldest first, and how many there are; four
    queries.
    """
    readable = readable_positions(person).filter(state=PositionState.ACTIVE)
    counted = (
        Stance.objects.filter(
            kind=StanceKind.OTHER, ended_at__isnull=True, position__in=readable.values("pk")
        )
        .order_by()
        .values("position_id")
        .annotate(members=Count("member"), networks=Count("network"), since=Min("created_at"))
    )
    shown = list(counted.order_by("since", "position_id")[:OTHER_LINES])
    ids = [row["position_id"] for row in shown]
    positions = readable.only("title").in_bulk(ids)
    addressees = _addressees_of(ids)
    lines = [
        OtherLine(
            positions[row["position_id"]],
            addressees[row["position_id"]],
            row["members"],
            row["networks"],
            row["since"],
        )
        for row in shown
    ]
    return lines, counted.count() if len(shown) == OTHER_LINES else len(shown)


def _addressees_of(positions: Iterable[int]) -> dict[int, list[str]]:
    """The short names of those that positions are addressed to, by the position's id; one query."""
    named = PositionAddressee.objects.filter(position__in=positions, ended_at__isnull=True).order_by("pk")
    found: dict[int, list[str]] = {pk: [] for pk in positions}
    for pk, short, names in named.values_list(
        "position_id", "organisation__abbreviation", "organisation__names"
    ):
        found[pk].append(short or in_language(names))
    return found


def hidden_differences(person: Any, readable: int | None = None) -> int:
    """How many differences stand that this insider may not read, where `readable` of them may be; a query, two where
    that is not known. Nobody else hears that they exist.
    """
    if not standing_of(person).is_insider:
        return 0
    every = standing_differences(Alignment.objects.all()).count()
    if readable is None:
        readable = standing_differences(readable_alignments(person)).count()
    return every - readable
