"""Who may do what on the agenda."""

from typing import Any

import rules

from omkering.agenda.models import RoundLine
from omkering.who.authority import is_bureau, works_for_member
from omkering.who.models import Body, Person
from omkering.who.standing import standing_of


@rules.predicate
def sits_in_body(person: Person | None, body: Body | None) -> bool:
    """Holds an appointment at this body today."""
    return body is not None and body.pk in standing_of(person).bodies


@rules.predicate
def holds_line(person: Person | None, line: RoundLine | None) -> bool:
    """Chooses for this line of the roll: the member's mandated voter, or the person of the body itself."""
    if person is None or line is None:
        return False
    if line.member_id is not None:
        return line.member_id in standing_of(person).votes_for
    return line.person_id == person.pk


@rules.predicate
def reports_for(person: Person | None, member: Any) -> bool:
    """Works for this member in a role that reports."""
    return "report" in standing_of(person).powers and works_for_member(person, member)


# Challenges and how they hang together
rules.add_perm("agenda.edit_challenge", is_bureau)
rules.add_perm("agenda.couple", is_bureau)
rules.add_perm("agenda.record_conflict", is_bureau)
rules.add_perm("agenda.place_item", is_bureau)
# Dossiers and what they ask
rules.add_perm("agenda.open_dossier", is_bureau)
rules.add_perm("agenda.edit_dossier", is_bureau)
rules.add_perm("agenda.take_part", is_bureau | reports_for)  # the subject is the member
rules.add_perm("agenda.ask_condition", is_bureau)
# Priority rounds
rules.add_perm("agenda.plan_round", is_bureau)
rules.add_perm("agenda.open_round", is_bureau)
rules.add_perm("agenda.close_round", is_bureau)
rules.add_perm("agenda.choose", holds_line)  # the subject is the line of the roll
rules.add_perm("agenda.depart", is_bureau | sits_in_body)  # the subject is the body
