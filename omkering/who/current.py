"""The association of this installation, read from its folder once per process."""

from collections.abc import Iterable
from functools import cache

from django.conf import settings

from omkering.who.association import Association, load
from omkering.who.association.records import RoleRecord


@cache
def association() -> Association:
    """The validated association folder; raises AssociationError with every fault."""
    return load(settings.ASSOCIATION_FOLDER)


@cache
def roles_by_key() -> dict[str, RoleRecord]:
    """The roles of the association, by key."""
    return {role.key: role for role in association().roles}


def powers_of(roles: Iterable[str]) -> frozenset[str]:
    """What the roles together allow; a role the folder no longer knows allows nothing."""
    known = roles_by_key()
    return frozenset(power for role in roles if role in known for power in known[role].powers)
