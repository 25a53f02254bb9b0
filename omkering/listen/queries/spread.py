"""Who stands behind signals: members and inhabitants, their spread over groups, and the minority slices.

A member that ended counts as the successor that lived on the reference date.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from omkering.ui.charts.maps import Map, Tile, Unit, tile_map
from omkering.who.current import association
from omkering.who.models import Member
from omkering.who.queries import NETWORK, SIZE_CLASS, Profile, Register, group_names, register_on

OFTEN_FROM = 2  # members of a group from which "relatively often" says something


@dataclass(frozen=True)
class Slice:
    """One group: how many of its members say it, which ones, and the inhabitants they stand for."""

    key: str
    name: str
    members: tuple[Member, ...]
    size: int
    inhabitants: int
    of_inhabitants: int
    often: bool  # a larger share than of all members

    @property
    def which(self) -> str:
        """The names of its members, one after the other."""
        return ", ".join(member.name for member in self.members)

    @property
    def share(self) -> float:
        """Share of the group's members."""
        return len(self.members) / self.size if self.size else 0.0

    @property
    def share_of_inhabitants(self) -> float:
        """Share of the group's inhabitants."""
        return self.inhabitants / self.of_inhabitants if self.of_inhabitants else 0.0


@dataclass(frozen=True)
class Spread:
    """The members behind something on a reference date, and how they are spread."""

    day: date
    members: tuple[Member, ...]
    of_members: int
    inhabitants: int
    of_inhabitants: int
    slices: Mapping[str, list[Slice]] = field(default_factory=dict)  # grouping → groups
    absent: int = 0  # members that did not exist on the reference date, nor a successor of theirs
    signals_of: Mapping[int, int] = field(default_factory=dict, repr=False)  # member id → signals

    @property
    def share(self) -> float:
        """Share of all members."""
        return len(self.members) / self.of_members if self.of_members else 0.0

    @property
    def share_of_inhabitants(self) -> float:
        """Share of all inhabitants."""
        return self.inhabitants / self.of_inhabitants if self.of_inhabitants else 0.0


def spread_of(signals_of: Mapping[int, int], day: date) -> tuple[Spread, Register]:
    """The spread of members (id → number of signals) on `day`; six queries, whatever their number."""
    register = register_on(day, [association().main_division])
    successors = dict(Member.objects.filter(successor__isnull=False).values_list("pk", "successor_id"))
    counted: Counter[int] = Counter()
    absent = 0
    for member, signals in signals_of.items():
        living: int | None = member
        while living is not None and living not in register.by_id:
            living = successors.get(living)
        if living is None:
            absent += 1
        else:
            counted[living] += signals
    profiles = [profile for profile in register.profiles if profile.member.id in counted]
    total = len(register.profiles)
    overall = len(profiles) / total if total else 0.0
    spread = Spread(
        day=day,
        members=tuple(profile.member for profile in profiles),
        of_members=total,
        inhabitants=sum(profile.inhabitants for profile in profiles),
        of_inhabitants=register.inhabitants,
        slices=_slices(register, profiles, overall),
        absent=absent,
        signals_of=counted,
    )
    return spread, register


def _slices(register: Register, profiles: Iterable[Profile], overall: float) -> dict[str, list[Slice]]:
    """Main division, networks (chapters left out, for they are the main division again) and size classes."""
    chosen = {profile.member.id for profile in profiles}
    names = group_names()
    main = association().main_division
    shown = {NETWORK: {network.key for network in register.networks if network.kind != "chapter"}}
    everyone: dict[str, dict[str, list[Profile]]] = {main: {}, NETWORK: {}, SIZE_CLASS: {}}
    for profile in register.profiles:
        for grouping, keys in register.groups(profile).items():
            for key in keys:
                if grouping not in shown or key in shown[grouping]:
                    everyone[grouping].setdefault(key, []).append(profile)
    result = {}
    for grouping, groups in everyone.items():
        rows = []
        named = names.get(grouping, {})
        for key in [*(k for k in named if k in groups), *(k for k in groups if k not in named)]:
            group = groups[key]
            those = [profile for profile in group if profile.member.id in chosen]
            rows.append(
                Slice(
                    key=key,
                    name=named.get(key, key),
                    members=tuple(profile.member for profile in those),
                    size=len(group),
                    inhabitants=sum(profile.inhabitants for profile in those),
                    of_inhabitants=sum(profile.inhabitants for profile in group),
                    often=len(those) >= OFTEN_FROM and len(those) / len(group) > overall,
                )
            )
        result[grouping] = rows
    return result


def map_of(spread: Spread, register: Register, caption: str) -> Map:
    """The tile map of a spread: the number of signals of each member."""
    board = reverse("listen:board")
    members = [profile.member for profile in register.profiles]
    placed = [m for m in members if m.tile_column is not None and m.tile_row is not None]
    tiles = [
        Tile(m.code, m.name, m.tile_column, m.tile_row, f"{board}?member={m.code}", m.sort_key)  # type: ignore[arg-type]
        for m in placed
    ]
    values = {m.code: spread.signals_of.get(m.id) for m in placed}
    return tile_map(tiles, values, caption=caption, unit=Unit(_("signals"), _("signal")))
