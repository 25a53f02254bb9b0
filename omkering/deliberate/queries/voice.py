"""Reading how positions are carried, on a reference date; a fixed number of queries."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from omkering.deliberate.models import Alignment, Position
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
from omkering.thread.lookups import array_text
from omkering.thread.models import Theme
from omkering.ui.member_map import MemberPlace
from omkering.who.models import Member, Network
from omkering.who.queries import population_on
from omkering.who.standing import standing_of

MOST = 500  # positions measured at once
# What was said of each position, gathered by the database: tens of thousands of rows take long to bring here. In plain
# SQL, for twelve aggregates of a model cost as much to put together as the database takes to answer.
_SAID = """
SELECT position_id, {members}, {networks},
       count(*) FILTER (WHERE differs), count(*) FILTER (WHERE red_line <> '')
FROM deliberate_stance
WHERE position_id = ANY(%(positions)s::bigint[]) AND created_at < %(end)s AND (ended_at IS NULL OR ended_at >= %(end)s)
  AND (member_id = ANY(%(members)s::bigint[]) OR network_id IS NOT NULL)
GROUP BY position_id
""".format(
    **{
        f"{party}s": ", ".join(
            f"array_agg({party}_id) FILTER (WHERE kind = '{kind}' AND {party}_id IS NOT NULL)"
            for kind in SPOKEN
        )
        for party in ("member", "network")
    }
)


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
        """Position id → what members and networks of the day said of it, as it held at the end of the day."""
        end = timezone.make_aware(datetime.combine(self.day + timedelta(days=1), time.min))
        positions = array_text(position.pk for position in self.positions)
        members_of_day = array_text(member.pk for member in self.members)
        with connection.cursor() as cursor:
            cursor.execute(_SAID, {"positions": positions, "members": members_of_day, "end": end})
            rows = cursor.fetchall()
        found = {}
        for position, *arrays, differs, red_lines in rows:
            ids = [array or [] for array in arrays]
            members, networks = ids[: len(SPOKEN)], ids[len(SPOKEN) :]
            found[position] = Spoken(
                dict(zip(SPOKEN, members, strict=True)),
                dict(zip(SPOKEN, networks, strict=True)),
                differs,
                red_lines,
            )
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
