"""How a message stands to positions: what its author says of each, the links of the thread, and where it departs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.deliberate.commands.position_rows import behalf_of, both_sides, names_of, texts_of
from omkering.deliberate.models import (
    Alignment,
    AlignmentState,
    Contact,
    Position,
    PositionState,
    Relation,
    RelationKind,
)
from omkering.deliberate.queries.related_positions import message_text, related_positions
from omkering.deliberate.rules_positions import party_of
from omkering.journal.commands import record
from omkering.thread.commands import announce, link, unlink
from omkering.thread.models import Item, LinkKind, Visibility
from omkering.thread.texts import summary_of
from omkering.who.models import Network, Person
from omkering.who.standing import standing_of

UNRELATED = "none"  # what an author says of a position that the message is not about
Said = Mapping[int, tuple[str, str]]  # position id → (a RelationKind or UNRELATED, a note)


@dataclass(frozen=True)
class Entry:
    """What the author says of one position."""

    position: Position
    kind: str
    note: str


def check_said(
    actor: Person, title: str, message: str, said: Said, *, kept: Iterable[int] = ()
) -> list[Entry]:
    """What the author says, checked: of every position that the message touches, and of those added by hand.

    `kept` are positions that the contact stands to already; they may have ended meanwhile. ValidationError at
    `relation_<id>` or `note_<id>` of a position, or at `relations`.
    """
    touched = [entry.position.pk for entry in related_positions(message_text(title, message), actor)]
    already = set(kept)
    missing = [pk for pk in touched if pk not in said and pk not in already]
    if missing:
        ask = _("Say how your message stands to this position.")
        raise ValidationError({f"relation_{pk}": ask for pk in missing})  # type: ignore[arg-type]
    readable = Position.objects.filter(pk__in=list(said)).visible_to(standing_of(actor), actor.pk)
    rows = {row.pk: row for row in readable.defer("search", "body")}
    entries, problems = [], {}
    for pk, (kind, note) in said.items():
        row = rows.get(pk)
        if kind not in (*RelationKind.values, UNRELATED):
            problems[f"relation_{pk}"] = _("Say how your message stands to this position.")
        elif row is None or (row.state != PositionState.ACTIVE and pk not in already):
            problems["relations"] = _("Choose positions that hold, from the list.")
        else:
            try:
                note = texts_of(note=note)["note"]
            except ValidationError as error:
                problems[f"note_{pk}"] = error.message_dict["note"][0]
                continue
            if kind == RelationKind.DEPARTS and len(note) < 10:
                problems[f"note_{pk}"] = _("Say in what your message departs from this position, and why.")
            entries.append(Entry(row, str(kind), note))
    if problems:
        raise ValidationError(problems)  # type: ignore[arg-type]
    return entries


def relate(contact: Contact, entries: Iterable[Entry], actor: Person) -> dict[str, list[int]]:
    """Make these the relations of a locked contact; returns the ids of positions by what changed.

    A departure that is there stays: it is settled in its alignment. A new one starts the alignment.
    """
    present = {
        row.position_id: row
        for row in contact.relations.filter(ended_at__isnull=True).select_related("position")
    }
    now = timezone.now()
    changed: dict[str, list[int]] = {"came": [], "went": [], "departs": []}
    for entry in entries:
        row = present.get(entry.position.pk)
        if row is not None and row.kind == RelationKind.DEPARTS:
            if entry.kind != RelationKind.DEPARTS:
                raise ValidationError(
                    {
                        f"relation_{entry.position.pk}": _(
                            "You said that this departs. Settle it in the alignment, so that everybody involved "
                            "hears of it."
                        )
                    }
                )
            continue
        if row is not None and (row.kind, row.note) == (entry.kind, entry.note):
            continue
        if row is not None:
            row.ended_at = now
            row.save(update_fields=["ended_at"])
            changed["went"].append(entry.position.pk)
        if entry.kind == UNRELATED:
            continue
        made = Relation.objects.create(
            contact=contact, position=entry.position, kind=entry.kind, note=entry.note, person=actor
        )
        changed["came"].append(entry.position.pk)
        if entry.kind == RelationKind.DEPARTS:
            changed["departs"].append(entry.position.pk)
            start_alignment(made, contact, actor)
    tie(contact, actor)
    return changed


def tie(contact: Contact, actor: Person) -> None:
    """Let the positions that a contact rests on be upstream of it; sensitive ones never show in the thread."""
    wanted = {}
    if not contact.sensitive:
        rows = contact.relations.filter(
            ended_at__isnull=True, kind__in=(RelationKind.CARRIES, RelationKind.ADDS)
        ).select_related("position")
        wanted = {row.position_id: row.position for row in rows if not row.position.sensitive}
    present = Item.objects.filter(
        kind="position",
        downstream_links__downstream=contact,
        downstream_links__kind=LinkKind.FOLLOWS_FROM,
        downstream_links__ended_at__isnull=True,
    )
    for item in present:
        if item.pk not in wanted:
            unlink(upstream=item, downstream=contact, kind=LinkKind.FOLLOWS_FROM, actor=actor)
    for position in wanted.values():
        link(upstream=position, downstream=contact, kind=LinkKind.FOLLOWS_FROM, actor=actor)


# --- where it departs --------------------------------------------------------------------------------------------
def readers_of_alignment(contact: Contact, position: Position) -> tuple[str, Network | None]:
    """Visibility and audience of an alignment: never wider than either side, and never open to the public."""
    closed = (Visibility.NETWORK, Visibility.BUREAU)
    if position.visibility in closed or contact.visibility == Visibility.BUREAU:
        return Visibility.BUREAU, contact.network
    if contact.visibility == Visibility.NETWORK:
        return Visibility.NETWORK, contact.audience
    return Visibility.MEMBERS, None


def start_alignment(relation: Relation, contact: Contact, actor: Person) -> Alignment:
    """Talks begin about a message that departs: both sides and the bureau are told."""
    visibility, audience = readers_of_alignment(contact, relation.position)
    alignment = Alignment.objects.create(
        kind="alignment",
        state=AlignmentState.OPEN,
        title=contact.title,
        summary=summary_of(relation.note),
        relation=relation,
        visibility=visibility,
        audience=audience,
        owner_member=contact.owner_member,
        theme=relation.position.theme,
        language=contact.language,
        author=actor,
        example=contact.example,
    )
    if not contact.sensitive and visibility == contact.visibility:
        link(upstream=contact, downstream=alignment, kind=LinkKind.FOLLOWS_FROM, actor=actor)
    record(
        verb="alignment.started",
        subject=alignment.subject,
        actor=actor.pk,
        on_behalf_of=behalf_of(party_of(contact)),
        data={"contact": contact.pk, "position": relation.position_id, "version": alignment.version},
    )
    announce(
        item=alignment,
        milestone="alignment.started",
        actor=actor,
        data=news_of(alignment),
        audience=both_sides(relation),
        upstream=False,
    )
    return alignment


def follow_readers(alignments: Iterable[Alignment]) -> None:
    """Let alignments be read by those who may read both of their sides now; two queries each."""
    for alignment in alignments:
        relation = alignment.relation
        visibility, audience = readers_of_alignment(relation.contact, relation.position)
        if (alignment.visibility, alignment.audience_id) != (visibility, audience.pk if audience else None):
            alignment.visibility, alignment.audience = visibility, audience
            alignment.save(update_fields=["visibility", "audience"])


def news_of(alignment: Alignment) -> dict[str, Any]:
    """What news of an alignment tells: who speaks, and with whom; never the words of either side."""
    contact = alignment.relation.contact
    party = party_of(contact)
    return {
        "who": names_of(party),
        "party": dict(contact.organisation.names),
        "position": alignment.relation.position.title,
    }
