"""networks.csv, network_members.csv, divisions.csv, division_changes.csv and neighbours.csv."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path

from omkering.who.association.csv_file import Row, read_csv
from omkering.who.association.faults import Faults
from omkering.who.association.records import (
    DivisionMembershipRecord,
    DivisionRecord,
    MemberRecord,
    NetworkMembershipRecord,
    NetworkRecord,
    overlap,
)

CHANGES = "division_changes.csv"  # the one file that may be absent


def read_divisions(
    folder: Path, languages: Sequence[str], kinds: Collection[str], faults: Faults
) -> list[DivisionRecord]:
    """The parts of each kind of division."""
    rows = read_csv(
        folder,
        "divisions.csv",
        faults,
        required=("kind", "code", "name"),
        optional=[f"name_{language}" for language in languages[1:]],
    )
    found: dict[tuple[str, str], DivisionRecord] = {}
    for row in rows:
        kind, code = row.text("kind"), row.text("code")
        if kind and kind not in kinds:
            row.fault(f'"{kind}" is not a kind of division.')
        if (kind, code) in found:
            row.fault(f"{kind} {code} stands there already.")
        found[kind, code] = DivisionRecord(kind, code, row.names("name", languages))
    return list(found.values())


def read_networks(
    folder: Path,
    languages: Sequence[str],
    kinds: Collection[str],
    parts: Mapping[str, Collection[str]],
    sources: Collection[str],
    faults: Faults,
) -> list[NetworkRecord]:
    """The networks, in the order of the file."""
    rows = read_csv(
        folder,
        "networks.csv",
        faults,
        required=("key", "name", "kind", "division", "complete", "as_of", "starts", "source", "note"),
        optional=[f"{column}_{language}" for column in ("name", "note") for language in languages[1:]],
    )
    found: dict[str, NetworkRecord] = {}
    for row in rows:
        key, kind, source = row.text("key"), row.text("kind"), row.text("source")
        if key in found:
            row.fault(f'The network "{key}" stands there already.')
        if kind and kind not in kinds:
            row.fault(f'"{kind}" is not a kind of network.')
        if source and source not in sources:
            row.fault(f'The source "{source}" is not in sources.toml.')
        division = None
        if written := row.text("division", optional=True):
            of_kind, _, code = written.partition(":")
            if code not in parts.get(of_kind, ()):
                row.fault(f'"division" is "{written}"; it must be a known kind:code.')
            division = (of_kind, code)
        found[key] = NetworkRecord(
            key=key,
            names=row.names("name", languages),
            kind=kind,
            division=division,
            complete=row.flag("complete"),
            as_of=row.text("as_of", optional=True),
            starts=row.day("starts"),
            source=source,
            notes=row.names("note", languages, optional=True),
        )
    return list(found.values())


def read_network_members(
    folder: Path,
    networks: Mapping[str, NetworkRecord],
    members: Mapping[str, MemberRecord],
    sources: Collection[str],
    faults: Faults,
) -> list[NetworkMembershipRecord]:
    """Who takes part in the networks that are lists; bounded by the lives of network and member."""
    rows = read_csv(
        folder,
        "network_members.csv",
        faults,
        required=("network", "member", "starts", "ends", "as_of", "source"),
    )
    periods: dict[tuple[str, str], list[tuple[date | None, date | None]]] = {}
    found = []
    for row in rows:
        network, member = networks.get(row.text("network")), members.get(row.text("member"))
        source, starts, ends = row.text("source"), row.day("starts"), row.day("ends")
        if source and source not in sources:
            row.fault(f'The source "{source}" is not in sources.toml.')
        if row.cells["network"].strip() and network is None:
            row.fault(f'"{row.text("network")}" is not a network.')
        if row.cells["member"].strip() and member is None:
            row.fault(f'"{row.text("member")}" is not a member.')
        if network is None or member is None:
            continue
        if network.division:
            row.fault(f'The network "{network.key}" follows from a division and has no list of its own.')
            continue
        if _check_period(row, network, member, starts, ends, periods):
            first = max(filter(None, (starts, network.starts, member.starts)))
            last = min(filter(None, (ends, member.ends)), default=None)
            as_of = row.text("as_of", optional=True) or network.as_of
            found.append(
                NetworkMembershipRecord(
                    network.key, member.code, first, last, starts is not None, as_of, source
                )
            )
    return found


def _check_period(
    row: Row,
    network: NetworkRecord,
    member: MemberRecord,
    starts: date | None,
    ends: date | None,
    periods: dict[tuple[str, str], list[tuple[date | None, date | None]]],
) -> bool:
    """Record the period's faults and the period itself; whether it can be used."""
    earlier = periods.setdefault((network.key, member.code), [])
    if starts and ends and ends <= starts:
        row.fault(f"The membership ends on {ends}, which is not after its first day, {starts}.")
        return False
    if any(overlap((starts, ends), period) for period in earlier):
        row.fault(f"{member.code} is in the network {network.key} already in that time.")
        return False
    earlier.append((starts, ends))
    if not overlap((starts, ends), (member.starts, member.ends)):
        row.fault(f"{member.code} was no member of the association in that time.")
        return False
    if starts and starts < member.starts:
        row.fault(f"The membership starts on {starts}, before the member itself, {member.starts}.")
        return False
    if ends and member.ends and ends > member.ends:
        row.fault(f"The membership ends on {ends}, after the member itself, {member.ends}.")
        return False
    if network.starts and ((starts and starts < network.starts) or (ends and ends <= network.starts)):
        row.fault(f"The network {network.key} was founded later, on {network.starts}.")
        return False
    return True


def read_division_memberships(
    folder: Path,
    members: Mapping[str, MemberRecord],
    parts: Mapping[str, Collection[str]],
    sources: Collection[str],
    faults: Faults,
) -> list[DivisionMembershipRecord]:
    """In which parts each member lies, from–to.

    As in members.csv at first, until a row of division_changes.csv (a file that may be absent) says otherwise
    from a day on.
    """
    changes: dict[tuple[str, str], list[tuple[date, str]]] = {}
    if (folder / CHANGES).exists():
        rows = read_csv(folder, CHANGES, faults, required=("member", "kind", "code", "starts", "source"))
        for row in rows:
            member, kind, code = members.get(row.text("member")), row.text("kind"), row.text("code")
            starts, source = row.day("starts"), row.text("source")
            if source and source not in sources:
                row.fault(f'The source "{source}" is not in sources.toml.')
            if member is None:
                row.fault(f'"{row.text("member", optional=True)}" is not a member.')
            if code not in parts.get(kind, ()):
                row.fault(f'"{kind}" has no part "{code}".')
            if starts is None and not row.cells["starts"].strip():
                row.fault('"starts" is empty.')
            if member is None or starts is None:
                continue
            if not member.exists_on(starts) or starts == member.starts:
                row.fault(f"A change on {starts} is not within the life of {member.code}.")
                continue
            known = changes.setdefault((member.code, kind), [])
            if any(day == starts for day, _ in known):
                row.fault(f"{member.code} changes its {kind} twice on {starts}.")
            known.append((starts, code))
    found = []
    for member in members.values():
        for kind in parts:
            steps: list[tuple[date | None, str]] = [(member.starts, member.divisions.get(kind, ""))]
            steps += sorted(changes.get((member.code, kind), []))
            steps.append((member.ends, ""))
            for (starts, code), (ends, _) in pairwise(steps):
                if code and starts:
                    found.append(DivisionMembershipRecord(member.code, kind, code, starts, ends))
    return found


def division_networks(
    networks: Sequence[NetworkRecord], memberships: Sequence[DivisionMembershipRecord]
) -> list[NetworkMembershipRecord]:
    """The memberships of networks that follow from a division, such as provincial chapters."""
    found = []
    for network in networks:
        for lies in memberships:
            if network.division != (lies.kind, lies.code):
                continue
            first = max(lies.starts, network.starts or lies.starts)
            if lies.ends is None or first < lies.ends:
                found.append(
                    NetworkMembershipRecord(
                        network.key, lies.member, first, lies.ends, True, network.as_of, network.source
                    )
                )
    return found


def read_neighbours(
    folder: Path, members: Mapping[str, MemberRecord], faults: Faults
) -> frozenset[tuple[str, str]]:
    """Pairs of members that share a border, the smaller code first."""
    pairs: set[tuple[str, str]] = set()
    for row in read_csv(folder, "neighbours.csv", faults, required=("a", "b")):
        a, b = row.text("a"), row.text("b")
        unknown = [code for code in (a, b) if code and code not in members]
        for code in unknown:
            row.fault(f'"{code}" is not a member.')
        if not (a and b) or unknown:
            continue
        pair = (min(a, b), max(a, b))
        if a == b:
            row.fault(f"{a} cannot be its own neighbour.")
        elif pair in pairs:
            row.fault(f"{a} and {b} stand there already.")
        elif not overlap((members[a].starts, members[a].ends), (members[b].starts, members[b].ends)):
            row.fault(f"{a} and {b} were never members at the same time.")
        pairs.add(pair)
    return frozenset(pair for pair in pairs if pair[0] != pair[1])
