"""Reading how positions are carried, on a reference date; a fixed number of queries."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q
from django.utils import timezone

from omkering.deliberate.models import Alignment, Position, Stance
from omkering.deliberate.queries.alignments import standing_differences
from omkering.deliberate.queries.positions import holding_on, readable_positions
from omkering.deliberate.voice import (
    CARRIES,
    OTHER,
    REMARK,
    SPOKEN,
    Everybody,
    Measure,
    ThemeMeasure,
    Verdict,
    carried_by,
    of_theme,
    over_positions,
    verdict_of,
)
from omkering.thread.models import Theme
from omkering.ui.member_map import MemberPlace
from omkering.who.models import Member, Network
from omkering.who.queries import population_on
from omkering.who.standing import standing_of

MOST = 500  # positions measured at once
_GATHERED = {  # members by kind, networks by kind, and the stances of which more is told
    **{f"m_{kind}": ArrayAgg("member_id", filter=Q(kind=kind, member__isnull=False)) for kind in SPOKEN},
    **{f"n_{kind}": ArrayAgg("network_id", filter=Q(kind=kind, network__isnull=False)) for kind in SPOKEN},
    "differing": ArrayAgg("pk", filter=Q(differs=True)),
    "red": ArrayAgg("pk", filter=~Q(red_line="")),
}


class Told(NamedTuple):
    """A position as far as this page tells of it. As models, hundreds of them cost more than counting does."""

    pk: int
    title: str
    theme: Theme | None


class Spoken(NamedTuple):
    """What was said of one position: by kind, the ids of the members and of the networks that said so; and the stances
    that declare the right to weigh it, and those with a red line."""

    members: Mapping[str, list[int]]
    networks: Mapping[str, list[int]]
    differs: int = 0
    red_lines: int = 0

    def verdict(self, differences: int) -> Verdict:
        """The verdict of its measure, without counting: with so many messages that depart from it."""
        members, networks = self.members, self.networks
        return verdict_of(
            apart=bool(members[OTHER] or networks[OTHER] or differences),
            carried=bool(members[CARRIES] or members[REMARK] or networks[CARRIES] or networks[REMARK]),
        )


NOTHING = Spoken({kind: [] for kind in SPOKEN}, {kind: [] for kind in SPOKEN})


class Measured(NamedTuple):
    """A position and how it is carried: the verdict, and what its measure is worked out from."""

    position: Told
    verdict: Verdict
    said: Spoken
    everybody: Everybody
    differences: int

    @property
    def measure(self) -> Measure:
        """All counts; worked out each time, because of hundreds of positions a page tells those of some."""
        return carried_by(*self.said, self.everybody, self.differences)


class Voice:
    """How the positions that held on a day are carried, as far as the reader may know them.

    Seven queries together, whatever there is. Differences are those that stand now.
    """

    def __init__(self, person: Any, day: date, *, theme: str = "") -> None:
        self.person, self.day = person, day
        self.theme = next((one for one in self.all_themes if theme and one.key == theme), None)

    @cached_property
    def all_themes(self) -> list[Theme]:
        """All themes, in their order."""
        return list(Theme.objects.all())

    @cached_property
    def members(self) -> list[MemberPlace]:
        """The members on the day, by name, with what the map needs."""
        rows = Member.objects.on(self.day).order_by("sort_key", "code")
        return [MemberPlace(*row) for row in rows.values_list(*MemberPlace.columns())]

    @cached_property
    def inhabitants(self) -> Mapping[int, int]:
        """Member id → inhabitants, of every member on the day."""
        known = population_on(self.day)
        return {member.pk: known.get(member.pk, 0) for member in self.members}

    @cached_property
    def networks(self) -> frozenset[int]:
        """The ids of all networks."""
        return frozenset(Network.objects.order_by().values_list("pk", flat=True))

    @cached_property
    def positions(self) -> list[Told]:
        """The positions that held on the day, by theme."""
        rows = holding_on(readable_positions(self.person), self.day)
        if self.theme:
            rows = rows.filter(theme=self.theme)
        themes = {theme.pk: theme for theme in self.all_themes}
        named = rows.order_by("theme__order", "title", "pk").values_list("pk", "title", "theme_id")
        return [Told(pk, title, themes.get(theme)) for pk, title, theme in named[:MOST]]

    @cached_property
    def stances(self) -> Mapping[int, Spoken]:
        """Position id → what members and networks of the day said of it, as it held at the end of the day.

        Gathered by the database, one row for each position: tens of thousands of rows take long to bring here. In
        arrays, because the framework converts every single number of a column of counts.
        """
        end = timezone.make_aware(datetime.combine(self.day + timedelta(days=1), time.min))
        rows = Stance.objects.filter(position__among=self._shown, created_at__lt=end).filter(
            Q(ended_at__isnull=True) | Q(ended_at__gte=end),
            Q(member__in=Member.objects.on(self.day).order_by()) | Q(network__isnull=False),
        )
        found = {}
        for position, *arrays in rows.order_by().values_list("position_id").annotate(**_GATHERED):
            ids = [array or [] for array in arrays]
            members, networks = (
                dict(zip(SPOKEN, ids, strict=False)),
                dict(zip(SPOKEN, ids[len(SPOKEN) :], strict=False)),
            )
            found[position] = Spoken(members, networks, len(ids[-2]), len(ids[-1]))
        return found

    @cached_property
    def differences(self) -> Mapping[int, int]:
        """Position id → messages that depart from it and were not settled, that the reader may know of; of positions
        that are not shown too."""
        standing = standing_of(self.person)
        rows = standing_differences(Alignment.objects.visible_to(standing, getattr(self.person, "pk", None)))
        return Counter(rows.values_list("relation__position_id", flat=True))

    @cached_property
    def measured(self) -> list[Measured]:
        """Each position with how it is carried."""
        everybody = Everybody(self.inhabitants, self.networks)
        stances, differences = self.stances, self.differences
        found = []
        for position in self.positions:
            said, departing = stances.get(position.pk, NOTHING), differences.get(position.pk, 0)
            found.append(Measured(position, said.verdict(departing), said, everybody, departing))
        return found

    @cached_property
    def themes(self) -> list[tuple[Theme | None, ThemeMeasure]]:
        """Each theme with how many of its positions are spoken about with one voice, in the order of themes."""
        groups: dict[str, list[Measured]] = defaultdict(list)
        for row in self.measured:
            groups[row.position.theme.key if row.position.theme else ""].append(row)
        return [(rows[0].position.theme, of_theme(rows)) for rows in groups.values()]

    def of_members(self, position: Position | Told | None = None) -> dict[int, str]:
        """Member id → how it stands to one position, or over all of them; who is silent is not in it."""
        all_spoken = self.stances.values()
        spoken = all_spoken if position is None else [self.stances.get(position.pk, NOTHING)]
        who = {kind: set[int]().union(*[said.members[kind] for said in spoken]) for kind in SPOKEN}
        found: dict[int, list[str]] = defaultdict(list)
        for kind, members in who.items():
            for member in members:
                found[member].append(kind)
        return {member: over_positions(kinds) for member, kinds in found.items()}

    @cached_property
    def _shown(self) -> frozenset[int]:
        return frozenset(position.pk for position in self.positions)
