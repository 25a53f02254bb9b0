"""The association as a whole: its records, and the questions that need more than one of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from omkering.engine.weights import WeightRule, table
from omkering.who.association.agenda_records import (
    ChallengeRecord,
    ConflictRecord,
    CooperationModelRecord,
    CouplingRecord,
    OrganisationRecord,
    by_key,
)
from omkering.who.association.members import MemberSchema
from omkering.who.association.records import (
    BodyRecord,
    DecisionRuleRecord,
    DivisionMembershipRecord,
    DivisionRecord,
    KindRecord,
    MeetingRulesRecord,
    MemberRecord,
    Names,
    NetworkMembershipRecord,
    NetworkRecord,
    PopulationRecord,
    QuorumRuleRecord,
    Retention,
    Reviews,
    RoleRecord,
    SizeClassRecord,
    SourceRecord,
    Terms,
    ThemeRecord,
    ThresholdRuleRecord,
    UncertainRecord,
    VisibilityRecord,
    WeightRuleRecord,
    holds,
)
from omkering.who.association.sorting import sort_key


@dataclass(frozen=True)
class Association:
    """Everything that a folder says. Made by `load`, which answers for its being sound."""

    folder: Path
    key: str
    version: str
    languages: tuple[str, ...]  # the first is the main language
    names: Names
    short_names: Names
    notices: Names  # shown on every page; empty if there is none
    email: str
    website: str
    theme_class: str
    register_starts: date
    member_singular: Names
    member_plural: Names
    main_division: str  # the kind by which votes and signals are sliced
    ignored_prefixes: tuple[str, ...]
    country: str  # whose working days and holidays count, ISO 3166-1 alpha-2
    extra_closed_days: frozenset[date]
    schema: MemberSchema
    terms: Terms
    retention: Retention  # how long what is kept of people stays
    reviews: Reviews  # how often rights are looked through
    size_classes: tuple[SizeClassRecord, ...]
    visibilities: tuple[VisibilityRecord, ...]
    roles: tuple[RoleRecord, ...]
    themes: tuple[ThemeRecord, ...]
    body_kinds: tuple[KindRecord, ...]
    bodies: tuple[BodyRecord, ...]
    division_kinds: tuple[KindRecord, ...]
    divisions: tuple[DivisionRecord, ...]
    division_memberships: tuple[DivisionMembershipRecord, ...]
    members: tuple[MemberRecord, ...]
    populations: tuple[PopulationRecord, ...]
    neighbours: frozenset[tuple[str, str]]  # each pair once, the smaller code first
    network_kinds: tuple[KindRecord, ...]
    networks: tuple[NetworkRecord, ...]
    network_memberships: tuple[NetworkMembershipRecord, ...]
    weight_rules: tuple[WeightRuleRecord, ...]
    threshold_rules: tuple[ThresholdRuleRecord, ...]
    quorum_rules: tuple[QuorumRuleRecord, ...]
    decision_rules: tuple[DecisionRuleRecord, ...]
    meeting_rules: tuple[MeetingRulesRecord, ...]
    organisations: tuple[OrganisationRecord, ...]
    challenges: tuple[ChallengeRecord, ...]
    couplings: tuple[CouplingRecord, ...]
    conflicts: tuple[ConflictRecord, ...]
    cooperation_models: tuple[CooperationModelRecord, ...]
    sources: tuple[SourceRecord, ...]
    uncertain: tuple[UncertainRecord, ...]

    @cached_property
    def by_code(self) -> Mapping[str, MemberRecord]:
        """Every member by its code."""
        return {member.code: member for member in self.members}

    @cached_property
    def role_by_key(self) -> Mapping[str, RoleRecord]:
        """Every role by its key."""
        return {role.key: role for role in self.roles}

    def members_on(self, day: date) -> list[MemberRecord]:
        """The members on `day`, in the order of their names."""
        return sorted((m for m in self.members if m.exists_on(day)), key=lambda m: self.sort_key(m.name))

    def network_members_on(self, network: str, day: date) -> list[str]:
        """The codes of those in the network on `day`."""
        return [
            membership.member
            for membership in self.network_memberships
            if membership.network == network and holds(membership.starts, membership.ends, day)
        ]

    def size_class(self, inhabitants: int) -> SizeClassRecord:
        """The class in which so many inhabitants fall."""
        return next(c for c in reversed(self.size_classes) if c.at_least <= inhabitants)

    def sort_key(self, name: str) -> str:
        """The key by which this association orders names."""
        return sort_key(name, self.ignored_prefixes)

    def roles_with(self, power: str) -> tuple[RoleRecord, ...]:
        """The roles that carry a power of `records.POWERS`."""
        return tuple(role for role in self.roles if power in role.powers)

    def organisation(self, key: str) -> OrganisationRecord:
        """The party outside with this key. Raises LookupError, with a sentence, if there is none."""
        return by_key(self.organisations, key, "organisation")

    def challenge(self, key: str) -> ChallengeRecord:
        """The challenge with this key. Raises LookupError, with a sentence, if there is none."""
        return by_key(self.challenges, key, "challenge")

    def challenge_of_theme(self, theme: str) -> ChallengeRecord | None:
        """The challenge that a theme belongs to; None if it belongs to none."""
        return next((challenge for challenge in self.challenges if challenge.theme == theme), None)

    def cooperation_model(self, key: str) -> CooperationModelRecord:
        """The model of co-operation with this key. Raises LookupError, with a sentence, if there is none."""
        return by_key(self.cooperation_models, key, "model of co-operation")

    def weight_rule(self, day: date, key: str | None = None) -> WeightRuleRecord:
        """The version of a weight rule (without `key` the default one) that holds on `day`.

        Raises LookupError, with a sentence, if there is none.
        """
        for rule in self.weight_rules:
            if (rule.key == key if key else rule.default) and holds(rule.starts, rule.ends, day):
                return rule
        raise LookupError(f"No weight rule {key or '(default)'} holds on {day}.")

    def decision_rule(self, day: date, key: str | None = None) -> DecisionRuleRecord | None:
        """The version of a set of rules to decide by (without `key` the default one) that holds on `day`, or None."""
        held = [rule for rule in self.decision_rules if holds(rule.starts, rule.ends, day)]
        return next((rule for rule in held if (rule.key == key if key else rule.default)), None)

    def rules_of_meeting(self, day: date, *, body: str, kind: str) -> MeetingRulesRecord | None:
        """How a body of this kind meets on `day`: by rules of its own, else by those of its kind; None without any."""
        held = [rules for rules in self.meeting_rules if holds(rules.starts, rules.ends, day)]
        own = next((rules for rules in held if body in rules.bodies), None)
        return own or next((rules for rules in held if kind in rules.kinds), None)

    def weights(self, day: date, rule: WeightRuleRecord) -> dict[str, int]:
        """The votes of each member on `day`, by code, from the newest population not later than `day`.

        Raises LookupError, with a sentence, if a member has no population by then.
        """
        populations: dict[str, int] = {}
        for member in self.members_on(day):
            inhabitants = member.population_on(day)
            if inhabitants is None:
                raise LookupError(f"{member.name} has no population on or before {day}.")
            populations[member.code] = inhabitants
        return table(populations, engine_rule(rule))


def engine_rule(rule: WeightRuleRecord) -> WeightRule:
    """The rule as the engine counts with it."""
    return WeightRule.from_mapping(
        {"unit": rule.unit, "rounding": rule.rounding, "cap": rule.cap, "minimum": rule.minimum}
    )
