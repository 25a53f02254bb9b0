"""Rules and results in words: whole numbers, and the same before and after."""

from dataclasses import replace

import pytest
from django.utils import translation

from omkering.decide import vote_rule, words
from omkering.engine import tally
from omkering.ui.charts import Category, Tile, category_map


def rule(**changes) -> dict:
    parts = {
        "weight": {"unit": 1000, "rounding": "ceil", "cap": 75, "minimum": 1},
        "threshold": {"numerator": 1, "denominator": 2, "strict": True, "base": "cast_without_abstentions"},
        "quorum": {"numerator": 0, "denominator": 1, "of": "heads"},
    }
    return {name: {**part, **changes.get(name, {})} for name, part in parts.items()}


TWO_THIRDS = {"numerator": 2, "denominator": 3, "strict": False, "base": "all"}


@pytest.mark.parametrize(
    ("language", "threshold", "needed", "figures"),
    [
        (
            "nl",
            {},
            "meer dan de helft van de uitgebrachte stemmen, zonder onthoudingen",
            "ten minste 6.632 van 13.263",
        ),
        ("en", {}, "more than half of the votes cast, abstentions not counted", "at least 6,632 of 13,263"),
        (
            "nl",
            TWO_THIRDS,
            "ten minste twee derde van alle stemmen op de stemlijst",
            "ten minste 8.842 van 13.263",
        ),
        (
            "en",
            {"numerator": 5, "denominator": 8, "base": "cast"},
            "more than 5/8 of the votes cast, abstentions counted",
            "at least 8,290 of 13,263",
        ),
    ],
)
def test_what_is_needed_in_words_and_whole_numbers(language, threshold, needed, figures):
    with translation.override(language):
        assert words.needed_in_words(rule(threshold=threshold)) == needed
        assert words.needed_of(rule(threshold=threshold), 13_263) == figures


@pytest.mark.parametrize(
    ("weight", "sentence"),
    [
        (
            {},
            "One vote for every 1,000 inhabitants; a remainder counts as a whole vote; every member has at least "
            "1 and at most 75 votes.",
        ),
        (
            {"unit": 500, "rounding": "floor", "cap": None, "minimum": 2},
            "One vote for every 500 inhabitants; a remainder does not count; every member has at least 2 votes, "
            "and there is no maximum.",
        ),
    ],
)
def test_how_votes_follow_from_inhabitants(weight, sentence):
    with translation.override("en"):
        assert words.weight_in_words(rule(weight=weight)) == sentence


def test_a_quorum_of_members_or_of_votes_or_none():
    with translation.override("en"):
        assert words.quorum_in_words(rule(), 13_263, 344) == ""
        heads = rule(quorum={"numerator": 1, "denominator": 2})
        assert words.quorum_in_words(heads, 13_263, 344) == "At least 172 of the 344 members must vote."
        votes = rule(quorum={"numerator": 1, "denominator": 2, "of": "votes"})
        assert words.quorum_in_words(votes, 13_263, 344) == "At least 6,632 of the 13,263 votes must be cast."


def counted(rule_data: dict, **choices: str) -> dict:
    """The result of members a (1 vote), b (2 votes) and so on that cast these choices, as a vote keeps it."""
    roll = tally.Roll(tally.Entry(name, number) for number, name in enumerate("abcd", 1))
    ballots = [tally.Ballot(name, choice) for name, choice in choices.items()]
    return tally.tally(roll, ballots, vote_rule.tally_rule(rule_data)).as_dict()


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        ({"d": "for", "a": "against"}, "Adopted: 4 of the 5 votes that counted were for. 3 were needed."),
        ({"d": "against", "a": "for"}, "Rejected: 1 of the 5 votes that counted were for. 3 were needed."),
        ({"d": "abstain"}, "Rejected: 0 of the 0 votes that counted were for. 1 were needed."),
        ({"a": "for", "b": "for", "c": "against"}, "A tie: 3 votes for and 3 against. Nothing is decided."),
    ],
)
def test_the_outcome_in_one_sentence(choices, sentence):
    with translation.override("en"):
        result = counted(rule(), **choices)
        assert words.outcome_in_words(result) == sentence
        reasons = words.reasons_in_words(result)
        assert reasons
        assert all("%(" not in reason for reason in reasons)


def test_too_few_members():
    with translation.override("en"):
        result = counted(rule(quorum={"numerator": 3, "denominator": 4}), a="for", b="for")
        assert words.outcome_in_words(result) == (
            "Too few members voted: 3 of 10 votes were cast. Nothing is decided."
        )
        assert words.reasons_in_words(result)[0] == "2 of the 4 members voted; at least 3 had to."


# --- the map of choices ----------------------------------------------------------------------------------
CATEGORIES = [Category("for", "app-bar--for", "For"), Category("absent", "app-bar--absent", "Did not vote")]


def test_a_map_by_category_says_in_words_what_the_colour_says():
    tiles = [Tile("GM1", "Aa <&>", 0, 0, url="/leden/GM1/"), Tile("GM2", "Bee", 1, 0)]
    drawn = category_map(tiles, {"GM1": "for"}, CATEGORIES, caption="What every member voted")
    assert 'aria-label="Aa &lt;&amp;&gt;: For"' in drawn.svg
    assert 'aria-label="Bee: Did not vote"' in drawn.svg
    assert [(row.value, row.step) for row in drawn.rows] == [
        ("For", "app-bar--for"),
        ("Did not vote", "app-bar--absent"),
    ]
    assert drawn.legend == [("app-bar--for", "For"), ("app-bar--absent", "Did not vote")]
    with pytest.raises(KeyError):
        category_map(tiles, {"GM1": "perhaps"}, CATEGORIES, caption="")
    with pytest.raises(ValueError, match="same place"):
        category_map([tiles[0], replace(tiles[1], column=0)], {}, CATEGORIES, caption="")
