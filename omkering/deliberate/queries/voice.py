"""Reading how positions are carried, on a reference date; a fixed number of queries."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils import timezone

from omkering.deliberate.models import Alignment, Position, Stance
from omkering.deliberate.queries.alignments import standing_differences
from omkering.deliberate.queries.positions import holding_on, readable_positions
from omkering.deliberate.voice import Measure, Said, ThemeMeasure, measure, of_theme, over_positions
from omkering.thread.models import Theme
from omkering.who.queries import Register, register_on
from omkering.who.standing import standing_of

MOST = 500  # positions measured at once


@dataclass(frozen=True)
class Measured:
    """A position and how it is carried."""

    position: Position
    measure: Measure


class Spoken(NamedTuple):
    """What was said of one position. Read as plain rows: as models, tens of thousands of them take a second."""

    members: list[Said]
    networks: list[Said]


class Voice:
    """How the positions that held on a day are carried, as far as the reader may know them.

    Nine queries together, whatever there is. Differences are those that stand now.
    """

    def __init__(self, person: Any, day: date, *, theme: str = "") -> None:
        self.person, self.day, self.theme = person, day, theme

    @cached_property
    def register(self) -> Register:
        """The members on the day."""
        return register_on(self.day)

    @cached_property
    def positions(self) -> list[Position]:
        """The positions that held on the day, by theme."""
        rows = holding_on(readable_positions(self.person), self.day)
        if self.theme:
            rows = rows.filter(theme__key=self.theme)
        rows = rows.select_related("theme").defer("search", "body", "text", "messages", "figures")
        return list(rows.order_by("theme__order", "title", "pk")[:MOST])

    @cached_property
    def stances(self) -> Mapping[int, Spoken]:
        """Position id → what members and networks said of it, as it held at the end of the day."""
        end = timezone.make_aware(datetime.combine(self.day + timedelta(days=1), time.min))
        rows = Stance.objects.filter(position__in=self.positions, created_at__lt=end).filter(
            Q(ended_at__isnull=True) | Q(ended_at__gte=end)
        )
        found: dict[int, Spoken] = defaultdict(lambda: Spoken([], []))
        named = ("position_id", "member_id", "network_id", "kind", "differs", "red_line")
        for position, member, network, kind, differs, red_line in rows.values_list(*named):
            if member is not None:
                found[position].members.append(Said(member, kind, differs, bool(red_line)))
            else:
                found[position].networks.append(Said(network, kind, differs, bool(red_line)))
        return found

    @cached_property
    def differences(self) -> Mapping[int, int]:
        """Position id → messages that depart from it and were not settled, that the reader may know of."""
        standing = standing_of(self.person)
        rows = standing_differences(Alignment.objects.visible_to(standing, getattr(self.person, "pk", None)))
        found: dict[int, int] = defaultdict(int)
        for pk in rows.filter(relation__position__in=self.positions).values_list(
            "relation__position_id", flat=True
        ):
            found[pk] += 1
        return found

    @cached_property
    def measured(self) -> list[Measured]:
        """Each position with how it is carried."""
        inhabitants = {pk: profile.inhabitants for pk, profile in self.register.by_id.items()}
        networks = [network.pk for network in self.register.networks]
        nobody = Spoken([], [])
        rows = [(position, self.stances.get(position.pk, nobody)) for position in self.positions]
        return [
            Measured(
                position,
                measure(*said, inhabitants, networks, self.differences.get(position.pk, 0)),
            )
            for position, said in rows
        ]

    @cached_property
    def themes(self) -> list[tuple[Theme | None, ThemeMeasure]]:
        """Each theme with how many of its positions are spoken about with one voice, in the order of themes."""
        groups: dict[int | None, list[Measured]] = defaultdict(list)
        for row in self.measured:
            groups[row.position.theme_id].append(row)
        return [(rows[0].position.theme, of_theme(row.measure for row in rows)) for rows in groups.values()]

    def of_members(self, position: Position | None = None) -> dict[int, str]:
        """Member id → how it stands to one position, or over all of them; who is silent is not in it."""
        found: dict[int, set[str]] = defaultdict(set)
        for pk, spoken in self.stances.items():
            if position is None or position.pk == pk:
                for said in spoken.members:
                    found[said.party].add(said.kind)
        known = self.register.by_id
        return {member: over_positions(kinds) for member, kinds in found.items() if member in known}
