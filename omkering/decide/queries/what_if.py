"""What a vote would be by other rules, and who has how much power in it: to compare with, never an official figure."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from omkering.decide import vote_rule, words
from omkering.decide.models import Vote
from omkering.decide.queries.results import recount
from omkering.decide.queries.roll import Entry, choices_of, roll_lines
from omkering.decide.vote_rule import RuleData
from omkering.engine import power
from omkering.engine.weights import weight
from omkering.ui.groupings import groupings
from omkering.who import weight_rules
from omkering.who.current import association
from omkering.who.models import in_language

LASTS = 7 * 24 * 3600  # seconds: the same numbers give the same power


@dataclass(frozen=True)
class OtherRule:
    """The same vote by another rule: the votes there are, what would be needed, and once closed what it came to."""

    name: str
    official: bool
    votes: int
    largest_share: float  # of the votes, of the four largest members
    needed: str
    outcome: str = ""
    same: bool = True


def other_rules(vote: Vote, entries: Sequence[Entry]) -> list[OtherRule]:
    """The rule of this vote beside the others that the association knows; one query once its result is known."""
    known = vote.is_known and not vote.secret
    official = words.outcome_in_words(vote.result, vote.rule) if known and vote.result else ""
    found = [_other(_("As this vote is held"), vote.rule, _frozen(entries), outcome=official, official=True)]
    choices = choices_of(roll_lines(vote, entries)) if official else {}
    for name, rule, weights in _others(vote, entries):
        counted = recount(choices, rule, weights).as_dict() if official else None
        outcome = words.outcome_in_words(counted, vote.rule) if counted else ""
        found.append(_other(name, rule, weights, outcome=outcome, same=outcome == official))
    return found


def _others(vote: Vote, entries: Sequence[Entry]) -> Iterator[tuple[str, RuleData, dict[str, int]]]:
    """The name of each other rule, the rule, and the votes of each line of the roll by it."""
    if vote.rule["weight"] is None:
        return
    for key, name in {rule.key: in_language(rule.names) for rule in association().weight_rules}.items():
        if key == vote.rule["weight"]["key"]:
            continue
        try:
            rule = vote_rule.with_changes(vote.rule, vote.reference_date, weight_rule_key=key)
        except ValidationError:
            continue  # no version of it holds on that day
        yield name, rule, weights_by(rule, entries)
    heads = vote_rule.with_changes(vote.rule, vote.reference_date, heads=True)
    yield _("Every member one vote"), heads, {entry.voter: 1 for entry in entries}
    majorities = vote_rule.threshold_parts(vote.rule)
    if len(majorities) == 1 and not vote_rule.is_election(vote.rule):
        double = vote_rule.with_changes(vote.rule, vote.reference_date, double_majority=True)
        yield _("Double majority: of votes and of members"), double, _frozen(entries)


def _frozen(entries: Sequence[Entry]) -> dict[str, int]:
    return {entry.voter: entry.weight for entry in entries}


def weights_by(rule: RuleData, entries: Sequence[Entry]) -> dict[str, int]:
    """The votes of each line of a roll by the weights of another rule."""
    counted = weight_rules.engine_rule(rule["weight"])
    return {entry.voter: weight(entry.inhabitants, counted) for entry in entries}


def _other(
    name: str,
    rule: RuleData,
    weights: Mapping[str, int],
    *,
    outcome: str,
    official: bool = False,
    same: bool = True,
) -> OtherRule:
    total = sum(weights.values())
    return OtherRule(
        name=name,
        official=official,
        votes=total,
        largest_share=sum(sorted(weights.values())[-4:]) / total if total else 0,
        needed=words.needed_of(rule, total, len(weights)),
        outcome=outcome,
        same=same,
    )


# --- power -----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class PowerRow:
    """A number of votes with what it means: how many have it, its share of the votes, and both indices as shares."""

    votes: int
    members: int
    example: str
    share: float
    banzhaf: float
    shapley: float


def quota_of(rule: RuleData, total: int) -> int | None:
    """The votes that win if everybody votes for or against; None where no majority of votes is needed."""
    for part in vote_rule.threshold_parts(rule):
        if part.get("in", "votes") == "votes" or rule["weight"] is None:
            return vote_rule.threshold_from(part).required(total)
    return None


def power_by_votes(vote: Vote, entries: Sequence[Entry]) -> list[PowerRow]:
    """Who has how much power in this vote, by number of votes, the most first; no query. [] without a majority."""
    weights = sorted(entry.weight for entry in entries)
    quota = quota_of(vote.rule, sum(weights)) if weights else None
    if quota is None:
        return []
    by_weight = _power(tuple(weights), quota)
    names: dict[int, list[str]] = {}
    for entry in entries:
        names.setdefault(entry.weight, []).append(entry.name)
    total = sum(weights)
    return [
        PowerRow(
            votes=votes,
            members=len(names[votes]),
            example=", ".join(names[votes][:3]) + (" …" if len(names[votes]) > 3 else ""),
            share=votes / total,
            banzhaf=by_weight[votes][0],
            shapley=by_weight[votes][1],
        )
        for votes in sorted(names, reverse=True)
    ]


@lru_cache(maxsize=64)
def _power(weights: tuple[int, ...], quota: int) -> dict[int, tuple[float, float]]:
    """Votes → (Banzhaf, Shapley–Shubik) as shares. A second of work for the whole association, so it is kept."""
    key = f"decide.power.{hashlib.sha256(repr((weights, quota)).encode()).hexdigest()}"
    kept: dict[int, tuple[float, float]] | None = cache.get(key)
    if kept is None:
        counted = power.power(weights, quota)
        kept = {
            votes: (float(banzhaf), float(shapley))
            for votes, banzhaf, shapley in zip(weights, counted.banzhaf, counted.shapley, strict=True)
        }
        cache.set(key, kept, LASTS)
    return kept


@dataclass(frozen=True)
class Bloc:
    """A group of members that would vote as one: its votes, its share, and whether it wins or blocks alone."""

    name: str
    members: int
    votes: int
    share: float
    of_needed: float
    wins: bool
    blocks: bool


@dataclass(frozen=True)
class Blocs:
    """The blocs of one grouping."""

    title: str
    rows: list[Bloc]


def blocs(vote: Vote, entries: Sequence[Entry]) -> list[Blocs]:
    """Networks, size classes and parts of the country as blocs, the most votes first; one query. [] without a
    majority of votes."""
    total = sum(entry.weight for entry in entries)
    quota = quota_of(vote.rule, total) if total else None
    if quota is None:
        return []
    sums: dict[str, dict[str, list[int]]] = {}
    for entry in entries:
        for grouping, keys in entry.groups.items():
            for key in keys:
                sums.setdefault(grouping, {}).setdefault(key, []).append(entry.weight)
    return [
        Blocs(
            each.title,
            sorted(
                (_bloc(name, sums[each.key][key], total, quota) for key, name in each.names.items()),
                key=lambda bloc: -bloc.votes,
            ),
        )
        for each in groupings(sums)
    ]


def _bloc(name: str, weights: Sequence[int], total: int, quota: int) -> Bloc:
    votes = sum(weights)
    return Bloc(
        name=name,
        members=len(weights),
        votes=votes,
        share=votes / total,
        of_needed=votes / quota,
        wins=votes >= quota,
        blocks=votes > total - quota,
    )


def weights_of(entries: Sequence[Entry]) -> dict[str, Any]:
    """Votes and members in all, and the largest."""
    largest = max(entries, key=lambda entry: entry.weight, default=None)
    return {
        "votes": sum(entry.weight for entry in entries),
        "members": len(entries),
        "largest": largest.weight if largest else 0,
    }
