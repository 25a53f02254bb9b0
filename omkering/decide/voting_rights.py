"""For whom somebody may cast a ballot in a vote, with how many votes, and on what ground.

- In a vote of its own, and in a consultation over days: who holds the mandate of the member to vote.
- In a meeting: the delegates that the member named for it, or without these who holds its mandate; and one must be
  there. A member that is away may have given its proxy: then the people of the holder vote for it, as long as the
  holder is there and the proxy holds. It ends when the member arrives.
- A member that divides its votes: each delegate its own part.
- In a body of people: who holds the seat.

`ballot_box` checks the ground of each ballot again in the database, at the moment it is cast.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from omkering.decide.models import Attendance, Delegate, Meeting, MeetingForm, Proxy, RollEntry, Vote
from omkering.journal import clock
from omkering.who.models import Mandate, Member


@dataclass(frozen=True)
class Ground:
    """Why somebody may: the rows that must still hold when the ballot is cast (ids; None: not needed)."""

    mandate: int | None = None
    delegate: int | None = None
    attendance: int | None = None
    proxy: int | None = None
    holder: int | None = None  # the member in whose name a proxy is used


@dataclass(frozen=True)
class Right:
    """One ballot that a person may cast: for a line of the roll or a part of it, with so many votes."""

    entry: RollEntry
    part: int
    votes: int
    ground: Ground
    by_proxy: Member | None = None

    @property
    def name(self) -> str:
        """For whom: the member, or the person on the seat."""
        return str(self.entry.member or self.entry.person)


def rights(vote: Vote, people: Collection[int]) -> dict[int, list[Right]]:
    """Person → the ballots they may cast now, in the order of names; at most seven queries for any number of people.

    `people` are ids. A person that may cast none is not in the answer.
    """
    if not people:
        return {}
    entries = list(vote.roll.select_related("member", "person").order_by("member__sort_key", "voter"))
    here = _here(vote.meeting, people)
    found: dict[int, list[Right]] = {}
    _match(found, entries, _grounds(vote, people, here))
    _match_seats(found, entries, people, here, vote.meeting)
    _name_holders(found)
    return found


def _match(
    found: dict[int, list[Right]], entries: Sequence[RollEntry], grounds: Sequence[tuple[int, int, Ground]]
) -> None:
    of_member = {entry.member_id: entry for entry in entries if entry.member_id}
    for person, member, ground in grounds:
        entry = of_member.get(member)
        if entry is None:
            continue
        for part in entry.parts:  # frozen: a proxy given later does not undo them
            if part["person"] == person and ground.proxy is None:
                found.setdefault(person, []).append(Right(entry, part["part"], part["votes"], ground))
        if not entry.parts:
            found.setdefault(person, []).append(Right(entry, 0, entry.weight, ground))


def _match_seats(
    found: dict[int, list[Right]],
    entries: Sequence[RollEntry],
    people: Collection[int],
    here: dict[tuple[int | None, int], int],
    meeting: Meeting | None,
) -> None:
    for entry in entries:
        if entry.person_id in people and entry.person_id is not None:
            seat = here.get((None, entry.person_id))
            if seat is not None or not needs_presence(meeting):
                found.setdefault(entry.person_id, []).append(
                    Right(entry, 0, entry.weight, Ground(attendance=seat))
                )


def rights_of(vote: Vote, person: int) -> list[Right]:
    """The ballots one person may cast now."""
    return rights_of_votes([vote], person)[vote.pk]


def rights_of_votes(votes: Sequence[Vote], person: int) -> dict[int, list[Right]]:
    """Vote → the ballots one person may cast in it now; at most eight queries for all votes of one meeting, which read
    the lines of this person's members alone.
    """
    found: dict[int, list[Right]] = {vote.pk: [] for vote in votes}
    meetings: dict[int | None, list[Vote]] = {}
    for vote in votes:
        meetings.setdefault(vote.meeting_id, []).append(vote)
    for together in meetings.values():
        _rights_in_meeting(together, person, found)
    _name_holders(found)
    return found


def _rights_in_meeting(votes: Sequence[Vote], person: int, found: dict[int, list[Right]]) -> None:
    meeting = votes[0].meeting
    here = _here(meeting, [person])
    grounds = [(member, ground) for _person, member, ground in _grounds(votes[0], [person], here)]
    lines = RollEntry.objects.filter(vote__in=votes).filter(
        Q(member_id__in={member for member, _ground in grounds}) | Q(person_id=person)
    )
    of_vote: dict[int, list[RollEntry]] = {}
    for entry in lines.select_related("member", "person").order_by("member__sort_key", "voter"):
        of_vote.setdefault(entry.vote_id, []).append(entry)
    for vote in votes:
        held = {person: found[vote.pk]}
        _match(held, of_vote.get(vote.pk, []), [(person, *ground) for ground in grounds])
        _match_seats(held, of_vote.get(vote.pk, []), [person], here, meeting)


def right_for(vote: Vote, person: int, voter: str, part: int = 0) -> Right | None:
    """The right of a person to cast the ballot of this line of the roll and part; None without one."""
    for right in rights_of(vote, person):
        if right.entry.voter == voter and (right.part == part or (part == 0 and right.part)):
            return right
    return None


def needs_presence(meeting: Meeting | None) -> bool:
    """Whether one must be there to vote: in a meeting, but not in a consultation over days."""
    return meeting is not None and meeting.form != MeetingForm.CONSULTATION


def _here(meeting: Meeting | None, people: Collection[int]) -> dict[tuple[int | None, int], int]:
    """(member, person) → the stay of this person that is going on."""
    if meeting is None:
        return {}
    stays = Attendance.objects.filter(meeting=meeting, person_id__in=people, left_at__isnull=True)
    return {(member, person): pk for pk, member, person in stays.values_list("pk", "member_id", "person_id")}


def _grounds(
    vote: Vote, people: Collection[int], here: dict[tuple[int | None, int], int]
) -> list[tuple[int, int, Ground]]:
    """(person, member whose ballot it is, ground): for the own member, and for members that gave it their proxy."""
    own: list[tuple[int, int, Ground]] = []
    mandates = Mandate.objects.on(timezone.localdate()).filter(
        person_id__in=people, scope=Mandate.Scope.VOTE, person__is_active=True
    )
    given = list(mandates.order_by("pk").values_list("pk", "person_id", "member_id"))
    if vote.meeting_id is None:
        return [(person, member, Ground(mandate=pk)) for pk, person, member in given]
    named = list(
        Delegate.objects.filter(meeting=vote.meeting_id, ended_at__isnull=True, person__is_active=True)
        .order_by("pk")
        .values_list("pk", "person_id", "member_id")
    )
    have_delegates = {member for _pk, _person, member in named}
    presence = needs_presence(vote.meeting)
    for pk, person, member in named:
        stay = here.get((member, person))
        if person in people and (stay is not None or not presence):
            own.append((person, member, Ground(delegate=pk, attendance=stay)))
    for pk, person, member in given:
        stay = here.get((member, person))
        if member not in have_delegates and (stay is not None or not presence):
            own.append((person, member, Ground(mandate=pk, attendance=stay)))
    return _with_proxies(vote, own)


def _with_proxies(vote: Vote, own: list[tuple[int, int, Ground]]) -> list[tuple[int, int, Ground]]:
    now = clock.database_now()
    proxies = Proxy.objects.filter(
        meeting=vote.meeting_id, ended_at__isnull=True, starts_at__lte=now, ends_at__gt=now
    )
    held: dict[int, list[tuple[int, int]]] = {}
    away = set()
    for pk, giver, holder in proxies.order_by("pk").values_list("pk", "giver_id", "holder_id"):
        held.setdefault(holder, []).append((pk, giver))
        away.add(giver)
    found = [line for line in own if line[1] not in away]
    for person, member, ground in own:
        if member in away:
            continue  # no chains: who is away itself holds nothing for others
        for proxy, giver in held.get(member, []):
            found.append(
                (
                    person,
                    giver,
                    Ground(ground.mandate, ground.delegate, ground.attendance, proxy=proxy, holder=member),
                )
            )
    return found


def _name_holders(found: dict[int, list[Right]]) -> None:
    wanted = {right.ground.holder for rights in found.values() for right in rights if right.ground.holder}
    names = Member.objects.in_bulk(wanted) if wanted else {}
    for person, held in found.items():
        found[person] = [
            right
            if right.ground.holder is None
            else Right(right.entry, right.part, right.votes, right.ground, names[right.ground.holder])
            for right in held
        ]
