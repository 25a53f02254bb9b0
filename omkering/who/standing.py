"""What a person may speak for today, read from appointments and mandates; never from a flag on the account."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.utils import timezone

from omkering.who.current import powers_of, roles_by_key
from omkering.who.models import Person


@dataclass(frozen=True)
class Standing:
    """What one person holds on one day. Ids are primary keys; powers are those the association folder gives
    to a role."""

    day: date
    roles: frozenset[str] = frozenset()
    powers: frozenset[str] = frozenset()
    members: frozenset[int] = frozenset()
    networks: frozenset[int] = frozenset()
    bodies: frozenset[int] = frozenset()
    votes_for: frozenset[int] = frozenset()
    mandates_for: frozenset[int] = frozenset()  # members of which this person says who votes
    # Networks in which one's members take part: their news may be read, not spoken for.
    reads_networks: frozenset[int] = frozenset()
    # The names, per language, of what the first seat is at; empty for the association itself, None without a seat.
    acts_for: Mapping[str, str] | None = field(default=None, hash=False, compare=False)

    @property
    def is_bureau(self) -> bool:
        """Adviser or administrator of the bureau."""
        return "review" in self.powers or "administer" in self.powers

    @property
    def is_administrator(self) -> bool:
        return "administer" in self.powers

    @property
    def needs_second_factor(self) -> bool:
        """Holds a role for which a password alone is not enough."""
        return any(role in self.roles and record.second_factor for role, record in roles_by_key().items())

    @property
    def is_insider(self) -> bool:
        """Holds any appointment: may read what is for members."""
        return bool(self.roles)


NOBODY = Standing(date.min)


# One round trip for what every page of somebody who is logged in asks. A seat also names for whom it acts, in the
# languages there are; the networks are those of the members one has a seat at.
_STANDING = """
WITH seat AS (
    SELECT id, role, member_id, network_id, body_id FROM who_appointment
    WHERE person_id = %(person)s AND starts <= %(day)s AND (ends IS NULL OR ends > %(day)s)
)
SELECT 'seat', seat.id, role, seat.member_id, seat.network_id, seat.body_id,
       CASE WHEN seat.member_id IS NULL THEN COALESCE(network.names, body.names)
            ELSE jsonb_build_object('', member.name) END
FROM seat
LEFT JOIN who_member AS member ON member.id = seat.member_id
LEFT JOIN who_network AS network ON network.id = seat.network_id
LEFT JOIN who_body AS body ON body.id = seat.body_id
UNION ALL
SELECT 'vote', id, NULL, member_id, NULL, NULL, NULL FROM who_mandate
WHERE person_id = %(person)s AND scope = 'vote' AND starts <= %(day)s AND (ends IS NULL OR ends > %(day)s)
UNION ALL
SELECT 'network', id, NULL, NULL, network_id, NULL, NULL FROM who_networkmembership
WHERE member_id IN (SELECT member_id FROM seat) AND starts <= %(day)s AND (ends IS NULL OR ends > %(day)s)
ORDER BY 2
"""


def standing_of(person: Person | AnonymousUser | None) -> Standing:
    """The standing of `person` today; one query, then remembered on the object."""
    if person is None or not person.is_authenticated or not person.is_active:
        return NOBODY
    today = timezone.localdate()
    known: Standing | None = getattr(person, "_standing", None)
    if known is not None and known.day == today:
        return known
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, {"person": person.pk, "day": today})
        rows = [_Row(*row) for row in cursor.fetchall()]
    seats = [row for row in rows if row.kind == "seat"]
    roles = frozenset(seat.role for seat in seats)
    networks = frozenset(seat.network for seat in seats if seat.network)
    standing = Standing(
        day=today,
        roles=roles,
        powers=powers_of(roles),
        members=frozenset(seat.member for seat in seats if seat.member),
        networks=networks,
        bodies=frozenset(seat.body for seat in seats if seat.body),
        mandates_for=frozenset(
            seat.member for seat in seats if seat.member and "mandate" in powers_of([seat.role])
        ),
        votes_for=frozenset(row.member for row in rows if row.kind == "vote"),
        reads_networks=networks | {row.network for row in rows if row.kind == "network"},
        acts_for=json.loads(seats[0].names or "{}") if seats else None,
    )
    person._standing = standing  # type: ignore[union-attr, attr-defined]
    return standing


class _Row(NamedTuple):
    """A seat (a role at a member, network, body or the association), a member one votes for, or a network of
    one's member."""

    kind: str
    pk: int
    role: str
    member: int
    network: int
    body: int
    names: str | None  # JSON
