"""Permissions as predicates that read as a sentence (django-rules), over what a person holds today.

A room's `rules.py` composes these and registers them under `<room>.<verb>`; a command calls `require`.
"""

from typing import Any

import rules
from django.core.exceptions import PermissionDenied

from omkering.who.models import Person
from omkering.who.standing import standing_of


@rules.predicate
def is_insider(person: Person | None) -> bool:
    """Holds an appointment of any kind."""
    return standing_of(person).is_insider


@rules.predicate
def is_bureau(person: Person | None) -> bool:
    """Is adviser or administrator of the bureau."""
    return standing_of(person).is_bureau


@rules.predicate
def is_administrator(person: Person | None) -> bool:
    """Is administrator of the bureau."""
    return standing_of(person).is_administrator


@rules.predicate
def works_for_member(person: Person | None, member: Any = None) -> bool:
    """Holds an appointment at this member (or at any, when none is given)."""
    members = standing_of(person).members
    return bool(members) if member is None else member.pk in members


@rules.predicate
def votes_for_member(person: Person | None, member: Any) -> bool:
    """Holds this member's mandate to vote."""
    return member is not None and member.pk in standing_of(person).votes_for


def may(person: Any, permission: str, subject: Any = None) -> bool:
    """Whether `person` has `permission` on `subject`."""
    return rules.has_perm(permission, person, subject)


def require(person: Any, permission: str, subject: Any = None) -> None:
    """Raise PermissionDenied unless `person` has `permission` on `subject`; the first line of a command."""
    if not may(person, permission, subject):
        raise PermissionDenied(permission)
