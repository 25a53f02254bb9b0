"""Who may do what with motions.

A motion is of a member or of a network. Its draft is made by whoever works for the member; its word is given (filed,
signed, withdrawn) by somebody with the member's mandate. For a network its secretary does both. The bureau or the
chair records what a meeting decides; a body advises and carries out.
"""

from typing import Any

import rules

from omkering.decide.models import Meeting, Motion, MotionTalk, Undertaking
from omkering.decide.rules_live import chairs
from omkering.thread.models import Item
from omkering.who.authority import is_bureau, votes_for_member, works_for_member
from omkering.who.models import Body, Member, Network, Person
from omkering.who.owners import Owner
from omkering.who.standing import standing_of


def owner_of(motion: Motion) -> Owner | None:
    """The member or network whose motion it is."""
    return motion.owner_member or motion.network


@rules.predicate
def drafts_for(person: Person | None, owner: Any) -> bool:
    """Prepares texts for this member or network."""
    if isinstance(owner, Network):
        return speaks_for(person, owner)
    if not isinstance(owner, Member):
        return False
    reports = "report" in standing_of(person).powers and works_for_member(person, owner)
    return reports or votes_for_member(person, owner)


@rules.predicate
def speaks_for(person: Person | None, owner: Any) -> bool:
    """Gives the word of this member or network."""
    if isinstance(owner, Network):
        standing = standing_of(person)
        return "network" in standing.powers and owner.pk in standing.networks
    return isinstance(owner, Member) and votes_for_member(person, owner)


@rules.predicate
def drafts_motion(person: Person | None, motion: Motion | None) -> bool:
    """Prepares texts for the one whose motion it is."""
    return motion is not None and drafts_for(person, owner_of(motion))


@rules.predicate
def filed_it(person: Person | None, motion: Motion | None) -> bool:
    """Gives the word of one who filed the motion."""
    if motion is None:
        return False
    if speaks_for(person, owner_of(motion)):
        return True
    standing = standing_of(person)
    if not (standing.votes_for or standing.networks):
        return False
    rows = motion.signatures.filter(filer=True, withdrawn_at__isnull=True)
    speaks = standing.networks if "network" in standing.powers else frozenset()
    return any(
        member in standing.votes_for or network in speaks
        for member, network in rows.values_list("member_id", "network_id")
    )


@rules.predicate
def in_talks(person: Person | None, talk: MotionTalk | None) -> bool:
    """Gives the word of one who filed one of the two."""
    return talk is not None and (filed_it(person, talk.motion) or filed_it(person, talk.other))


@rules.predicate
def sits_in(person: Person | None, body: Body | None) -> bool:
    """Holds a seat in this body today."""
    return body is not None and body.pk in standing_of(person).bodies


@rules.predicate
def leads_its_meeting(person: Person | None, motion: Motion | None) -> bool:
    """Is chair of the body that meets about the motion."""
    return motion is not None and motion.meeting is not None and chairs(person, motion.meeting)


@rules.predicate
def leads(person: Person | None, meeting: Meeting | None) -> bool:
    """Is chair of the body that meets."""
    return meeting is not None and chairs(person, meeting)


@rules.predicate
def carries_it_out(person: Person | None, about: Item | None) -> bool:
    """Sits in the body that carries out a motion or undertaking."""
    if about is None:
        return False
    bodies = standing_of(person).bodies
    return bool(bodies) and about.executions.filter(ended_at__isnull=True, owner_body_id__in=bodies).exists()


@rules.predicate
def is_heard(person: Person | None, about: Item | None) -> bool:
    """Is heard before a motion or undertaking is settled: who filed it, or asked for it."""
    if isinstance(about, Motion):
        return filed_it(person, about)
    return isinstance(about, Undertaking) and speaks_for(person, about.asked_by)


@rules.predicate
def drafts_for_somebody(person: Person | None, item: Item | None = None) -> bool:
    """Prepares texts for a member or network; no query of its own."""
    standing = standing_of(person)
    reports = "report" in standing.powers and bool(standing.members)
    return reports or bool(standing.votes_for) or ("network" in standing.powers and bool(standing.networks))


rules.add_perm("decide.make_motion_of", drafts_for_somebody)  # the subject is the item that it comes from
rules.add_perm("decide.draft_motion", drafts_for)  # the subject is the member or network
rules.add_perm("decide.file_motion", speaks_for)  # and so it is here
rules.add_perm("decide.sign_motion", speaks_for)
rules.add_perm("decide.edit_motion", drafts_motion | filed_it)
rules.add_perm("decide.change_motion", filed_it)  # change its words, withdraw, bring to another meeting
rules.add_perm("decide.split_motion", filed_it | is_bureau | leads_its_meeting)
rules.add_perm("decide.talk_of_motion", filed_it | is_bureau)
rules.add_perm("decide.talk", in_talks | is_bureau)  # the subject is the talk
rules.add_perm("decide.handle_motion", is_bureau | leads_its_meeting)
rules.add_perm("decide.advise", is_bureau | sits_in)  # the subject is the body
rules.add_perm("decide.take_over", is_bureau | sits_in)  # the subject is the body
rules.add_perm("decide.plan_execution", is_bureau | sits_in)  # the subject is the body
rules.add_perm("decide.report", is_bureau | carries_it_out)  # the subject is the motion or undertaking
rules.add_perm("decide.answer_settling", is_heard)  # the subject is the motion or undertaking
rules.add_perm("decide.decide_settling", is_bureau | leads)  # the subject is the meeting
rules.add_perm("decide.record_undertaking", is_bureau | leads)  # the subject is the meeting
