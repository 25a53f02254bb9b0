"""Reading alignments and the differences that stand: what the state could play off; a fixed number of queries each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, QuerySet

from omkering.deliberate.models import (
    Alignment,
    AlignmentState,
    ContactState,
    Position,
    PositionAddressee,
    PositionState,
    Relation,
    RelationKind,
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
    """The same alignments with no more than the list of differences tells of them and their sides; their positions
    are read by `differences_of`, for each join more costs the database dearly.
    """
    contact = "relation__contact"
    sides = [f"{contact}__{one}" for one in ("organisation", "network", "owner_member")]
    return (
        rows.select_related(None)
        .select_related(*sides)
        .only(
            *("kind", "title", "summary", "state", "created_at", "relation__position_id"),
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
    readable = readable_positions(person).only("title").in_bulk(ids)
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
            readable.get(row.relation.position_id),
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


# Counted and cut off by the database at once, with how many positions there are in all.
_OTHER_LINES = """
SELECT other.position_id, item.title, other.members, other.networks, other.since, other.positions
FROM (
    SELECT position_id, count(member_id) AS members, count(network_id) AS networks, min(created_at) AS since,
           count(*) OVER () AS positions
    FROM deliberate_stance
    WHERE kind = %s AND ended_at IS NULL AND position_id IN ({readable})
    GROUP BY position_id ORDER BY since, position_id LIMIT %s
) AS other JOIN thread_item AS item ON item.id = other.position_id
ORDER BY other.since, other.position_id
"""


def other_lines(person: Any) -> tuple[list[OtherLine], int]:
    """Positions that hold and on which somebody takes another line, oldest first, and how many there are; two
    queries.
    """
    readable = readable_positions(person).filter(state=PositionState.ACTIVE).order_by().values("pk")
    sql, asked = readable.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_OTHER_LINES.format(readable=sql), [StanceKind.OTHER.value, *asked, OTHER_LINES])
        rows = cursor.fetchall()
    addressees = _addressees_of([pk for pk, *_told in rows])
    lines = [
        OtherLine(
            Position.from_db(None, ("id", "title", "item_ptr_id"), (pk, title, pk)),
            addressees[pk],
            members,
            networks,
            since,
        )
        for pk, title, members, networks, since, _positions in rows
    ]
    return lines, rows[0][-1] if rows else 0


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
