"""[[decision_rules]] of vote_rules.toml: named sets of rules to decide by. There may be none."""

from collections.abc import Collection, Sequence

from omkering.who.association.records import TIES, DecisionRuleRecord
from omkering.who.association.settings_files import KEY, NO_DAY, check_default, check_versions, read_list
from omkering.who.association.toml_file import Table


def read_decision_rules(
    table: Table | None,
    languages: Sequence[str],
    *,
    weight_rules: Collection[str],
    thresholds: Collection[str],
    quorums: Collection[str],
) -> list[DecisionRuleRecord]:
    """[[decision_rules]]: versions of a set, whose times do not overlap; the others are keys of the rules it names."""

    def read(entry: Table) -> DecisionRuleRecord:
        starts, ends = entry.day("starts"), entry.day("ends", optional=True)
        rule = DecisionRuleRecord(
            key=entry.text("key", pattern=KEY),
            version=entry.integer("version", low=1),
            names=entry.names("name", languages),
            starts=starts or NO_DAY,
            ends=ends,
            weight_rule=_weight_rule(entry, weight_rules),
            thresholds=entry.words("thresholds", optional=True, allowed=sorted(thresholds)),
            thresholds_in_heads=entry.words("thresholds_in_heads", optional=True, allowed=sorted(thresholds)),
            quorums=entry.words("quorums", optional=True, allowed=sorted(quorums)),
            tie=entry.choice("tie", TIES),
            split=entry.flag("split"),
            default=entry.flag("default", default=False),
            source=entry.text("source"),
        )
        if not rule.thresholds and not rule.thresholds_in_heads:
            entry.fault('It needs a majority: give "thresholds", "thresholds_in_heads" or both.')
        check_versions(entry, rule, earlier)
        earlier.append(rule)
        return rule

    if table is None or not table.has("decision_rules"):
        return []
    earlier: list[DecisionRuleRecord] = []
    found = read_list(table, "decision_rules", read, unique=False)
    defaults = {rule.key for rule in found if rule.default}
    check_default(table, "decision_rules", [True] * len(defaults) or [False] * len(found))
    return found


def _weight_rule(entry: Table, known: Collection[str]) -> str | None:
    """The key of the rule for weights; None where the entry says `heads = true`."""
    if entry.flag("heads", default=False):
        if entry.has("weight_rule"):
            entry.fault('With "heads" everybody counts as one, so leave "weight_rule" out.', "weight_rule")
        return None
    return entry.choice("weight_rule", sorted(known))
