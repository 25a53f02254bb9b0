"""Reading who is there: each member (or seat) once, present, represented or absent, with its voters and proxies."""

from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from omkering.decide.commands.meeting_rows import roll_of_meeting
from omkering.decide.meeting_rules import of_members
from omkering.decide.models import Attendance, Delegate, Meeting, Presence, Proxy, Term
from omkering.journal import clock
from omkering.who.models import Mandate, Member, Person


@dataclass
class AttendanceLine:
    """A member, or the person on a seat: its votes, who is there for it, and the member that holds its proxy."""

    member: Member | None
    person: Person | None
    votes: int
    groups: dict[str, list[str]] = field(default_factory=dict)
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
    """Who may take part in a meeting and who is there, in the order of names; at most nine queries."""
    lines = _members(meeting) if of_members(meeting.rules) else _seats(meeting)
    by_member = {line.member.pk: line for line in lines if line.member}
    by_person = {line.person.pk: line for line in lines if line.person}
    stays = Attendance.objects.filter(meeting=meeting, left_at__isnull=True).select_related("person")
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
    return list(rows.select_related("giver", "holder").order_by("pk"))


def _members(meeting: Meeting) -> list[AttendanceLine]:
    return [AttendanceLine(line.member, None, line.weight, line.groups) for line in roll_of_meeting(meeting)]


def _seats(meeting: Meeting) -> list[AttendanceLine]:
    terms = (
        Term.objects.on(meeting.reference_date)
        .filter(seat__body_id=meeting.owner_body_id, seat__retired_at__isnull=True)
        .select_related("appointment__person")
        .order_by("seat__number")
    )
    return [AttendanceLine(None, term.appointment.person, 1) for term in terms]


def voters_of(meeting: Meeting, members: list[int]) -> dict[int, list[tuple[Person, int | None]]]:
    """Member → who votes for it at this meeting, each with its part (None: the whole): the delegates it named, or
    without these who holds its mandate. Two queries.
    """
    found: dict[int, list[tuple[Person, int | None]]] = {}
    named = Delegate.objects.filter(meeting=meeting, member_id__in=members, ended_at__isnull=True)
    for entry in named.select_related("person").order_by("pk"):
        found.setdefault(entry.member_id, []).append((entry.person, entry.votes))
    rest = [pk for pk in members if pk not in found]
    mandates = Mandate.objects.filter(
        member_id__in=rest, scope=Mandate.Scope.VOTE, person__is_active=True
    ).on(timezone.localdate())
    for mandate in mandates.select_related("person").order_by("pk"):
        found.setdefault(mandate.member_id, []).append((mandate.person, None))
    return found
