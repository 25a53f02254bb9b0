"""Options, approval, points and rankings, and the rules themselves."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omkering.engine.tally import Ballot, BallotError, Entry, Roll, Rule, RuleError, tally
from omkering.engine.tally.ranking import instant_run_off, schulze
from tests.engine import tally_oracle

OPTIONS = ["A", "B", "C", "D"]
MAJORITY = {"numerator": 1, "denominator": 2, "strict": True, "base": "cast_without_abstentions"}


def voted(kind, weighted, **rule):
    """Count ballots given as [(weight, choice)] of members m0, m1, …"""
    roll = Roll(Entry(f"m{number}", weight) for number, (weight, _) in enumerate(weighted))
    ballots = [Ballot(f"m{number}", choice) for number, (_, choice) in enumerate(weighted)]
    return tally(roll, ballots, Rule.from_mapping({"kind": kind, "options": OPTIONS, **rule}))


# Options


def test_most_votes_win_and_equal_votes_are_a_tie():
    result = voted("options", [(5, "A"), (4, "B"), (3, "B"), (1, "abstain")])
    assert (result.outcome, result.elected, result.base) == ("elected", ("B",), 13)
    assert result.votes == {"A": 5, "B": 7, "C": 0, "D": 0, "abstain": 1}
    result = voted("options", [(5, "A"), (5, "B"), (1, "C")])
    assert (result.outcome, result.elected, result.tied) == ("tie", (), ("A", "B"))


def test_an_option_below_the_threshold_is_not_elected():
    weighted = [(4, "A"), (3, "B"), (3, "C")]
    assert voted("options", weighted).elected == ("A",)
    assert voted("options", weighted, threshold=MAJORITY).outcome == "rejected"
    assert voted("options", [(5, "A"), (5, "B")], threshold=MAJORITY).outcome == "tie"
    assert voted("options", [(6, "A"), (5, "B")], threshold=MAJORITY).elected == ("A",)


def test_nothing_cast_elects_nothing():
    result = voted("options", [(5, "abstain")])
    assert (result.outcome, [step.code for step in result.reason]) == ("rejected", ["nothing_cast"])


# Approval


def test_approval_elects_as_many_as_there_are_seats():
    weighted = [(5, "A|B"), (4, "B|C"), (3, "C"), (2, ("A", "D"))]
    result = voted("approval", weighted, seats=2)
    assert result.votes == {"A": 7, "B": 9, "C": 7, "D": 2, "abstain": 0}
    assert result.heads == {"A": 2, "B": 2, "C": 2, "D": 1, "abstain": 0}
    # One seat is sure, the other is between two.
    assert (result.outcome, result.elected, result.tied) == ("tie", ("B",), ("A", "C"))
    assert voted("approval", weighted, seats=3).elected == ("B", "A", "C")


def test_approval_slices_add_up():
    roll = Roll([Entry("a", 5, {"g": "X"}), Entry("b", 4, {"g": ("X", "Y")}), Entry("c", 2, {"g": "Y"})])
    rule = Rule.from_mapping({"kind": "approval", "options": ["A", "B"]})
    result = tally(roll, [Ballot("a", "A|B"), Ballot("b", "B", 3), Ballot("b", "A|B", 1)], rule)
    assert result.slices == {
        "g": {"X": {"A": 6, "B": 9, "abstain": 0}, "Y": {"A": 1, "B": 4, "abstain": 0}},
    }
    # Member b gives all its votes to B, only some to A.
    assert result.heads == {"A": 1, "B": 2, "abstain": 0}
    assert result.slice_totals["g"]["X"] == {
        "roll_votes": 9,
        "roll_heads": 2,
        "cast_votes": 9,
        "cast_heads": 2,
    }


# Points


def test_points_are_counted_as_often_as_the_votes():
    result = voted("points", [(5, "A:3|B:1"), (2, {"B": 4, "C": 0})], total_points=4)
    assert result.votes == {"A": 15, "B": 13, "C": 0, "D": 0, "abstain": 0}
    assert result.heads == {"A": 1, "B": 2, "C": 0, "D": 0, "abstain": 0}
    assert (result.outcome, result.elected, result.cast.votes) == ("elected", ("A",), 7)


@pytest.mark.parametrize(
    ("kind", "choice", "reason", "rule"),
    [
        ("approval", "A|A", "names an option twice", {}),
        ("approval", "A|B|C", "names 3 options where 2 are allowed", {"max_choices": 2}),
        ("approval", "A|abstain", "stands alone", {}),
        ("approval", "A||B", "no choice ''", {}),
        ("approval", (), "names no choice", {}),
        ("points", "A:3|B:2", "gives 5 points of the 4", {"total_points": 4}),
        ("points", "A:3", "3 points for A, where 2 is the most", {"max_points": 2}),
        ("points", "A:0", "gives no points", {"max_points": 2}),
        ("points", "A:-1", "written as option:number, not 'A:-1'", {"max_points": 2}),
        ("points", "A", "written as option:number, not 'A'", {"max_points": 2}),
        ("points", "A:1|A:1", "to A twice", {"max_points": 2}),
        ("points", {"A": 1.5}, "not 1.5", {"max_points": 2}),
        ("points", "A:9007199254740991", "more than can be counted exactly", {"max_points": 10**16}),
        ("ranking", "A>A", "ranks an option twice", {"method": "schulze"}),
        ("ranking", "A>>B", "no choice ''", {"method": "schulze"}),
        ("ranking", (), "empty place", {"method": "schulze"}),
        ("ranking", "A=B>C", "strict order", {"method": "irv"}),
        ("ranking", "A>E", "no choice 'E', only A, B, C, D, abstain", {"method": "irv"}),
        ("options", "A|B", "no choice 'A|B'", {}),
    ],
)
def test_choices_that_are_refused(kind, choice, reason, rule):
    with pytest.raises(BallotError) as caught:
        voted(kind, [(2, choice)], **rule)
    assert reason in str(caught.value)


# Rankings


def test_schulze_against_its_own_example():
    """The 45 ballots of Schulze's paper (section 3.1 of the long version): E wins, then A, C, B, D."""
    options = ["A", "B", "C", "D", "E"]
    profile = [
        (5, "A>C>B>E>D"),
        (5, "A>D>E>C>B"),
        (8, "B>E>D>A>C"),
        (3, "C>A>B>E>D"),
        (7, "C>A>E>B>D"),
        (2, "C>B>A>D>E"),
        (7, "D>C>E>B>A"),
        (8, "E>B>A>D>C"),
    ]
    result = voted("ranking", profile, options=options, method="schulze")
    assert (result.outcome, result.elected) == ("elected", ("E",))
    assert result.reason[0].facts["tiers"] == [["E"], ["A"], ["C"], ["B"], ["D"]]
    assert dict(result.reason[1].facts) == {"option": "E", "over": "A", "strength": 25, "against": 24}


def test_schulze_states_a_tie():
    result = voted("ranking", [(5, "A>B"), (5, "B>A"), (1, "abstain")], method="schulze")
    assert (result.outcome, result.tied) == ("tie", ("A", "B"))


def test_run_off_shows_its_rounds():
    result = voted("ranking", [(4, "A>B"), (3, "B>A"), (2, "C>B"), (1, "D")], method="irv")
    assert (result.outcome, result.elected, result.base, result.required) == ("elected", ("B",), 9, 5)
    rounds = [step.facts for step in result.reason if step.code == "round"]
    assert [(each["eliminated"], each["exhausted"]) for each in rounds] == [(["D"], 0), (["C"], 1), ([], 1)]
    assert rounds[-1]["votes"] == {"A": 4, "B": 5}


def test_a_tie_for_elimination_is_never_broken_silently():
    # Whether B or C leaves first decides who wins.
    result = voted("ranking", [(4, "A"), (3, "B>C"), (3, "C>B")], method="irv")
    assert (result.outcome, result.tied) == ("tie", ("B", "C"))
    # Here it does not matter.
    result = voted("ranking", [(5, "A"), (3, "B>A"), (3, "C>A")], method="irv")
    assert (result.outcome, result.elected) == ("elected", ("A",))
    assert result.reason[-1].code == "ties_without_effect"


def test_a_run_off_with_ties_everywhere_ends():
    options = [f"o{number}" for number in range(20)]
    profile = [(1, option) for option in options]
    result = voted("ranking", profile, options=options, method="irv")
    assert (result.outcome, set(result.tied)) == ("tie", set(options))
    assert "ties_too_many" in [step.code for step in result.reason]


@st.composite
def profiles(draw, equal_ranks):
    size = draw(st.integers(2, 5))
    rankings, votes = [], []
    for _ in range(draw(st.integers(1, 7))):
        order = draw(st.permutations(range(size)))[: draw(st.integers(1, size))]
        tiers = [[order[0]]]
        for option in order[1:]:
            if equal_ranks and draw(st.booleans()):
                tiers[-1].append(option)
            else:
                tiers.append([option])
        rankings.append(tuple(tuple(sorted(tier)) for tier in tiers))
        votes.append(draw(st.integers(1, 9)))
    return rankings, votes, size


@settings(deadline=None, max_examples=200)
@given(profiles(equal_ranks=True))
def test_schulze_equals_all_paths(profile):
    assert schulze(*profile).order[0] == tally_oracle.schulze_winners(*profile)


@settings(deadline=None, max_examples=300)
@given(profiles(equal_ranks=False))
def test_run_off_equals_every_course(profile):
    counted = instant_run_off(*profile)
    assert counted.complete
    assert counted.winners == tally_oracle.run_off_winners(*profile)


# Rules


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ([], "an object with keys"),
        ({}, "needs a kind"),
        ({"kind": "loudest"}, "not 'loudest'"),
        ({"kind": "for_against_abstain"}, "needs a threshold"),
        ({"kind": "for_against_abstain", "threshold": 0.6667}, "not 0.6667"),
        ({"kind": "for_against_abstain", "threshold": {**MAJORITY, "numerator": 66.67}}, "not 66.67"),
        ({"kind": "for_against_abstain", "threshold": {**MAJORITY, "numerator": 3}}, "3/2 is more than all"),
        ({"kind": "for_against_abstain", "threshold": {**MAJORITY, "numerator": 2}}, "can never be reached"),
        ({"kind": "for_against_abstain", "threshold": {**MAJORITY, "strict": 1}}, "true or false, not 1"),
        ({"kind": "for_against_abstain", "threshold": {**MAJORITY, "base": "some"}}, "not 'some'"),
        (
            {"kind": "for_against_abstain", "threshold": {**MAJORITY, "in": "feet"}},
            "votes, heads, not 'feet'",
        ),
        ({"kind": "for_against_abstain", "threshold": {"numerator": 1}}, "needs 'denominator'"),
        ({"kind": "for_against_abstain", "treshold": MAJORITY}, "no 'treshold'"),
        ({"kind": "for_against_abstain", "threshold": MAJORITY, "options": ["A"]}, "no options of its own"),
        ({"kind": "for_against_abstain", "threshold": MAJORITY, "secret": True}, "no 'secret'"),
        ({"kind": "options"}, "needs a list of options"),
        ({"kind": "options", "options": "AB"}, "list of names"),
        ({"kind": "options", "options": ["A", "A"]}, "'A' is named twice"),
        ({"kind": "options", "options": ["A", "abstain"]}, "cannot be the name"),
        ({"kind": "options", "options": ["A>B"]}, "holds one of the signs"),
        ({"kind": "options", "options": ["A"], "seats": 2}, "2 seats for 1 options"),
        ({"kind": "options", "options": ["A"], "method": "irv"}, "belongs to a ranking"),
        ({"kind": "ranking", "options": ["A"]}, "schulze, irv, not None"),
        (
            {"kind": "ranking", "options": ["A"], "method": "irv", "threshold": MAJORITY},
            "no meaning for ranking",
        ),
        ({"kind": "points", "options": ["A"]}, "needs max_points or total_points"),
        ({"kind": "options", "options": ["A"], "max_choices": 1}, "belongs to approval"),
        ({"kind": "options", "options": ["A"], "quorum": {"numerator": 1}}, "quorum needs 'denominator'"),
    ],
)
def test_rules_that_are_refused(data, reason):
    with pytest.raises(RuleError) as caught:
        Rule.from_mapping(data)
    assert reason in str(caught.value)
