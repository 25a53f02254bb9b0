"""Who may do what with seats, nomination rounds and candidates.

Candidates are weighed by the bureau and by who is seated in the nominating body, except by who stands in the same
round. Whoever works for a member comes forward alone and for themselves.
"""

from typing import Any

import rules

from omkering.decide.models import Candidacy, CandidacyState, NominationRound
from omkering.who.authority import is_bureau, votes_for_member, works_for_member
from omkering.who.models import Network, Person
from omkering.who.standing import standing_of

ENDED = (CandidacyState.WITHDRAWN,)


def _round_of(subject: Any) -> NominationRound | None:
    if isinstance(subject, Candidacy):
        return subject.vacancy.nomination
    return getattr(subject, "nomination", subject) if subject is not None else None


@rules.predicate
def weighs(person: Person | None, subject: Any = None) -> bool:
    """Sees and weighs the candidates of this round (or of the round of this vacancy or candidacy); one query."""
    round = _round_of(subject)
    if person is None or round is None:
        return False
    standing = standing_of(person)
    if not standing.is_bureau and round.nominating_body_id not in standing.bodies:
        return False
    own = Candidacy.objects.filter(person_id=person.pk, vacancy__nomination_id=round.pk)
    return not own.exclude(state__in=ENDED).exists()


@rules.predicate
def is_candidate(person: Person | None, candidacy: Candidacy | None = None) -> bool:
    """Is the one who stands."""
    return person is not None and candidacy is not None and candidacy.person_id == person.pk


@rules.predicate
def speaks_for_network(person: Person | None, network: Network | None = None) -> bool:
    """Is secretary of this network."""
    standing = standing_of(person)
    return network is not None and "network" in standing.powers and network.pk in standing.networks


rules.add_perm("decide.keep_seats", is_bureau)
rules.add_perm("decide.run_nomination", is_bureau)
rules.add_perm("decide.weigh_candidates", weighs)  # the subject is a round, a vacancy or a candidacy
rules.add_perm("decide.stand", works_for_member)  # the subject is the member one comes from
rules.add_perm("decide.own_candidacy", is_candidate)  # the subject is the candidacy
rules.add_perm("decide.recommend", speaks_for_network)  # the subject is the network
rules.add_perm("decide.record_recommendation", is_bureau)
rules.add_perm("decide.put_up", votes_for_member)  # the subject is the member that puts up
