"""Reading who is there: each member (or seat) once, present, represented or absent, with its voters and proxies."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from omkering.decide.meeting_rules import of_members
from omkering.decide.models import Attendance, Delegate, Meeting, Presence, Proxy, Term
from omkering.journal import clock
from omkering.who.models import Mandate, Member, Person
from omkering.who.rolls import votes_on


@dataclass
class AttendanceLine:
    """A member, or the person on a seat: its votes, who is there for it, and the member that holds its proxy."""

    member: Member | None
    person: Person | None
    votes: int
    stays: list[Attendance] = field(default_factory=list)
    proxy: Proxy | None = None
    holds: list[Proxy] = field(default_factory=list)
    holder_is_there: bool = False

    @property
    def name(self) -> str:
        """The member, or the person on the seat."""
        return str(self.member or self.person)

    @property
    def key(self) -> str:
        """How an address names it."""
        return f"m{self.member.pk}" if self.member else f"p{self.person.pk if self.person else 0}"

    @property
    def present(self) -> bool:
        """Whether somebody is there for it."""
        return bool(self.stays)

    @property
    def represented(self) -> bool:
        """Whether it is away, and the member that holds its proxy is there."""
        return not self.stays and self.proxy is not None and self.holder_is_there

    @property
    def takes_part(self) -> bool:
        """Whether it counts for the quorum: present or represented, once."""
        return self.present or self.represented

    @property
    def on_site(self) -> bool:
        """Whether somebody is there in the hall."""
        return any(stay.presence == Presence.ON_SITE for stay in self.stays)


def attendance_of(meeting: Meeting) -> list[AttendanceLine]:
    """Who may take part in a meeting and who is there, in the order of names; at most five queries."""
    lines = _members(meeting) if of_members(meeting.rules) else _seats(meeting)
    by_member = {line.member.id: line for line in lines if line.member}
    by_person = {line.person.id: line for line in lines if line.person}
    stays = Attendance.objects.filter(meeting=meeting, left_at__isnull=True).select_related("person")
    stays = stays.only("member", "presence", "arrived_at", "person__name")
    for stay in stays.order_by("arrived_at", "pk"):
        line = by_member.get(stay.member_id) if stay.member_id else by_person.get(stay.person_id)
        if line is not None:
            line.stays.append(stay)
    if by_member:
        for proxy in proxies_in_force(meeting):
            if proxy.giver_id in by_member:
                by_member[proxy.giver_id].proxy = proxy
            if proxy.holder_id in by_member:
                by_member[proxy.holder_id].holds.append(proxy)
        for line in lines:
            if line.proxy is not None and line.proxy.holder_id in by_member:
                line.holder_is_there = by_member[line.proxy.holder_id].present
    return lines


def proxies_in_force(meeting: Meeting, **filters: Any) -> list[Proxy]:
    """The proxies that hold at this moment; one query beside that of the clock."""
    now = clock.database_now()
    rows = Proxy.objects.filter(
        meeting=meeting, ended_at__isnull=True, starts_at__lte=now, ends_at__gt=now, **filters
    )
    return list(rows.select_related("giver", "holder").only("giver__name", "holder__name").order_by("pk"))


def _members(meeting: Meeting) -> list[AttendanceLine]:
    held = votes_on(meeting.reference_date, meeting.rules["weight"])
    return [AttendanceLine(member, None, votes) for member, votes in held]


def _seats(meeting: Meeting) -> list[AttendanceLine]:
    terms = (
        Term.objects.on(meeting.reference_date)
        .filter(seat__body_id=meeting.owner_body_id, seat__retired_at__isnull=True)
        .select_related("appointment__person")
        .order_by("seat__number")
    )
    return [AttendanceLine(None, term.appointment.person, 1) for term in terms]


@dataclass(frozen=True, slots=True)
class Voter:
    """Somebody who votes for a member, by id and name."""

    pk: int
    name: str

    def __str__(self) -> str:
        return self.name


def voters_of(
    meeting: Meeting, members: Collection[int] | None = None
) -> dict[int, list[tuple[Voter, int | None]]]:
    """Member → who votes for it at this meeting, each with its part (None: the whole): the delegates it named, or
    without these who holds its mandate. Of these members, or of all. Two queries.
    """
    wanted: dict[str, Any] = {} if members is None else {"member_id__in": members}
    found: dict[int, list[tuple[Voter, int | None]]] = {}
    named = Delegate.objects.filter(meeting=meeting, ended_at__isnull=True, **wanted).order_by("pk")
    for member, person, name, votes in named.values_list("member_id", "person_id", "person__name", "votes"):
        found.setdefault(member, []).append((Voter(person, name), votes))
    delegated = frozenset(found)
    mandates = Mandate.objects.filter(scope=Mandate.Scope.VOTE, person__is_active=True, **wanted)
    held = mandates.on(timezone.localdate()).order_by("pk")
    for member, person, name in held.values_list("member_id", "person_id", "person__name"):
        if member not in delegated:
            found.setdefault(member, []).append((Voter(person, name), None))
    return found
