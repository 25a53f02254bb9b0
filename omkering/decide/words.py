"""Rules and results in plain words, from whole numbers; the same words before, during and after a vote."""

from typing import Any

from django.utils.translation import gettext as _

from omkering.decide.models import Outcome
from omkering.decide.vote_rule import RuleData, quorum_of, threshold_of
from omkering.ui import weight_words
from omkering.ui.templatetags.ui import number
from omkering.who.models import in_language

ResultData = dict[str, Any]


def weight_in_words(rule: RuleData) -> str:
    """How votes follow from inhabitants, as a sentence."""
    return weight_words.weight_in_words(rule["weight"])


def needed_in_words(rule: RuleData) -> str:
    """What is needed to pass, without figures: "more than half of the votes cast, abstentions not counted"."""
    part = rule["threshold"]
    pattern = _("more than %(share)s of %(base)s") if part["strict"] else _("at least %(share)s of %(base)s")
    return pattern % {"share": _fraction(part["numerator"], part["denominator"]), "base": _base(part["base"])}


def needed_of(rule: RuleData, total: int) -> str:
    """The same in figures for a base of `total` votes: "at least 6,632 of 13,263"."""
    required = threshold_of(rule).required(total)
    return _("at least %(required)s of %(total)s") % {"required": number(required), "total": number(total)}


def quorum_in_words(rule: RuleData, votes: int, heads: int) -> str:
    """Who must have voted for a valid result on a roll of so many votes and members; "" without a quorum."""
    quorum = quorum_of(rule)
    if quorum is None:
        return ""
    total = votes if quorum.measure == "votes" else heads
    pattern = (
        _("At least %(required)s of the %(total)s votes must be cast.")
        if quorum.measure == "votes"
        else _("At least %(required)s of the %(total)s members must vote.")
    )
    return pattern % {"required": number(quorum.required(total)), "total": number(total)}


def outcome_in_words(result: ResultData) -> str:
    """Whether it passed, in one sentence with its figures."""
    figures = {
        "votes_for": number(result["votes"]["for"]),
        "votes_against": number(result["votes"]["against"]),
        "base": number(result["base"]),
        "required": number(result["required"]),
        "cast": number(result["cast"]["votes"]),
        "roll": number(result["roll"]["votes"]),
    }
    sentence = {
        Outcome.ADOPTED: _(
            "Adopted: %(votes_for)s of the %(base)s votes that counted were for. %(required)s were needed."
        ),
        Outcome.REJECTED: _(
            "Rejected: %(votes_for)s of the %(base)s votes that counted were for. %(required)s were needed."
        ),
        Outcome.TIE: _("A tie: %(votes_for)s votes for and %(votes_against)s against. Nothing is decided."),
        Outcome.NO_QUORUM: _(
            "Too few members voted: %(cast)s of %(roll)s votes were cast. Nothing is decided."
        ),
    }[Outcome(result["outcome"])]
    return sentence % figures


def reasons_in_words(result: ResultData) -> list[str]:
    """The engine's trace, step by step."""
    return [_step(step["code"], step["facts"]) for step in result["reason"]]


def _step(code: str, facts: dict[str, Any]) -> str:
    if code == "nothing_cast":
        return _("Nobody voted for or against.")
    figures = {
        "required": number(facts["required"]),
        "of": number(facts["of"]),
        "share": _fraction(facts["numerator"], facts["denominator"]),
    }
    if code.startswith("quorum_"):
        figures["present"] = number(facts["present"])
        if facts["in"] == "votes":
            words = _(
                "%(present)s of the %(of)s votes on the roll were cast; at least %(required)s had to be."
            )
        else:
            words = _("%(present)s of the %(of)s members voted; at least %(required)s had to.")
        return words % figures
    figures["base"] = _base(facts["base"])
    figures["support"] = number(facts["support"])
    if facts["strict"]:
        words = _(
            "Needed: more than %(share)s of %(base)s. Those are %(of)s votes, so at least %(required)s. For: "
            "%(support)s."
        )
    else:
        words = _(
            "Needed: at least %(share)s of %(base)s. Those are %(of)s votes, so at least %(required)s. For: "
            "%(support)s."
        )
    return words % figures


def rule_name(part: dict[str, Any]) -> str:
    """The name of a part of a rule in the reader's language."""
    return in_language(part["names"])


def _fraction(numerator: int, denominator: int) -> str:
    known = {
        (1, 2): _("half"),
        (1, 3): _("one third"),
        (2, 3): _("two thirds"),
        (3, 4): _("three quarters"),
        (3, 5): _("three fifths"),
        (4, 5): _("four fifths"),
    }
    return known.get((numerator, denominator), f"{numerator}/{denominator}")


def _base(base: str) -> str:
    return {
        "cast_without_abstentions": _("the votes cast, abstentions not counted"),
        "cast": _("the votes cast, abstentions counted"),
        "present": _("the votes of the members that took part"),
        "all": _("all votes on the roll"),
    }[base]
