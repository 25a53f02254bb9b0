"""Who may do what with live."""

from typing import Any

import rules

from omkering.decide.models import Delegate, Meeting, Term
from omkering.who.authority import is_bureau
from omkering.who.models import Member, Person
from omkering.who.standing import standing_of


@rules.predicate
def chairs(person: Person | None, meeting: Meeting | None) -> bool:
    """Holds the chair's seat of the body that meets."""
    standing = standing_of(person)
    if person is None or meeting is None or meeting.owner_body_id not in standing.bodies:
        return False
    seats = Term.objects.on(standing.day).filter(
        seat__body_id=meeting.owner_body_id, seat__chair=True, seat__retired_at__isnull=True
    )
    return seats.filter(appointment__person_id=person.pk).exists()


@rules.predicate
def speaks_for(person: Person | None, subject: Any) -> bool:
    """Speaks for this member at this meeting, or in a body of people holds a seat. `subject`: (meeting, member)."""
    if person is None or subject is None:
        return False
    meeting, member = subject
    if member is None:
        return meeting.owner_body_id is not None and meeting.owner_body_id in standing_of(person).bodies
    return represents(person, meeting, member)


def represents(person: Person, meeting: Meeting, member: Member) -> bool:
    """Is a delegate of the member at the meeting; or, where it named none, holds its mandate to vote."""
    named = set(
        Delegate.objects.filter(meeting=meeting, member=member, ended_at__isnull=True).values_list(
            "person_id", flat=True
        )
    )
    return person.pk in named if named else member.pk in standing_of(person).votes_for


rules.add_perm("decide.run_meeting", is_bureau | chairs)
rules.add_perm("decide.speak", speaks_for)
