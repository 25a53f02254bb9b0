"""Who may take part in a decision, with which weight: the members on a reference date, for a room to freeze."""

import hashlib
import json
from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.engine.weights import weight
from omkering.who.models import Mandate, Member, Network
from omkering.who.queries import population_on, register_on
from omkering.who.weight_rules import WeightRuleData, engine_rule


@dataclass(frozen=True)
class RollMember:
    """A member on a roll. `groups`: grouping → keys, as `Register.groups` gives them."""

    member: Member
    inhabitants: int
    weight: int
    groups: dict[str, list[str]]


def roll_on(day: date, rule: WeightRuleData | None, *, network: Network | None = None) -> list[RollMember]:
    """The members on `day` (of a network: those in it that day), in the order of their names; six queries.

    `rule` None: everyone counts as one. ValidationError at `reference_date` where there are none, or where the rule
    needs a population that is not known: a weight is never guessed.
    """
    register = register_on(day)
    profiles = register.profiles
    if network is not None:
        profiles = tuple(profile for profile in profiles if network.pk in profile.networks)
    if not profiles:
        raise ValidationError({"reference_date": _("No members are known on this date.")})
    if rule is not None:
        _check_populations((profile.member for profile in profiles), population_on(day))
    counted = engine_rule(rule) if rule is not None else None
    return [
        RollMember(
            member=profile.member,
            inhabitants=profile.inhabitants,
            weight=weight(profile.inhabitants, counted) if counted else 1,
            groups=register.groups(profile),
        )
        for profile in profiles
    ]


def votes_on(day: date, rule: WeightRuleData | None) -> list[tuple[Member, int]]:
    """The members on `day` with their weights, as `roll_on` has them without their groups; two queries."""
    members = list(Member.objects.on(day).only("code", "name", "sort_key").order_by("sort_key", "code"))
    if not members:
        raise ValidationError({"reference_date": _("No members are known on this date.")})
    if rule is None:
        return [(member, 1) for member in members]
    known, counted = population_on(day), engine_rule(rule)
    _check_populations(members, known)
    return [(member, weight(known[member.id], counted)) for member in members]


def _check_populations(members: Iterable[Member], known: Container[int]) -> None:
    for member in members:
        if member.pk not in known:
            raise ValidationError(
                {
                    "reference_date": _(
                        "%(member)s has no population on or before this date, so its votes are unknown."
                    )
                    % {"member": member.name}
                }
            )


def digest(lines: Iterable[tuple[str, int, int]]) -> str:
    """SHA-256 of a roll as sealed at opening: JSON of [code, inhabitants, votes] in order of code."""
    rows = sorted([list(line) for line in lines])
    return hashlib.sha256(json.dumps(rows, separators=(",", ":")).encode()).hexdigest()


def mandated(members: Iterable[int]) -> list[int]:
    """Ids of the people who may vote today for one of these members; one query."""
    mandates = Mandate.objects.on(timezone.localdate()).filter(
        scope=Mandate.Scope.VOTE, member_id__in=list(members), person__is_active=True
    )
    return list(mandates.order_by("person_id").values_list("person_id", flat=True).distinct())
