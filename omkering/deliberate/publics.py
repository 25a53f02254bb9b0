"""Who is asked in a round, and who may read what comes of it."""

from typing import Any

from django.db.models import Q

from omkering.deliberate.models import ConsultationRound, Public
from omkering.thread.models import Visibility
from omkering.who.standing import Standing, standing_of

_OPENNESS = (Visibility.BUREAU, Visibility.NETWORK, Visibility.MEMBERS, Visibility.PUBLIC)


def in_public(person: Any, round: ConsultationRound) -> bool:
    """Whether `person` is asked in this round: everybody with an account, insiders, those of the network or of its
    members, or those with a seat in the body.
    """
    if person is None or not person.is_authenticated or not person.is_active:
        return False
    standing = standing_of(person)
    if round.public == Public.EVERYONE:
        return True
    if round.public == Public.MEMBERS:
        return standing.is_insider
    if round.public == Public.NETWORK:
        return round.network_id in standing.reads_networks
    return round.of_body_id in standing.bodies


def rounds_asking(person: Any) -> Q:
    """The condition on rounds that somebody is in the public of; no query of its own."""
    if person is None or not person.is_authenticated or not person.is_active:
        return Q(pk__in=[])
    standing = standing_of(person)
    asked = Q(public=Public.EVERYONE)
    if standing.is_insider:
        asked |= Q(public=Public.MEMBERS)
        asked |= Q(public=Public.NETWORK, network_id__in=standing.reads_networks)
        asked |= Q(public=Public.BODY, of_body_id__in=standing.bodies)
    return asked


def visibility_of(round: ConsultationRound) -> tuple[str, int | None]:
    """Visibility and audience of what is put in during a round: what its public may read, and no more than the
    consultation itself.
    """
    wanted = {Public.EVERYONE: Visibility.PUBLIC, Public.NETWORK: Visibility.NETWORK}.get(
        Public(round.public), Visibility.MEMBERS
    )
    above = round.consultation
    if _OPENNESS.index(Visibility(above.visibility)) < _OPENNESS.index(wanted):
        return above.visibility, above.audience_id
    return wanted, round.network_id if wanted == Visibility.NETWORK else None


def reads_round(standing: Standing, round: ConsultationRound) -> bool:
    """Whether somebody who may read the consultation may read what is put in during this round."""
    if standing.is_bureau or round.public == Public.EVERYONE:
        return True
    if round.public == Public.NETWORK:
        return round.network_id in standing.reads_networks
    return standing.is_insider
