"""What a person may speak for today, read from appointments and mandates; never from a flag on the account."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from omkering.who.current import powers_of, roles_by_key
from omkering.who.models import Appointment, Mandate, NetworkMembership, Person


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


def standing_of(person: Person | AnonymousUser | None) -> Standing:
    """The standing of `person` today; at most three queries, then remembered on the object."""
    if person is None or not person.is_authenticated or not person.is_active:
        return NOBODY
    today = timezone.localdate()
    known: Standing | None = getattr(person, "_standing", None)
    if known is not None and known.day == today:
        return known
    appointments = list(Appointment.objects.on(today).filter(person_id=person.pk))
    members = frozenset(a.member_id for a in appointments if a.member_id)
    networks = frozenset(a.network_id for a in appointments if a.network_id)
    roles = frozenset(a.role for a in appointments)
    standing = Standing(
        day=today,
        roles=roles,
        powers=powers_of(roles),
        members=members,
        networks=networks,
        bodies=frozenset(a.body_id for a in appointments if a.body_id),
        mandates_for=frozenset(
            seat.member_id for seat in appointments if seat.member_id and "mandate" in powers_of([seat.role])
        ),
        votes_for=frozenset(
            Mandate.objects.on(today)
            .filter(person_id=person.pk, scope=Mandate.Scope.VOTE)
            .values_list("member_id", flat=True)
        ),
        reads_networks=networks | _networks_of(members, today),
    )
    person._standing = standing  # type: ignore[union-attr, attr-defined]
    return standing


def _networks_of(members: frozenset[int], day: date) -> frozenset[int]:
    from_members = NetworkMembership.objects.on(day).filter(member_id__in=members)
    return frozenset(from_members.values_list("network_id", flat=True)) if members else frozenset()
