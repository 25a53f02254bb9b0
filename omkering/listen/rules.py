"""Who may do what with signals, and which steps a signal can take."""

from typing import Any

import rules

from omkering.listen.models import Objection, Recognition, Signal, SignalState
from omkering.who.authority import is_bureau
from omkering.who.models import Member, Person
from omkering.who.standing import standing_of

S = SignalState
NEXT_STATES: dict[str, frozenset[str]] = {
    S.SUBMITTED: frozenset({S.IN_REVIEW, S.BUNDLED}),
    S.IN_REVIEW: frozenset({S.BUNDLED, S.TAKEN_UP, S.REFERRED, S.DECLINED}),
    S.BUNDLED: frozenset({S.IN_REVIEW, S.TAKEN_UP, S.REFERRED, S.DECLINED}),
    S.TAKEN_UP: frozenset(),
    S.REFERRED: frozenset({S.IN_REVIEW}),  # by an objection that is upheld
    S.DECLINED: frozenset({S.IN_REVIEW}),  # by an objection that is upheld
}
ANSWERS = (S.TAKEN_UP, S.REFERRED, S.DECLINED)
OBJECTIONABLE = (S.REFERRED, S.DECLINED)


def speaks_for(person: Person | None, member: Member | None) -> bool:
    """Whether somebody reports for this member today, or for the member that it went up in."""
    standing = standing_of(person)
    if "report" not in standing.powers:
        return False
    while member is not None:
        if member.pk in standing.members:
            return True
        member = member.successor if member.successor_id else None
    return False


@rules.predicate
def reports_for_member(person: Person | None, member: Member | None) -> bool:
    """Reports for this member (or for any, when none is given)."""
    if member is None:
        standing = standing_of(person)
        return "report" in standing.powers and bool(standing.members)
    return speaks_for(person, member)


@rules.predicate
def is_sender(person: Person | None, signal: Signal) -> bool:
    """Is the author's colleague at the member that sent the signal, or the author, while working there."""
    return speaks_for(person, signal.owner_member)


@rules.predicate
def speaks_for_recognition(person: Person | None, recognition: Recognition) -> bool:
    """Reports for the member that recognised the signal."""
    return speaks_for(person, recognition.member)


@rules.predicate
def did_not_answer(person: Person | None, objection: Objection | None) -> bool:
    """Did not give the answer that is objected to, nor made the objection: four eyes."""
    return (
        person is not None
        and objection is not None
        and person.pk not in (objection.answer.person_id, objection.person_id)
    )


@rules.predicate
def owns_draft(person: Person | None, draft: Any) -> bool:
    """Is writing this report."""
    return person is not None and draft.person_id == person.pk


rules.add_perm("listen.report", reports_for_member)
rules.add_perm("listen.submit_signal", reports_for_member | is_bureau)
rules.add_perm("listen.write_draft", owns_draft)
rules.add_perm("listen.correct_signal", is_sender)
rules.add_perm("listen.recognise_signal", reports_for_member)
rules.add_perm("listen.withdraw_recognition", speaks_for_recognition)
rules.add_perm("listen.review_signal", is_bureau)
rules.add_perm("listen.object", is_sender)
rules.add_perm("listen.answer_objection", is_bureau & did_not_answer)
