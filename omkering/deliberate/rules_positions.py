"""Who may do what with positions, stances, the lobby register and alignments."""

from typing import Any

import rules

from omkering.deliberate.models import Alignment, Contact
from omkering.who.authority import is_bureau
from omkering.who.models import Member, Network, Person
from omkering.who.standing import standing_of

Party = Member | Network | None  # None: the association itself


def party_of(contact: Contact) -> Party:
    """On whose behalf a contact is."""
    return contact.owner_member or contact.network


@rules.predicate
def speaks_for(person: Person | None, party: Any = None) -> bool:
    """Speaks for this party in a contact: reports for the member, is the network's secretary, or is the bureau."""
    standing = standing_of(person)
    if isinstance(party, Member):
        return "report" in standing.powers and party.pk in standing.members
    if isinstance(party, Network):
        return "network" in standing.powers and party.pk in standing.networks
    return standing.is_bureau


@rules.predicate
def binds(person: Person | None, party: Any = None) -> bool:
    """Says how this party stands: with the member's mandate, or as the network's secretary."""
    standing = standing_of(person)
    if isinstance(party, Member):
        return party.pk in standing.votes_for
    return isinstance(party, Network) and speaks_for(person, party)


@rules.predicate
def speaks_in(person: Person | None, contact: Contact | None = None) -> bool:
    """Speaks for the party of this contact."""
    return contact is not None and speaks_for(person, party_of(contact))


@rules.predicate
def departs(person: Person | None, alignment: Alignment | None = None) -> bool:
    """Speaks for the party whose message departs."""
    return alignment is not None and speaks_in(person, alignment.relation.contact)


@rules.predicate
def owns_position(person: Person | None, alignment: Alignment | None = None) -> bool:
    """Owns the position that the message departs from."""
    return (
        person is not None
        and alignment is not None
        and alignment.relation.position.owner_id is not None
        and alignment.relation.position.owner_id == person.pk
    )


rules.add_perm("deliberate.keep_position", is_bureau)
rules.add_perm("deliberate.take_stance", binds)  # the subject is the member or network
rules.add_perm("deliberate.record_contact", speaks_for)  # the subject is the member or network, or None
rules.add_perm("deliberate.edit_contact", speaks_in)
rules.add_perm("deliberate.align", is_bureau | owns_position | departs)
rules.add_perm("deliberate.change_own_message", departs)  # an alignment that ends by taking the position over
