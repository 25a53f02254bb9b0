"""The rule of a vote as data: chosen from the association's settings, kept with the vote, read by the engine.

A rule holds its parts as they stood when the vote was planned:
`{"association": version, "weight": as in `who.weight_rules` (None: everyone counts as one),
"thresholds": [{key, names, numerator, denominator, strict, base, in, source}], "quorums": [{key, names, numerator,
denominator, of, source}], "ballot": {kind, options: [{key, title, item, ref}], method, seats, max_choices, max_points,
total_points, split}, "electorate": {of, network, body}, "tie": key, "set": {key, version, names, source} or None}`.
A quorum of nought is no quorum. Two thresholds are a double majority: both must be reached. A rule of before there
were several kinds has one `threshold` and one `quorum` in their places; it is read as what it was.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from omkering.engine.tally import Quorum, Rule, RuleError, Threshold
from omkering.who import weight_rules
from omkering.who.association.records import DecisionRuleRecord, QuorumRuleRecord, ThresholdRuleRecord
from omkering.who.current import association

RuleData = dict[str, Any]
Chosen = TypeVar("Chosen", ThresholdRuleRecord, QuorumRuleRecord)

FOR_OR_AGAINST = {"kind": "for_against_abstain"}
ALL_MEMBERS = {"of": "members"}
WITHOUT_MAJORITY = ("ranking", "points")
MOST_OPTIONS = 60
BALLOT_KEYS = ("method", "seats", "max_choices", "max_points", "total_points", "split")


def snapshot(
    day: date,
    weight_rule_key: str | None = None,
    threshold_key: str | None = None,
    quorum_key: str | None = None,
    *,
    ballot: dict[str, Any] | None = None,
    electorate: dict[str, Any] | None = None,
    heads: bool = False,
    also_heads: bool = False,
    tie: str | None = None,
    rule_set_key: str | None = None,
    usual: str | None = None,
) -> RuleData:
    """The rule as it holds on `day`: a named set, or its parts by their keys.

    Without any key the set that is `usual` (in the body that meets), or the association's default one, or where there
    is none the default of each part. `heads`: everyone counts as one, whatever the weights. `also_heads`: the same
    majority is needed in heads too. Ranking and points have no majority. In a body of people everybody counts as one.
    ValidationError at the field of a key that is not there, or of no version on that day.
    """
    parts_chosen = any((weight_rule_key, threshold_key, quorum_key, heads, also_heads, tie))
    if rule_set_key and parts_chosen:
        raise ValidationError({"rule_set_key": _("Choose a set of rules, or its parts yourself; not both.")})
    chosen = None if parts_chosen else _set_of(day, rule_set_key, usual)
    ballot, electorate = dict(ballot or FOR_OR_AGAINST), electorate or ALL_MEMBERS
    if chosen is not None:
        weight = weight_rules.snapshot(day, chosen.weight_rule) if chosen.weight_rule else None
        majorities = [
            *(_threshold_part(key, "votes") for key in chosen.thresholds),
            *(_threshold_part(key, "heads") for key in chosen.thresholds_in_heads),
        ]
        quorums = [_quorum_part(key) for key in chosen.quorums]
        tie = chosen.tie
        if not chosen.split:
            ballot.setdefault("split", "refused")
    else:
        weight = None if heads else weight_rules.snapshot(day, weight_rule_key)
        measures = ("votes", "heads") if also_heads else ("votes",)
        majorities = [_threshold_part(threshold_key, measure) for measure in measures]
        quorums = [_quorum_part(quorum_key)]
    if electorate["of"] == "seats":
        weight = None
    return {
        "association": association().version,
        "weight": weight,
        "thresholds": majorities if _needs_majority(ballot) else [],
        "quorums": quorums,
        "ballot": ballot,
        "electorate": electorate,
        "tie": tie or "stays",
        "set": {
            "key": chosen.key,
            "version": chosen.version,
            "names": dict(chosen.names),
            "source": chosen.source,
        }
        if chosen
        else None,
    }


def with_changes(
    rule: RuleData,
    day: date,
    *,
    weight_rule_key: str | None = None,
    heads: bool = False,
    double_majority: bool = False,
) -> RuleData:
    """The same rule with another weight, with everybody as one, or with its majority in heads too: to compare with."""
    changed = {**rule, "thresholds": list(threshold_parts(rule))}
    if heads:
        changed["weight"] = None
    elif weight_rule_key:
        changed["weight"] = weight_rules.snapshot(day, weight_rule_key)
    if double_majority:
        changed["thresholds"] = [
            {**part, "in": measure} for measure in ("votes", "heads") for part in changed["thresholds"][:1]
        ]
    return changed


def _needs_majority(ballot: dict[str, Any]) -> bool:
    return ballot["kind"] not in WITHOUT_MAJORITY and not ballot.get("relative")


def _set_of(day: date, key: str | None, usual: str | None) -> DecisionRuleRecord | None:
    folder = association()
    if key and key not in {rule.key for rule in folder.decision_rules}:
        raise ValidationError({"rule_set_key": _("There is no such rule.")})
    found = folder.decision_rule(day, key or usual) or (None if key else folder.decision_rule(day))
    if key and found is None:
        raise ValidationError(
            {"reference_date": _("This set of rules does not hold on that date. Choose another date or set.")}
        )
    return found


def _threshold_part(key: str | None, measure: str) -> dict[str, Any]:
    threshold = _chosen(association().threshold_rules, key, "threshold_key")
    return {
        "key": threshold.key,
        "names": dict(threshold.names),
        "numerator": threshold.numerator,
        "denominator": threshold.denominator,
        "strict": threshold.strict,
        "base": threshold.base,
        "in": measure,
        "source": threshold.source,
    }


def _quorum_part(key: str | None) -> dict[str, Any]:
    quorum = _chosen(association().quorum_rules, key, "quorum_key")
    return {
        "key": quorum.key,
        "names": dict(quorum.names),
        "numerator": quorum.numerator,
        "denominator": quorum.denominator,
        "of": quorum.of,
        "source": quorum.source,
    }


def _chosen(rules: tuple[Chosen, ...], key: str | None, field: str) -> Chosen:
    for rule in rules:
        if rule.key == key if key else rule.default:
            return rule
    raise ValidationError({field: _("There is no such rule.")})


# --- what a ballot can say -------------------------------------------------------------------------------
def ballot_data(
    kind: str,
    options: Sequence[dict[str, Any]] = (),
    *,
    seats: int | None = None,
    max_choices: int | None = None,
    max_points: int | None = None,
    total_points: int | None = None,
    method: str | None = None,
    relative: bool = False,
) -> dict[str, Any]:
    """What a ballot can say, as a rule keeps it, from options `{"title", "item", "ref"}` in order; each gets a letter.

    `item` is the id of an item that the option stands for, `ref` a room's own id; both may be left out.

    A limit that does not belong to the kind is left out. `relative`: most votes is enough, without a majority.
    ValidationError at the field that does not fit.
    """
    if kind == "for_against_abstain":
        return dict(FOR_OR_AGAINST)
    titles = [" ".join(str(option["title"]).split())[:200] for option in options]
    if len(titles) < 2 or not all(titles):
        raise ValidationError({"options": _("Give at least two options, each on a line of its own.")})
    if len(titles) > MOST_OPTIONS:
        raise ValidationError({"options": _("At most %(most)s options fit.") % {"most": MOST_OPTIONS}})
    if len({title.casefold() for title in titles}) < len(titles):
        raise ValidationError({"options": _("Two options are the same. Give each its own words.")})
    limits: dict[str, Any] = {
        "seats": None if kind == "ranking" else seats or 1,
        "max_choices": max_choices if kind == "approval" else None,
        "max_points": max_points if kind == "points" else None,
        "total_points": total_points if kind == "points" else None,
        "method": (method or "schulze") if kind == "ranking" else None,
        "relative": True if relative and kind in ("options", "approval") else None,
    }
    if kind == "points" and not (max_points or total_points):
        raise ValidationError({"max_points": _("Say how many points a voter can give.")})
    if limits["seats"] and limits["seats"] > len(titles):
        raise ValidationError({"seats": _("There are more places than options.")})
    data: dict[str, Any] = {
        "kind": kind,
        "options": [
            {"key": _letters(number), "title": title, "item": option.get("item"), "ref": option.get("ref")}
            for number, (title, option) in enumerate(zip(titles, options, strict=True))
        ],
        **{name: value for name, value in limits.items() if value is not None},
    }
    try:
        keys = tuple(option["key"] for option in data["options"])
        Rule(kind=data["kind"], options=keys, **{key: data[key] for key in BALLOT_KEYS if key in data})
    except RuleError as error:
        raise ValidationError({"ballot_kind": _("This vote cannot be held like this.")}) from error
    return data


def _letters(number: int) -> str:
    """A, B … Z, AA, AB …"""
    head, last = divmod(number, 26)
    return (_letters(head - 1) if head else "") + chr(ord("A") + last)


# --- reading ---------------------------------------------------------------------------------------------
def threshold_parts(rule: RuleData) -> list[dict[str, Any]]:
    """The majorities of a rule, as data; more than one where all of them are needed."""
    return rule["thresholds"] if "thresholds" in rule else [rule["threshold"]]


def quorum_parts(rule: RuleData) -> list[dict[str, Any]]:
    """The quorums of a rule that ask for anything, as data."""
    parts = rule["quorums"] if "quorums" in rule else [rule["quorum"]]
    return [part for part in parts if part["numerator"]]


def quorum_key(rule: RuleData) -> str:
    """The key of the first quorum that was chosen, also where it asks for nothing."""
    return (rule["quorums"][0] if "quorums" in rule else rule["quorum"])["key"]


def ballot_of(rule: RuleData) -> dict[str, Any]:
    """What a ballot of this rule can say, as data."""
    return rule.get("ballot", FOR_OR_AGAINST)


def electorate_of(rule: RuleData) -> dict[str, Any]:
    """Who may vote under this rule, as data: `{"of": "members" | "network" | "seats", "network": key, "body": key}`."""
    return rule.get("electorate", ALL_MEMBERS)


def options_of(rule: RuleData) -> Sequence[dict[str, Any]]:
    """The options of a rule in order: `{"key", "title", "item"}`; none for a vote for or against."""
    return ballot_of(rule).get("options", ())


def tie_of(rule: RuleData) -> str:
    """What follows when votes are equal: stays, rejected, chair or revote."""
    return rule.get("tie", "stays")


def may_divide(rule: RuleData) -> bool:
    """Whether a member may divide its votes over its delegates."""
    return ballot_of(rule).get("split", "allowed") != "refused"


def is_election(rule: RuleData) -> bool:
    """Whether options are chosen, rather than one thing adopted or not."""
    return ballot_of(rule)["kind"] != "for_against_abstain"


def titles_of(rule: RuleData) -> dict[str, str]:
    """Option → its title."""
    return {option["key"]: option["title"] for option in options_of(rule)}


def threshold_of(rule: RuleData) -> Threshold:
    """The first majority of a rule, as the engine counts with it."""
    return threshold_from(threshold_parts(rule)[0])


def threshold_from(part: dict[str, Any]) -> Threshold:
    """A majority as the engine counts with it."""
    return Threshold(
        part["numerator"], part["denominator"], part["strict"], part["base"], measure=part.get("in", "votes")
    )


def quorum_of(rule: RuleData) -> Quorum | None:
    """The first quorum of a rule, as the engine counts with it; None where there is none."""
    parts = quorum_parts(rule)
    return quorum_from(parts[0]) if parts else None


def quorum_from(part: dict[str, Any]) -> Quorum:
    """A quorum as the engine counts with it."""
    return Quorum(part["numerator"], part["denominator"], measure=part["of"])


def tally_rule(rule: RuleData) -> Rule:
    """The whole rule, as the engine counts with it."""
    ballot = ballot_of(rule)
    given = {key: ballot[key] for key in BALLOT_KEYS if ballot.get(key) is not None}
    return Rule(
        kind=ballot["kind"],
        options=tuple(option["key"] for option in ballot.get("options", ())),
        thresholds=tuple(map(threshold_from, threshold_parts(rule))),
        quorum=tuple(map(quorum_from, quorum_parts(rule))),
        **{"split": "allowed", **given},
    )
