"""The TOML files of an association folder, table by table."""

from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import Protocol, TypeVar

from omkering.who.association.records import (
    BASES,
    CALENDAR_UNITS,
    HOLDERS,
    MEASURES,
    POWERS,
    RETENTION,
    REVIEWS,
    ROUNDINGS,
    TERMS,
    UNITS,
    VISIBILITIES,
    BodyRecord,
    KindRecord,
    Names,
    QuorumRuleRecord,
    Retention,
    Reviews,
    RoleRecord,
    SizeClassRecord,
    SourceRecord,
    Term,
    Terms,
    ThemeRecord,
    ThresholdRuleRecord,
    UncertainRecord,
    VisibilityRecord,
    WeightRuleRecord,
    overlap,
)
from omkering.who.association.toml_file import Table

Record = TypeVar("Record")
NO_DAY = date.min  # stands in where a day is missing, which is a fault by itself
KEY = "[a-z0-9]+([-_][a-z0-9]+)*"


def read_list(
    table: Table | None, key: str, read: Callable[[Table], Record], *, unique: bool = True
) -> list[Record]:
    """The records of [[key]]; with `unique`, the same key twice is a fault."""
    if table is None:
        return []
    found = []
    seen: set[str] = set()
    for entry in table.tables(key):
        found.append(read(entry))
        own = entry.data.get("key")
        if unique and isinstance(own, str):
            if own in seen:
                entry.fault(f'"{own}" stands there already.', "key")
            seen.add(own)
        entry.finish()
    if not found and key in table.data:
        table.fault(f'"{key}" is empty.', key)
    return found


def check_default(table: Table | None, key: str, defaults: Sequence[bool]) -> None:
    """Of the entries of [[key]] exactly one must be the default."""
    if table is not None and defaults and sum(defaults) != 1:
        table.fault(f'Of "{key}" exactly one must have default = true; {sum(defaults)} have.', key)


def read_terms(table: Table | None) -> Terms:
    """[terms]."""
    return Terms(**_read_periods(table, "terms", TERMS, UNITS))


def read_retention(table: Table | None) -> Retention:
    """[retention]."""
    return Retention(**_read_periods(table, "retention", RETENTION, CALENDAR_UNITS))


def read_reviews(table: Table | None) -> Reviews:
    """[review]."""
    return Reviews(**_read_periods(table, "review", REVIEWS, CALENDAR_UNITS))


def _read_periods(
    table: Table | None, key: str, names: Sequence[str], units: Sequence[str]
) -> dict[str, Term]:
    """A table with an amount and a unit under each of the names."""
    found = {name: Term(0, units[0]) for name in names}
    section = table.table(key) if table else None
    if section:
        for name in names:
            if entry := section.table(name):
                found[name] = Term(entry.integer("amount", low=1), entry.choice("unit", units))
                entry.finish()
        section.finish()
    return found


def read_size_classes(table: Table | None, languages: Sequence[str]) -> list[SizeClassRecord]:
    """[[size_classes]], which begin at 0 and rise."""

    def read(entry: Table) -> SizeClassRecord:
        at_least = entry.integer("from", low=0)
        last = bounds[-1] if bounds else None
        if last is None and at_least != 0:
            entry.fault('The first class must begin "from" 0.', "from")
        elif last is not None and at_least <= last:
            entry.fault(
                f'"from" is {at_least}; it must be more than that of the class before, {last}.', "from"
            )
        bounds.append(at_least)
        return SizeClassRecord(entry.text("key", pattern=KEY), entry.names("name", languages), at_least)

    bounds: list[int] = []
    return read_list(table, "size_classes", read)


def read_visibilities(table: Table | None, languages: Sequence[str]) -> list[VisibilityRecord]:
    """[[visibility]]."""

    def read(entry: Table) -> VisibilityRecord:
        key, names = entry.choice("key", VISIBILITIES), entry.names("name", languages)
        return VisibilityRecord(key, names, entry.flag("default", default=False))

    found = read_list(table, "visibility", read)
    check_default(table, "visibility", [record.default for record in found])
    return found


def read_kinds(
    table: Table | None, key: str, languages: Sequence[str], *, seat_roles: Collection[str] = ()
) -> list[KindRecord]:
    """[[division_kinds]], [[network_kinds]] or [[body_kinds]]; `seat_roles` are those that a seat may give."""

    def read(entry: Table) -> KindRecord:
        required = entry.flag("required", default=False) if key == "division_kinds" else False
        seat_role = ""
        if key == "body_kinds" and entry.has("seat_role"):
            seat_role = entry.choice("seat_role", sorted(seat_roles))
        return KindRecord(entry.text("key", pattern=KEY), entry.names("name", languages), required, seat_role)

    return read_list(table, key, read)


def read_roles(table: Table | None, languages: Sequence[str]) -> list[RoleRecord]:
    """[[roles]]; each power must fit where the role is held."""

    def read(entry: Table) -> RoleRecord:
        held_at = entry.choice("held_at", HOLDERS)
        return RoleRecord(
            key=entry.text("key", pattern=KEY),
            names=entry.names("name", languages),
            held_at=held_at,
            second_factor=entry.flag("second_factor", default=False),
            powers=frozenset(entry.words("powers", allowed=POWERS.get(held_at, ()))),
        )

    found = read_list(table, "roles", read)
    carried = {power for role in found for power in role.powers}
    for power in ("report", "vote", "review", "administer"):
        if table and found and power not in carried:
            table.fault(f'No role carries the power "{power}"; nobody could do it.', "roles")
    return found


def read_bodies(table: Table | None, languages: Sequence[str], kinds: Collection[str]) -> list[BodyRecord]:
    """[[bodies]]."""

    def read(entry: Table) -> BodyRecord:
        starts, ends = entry.day("starts", optional=True), entry.day("ends", optional=True)
        if starts and ends and ends <= starts:
            entry.fault(f"It ends on {ends}, which is not after its first day, {starts}.", "ends")
        kind = entry.choice("kind", sorted(kinds))
        return BodyRecord(entry.text("key", pattern=KEY), entry.names("name", languages), kind, starts, ends)

    return read_list(table, "bodies", read)


def read_themes(table: Table | None, languages: Sequence[str], bodies: Collection[str]) -> list[ThemeRecord]:
    """[[themes]]."""

    def read(entry: Table) -> ThemeRecord:
        key, names = entry.text("key", pattern=KEY), entry.names("name", languages)
        body = entry.choice("body", sorted(bodies)) if entry.has("body") else None
        described = entry.names("description", languages) if entry.has("description") else Names()
        return ThemeRecord(key, names, described, body)

    return read_list(table, "themes", read)


def read_weight_rules(table: Table | None, languages: Sequence[str]) -> list[WeightRuleRecord]:
    """[[weight_rules]]: versions of a rule, whose times do not overlap."""

    def read(entry: Table) -> WeightRuleRecord:
        starts, ends = entry.day("starts"), entry.day("ends", optional=True)
        rule = WeightRuleRecord(
            key=entry.text("key", pattern=KEY),
            version=entry.integer("version", low=1),
            names=entry.names("name", languages),
            starts=starts or NO_DAY,
            ends=ends,
            unit=entry.integer("unit", low=1),
            rounding=entry.choice("rounding", ROUNDINGS),
            cap=entry.integer("cap", low=1) if entry.has("cap") else None,
            minimum=entry.integer("minimum", low=0),
            default=entry.flag("default", default=False),
            verified=entry.flag("verified"),
            source=entry.text("source"),
        )
        if rule.cap is not None and rule.cap < rule.minimum:
            entry.fault(f"The cap of {rule.cap} is below the minimum of {rule.minimum}.", "cap")
        check_versions(entry, rule, earlier)
        earlier.append(rule)
        return rule

    earlier: list[WeightRuleRecord] = []
    found = read_list(table, "weight_rules", read, unique=False)
    defaults = {rule.key for rule in found if rule.default}
    check_default(table, "weight_rules", [True] * len(defaults) or [False] * len(found))
    return found


class Versioned(Protocol):
    """A version of a named rule with its lifetime."""

    @property
    def key(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def starts(self) -> date: ...
    @property
    def ends(self) -> date | None: ...


def check_versions(entry: Table, rule: Versioned, earlier: Sequence[Versioned]) -> None:
    """A version ends after it begins, stands there once, and holds on no day on which another one of it does."""
    if rule.starts != NO_DAY and rule.ends and rule.ends <= rule.starts:
        entry.fault(f"It ends on {rule.ends}, which is not after its first day, {rule.starts}.", "ends")
    for other in earlier:
        if other.key != rule.key:
            continue
        if other.version == rule.version:
            entry.fault(f"{rule.key} version {rule.version} stands there already.", "version")
        elif overlap((other.starts, other.ends), (rule.starts, rule.ends)):
            reason = f"Versions {other.version} and {rule.version} of {rule.key} hold on the same day."
            entry.fault(reason, "starts")


def read_threshold_rules(table: Table | None, languages: Sequence[str]) -> list[ThresholdRuleRecord]:
    """[[threshold_rules]]."""

    def read(entry: Table) -> ThresholdRuleRecord:
        numerator, denominator = _fraction(entry, low=1)
        return ThresholdRuleRecord(
            key=entry.text("key", pattern=KEY),
            names=entry.names("name", languages),
            numerator=numerator,
            denominator=denominator,
            strict=entry.flag("strict"),
            base=entry.choice("base", BASES),
            default=entry.flag("default", default=False),
            source=entry.text("source"),
        )

    found = read_list(table, "threshold_rules", read)
    check_default(table, "threshold_rules", [rule.default for rule in found])
    return found


def read_quorum_rules(table: Table | None, languages: Sequence[str]) -> list[QuorumRuleRecord]:
    """[[quorum_rules]]."""

    def read(entry: Table) -> QuorumRuleRecord:
        numerator, denominator = _fraction(entry, low=0)
        return QuorumRuleRecord(
            key=entry.text("key", pattern=KEY),
            names=entry.names("name", languages),
            numerator=numerator,
            denominator=denominator,
            of=entry.choice("of", MEASURES),
            default=entry.flag("default", default=False),
            source=entry.text("source"),
        )

    found = read_list(table, "quorum_rules", read)
    check_default(table, "quorum_rules", [rule.default for rule in found])
    return found


def _fraction(entry: Table, *, low: int) -> tuple[int, int]:
    numerator, denominator = entry.integer("numerator", low=low), entry.integer("denominator", low=1)
    if numerator > denominator:
        entry.fault(f"{numerator}/{denominator} is more than the whole.", "numerator")
    return numerator, denominator


def read_sources(table: Table | None) -> list[SourceRecord]:
    """[[sources]]."""

    def read(entry: Table) -> SourceRecord:
        return SourceRecord(
            key=entry.text("key", pattern=KEY),
            title=entry.text("title"),
            publisher=entry.text("publisher"),
            url=entry.text("url", optional=True, pattern="https://.*"),
            licence=entry.text("licence"),
            note=entry.text("note", optional=True),
        )

    return read_list(table, "sources", read)


def read_uncertain(
    table: Table | None, members: Collection[str], columns: Collection[str]
) -> list[UncertainRecord]:
    """[[uncertain]]: cells of members.csv that no source gives."""

    def read(entry: Table) -> UncertainRecord:
        member = entry.text("member")
        if member and member not in members:
            entry.fault(f'"{member}" is not a member.', "member")
        named = entry.words("columns")
        for column in named:
            if column not in columns:
                entry.fault(f'members.csv has no column "{column}".', "columns")
        how = entry.choice("how", ("recalled", "derived"))
        return UncertainRecord(member, named, how, entry.text("reason"))

    if table is None or not table.has("uncertain"):
        return []
    return read_list(table, "uncertain", read)
