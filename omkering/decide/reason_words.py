"""The steps of a count in plain words, one sentence each, with the shares and bases they speak of."""

from typing import Any

from django.utils.translation import gettext as _

from omkering.ui.templatetags.ui import number

Facts = dict[str, Any]


def step_in_words(code: str, facts: Facts, titles: dict[str, str]) -> str:
    """One step of a count (`tally.Step`) as a sentence; `titles` names the options."""
    if code.startswith("quorum_"):
        return _quorum(facts)
    if code.startswith("threshold_"):
        return _threshold(facts, titles)
    names: dict[str, str] = {
        key: _listed(facts[key], titles) for key in ("options", "eliminated", "tied") if facts.get(key)
    }
    names |= {key: titles.get(str(facts[key]), str(facts[key])) for key in ("option", "over") if key in facts}
    figures = {
        key: number(value)
        for key, value in facts.items()
        if isinstance(value, int) and not isinstance(value, bool)
    }
    if code == "round":
        return _round(facts, titles, names)
    if code == "order":
        tiers = [_(" and ").join(titles.get(key, key) for key in tier) for tier in facts["tiers"]]
        return _("The order that follows from all ballots: %(order)s.") % {"order": ", ".join(tiers)}
    pattern = {
        "nothing_cast": _("Nobody voted for an option.") if titles else _("Nobody voted for or against."),
        "most_votes": _("“%(option)s” has %(votes)s votes and is chosen."),
        "equal_votes": _("Equal: %(options)s."),
        "seats_left": _("Places that are not filled: %(seats)s."),
        "majority": _(
            "“%(option)s” has %(votes)s of the %(of)s votes that are left, which is more than half."
        ),
        "ties_without_effect": _("Who falls off here makes no difference to who is chosen: %(options)s."),
        "ties_too_many": _("There are too many equal votes to follow each way they can go."),
        "beats": _("“%(option)s” wins from “%(over)s”: %(strength)s against %(against)s."),
        "acclamation": _("Nobody objected in time."),
        "tie_rejected": _("Equal votes reject it, by the rule of this vote."),
    }[code]
    return pattern % (figures | names)


def _listed(keys: list[str], titles: dict[str, str]) -> str:
    return ", ".join(f"“{titles.get(key, key)}”" for key in keys)


def _quorum(facts: Facts) -> str:
    figures = {key: number(facts[key]) for key in ("present", "of", "required")}
    if facts["in"] == "votes":
        words = _("%(present)s of the %(of)s votes on the roll were cast; at least %(required)s had to be.")
    else:
        words = _("%(present)s of the %(of)s members voted; at least %(required)s had to.")
    return words % figures


def _threshold(facts: Facts, titles: dict[str, str]) -> str:
    figures = {key: number(facts[key]) for key in ("required", "of", "support")}
    figures |= {
        "share": fraction_in_words(facts["numerator"], facts["denominator"]),
        "base": base_in_words(facts),
        "option": titles.get(str(facts["option"]), str(facts["option"])),
    }
    if facts["option"] != "for":
        words = (
            _(
                "“%(option)s” has %(support)s; needed is more than %(share)s of %(base)s (%(of)s): at least "
                "%(required)s."
            )
            if facts["strict"]
            else _(
                "“%(option)s” has %(support)s; needed is at least %(share)s of %(base)s (%(of)s): %(required)s."
            )
        )
    elif facts["in"] == "heads":
        words = (
            _(
                "Needed: more than %(share)s of %(base)s. Those are %(of)s members, so at least %(required)s. For: "
                "%(support)s."
            )
            if facts["strict"]
            else _(
                "Needed: at least %(share)s of %(base)s. Those are %(of)s members, so at least %(required)s. For: "
                "%(support)s."
            )
        )
    elif facts["strict"]:
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


def _round(facts: Facts, titles: dict[str, str], names: dict[str, str]) -> str:
    counts = ", ".join(f"{titles.get(key, key)} {number(votes)}" for key, votes in facts["votes"].items())
    words = _("Round %(number)s: %(counts)s.") % {"number": facts["number"], "counts": counts}
    if "eliminated" in names:
        words += " " + _("Falls off: %(options)s.") % {"options": names["eliminated"]}
    if "tied" in names:
        words += " " + _("Equal for falling off: %(options)s.") % {"options": names["tied"]}
    return words


def fraction_in_words(numerator: int, denominator: int) -> str:
    """Half, two thirds, 5/8."""
    known = {
        (1, 2): _("half"),
        (1, 3): _("one third"),
        (2, 3): _("two thirds"),
        (3, 4): _("three quarters"),
        (3, 5): _("three fifths"),
        (4, 5): _("four fifths"),
    }
    return known.get((numerator, denominator), f"{numerator}/{denominator}")


def base_in_words(part: dict[str, Any]) -> str:
    """Of what a majority is a share, in votes or in members."""
    if part.get("in", "votes") == "heads":
        return {
            "cast_without_abstentions": _("the members that voted, abstentions not counted"),
            "cast": _("the members that voted, abstentions counted"),
            "present": _("the members that took part"),
            "all": _("all members on the roll"),
        }[part["base"]]
    return {
        "cast_without_abstentions": _("the votes cast, abstentions not counted"),
        "cast": _("the votes cast, abstentions counted"),
        "present": _("the votes of the members that took part"),
        "all": _("all votes on the roll"),
    }[part["base"]]
