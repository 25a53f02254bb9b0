"""Reading the lobby register: the list, one contact, and who may speak for whom; a fixed number of queries each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from omkering.deliberate.models import Contact, ContactState, Position, Relation, RelationKind
from omkering.deliberate.rules_positions import Party
from omkering.thread.search import search_query
from omkering.who.models import Member, Network
from omkering.who.standing import Standing, standing_of

EXPORTED = 10_000
ASSOCIATION = "association"
TONES = {
    ContactState.PLANNED: "info",
    ContactState.HELD: "positive",
    ContactState.CANCELLED: "neutral",
}
RELATION_TONES = {
    RelationKind.CARRIES: "positive",
    RelationKind.ADDS: "info",
    RelationKind.DEPARTS: "negative",
}


def readable_contacts(person: Any) -> QuerySet[Contact]:
    """Contacts that `person` may read; what is sensitive is for those involved."""
    return Contact.objects.visible_to(standing_of(person), getattr(person, "pk", None))


def counted_by_kind(contacts: QuerySet[Contact]) -> QuerySet[Contact]:
    """The same contacts, found by the index of kinds: quicker for a count of all, slower for the first of a list."""
    return contacts.filter(kind="contact")


@dataclass(frozen=True)
class ContactFilter:
    """What the register is narrowed to; empty means all. `speaker` is "association", a member's code or a network's
    key; `relation` one of `RelationKind`."""

    text: str = ""
    organisation: str = ""
    speaker: str = ""
    theme: str = ""
    state: str = ""
    relation: str = ""
    since: date | None = None
    until: date | None = None
    mine: bool = False


def contacts_found(filters: ContactFilter, person: Any) -> QuerySet[Contact]:
    """The contacts of a list, as far as `person` may read them."""
    rows = readable_contacts(person)
    if filters.text:
        query = search_query(filters.text)
        rows = rows.filter(search=query) if query is not None else rows.none()
    if filters.organisation:
        rows = rows.filter(organisation__key=filters.organisation)
    if filters.speaker == ASSOCIATION:
        rows = rows.filter(owner_member__isnull=True, network__isnull=True)
    elif filters.speaker:
        rows = rows.filter(Q(owner_member__code=filters.speaker) | Q(network__key=filters.speaker))
    if filters.theme:
        rows = rows.filter(theme__key=filters.theme)
    if filters.state:
        rows = rows.filter(state=filters.state)
    if filters.relation:
        live = Relation.objects.filter(ended_at__isnull=True, kind=filters.relation)
        rows = rows.filter(pk__in=live.values("contact_id"))
    if filters.since:
        rows = rows.filter(on__gte=filters.since)
    if filters.until:
        rows = rows.filter(on__lte=filters.until)
    if filters.mine:
        rows = rows.filter(author_id=getattr(person, "pk", None))
    return rows.select_related("organisation", "network", "owner_member", "theme").defer("search", "body")


def in_a_list(contacts: QuerySet[Contact]) -> QuerySet[Contact]:
    """The same contacts with no more than a list tells of them."""
    rows = contacts.select_related(None).select_related("organisation", "network", "owner_member")
    return rows.only(
        *("kind", "title", "summary", "state", "on", "sensitive", "example"),
        *("organisation__names", "organisation__abbreviation", "network__names", "owner_member__name"),
    )


@dataclass
class ContactLine:
    """A contact as a list shows it, with how many positions it carries, adds to and departs from."""

    contact: Contact
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def tone(self) -> str:
        """The tone of the state's badge."""
        return TONES[ContactState(self.contact.state)]

    @property
    def departs(self) -> int:
        """How many positions it departs from."""
        return self.counts.get(RelationKind.DEPARTS, 0)

    @property
    def carries(self) -> int:
        """How many positions it carries or adds to."""
        return self.counts.get(RelationKind.CARRIES, 0) + self.counts.get(RelationKind.ADDS, 0)


def contact_lines(contacts: Iterable[Contact], standing: Standing) -> list[ContactLine]:
    """Contacts as lines of a list; one query. Departures are for insiders."""
    lines = {row.pk: ContactLine(row) for row in contacts}
    kinds = RelationKind.values if standing.is_insider else (RelationKind.CARRIES, RelationKind.ADDS)
    counted = (
        Relation.objects.filter(contact__in=lines, ended_at__isnull=True, kind__in=kinds)
        .order_by()
        .values_list("contact_id", "kind")
        .annotate(Count("pk"))
    )
    for contact, kind, count in counted:
        lines[contact].counts[kind] = count
    return list(lines.values())


def contacts_exported(rows: QuerySet[Contact], standing: Standing) -> Iterator[ContactLine]:
    """The contacts of a list with what a file shows of them; two queries."""
    yield from contact_lines(rows.order_by("-on", "-pk")[:EXPORTED], standing)


# --- a page ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class RelationLine:
    """How a message stands to a position; `position` is None where the reader may not read it."""

    relation: Relation
    position: Position | None

    @property
    def tone(self) -> str:
        """The tone of its badge."""
        return RELATION_TONES[RelationKind(self.relation.kind)]


def relations_of(contact: Contact, person: Any) -> list[RelationLine]:
    """How a contact stands to positions, as far as the reader may know it; two queries.

    A departure is for insiders; a position that may not be read is not named.
    """
    standing, person_id = standing_of(person), getattr(person, "pk", None)
    rows = list(
        contact.relations.filter(ended_at__isnull=True).select_related("alignment").order_by("kind", "pk")
    )
    if not standing.is_insider:
        rows = [row for row in rows if row.kind != RelationKind.DEPARTS]
    readable = Position.objects.visible_to(standing, person_id).filter(
        pk__in=[row.position_id for row in rows]
    )
    positions = {row.pk: row for row in readable.defer("search", "body", "text", "figures")}
    lines = [RelationLine(row, positions.get(row.position_id)) for row in rows]
    return [line for line in lines if line.position is not None or standing.is_insider]


def speaks_as(standing: Standing) -> list[Party]:
    """On whose behalf somebody may record contacts: their members and networks, for the bureau the association; two
    queries at most.
    """
    found: list[Party] = [None] if standing.is_bureau else []
    if standing.networks and "network" in standing.powers:
        found += Network.objects.filter(pk__in=standing.networks)
    if standing.members and "report" in standing.powers:
        found += Member.objects.on(timezone.localdate()).filter(pk__in=standing.members)
    return found
