"""How votes follow from inhabitants, as data: chosen from the association's rules, kept with what it is used for.

`{"key", "version", "names", "unit", "rounding", "cap", "minimum", "verified", "source"}`, as it stood when chosen.
"""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from omkering.engine.weights import WeightRule
from omkering.who.association.records import WeightRuleRecord
from omkering.who.current import association

WeightRuleData = dict[str, Any]


def snapshot(day: date, key: str | None) -> WeightRuleData:
    """The rule for weights with this key (None: the association's own default) as it holds on `day`.

    ValidationError at the field `weight_rule_key` for a key that is not there, and at `reference_date` for a day on
    which no version of it holds.
    """
    rule = _chosen(day, key)
    return {
        "key": rule.key,
        "version": rule.version,
        "names": dict(rule.names),
        "unit": rule.unit,
        "rounding": rule.rounding,
        "cap": rule.cap,
        "minimum": rule.minimum,
        "verified": rule.verified,
        "source": rule.source,
    }


def _chosen(day: date, key: str | None) -> WeightRuleRecord:
    rules = association().weight_rules
    if key and key not in {rule.key for rule in rules}:
        raise ValidationError({"weight_rule_key": _("There is no such rule.")})
    try:
        return association().weight_rule(day, key)
    except LookupError:
        raise ValidationError(
            {
                "reference_date": _(
                    "This rule for weights does not hold on that date. Choose another date or rule."
                )
            }
        ) from None


def engine_rule(rule: WeightRuleData) -> WeightRule:
    """The rule as the engine counts with it."""
    return WeightRule.from_mapping({key: rule[key] for key in ("unit", "rounding", "cap", "minimum")})
