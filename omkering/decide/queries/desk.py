"""What the desk sees: lines of the roll with how they voted so far, and ballots that wait; fixed numbers of queries."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from omkering.decide import words
from omkering.decide.models import Ballot, DeskBallot, RollEntry, Vote, Way


@dataclass
class DeskLine:
    """A line of the roll at the desk, or a part of a divided one. `state`: why nothing can be taken down; "" it can."""

    entry: RollEntry
    part: int
    votes: int
    state: str
    typed: str = field(default="")

    @property
    def voter(self) -> str:
        """How commands name it."""
        return self.entry.voter

    @property
    def name(self) -> str:
        """The member, or the person on the seat, and which part."""
        name = self.entry.member.name if self.entry.member else str(self.entry.person)
        return _("%(member)s, part %(part)s") % {"member": name, "part": self.part} if self.part else name

    @property
    def field(self) -> str:
        """The name of its field."""
        return f"line-{self.entry.pk}-{self.part}"


def desk_lines(vote: Vote, entries: Sequence[RollEntry]) -> list[DeskLine]:
    """These lines of the roll, a row for each part; what they voted is not told. Two queries."""
    cast = {
        (entry, part): way
        for entry, part, way in Ballot.objects.filter(entry__in=entries).values_list(
            "entry_id", "part", "way"
        )
    }
    waiting = set(
        DeskBallot.objects.filter(
            entry__in=entries, confirmed_at__isnull=True, refused_at__isnull=True
        ).values_list("entry_id", "part")
    )
    lines = []
    for entry in entries:
        for part in entry.parts or [{"part": 0, "votes": entry.weight}]:
            place = (entry.pk, part["part"])
            state = ""
            if place in waiting:
                state = _("waits to be confirmed")
            elif cast.get(place) == Way.SCREEN:
                state = _("voted by phone or computer")
            lines.append(DeskLine(entry, part["part"], part["votes"], state))
    return lines


@dataclass(frozen=True)
class Waiting:
    """A ballot that was taken down, as shown to who may confirm it. `own`: this person took it down."""

    row: DeskBallot
    name: str
    choice_words: str
    way: str
    own: bool


def waiting(vote: Vote, person: Any) -> list[Waiting]:
    """What waits to be confirmed, oldest first; one query."""
    rows = DeskBallot.objects.filter(vote=vote, confirmed_at__isnull=True, refused_at__isnull=True)
    return [
        Waiting(
            row=row,
            name=(row.entry.member.name if row.entry.member else str(row.entry.person))
            + (f" ({row.part})" if row.part else ""),
            choice_words=words.choice_in_words(vote.rule, row.choice),
            way=str(Way(row.way).label),
            own=row.entered_by_id == person.pk,
        )
        for row in rows.select_related("entry__member", "entry__person", "entered_by").order_by("pk")
    ]
