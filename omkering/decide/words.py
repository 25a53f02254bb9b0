"""Rules and results in plain words, from whole numbers; the same words before, during and after a vote."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from omkering.decide import vote_rule
from omkering.decide.reason_words import base_in_words, fraction_in_words, step_in_words
from omkering.decide.vote_rule import RuleData
from omkering.ui import weight_words
from omkering.ui.templatetags.ui import number
from omkering.who.models import in_language

if TYPE_CHECKING:
    from omkering.decide.models import Vote

ResultData = dict[str, Any]


def rule_name(part: dict[str, Any]) -> str:
    """The name of a part of a rule in the reader's language."""
    return in_language(part["names"])


def weight_in_words(rule: RuleData) -> str:
    """How votes follow from inhabitants, as a sentence."""
    if rule["weight"] is None:
        if vote_rule.electorate_of(rule)["of"] == "seats":
            return _("Everybody who holds a seat has one vote.")
        return _("Every member has one vote.")
    return weight_words.weight_in_words(rule["weight"])


def sources_of(rule: RuleData) -> list[str]:
    """Where the parts of a rule come from, each once."""
    parts = [
        *([rule["set"]] if rule.get("set") else []),
        *([rule["weight"]] if rule["weight"] else []),
        *vote_rule.threshold_parts(rule),
        *(rule["quorums"] if "quorums" in rule else [rule["quorum"]]),
    ]
    return list(dict.fromkeys(part["source"] for part in parts if part.get("source")))


# --- what is needed --------------------------------------------------------------------------------------
def needed_in_words(rule: RuleData) -> str:
    """What is needed to pass, without figures: "more than half of the votes cast, abstentions not counted"."""
    majorities = _(", and also ").join(_majority(part) for part in vote_rule.threshold_parts(rule))
    ballot = vote_rule.ballot_of(rule)
    if ballot["kind"] == "for_against_abstain":
        return majorities
    return _chosen(ballot, majorities)


def _majority(part: dict[str, Any]) -> str:
    pattern = _("more than %(share)s of %(base)s") if part["strict"] else _("at least %(share)s of %(base)s")
    return pattern % {
        "share": fraction_in_words(part["numerator"], part["denominator"]),
        "base": base_in_words(part),
    }


def _chosen(ballot: dict[str, Any], majorities: str) -> str:
    """Which options are chosen under a rule, as a part of a sentence."""
    seats = ballot.get("seats", 1)
    if ballot["kind"] == "ranking":
        if ballot.get("method") == "irv":
            return _(
                "the option that comes to more than half: the option with fewest votes falls off each time, and its "
                "votes go to the next choice"
            )
        return _("the option that wins from every other one, two by two (Schulze’s method)")
    if ballot["kind"] == "points":
        words = ngettext(
            "the option with most points, each counted as often as the voter has votes",
            "the %(seats)s options with most points, each counted as often as the voter has votes",
            seats,
        )
    else:
        words = ngettext("the option with most votes", "the %(seats)s options with most votes", seats)
    words %= {"seats": seats}
    return (
        _("%(chosen)s, if it has %(majority)s") % {"chosen": words, "majority": majorities}
        if majorities
        else words
    )


def needed_of(rule: RuleData, total: int, heads: int | None = None) -> str:
    """The same in figures for a base of `total` votes (and so many members): "at least 6,632 of 13,263"."""
    found = []
    for part in vote_rule.threshold_parts(rule):
        in_heads = part.get("in", "votes") == "heads"
        if in_heads and heads is None and rule["weight"] is not None:
            continue
        of = heads if in_heads and heads is not None else total
        pattern = (
            _("at least %(required)s of %(total)s members")
            if in_heads
            else _("at least %(required)s of %(total)s")
        )
        required = vote_rule.threshold_from(part).required(of)
        found.append(pattern % {"required": number(required), "total": number(of)})
    return _(" and ").join(found)


def quorum_in_words(rule: RuleData, votes: int, heads: int) -> str:
    """Who must have voted for a valid result on a roll of so many votes and members; "" without a quorum."""
    found = []
    for part in vote_rule.quorum_parts(rule):
        quorum = vote_rule.quorum_from(part)
        total = votes if quorum.measure == "votes" else heads
        pattern = (
            _("At least %(required)s of the %(total)s votes must be cast.")
            if quorum.measure == "votes"
            else _("At least %(required)s of the %(total)s members must vote.")
        )
        found.append(pattern % {"required": number(quorum.required(total)), "total": number(total)})
    return " ".join(found)


def tie_in_words(rule: RuleData) -> str:
    """What follows when votes are equal, as a sentence."""
    return {
        "stays": _("If the votes are equal, nothing is decided."),
        "rejected": _("If the votes are equal, it is rejected."),
        "chair": _("If the votes are equal, the chair decides."),
        "revote": _("If the votes are equal, the vote is held once more."),
    }[vote_rule.tie_of(rule)]


def ballot_in_words(rule: RuleData) -> str:
    """What one fills in, as a sentence."""
    ballot = vote_rule.ballot_of(rule)
    return {
        "for_against_abstain": _("You vote for, against, or abstain."),
        "options": _("You choose one of the options, or abstain."),
        "approval": _("You tick every option that you agree with, %(most)s at most, or abstain.")
        if ballot.get("max_choices")
        else _("You tick every option that you agree with, or abstain."),
        "ranking": _(
            "You put the options in order, the best first, or abstain. What you leave out comes last."
        ),
        "points": _points_in_words(ballot),
    }[ballot["kind"]] % {"most": ballot.get("max_choices")}


def _points_in_words(ballot: dict[str, Any]) -> str:
    most, total = ballot.get("max_points"), ballot.get("total_points")
    if most and total:
        words = _("You divide %(total)s points over the options, at most %(most)s for each, or abstain.")
    elif total:
        words = _("You divide %(total)s points over the options, or abstain.")
    else:
        words = _("You give each option from 0 to %(most)s points, or abstain.")
    return words % {"total": number(total), "most": number(most)}


def electorate_in_words(rule: RuleData) -> str:
    """Who votes, as a sentence; names come from `electorate["names"]`, kept when it was planned."""
    electorate = vote_rule.electorate_of(rule)
    name = in_language(electorate["names"]) if electorate.get("names") else electorate.get("network", "")
    if electorate["of"] == "network":
        return _("The members of %(network)s vote.") % {"network": name}
    if electorate["of"] == "seats":
        return _("Who holds a seat in %(body)s votes.") % {"body": name or electorate.get("body", "")}
    return _("All members vote.")


# --- what it came to -------------------------------------------------------------------------------------
def outcome_of(vote: "Vote") -> str:
    """What a counted vote came to, in one sentence, with what its chair decided on a tie; "" before it was counted."""
    return outcome_in_words(vote.result, vote.rule, chair=vote.chair_choice) if vote.result else ""


def outcome_in_words(result: ResultData, rule: RuleData | None = None, *, chair: str = "") -> str:
    """Whether it passed, in one sentence with its figures. `rule` names the options; `chair` is what the chair decided
    on a tie.
    """
    titles = vote_rule.titles_of(rule) if rule else {}
    if chair:
        decided = chair_in_words(chair, rule or {})
        return f"{_elected(result, titles)} {decided}" if result["elected"] else decided
    if any(step["code"] == "acclamation" for step in result["reason"]):
        return _("Adopted by acclamation: nobody objected.")
    if result["outcome"] == "no_quorum":
        return _("Too few members voted: %(cast)s of %(roll)s votes were cast. Nothing is decided.") % {
            "cast": number(result["cast"]["votes"]),
            "roll": number(result["roll"]["votes"]),
        }
    if result["kind"] != "for_against_abstain":
        return _election_in_words(result, titles)
    figures = {
        "votes_for": number(result["votes"]["for"]),
        "votes_against": number(result["votes"]["against"]),
        "base": number(result["base"]),
        "required": number(result["required"]),
    }
    if _tied(result) and result["outcome"] == "rejected":
        return (
            _("Rejected: %(votes_for)s votes for and %(votes_against)s against, and equal votes reject it.")
            % figures
        )
    in_heads = _first_measure(result) == "heads"
    sentence = {
        "adopted": _(
            "Adopted: %(votes_for)s of the %(base)s votes that counted were for. %(required)s were needed."
        ),
        "rejected": _(
            "Rejected: %(votes_for)s of the %(base)s votes that counted were for. %(required)s were needed."
        ),
        "tie": _("A tie: %(votes_for)s votes for and %(votes_against)s against. Nothing is decided."),
    }[result["outcome"]]
    if in_heads and result["outcome"] != "tie":
        figures["votes_for"] = number(result["heads"]["for"])
        sentence = (
            _(
                "Adopted: %(votes_for)s of the %(base)s members that counted were for. %(required)s were needed."
            )
            if result["outcome"] == "adopted"
            else _(
                "Rejected: %(votes_for)s of the %(base)s members that counted were for. %(required)s were needed."
            )
        )
    return sentence % figures


def _first_measure(result: ResultData) -> str:
    steps = (step for step in result["reason"] if step["code"].startswith("threshold_"))
    return next((step["facts"]["in"] for step in steps), "votes")


def _tied(result: ResultData) -> bool:
    return any(step["code"] == "tie_rejected" for step in result["reason"])


def _election_in_words(result: ResultData, titles: dict[str, str]) -> str:
    if result["outcome"] == "elected":
        return _elected(result, titles)
    if result["outcome"] == "tie":
        words = _("A tie between %(options)s. Nothing is decided between them.") % {
            "options": _named(result["tied"], titles)
        }
        return f"{_elected(result, titles)} {words}" if result["elected"] else words
    if not any(result["votes"][key] for key in result["votes"] if key != "abstain"):
        return _("Nothing is chosen: nobody voted for an option.")
    return _("Nothing is chosen: no option reached the majority that is needed.")


def _elected(result: ResultData, titles: dict[str, str]) -> str:
    return _("Chosen: %(options)s.") % {"options": _named(result["elected"], titles)}


def _named(keys: Any, titles: dict[str, str]) -> str:
    return ", ".join(f"“{titles.get(key, key)}”" for key in keys)


def chair_in_words(choice: str, rule: RuleData) -> str:
    """What the chair decided on a tie, in one sentence."""
    if choice in ("for", "against"):
        return (
            _("The votes were equal. The chair decided: adopted.")
            if choice == "for"
            else _("The votes were equal. The chair decided: rejected.")
        )
    return _("The votes were equal. The chair chose “%(option)s”.") % {
        "option": vote_rule.titles_of(rule).get(choice, choice)
    }


def needed_afterwards(result: ResultData) -> str:
    """What was needed in figures, of what counted in the end: "at least 40 of 79", for each majority."""
    found = []
    for step in result["reason"]:
        if step["code"].startswith("threshold_") and step["facts"]["option"] in (
            "for",
            _first_option(result),
        ):
            facts = step["facts"]
            pattern = (
                _("at least %(required)s of %(total)s members")
                if facts["in"] == "heads"
                else _("at least %(required)s of %(total)s")
            )
            found.append(pattern % {"required": number(facts["required"]), "total": number(facts["of"])})
    return _(" and ").join(dict.fromkeys(found))


def _first_option(result: ResultData) -> str:
    steps = (step for step in result["reason"] if step["code"].startswith("threshold_"))
    return next((step["facts"]["option"] for step in steps), "")


FIXED = {
    "for": gettext_noop("For"),
    "against": gettext_noop("Against"),
    "abstain": gettext_noop("Abstain"),
    "absent": gettext_noop("Did not vote"),
}


def choice_in_words(rule: RuleData | None, choice: str) -> str:
    """What a ballot says, in the reader's language: "For", "Bus, Train", "1. Bus 2. Train", "Bus: 3"."""
    kind = vote_rule.ballot_of(rule)["kind"] if rule else "for_against_abstain"
    if choice in FIXED and (kind == "for_against_abstain" or choice in ("abstain", "absent")):
        return _(FIXED[choice])
    titles = vote_rule.titles_of(rule) if rule else {}
    if kind == "approval":
        return ", ".join(titles.get(key, key) for key in choice.split("|"))
    if kind == "ranking":
        tiers = [" = ".join(titles.get(key, key) for key in tier.split("=")) for tier in choice.split(">")]
        return " ".join(f"{place}. {tier}" for place, tier in enumerate(tiers, 1))
    if kind == "points":
        given = (part.rpartition(":") for part in choice.split("|"))
        return ", ".join(f"{titles.get(key, key)}: {points}" for key, _colon, points in given)
    return titles.get(choice, choice)


def reasons_in_words(result: ResultData, rule: RuleData | None = None) -> list[str]:
    """The engine's trace, step by step."""
    titles = vote_rule.titles_of(rule) if rule else {}
    return [step_in_words(step["code"], step["facts"], titles) for step in result["reason"]]
