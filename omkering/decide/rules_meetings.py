"""Who may do what with meetings: the bureau plans and keeps the agenda, the chair leads, members take part.

`decide.run_meeting` (bureau, or who holds the chair's seat) stands in `rules_live`.
"""

from dataclasses import dataclass
from typing import Any

import rules

from omkering.decide.meeting_rules import of_members
from omkering.decide.models import Delegate, Interest, Meeting, Term
from omkering.decide.rules_live import represents
from omkering.who.authority import is_bureau, votes_for_member
from omkering.who.models import Member, Person
from omkering.who.standing import standing_of


@dataclass(frozen=True)
class Coming:
    """Somebody comes to a meeting, or goes: for a member, or (None) on a seat of their own."""

    meeting: Meeting
    member: Member | None
    person: Person


@rules.predicate
def comes_for_oneself(person: Person | None, coming: Coming | None = None) -> bool:
    """Registers themselves, and may vote for the member or sits in the body."""
    return person is not None and coming is not None and coming.person.pk == person.pk and may_come(coming)


def may_come(coming: Coming) -> bool:
    """Whether this person can take part for this member (its voter), or holds a seat of the body that meets."""
    meeting = coming.meeting
    if of_members(meeting.rules):
        return coming.member is not None and represents(coming.person, meeting, coming.member)
    return coming.member is None and sits_in(coming.person, meeting)


def sits_in(person: Person, meeting: Meeting) -> bool:
    """Holds a seat of the body on the reference date of the meeting."""
    seats = Term.objects.on(meeting.reference_date).filter(
        seat__body_id=meeting.owner_body_id, seat__retired_at__isnull=True, appointment__person_id=person.pk
    )
    return seats.exists()


@rules.predicate
def takes_part(person: Person | None, subject: Any = None) -> bool:
    """Speaks for a member that meets, or sits in the body. `subject`: (meeting, member or None)."""
    if person is None or subject is None:
        return False
    meeting, member = subject
    if member is not None:
        return represents(person, meeting, member)
    standing = standing_of(person)
    if of_members(meeting.rules):
        named = Delegate.objects.filter(meeting=meeting, person_id=person.pk, ended_at__isnull=True)
        return bool(standing.votes_for) or meeting.owner_body_id in standing.bodies or named.exists()
    return meeting.owner_body_id in standing.bodies


@rules.predicate
def names_voters(person: Person | None, member: Any = None) -> bool:
    """Says who votes for this member."""
    return member is not None and member.pk in standing_of(person).mandates_for


@rules.predicate
def declared_it(person: Person | None, interest: Interest | None = None) -> bool:
    """Declared this interest."""
    return person is not None and interest is not None and interest.person_id == person.pk


rules.add_perm("decide.plan_meeting", is_bureau)  # the subject is the body
rules.add_perm("decide.keep_agenda", is_bureau)  # the subject is the meeting
rules.add_perm("decide.put_on_agenda", is_bureau)  # the subject is the item
rules.add_perm("decide.keep_attendance", is_bureau)  # the subject is the meeting
rules.add_perm("decide.come", is_bureau | comes_for_oneself)  # the subject is a `Coming`
rules.add_perm("decide.give_proxy", votes_for_member)  # the subject is the member that gives it
rules.add_perm("decide.name_delegates", names_voters)  # the subject is the member
rules.add_perm("decide.take_part", takes_part)
rules.add_perm("decide.withdraw_interest", declared_it)
rules.add_perm("decide.request_meeting", votes_for_member)  # the subject is the member
