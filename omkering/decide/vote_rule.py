"""The rule of a vote as data: chosen from the association's settings, kept with the vote, read by the engine.

A rule is three parts, each as it stood when the vote was planned:
`{"association": version, "weight": as in `who.weight_rules`,
"threshold": {key, names, numerator, denominator, strict, base, source}, "quorum": {key, names, numerator,
denominator, of, source}}`. A quorum of nought is no quorum.
"""

from datetime import date
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from omkering.engine.tally import Quorum, Rule, Threshold
from omkering.who import weight_rules
from omkering.who.association.records import QuorumRuleRecord, ThresholdRuleRecord
from omkering.who.current import association

RuleData = dict[str, Any]
Chosen = TypeVar("Chosen", ThresholdRuleRecord, QuorumRuleRecord)


def snapshot(
    day: date, weight_rule_key: str | None, threshold_key: str | None, quorum_key: str | None
) -> RuleData:
    """The rule with these keys (None: the association's own default) as it holds on `day`.

    ValidationError at the field of a key that is not there, or of no version on that day.
    """
    folder = association()
    weight = weight_rules.snapshot(day, weight_rule_key)
    threshold = _chosen(folder.threshold_rules, threshold_key, "threshold_key")
    quorum = _chosen(folder.quorum_rules, quorum_key, "quorum_key")
    return {
        "association": folder.version,
        "weight": weight,
        "threshold": {
            "key": threshold.key,
            "names": dict(threshold.names),
            "numerator": threshold.numerator,
            "denominator": threshold.denominator,
            "strict": threshold.strict,
            "base": threshold.base,
            "source": threshold.source,
        },
        "quorum": {
            "key": quorum.key,
            "names": dict(quorum.names),
            "numerator": quorum.numerator,
            "denominator": quorum.denominator,
            "of": quorum.of,
            "source": quorum.source,
        },
    }


def _chosen(rules: tuple[Chosen, ...], key: str | None, field: str) -> Chosen:
    for rule in rules:
        if rule.key == key if key else rule.default:
            return rule
    raise ValidationError({field: _("There is no such rule.")})


def threshold_of(rule: RuleData) -> Threshold:
    """The majority of a rule, as the engine counts with it."""
    part = rule["threshold"]
    return Threshold(part["numerator"], part["denominator"], part["strict"], part["base"])


def quorum_of(rule: RuleData) -> Quorum | None:
    """The quorum of a rule, as the engine counts with it; None where there is none."""
    part = rule["quorum"]
    if not part["numerator"]:
        return None
    return Quorum(part["numerator"], part["denominator"], measure=part["of"])


def tally_rule(rule: RuleData) -> Rule:
    """The whole rule, as the engine counts with it."""
    quorum = quorum_of(rule)
    return Rule(
        kind="for_against_abstain",
        thresholds=(threshold_of(rule),),
        quorum=(quorum,) if quorum else (),
        split="refused",
    )
