"""What constituents said about an item, for who decides: by kind, by member and by division, the own ones marked."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from omkering.decide.models import Term
from omkering.thread.models import Item
from omkering.thread.voices import Voice, voices_about
from omkering.who.current import association
from omkering.who.models import Division, DivisionMembership, Member, Network
from omkering.who.standing import standing_of

SHOWN = 40  # of one kind; the number says how many there are


@dataclass(frozen=True)
class HeardLine:
    """Something that was said: by whom, and whether that is in the reader's own division."""

    voice: Voice
    who: str
    own: bool


@dataclass
class Heard:
    """All that was said: kind → (how many, those shown), how many members, and division → how many members of it."""

    groups: list[tuple[str, int, list[HeardLine]]] = field(default_factory=list)
    members: int = 0
    divisions: list[tuple[Division, int, bool]] = field(default_factory=list)


def heard_about(item: Item, person: Any, division: str = "") -> Heard:
    """What members and chapters said about an item, its own division first; `division` (a code) narrows it to that.

    Six queries beside those of the rooms that keep it.
    """
    voices = voices_about(item, person if getattr(person, "pk", None) else None)
    if not voices:
        return Heard()
    members = Member.objects.in_bulk({voice.member for voice in voices if voice.member})
    networks = Network.objects.in_bulk({voice.network for voice in voices if voice.network})
    own_members = _own_members(person)
    lies_in: dict[int, Division] = {}
    for row in (
        DivisionMembership.objects.on(timezone.localdate())
        .filter(division__kind=association().main_division, member_id__in={*members, *own_members})
        .select_related("division")
    ):
        lies_in[row.member_id] = row.division
    mine = {lies_in[pk].pk for pk in own_members if pk in lies_in}
    heard = Heard(members=len(members))
    counted = Counter(lies_in[pk].pk for pk in members if pk in lies_in)
    known = {row.pk: row for row in lies_in.values()}
    heard.divisions = sorted(
        ((known[pk], number, pk in mine) for pk, number in counted.items()),
        key=lambda entry: (not entry[2], str(entry[0])),
    )
    groups: dict[str, list[HeardLine]] = {}
    for voice in voices:
        place = lies_in.get(voice.member) if voice.member else None
        if division and (place is None or place.code != division):
            continue
        who = str(members.get(voice.member) or networks.get(voice.network) or "")
        own = place is not None and place.pk in mine
        groups.setdefault(str(voice.group), []).append(HeardLine(voice, who, own))
    for title, lines in groups.items():
        first = sorted(lines, key=lambda line: not line.own)
        heard.groups.append((title, len(lines), first[:SHOWN]))
    return heard


def _own_members(person: Any) -> frozenset[int]:
    """The members that somebody works for, or sits in a body from; at most one query."""
    if not getattr(person, "pk", None):
        return frozenset()
    seats = Term.objects.on(timezone.localdate()).filter(
        appointment__person_id=person.pk, member__isnull=False
    )
    return standing_of(person).members | frozenset(seats.values_list("member_id", flat=True))
