"""Who may do what with consultations, reactions, formal views and meetings.

Everybody in a round's public reacts and replies for themselves. A formal view is written by whoever reports for the
member, and handed in by somebody with its mandate. A meeting is planned and reported by the network's secretary.
"""

from typing import Any

import rules

from omkering.deliberate.models import Contribution, Meeting
from omkering.deliberate.publics import in_public
from omkering.who.authority import is_bureau, votes_for_member, works_for_member
from omkering.who.models import Network, Person
from omkering.who.standing import standing_of


@rules.predicate
def is_asked(person: Any, round: Any = None) -> bool:
    """Is in the public of this round."""
    return round is not None and in_public(person, round)


@rules.predicate
def is_author(person: Person | None, contribution: Contribution | None = None) -> bool:
    """Wrote this reaction."""
    return person is not None and contribution is not None and contribution.author_id == person.pk


@rules.predicate
def writes_for(person: Person | None, member: Any = None) -> bool:
    """Prepares the views of this member: reports for it, or has its mandate."""
    if member is None:
        return False
    reports = "report" in standing_of(person).powers and works_for_member(person, member)
    return reports or votes_for_member(person, member)


@rules.predicate
def keeps_network(person: Person | None, subject: Any = None) -> bool:
    """Is secretary of this network, or of the network of this meeting."""
    network = subject.network if isinstance(subject, Meeting) else subject
    standing = standing_of(person)
    return isinstance(network, Network) and "network" in standing.powers and network.pk in standing.networks


rules.add_perm("deliberate.plan_consultation", is_bureau)
rules.add_perm("deliberate.run_round", is_bureau)
rules.add_perm("deliberate.react", is_asked)  # the subject is the round
rules.add_perm("deliberate.reply", is_asked)  # the subject is the round
rules.add_perm("deliberate.change_reaction", is_author)
rules.add_perm("deliberate.withdraw_reaction", is_author | is_bureau)
rules.add_perm("deliberate.draft_view", writes_for)  # the subject is the member
rules.add_perm("deliberate.hand_in_view", votes_for_member)  # the subject is the member
rules.add_perm(
    "deliberate.plan_meeting", is_bureau | keeps_network
)  # the subject is the network or the meeting
