"""Reading members and networks on a reference date; each function has a fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.db.models import F
from django.utils.translation import get_language

from omkering.who.association.records import MemberRecord
from omkering.who.current import association
from omkering.who.models import DivisionMembership, Member, Network, NetworkMembership, Population

NETWORK, SIZE_CLASS = "network", "size_class"


def population_on(day: date, members: Iterable[int] | None = None) -> dict[int, int]:
    """Member id → the newest population figure that is not later than `day`; one query."""
    rows = Population.objects.filter(day__lte=day)
    if members is not None:
        rows = rows.filter(member_id__in=list(members))
    rows = rows.order_by("member_id", "-day").distinct("member_id")
    return dict(rows.values_list("member_id", "inhabitants"))


@dataclass(frozen=True)
class Profile:
    """A member on a reference date: what lists, counts and slices need of it."""

    member: Member
    inhabitants: int
    size_class: str
    divisions: Mapping[str, str]  # kind → code
    networks: frozenset[int]


@dataclass(frozen=True)
class Register:
    """All members of one day with their figures, and the names of the groups they fall in."""

    day: date
    profiles: tuple[Profile, ...]  # in the order of their names
    networks: tuple[Network, ...]
    by_id: Mapping[int, Profile] = field(repr=False, default_factory=dict)

    @property
    def inhabitants(self) -> int:
        """All inhabitants together."""
        return sum(profile.inhabitants for profile in self.profiles)

    @cached_property
    def network_keys(self) -> dict[int, str]:
        """Network id → its key."""
        return {network.pk: network.key for network in self.networks}

    def groups(self, profile: Profile) -> dict[str, list[str]]:
        """The groups of a member for slices: main division, networks and size class, each by key."""
        keys = self.network_keys
        main = association().main_division
        return {
            main: [profile.divisions[main]] if main in profile.divisions else [],
            NETWORK: sorted(keys[pk] for pk in profile.networks if pk in keys),
            SIZE_CLASS: [profile.size_class],
        }


def register_on(day: date, kinds: Collection[str] | None = None) -> Register:
    """The members on `day` with population, size class, divisions and networks; five queries.

    `kinds`: the kinds of division that are wanted; a member is in one of each, and all are many to read.
    """
    members = list(Member.objects.on(day).order_by("sort_key", "code"))
    inhabitants = population_on(day)
    divisions: dict[int, dict[str, str]] = defaultdict(dict)
    rows = DivisionMembership.objects.on(day)
    if kinds is not None:
        rows = rows.filter(division__kind__in=kinds)
    for member, kind, code in rows.values_list("member_id", "division__kind", "division__code"):
        divisions[member][kind] = code
    networks: dict[int, set[int]] = defaultdict(set)
    for member, network in NetworkMembership.objects.on(day).values_list("member_id", "network_id"):
        networks[member].add(network)
    folder = association()
    by_id = {}
    for member in members:
        pk = member.id  # `pk` looks for the name of the key each time
        number = inhabitants.get(pk, 0)
        size = folder.size_class(number).key
        by_id[pk] = Profile(member, number, size, divisions[pk], frozenset(networks[pk]))
    return Register(
        day=day,
        profiles=tuple(by_id.values()),
        networks=tuple(Network.objects.all()),
        by_id=by_id,
    )


def group_names() -> dict[str, dict[str, str]]:
    """Grouping → key → name in the reader's language, for slices and filters."""
    folder, language = association(), _language()
    named = {
        kind.key: {
            part.code: part.names.get_in(language) for part in folder.divisions if part.kind == kind.key
        }
        for kind in folder.division_kinds
    }
    named[SIZE_CLASS] = {size.key: size.names.get_in(language) for size in folder.size_classes}
    named[NETWORK] = {network.key: network.names.get_in(language) for network in folder.networks}
    return named


def heirs(members: Iterable[Member]) -> dict[int, int]:
    """Member id → the id of the member that it went up in (itself while it lives); one query."""
    followed = dict(Member.objects.filter(successor__isnull=False).values_list("pk", "successor_id"))
    found = {}
    for member in members:
        last = member.pk
        while last in followed:
            last = followed[last]
        found[member.pk] = last
    return found


def member_records() -> list[MemberRecord]:
    """All members as records of the shipped format, for export and for planning an import; three queries."""
    divisions: dict[int, dict[str, str]] = defaultdict(dict)
    for member, kind, code in DivisionMembership.objects.order_by("-starts").values_list(
        "member_id", "division__kind", "division__code"
    ):
        divisions[member][kind] = code  # the earliest one stays: a record gives the divisions at its start
    populations: dict[int, dict[date, int]] = defaultdict(dict)
    for member, day, inhabitants in Population.objects.values_list("member_id", "day", "inhabitants"):
        populations[member][day] = inhabitants
    rows = Member.objects.annotate(successor_code=F("successor__code")).order_by("code")
    return [
        MemberRecord(
            code=row.code,
            name=row.name,
            starts=row.starts,
            ends=row.ends,
            successor=row.successor_code,
            tile=None if row.tile_column is None or row.tile_row is None else (row.tile_column, row.tile_row),
            divisions=divisions[row.pk],
            populations=populations[row.pk],
        )
        for row in rows
    ]


def _language() -> str:
    return get_language() or association().languages[0]
