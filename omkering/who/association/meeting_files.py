"""meetings.toml: how the bodies of each kind meet. The file may be absent."""

from collections.abc import Collection, Sequence

from omkering.who.association.records import (
    DEADLINES,
    ELECTORATES,
    DeadlineRecord,
    MeetingRulesRecord,
    overlap,
)
from omkering.who.association.settings_files import KEY, NO_DAY, read_list
from omkering.who.association.toml_file import Table

LAST_HOUR = 23


def read_meeting_rules(
    table: Table | None,
    languages: Sequence[str],
    *,
    body_kinds: Collection[str],
    bodies: Collection[str],
    quorums: Collection[str],
    decision_rules: Collection[str],
) -> list[MeetingRulesRecord]:
    """[[meeting_rules]]: versions of the rules of a kind of body, or of one body; on each day one of them holds."""

    def read(entry: Table) -> MeetingRulesRecord:
        starts, ends = entry.day("starts"), entry.day("ends", optional=True)
        request = _request(entry)
        proxy, most = _proxy(entry)
        rules = MeetingRulesRecord(
            key=entry.text("key", pattern=KEY),
            version=entry.integer("version", low=1),
            names=entry.names("name", languages),
            starts=starts or NO_DAY,
            ends=ends,
            kinds=entry.words("kinds", optional=True, allowed=sorted(body_kinds)),
            bodies=entry.words("bodies", optional=True, allowed=sorted(bodies)),
            electorate=entry.choice("electorate", ELECTORATES),
            quorum=entry.choice("quorum", sorted(quorums)),
            decision_rule=entry.choice("decision_rule", sorted(decision_rules)),
            deadlines=_deadlines(entry, "deadlines"),
            deadlines_extra=_deadlines(entry, "deadlines_extra"),
            request=request,
            request_weeks=entry.integer("request_weeks", low=1) if request else 0,
            proxy=proxy,
            proxies_per_holder=most,
            split=entry.flag("split"),
            verified=entry.flag("verified", default=False),
            source=entry.text("source"),
        )
        _check(entry, rules, starts is not None)
        for other in earlier:
            if other.key == rules.key and other.version == rules.version:
                entry.fault(f"{rules.key} version {rules.version} stands there already.", "version")
            elif overlap((other.starts, other.ends), (rules.starts, rules.ends)):
                for word, own, others in (
                    ("kinds", rules.kinds, other.kinds),
                    ("bodies", rules.bodies, other.bodies),
                ):
                    for name in sorted(set(own) & set(others)):
                        entry.fault(f"{name} meets by {other.key} version {other.version} already.", word)
        earlier.append(rules)
        return rules

    if table is None:
        return []
    earlier: list[MeetingRulesRecord] = []
    return read_list(table, "meeting_rules", read, unique=False)


def _check(entry: Table, rules: MeetingRulesRecord, dated: bool) -> None:
    if not rules.kinds and not rules.bodies:
        entry.fault('It needs "kinds", "bodies" or both.')
    if dated and rules.ends and rules.ends <= rules.starts:
        entry.fault(f"It ends on {rules.ends}, which is not after its first day, {rules.starts}.", "ends")
    if rules.electorate == "seats":
        if rules.proxy:
            entry.fault("Who sits on a seat cannot give a proxy: only members can.", "proxy")
        if rules.split:
            entry.fault("Who sits on a seat has one vote, which cannot be divided.", "split")
        if rules.request:
            entry.fault("Only members can ask for an extra meeting.", "request")


def _deadlines(entry: Table, key: str) -> dict[str, DeadlineRecord]:
    """Deadline → days before the meeting and the hour of that day."""
    if not entry.has(key):
        return {}
    table = entry.table(key)
    if table is None:
        return {}
    found = {}
    for name in DEADLINES:
        if table.has(name) and (deadline := table.table(name)):
            days, hour = deadline.integer("days", low=1), deadline.integer("hour", low=0)
            if hour > LAST_HOUR:
                deadline.fault(f'"hour" is {hour}; it must be at most {LAST_HOUR}.', "hour")
            deadline.finish()
            found[name] = DeadlineRecord(days, min(hour, LAST_HOUR))
    table.finish()
    return found


def _request(entry: Table) -> tuple[int, int] | None:
    """The share of the votes with which members get an extra meeting, as numerator and denominator."""
    if not entry.has("request"):
        return None
    table = entry.table("request")
    if table is None:
        return None
    numerator, denominator = table.integer("numerator", low=1), table.integer("denominator", low=1)
    table.finish()
    if numerator > denominator:
        table.fault(f"{numerator}/{denominator} is more than the whole.", "numerator")
    return numerator, denominator


def _proxy(entry: Table) -> tuple[bool, int | None]:
    """Whether a member may give a proxy, and how many one member may hold (None: any number)."""
    allowed = entry.flag("proxy")
    most = entry.integer("proxies_per_holder", low=1) if entry.has("proxies_per_holder") else None
    if most is not None and not allowed:
        entry.fault(
            'Without "proxy" nobody holds one, so leave "proxies_per_holder" out.', "proxies_per_holder"
        )
    return allowed, most
