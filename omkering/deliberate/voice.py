"""One voice: how far positions are carried, by members, inhabitants and networks. Pure: data in, result out.

Members that said nothing are silent, never for. Nothing here ranks members: what is counted is how a position is
carried, not who carries most.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import NamedTuple, Protocol

CARRIES, REMARK, NEUTRAL, OTHER = "carries", "remark", "neutral", "other"  # as `StanceKind`
SILENT, MIXED = "silent", "mixed"
SPOKEN = (CARRIES, REMARK, NEUTRAL, OTHER)
KINDS = (*SPOKEN, SILENT)
CARRYING = frozenset({CARRIES, REMARK})


class Verdict(Enum):
    """How the association speaks about something."""

    ONE = "one"  # at least one carries it, and nobody takes another line or speaks otherwise
    APART = "apart"  # somebody takes another line, or a message that departs stands
    UNKNOWN = "unknown"  # nobody said how they stand


def verdict_of(*, apart: bool, carried: bool) -> Verdict:
    """The verdict where somebody takes another line or speaks otherwise (`apart`), or somebody carries it."""
    if apart:
        return Verdict.APART
    return Verdict.ONE if carried else Verdict.UNKNOWN


class Said(NamedTuple):
    """What one party says of one position: a member by its id, or a network."""

    party: int
    kind: str
    differs: bool = False
    red_line: bool = False


@dataclass(frozen=True)
class Measure:
    """How one position, or all positions of a theme, is carried. Each count has every kind of `KINDS`."""

    members: Mapping[str, int]
    inhabitants: Mapping[str, int]
    networks: Mapping[str, int]
    differences: int = 0  # messages that depart and were not settled
    differs: int = 0  # members and networks that declared the right to weigh it themselves
    red_lines: int = 0

    @property
    def carried(self) -> int:
        """Members that carry it, with or without a remark."""
        return self.members[CARRIES] + self.members[REMARK]

    @property
    def inhabitants_carried(self) -> int:
        """Inhabitants of the members that carry it."""
        return self.inhabitants[CARRIES] + self.inhabitants[REMARK]

    @property
    def networks_carried(self) -> int:
        """Networks that carry it."""
        return self.networks[CARRIES] + self.networks[REMARK]

    @property
    def all_members(self) -> int:
        """All members of the reference date."""
        return sum(self.members.values())

    @property
    def all_inhabitants(self) -> int:
        """All inhabitants together."""
        return sum(self.inhabitants.values())

    @property
    def share(self) -> float | None:
        """The share of the inhabitants whose member carries it; None without inhabitants."""
        return self.inhabitants_carried / self.all_inhabitants if self.all_inhabitants else None

    @property
    def verdict(self) -> Verdict:
        """Whether the association speaks with one voice here."""
        return verdict_of(
            apart=bool(self.members[OTHER] or self.networks[OTHER] or self.differences),
            carried=bool(self.carried or self.networks_carried),
        )


@dataclass(frozen=True)
class Everybody:
    """Who could have said something: every member of the reference date with its inhabitants, and the networks."""

    inhabitants: Mapping[int, int]
    networks: frozenset[int]

    @cached_property
    def all_inhabitants(self) -> int:
        """All inhabitants together."""
        return sum(self.inhabitants.values())


def carried_by(
    members: Mapping[str, Sequence[int]],
    networks: Mapping[str, Sequence[int]],
    differs: int,
    red_lines: int,
    everybody: Everybody,
    differences: int = 0,
) -> Measure:
    """How one position is carried, from the members and the networks that said each kind of `SPOKEN`, all of them of
    `everybody`; `differs` and `red_lines` are counts of stances, and who said nothing is silent."""
    inhabitants = everybody.inhabitants.__getitem__
    heads = {kind: len(ids) for kind, ids in members.items()}
    people = {kind: sum(map(inhabitants, ids)) for kind, ids in members.items()}
    groups = {kind: len(ids) for kind, ids in networks.items()}
    heads[SILENT] = len(everybody.inhabitants) - sum(heads.values())
    people[SILENT] = everybody.all_inhabitants - sum(people.values())
    groups[SILENT] = len(everybody.networks) - sum(groups.values())
    return Measure(heads, people, groups, differences, differs, red_lines)


def measure(
    members: Iterable[Said],
    networks: Iterable[Said],
    inhabitants: Mapping[int, int],
    all_networks: Iterable[int],
    differences: int = 0,
) -> Measure:
    """How one position is carried, from stances one by one. `inhabitants` has every member of the reference date; a
    stance of any other member (one that has ended) does not count, and neither does that of a network that is not in
    `all_networks`.
    """
    everybody = Everybody(inhabitants, frozenset(all_networks))
    of_members = [said for said in members if said.party in inhabitants]
    of_networks = [said for said in networks if said.party in everybody.networks]
    spoken = [*of_members, *of_networks]
    return carried_by(
        _by_kind(of_members),
        _by_kind(of_networks),
        sum(said.differs for said in spoken),
        sum(said.red_line for said in spoken),
        everybody,
        differences,
    )


def _by_kind(stances: Iterable[Said]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {kind: [] for kind in SPOKEN}
    for said in stances:
        found[said.kind].append(said.party)
    return found


# --- a theme -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ThemeMeasure:
    """A theme: how many of its positions are spoken about with one voice."""

    verdicts: Mapping[Verdict, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """All its positions."""
        return sum(self.verdicts.values())


class Judged(Protocol):
    """What has a verdict: a `Measure`, or a position with one."""

    @property
    def verdict(self) -> Verdict: ...


def of_theme(measures: Iterable[Judged]) -> ThemeMeasure:
    """The verdicts over the positions of one theme."""
    found = [one.verdict for one in measures]
    return ThemeMeasure({verdict: found.count(verdict) for verdict in Verdict})


def over_positions(kinds: Iterable[str]) -> str:
    """How one member stands over several positions, as a kind of its own: "mixed" where it takes another line in some.

    Silent where it said nothing; else the weakest of what it said: another line on all it spoke about, mixed, neutral,
    with a remark, or carries.
    """
    said = {kind for kind in kinds if kind != SILENT}
    if not said:
        return SILENT
    if OTHER in said:
        return OTHER if said == {OTHER} else MIXED
    return next(kind for kind in (NEUTRAL, REMARK, CARRIES) if kind in said)
