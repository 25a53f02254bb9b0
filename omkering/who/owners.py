"""In whose name somebody puts in a text: a member or a network."""

from typing import Any

from omkering.who.models import Member, Network
from omkering.who.standing import standing_of

Owner = Member | Network
BUREAU = "association"  # how an event names the association itself, for which its bureau acts


def owners_for(person: Any, *, mandated: bool = False) -> list[Owner]:
    """The members and networks that somebody prepares texts for, or (`mandated`) gives the word of; two queries."""
    standing = standing_of(person)
    members = standing.votes_for
    if not mandated and "report" in standing.powers:
        members = members | standing.members
    networks = standing.networks if "network" in standing.powers else frozenset()
    found: list[Owner] = []
    if members:
        found += Member.objects.filter(pk__in=members).order_by("sort_key")
    if networks:
        found += Network.objects.filter(pk__in=networks).order_by("key")
    return found


def owner_key(owner: Owner) -> str:
    """How a form names a member or network."""
    return f"member-{owner.pk}" if isinstance(owner, Member) else f"network-{owner.pk}"


def behalf(owner: Owner | None, otherwise: str = "") -> str:
    """How an event names whom somebody acted for; `otherwise` where that is neither member nor network."""
    if owner is None:
        return otherwise
    return f"member:{owner.code}" if isinstance(owner, Member) else f"network:{owner.key}"
