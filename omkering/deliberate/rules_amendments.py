"""Who may do what with amendments.

An amendment is of a member or of a network. Its draft is made by whoever works for the member; its word is given
(handed in, co-signed, withdrawn) by somebody with the member's mandate. For a network its secretary does both.
"""

from typing import Any

import rules

from omkering.deliberate.models import LIVE, Amendment, CollisionTalk
from omkering.who.authority import is_bureau, votes_for_member, works_for_member
from omkering.who.models import Body, Member, Network, Person
from omkering.who.standing import standing_of


def owner_of(amendment: Amendment) -> Member | Network | None:
    """The member or network whose amendment it is."""
    return amendment.owner_member or amendment.network


def speaks_for_network(person: Person | None, network: Network) -> bool:
    """Is secretary of this network today."""
    standing = standing_of(person)
    return "network" in standing.powers and network.pk in standing.networks


@rules.predicate
def drafts_for(person: Person | None, owner: Any) -> bool:
    """Prepares texts for this member or network."""
    if isinstance(owner, Network):
        return speaks_for_network(person, owner)
    if not isinstance(owner, Member):
        return False
    reports = "report" in standing_of(person).powers and works_for_member(person, owner)
    return reports or votes_for_member(person, owner)


@rules.predicate
def decides_for(person: Person | None, owner: Any) -> bool:
    """Gives the word of this member or network."""
    if isinstance(owner, Network):
        return speaks_for_network(person, owner)
    return isinstance(owner, Member) and votes_for_member(person, owner)


@rules.predicate
def drafts_amendment(person: Person | None, amendment: Amendment | None) -> bool:
    """Prepares texts for the one whose amendment it is."""
    return amendment is not None and drafts_for(person, owner_of(amendment))


@rules.predicate
def decides_amendment(person: Person | None, amendment: Amendment | None) -> bool:
    """Gives the word of an author of the amendment: its owner, or who went up in it as an author."""
    if amendment is None:
        return False
    if decides_for(person, owner_of(amendment)):
        return True
    standing = standing_of(person)
    if amendment.state not in LIVE or not (standing.votes_for or standing.networks):
        return False
    rows = amendment.backings.filter(part="author", ended_at__isnull=True)
    return any(
        (row.member_id is not None and row.member_id in standing.votes_for)
        or (
            row.network_id is not None
            and "network" in standing.powers
            and row.network_id in standing.networks
        )
        for row in rows
    )


@rules.predicate
def in_talks(person: Person | None, talk: CollisionTalk | None) -> bool:
    """Gives the word of an author of one of the two."""
    return talk is not None and (
        decides_amendment(person, talk.first) or decides_amendment(person, talk.second)
    )


@rules.predicate
def advises_in(person: Person | None, body: Body | None) -> bool:
    """Holds a seat in this body today."""
    return body is not None and body.pk in standing_of(person).bodies


rules.add_perm("deliberate.draft_amendment", drafts_for)  # the subject is the member or network
rules.add_perm("deliberate.submit_amendment", decides_for)  # and so it is here
rules.add_perm("deliberate.cosign", decides_for)
rules.add_perm("deliberate.edit_amendment", drafts_amendment | decides_amendment)
rules.add_perm("deliberate.change_amendment", decides_amendment)  # withdraw, replace
rules.add_perm("deliberate.ask_talks", decides_amendment | is_bureau)
rules.add_perm("deliberate.talk", in_talks | is_bureau)  # the subject is the talk
rules.add_perm("deliberate.advise", is_bureau | advises_in)  # the subject is the body
rules.add_perm("deliberate.settle_amendment", is_bureau)
