"""Counting: what the rules say, member by member, against the slow count."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omkering.engine.tally import Ballot, BallotBox, BallotError, Entry, Roll, RollError, Rule, count, tally
from tests.engine import tally_oracle

MAJORITY = {"numerator": 1, "denominator": 2, "strict": True, "base": "cast_without_abstentions"}
TWO_THIRDS = {"numerator": 2, "denominator": 3, "strict": False, "base": "cast_without_abstentions"}


def rule(threshold=MAJORITY, kind="for_against_abstain", **more):
    return Rule.from_mapping({"kind": kind, "threshold": threshold, **more})


def roll(**weights):
    return Roll(Entry(member, weight) for member, weight in weights.items())


def cast(**choices):
    return [Ballot(member, choice) for member, choice in choices.items()]


def codes(result):
    return [step.code for step in result.reason]


# Thresholds


def test_two_thirds_of_a_thousand_is_667():
    result = tally(roll(a=667, b=333), cast(a="for", b="against"), rule(TWO_THIRDS))
    assert (result.outcome, result.base, result.required) == ("adopted", 1000, 667)
    result = tally(roll(a=666, b=334), cast(a="for", b="against"), rule(TWO_THIRDS))
    assert (result.outcome, result.required) == ("rejected", 667)


def test_a_percentage_is_not_two_thirds():
    """Of 30,000 votes two thirds is 20,000; 66.67 % asks one more."""
    rounded = {**TWO_THIRDS, "numerator": 6667, "denominator": 10_000}
    ballots, voters = cast(a="for", b="against"), roll(a=20_000, b=10_000)
    assert tally(voters, ballots, rule(TWO_THIRDS)).outcome == "adopted"
    assert tally(voters, ballots, rule(rounded)).outcome == "rejected"


def test_an_equal_split_is_a_tie_and_stays_one():
    result = tally(roll(a=5, b=5, c=3), cast(a="for", b="against", c="abstain"), rule())
    assert (result.outcome, result.base, result.required) == ("tie", 10, 6)
    assert codes(result) == ["threshold_tied"]


def test_an_equal_split_of_two_thirds_is_no_tie():
    assert tally(roll(a=5, b=5), cast(a="for", b="against"), rule(TWO_THIRDS)).outcome == "rejected"


def test_half_that_need_not_be_exceeded_is_reached_by_half():
    half = {**MAJORITY, "strict": False}
    assert tally(roll(a=5, b=5), cast(a="for", b="against"), rule(half)).outcome == "adopted"


@pytest.mark.parametrize(
    ("base", "total", "required", "outcome"),
    [
        ("cast_without_abstentions", 70, 36, "adopted"),
        ("cast", 90, 46, "rejected"),
        ("present", 95, 48, "rejected"),
        ("all", 100, 51, "rejected"),
    ],
)
def test_every_base(base, total, required, outcome):
    voters = roll(a=40, b=30, c=20, d=5, e=5)
    ballots = cast(a="for", b="against", c="abstain")
    result = tally(voters, ballots, rule({**MAJORITY, "base": base}), present={"a", "b", "c", "d"})
    assert (result.base, result.required, result.outcome) == (total, required, outcome)
    assert (result.absent, result.absent_votes) == (1, 5)


def test_out_of_nothing_nothing_is_adopted():
    result = tally(roll(a=4), cast(a="abstain"), rule(TWO_THIRDS))
    assert (result.outcome, result.base, result.required) == ("rejected", 0, 1)
    assert codes(result) == ["nothing_cast", "threshold_missed"]
    assert tally(roll(a=4), [], rule()).outcome == "rejected"


def test_a_double_majority_needs_both():
    voters = roll(big=75, a=1, b=1, c=1)
    both = rule({**MAJORITY, "in": "both"})
    result = tally(voters, cast(big="for", a="against", b="against", c="against"), both)
    assert result.outcome == "rejected"
    assert [(step.code, step.facts["in"]) for step in result.reason] == [
        ("threshold_met", "votes"),
        ("threshold_missed", "heads"),
    ]
    assert tally(voters, cast(big="for", a="for", b="for", c="against"), both).outcome == "adopted"
    assert tally(voters, cast(big="for", a="for", b="against", c="against"), both).outcome == "tie"


# Quorum


def test_quorum_in_votes_is_not_quorum_in_heads():
    voters = roll(big=75, a=1, b=1, c=1)
    ballots = cast(big="for", a="for")
    in_votes = {"numerator": 1, "denominator": 2, "strict": True, "in": "votes"}
    in_heads = {**in_votes, "in": "heads"}
    assert tally(voters, ballots, rule(quorum=in_votes)).outcome == "adopted"
    result = tally(voters, ballots, rule(quorum=[in_votes, in_heads]))
    assert result.outcome == "no_quorum"
    assert codes(result) == ["quorum_met", "quorum_missed"]
    assert dict(result.reason[1].facts) == {
        "in": "heads",
        "numerator": 1,
        "denominator": 2,
        "strict": True,
        "present": 2,
        "of": 4,
        "required": 3,
    }


def test_abstaining_and_merely_present_members_make_the_quorum():
    half = {"numerator": 1, "denominator": 2, "in": "heads"}
    voters = roll(a=1, b=1, c=1, d=1)
    assert tally(voters, cast(a="for", b="abstain"), rule(quorum=half)).outcome == "adopted"
    assert tally(voters, cast(a="for"), rule(quorum=half), present=["a", "c"]).outcome == "adopted"
    assert tally(voters, cast(a="for"), rule(quorum=half)).outcome == "no_quorum"


def test_a_vote_cast_for_an_absent_member_does_not_count():
    with pytest.raises(BallotError, match="member b casts a ballot but is not present") as caught:
        tally(roll(a=1, b=1), cast(a="for", b="for"), rule(), present={"a"})
    assert caught.value.position == 1
    with pytest.raises(RollError, match="member z is said to be present but is not on the roll"):
        tally(roll(a=1), cast(a="for"), rule(), present={"a", "z"})


# Ballots


@pytest.mark.parametrize(
    ("ballots", "position", "reason"),
    [
        ([Ballot("a", "for"), Ballot("x", "for")], 1, "member x is not on the roll"),
        ([Ballot("a", "for"), Ballot("a", "for")], 1, "a second ballot of member a"),
        ([Ballot("a", "for"), Ballot("a", "against", 1)], 1, "a second ballot of member a"),
        ([Ballot("a", "for", 1), Ballot("a", "against")], 1, "a second ballot of member a"),
        ([Ballot("a", "for", 1), Ballot("a", "for", 1)], 1, "a second ballot of member a"),
        ([Ballot("a", "for", 11)], 0, "member a casts 11 votes and has 10"),
        ([Ballot("a", "for", 6), Ballot("a", "against", 5)], 1, "member a casts 11 votes and has 10"),
        ([Ballot("a", "for", 0)], 0, "whole number of at least 1, not 0"),
        ([Ballot("a", "for", 1.5)], 0, "not 1.5"),
        ([Ballot("a", "maybe")], 0, "knows no choice 'maybe', only for, against, abstain"),
        ([Ballot("a", "")], 0, "names no choice"),
    ],
)
def test_ballots_that_are_refused(ballots, position, reason):
    with pytest.raises(BallotError, match=reason) as caught:
        tally(roll(a=10, b=5), ballots, rule())
    assert caught.value.position == position


def test_a_member_may_divide_its_votes():
    ballots = [Ballot("a", "for", 6), Ballot("a", "against", 3), Ballot("b", "for"), Ballot("c", "against")]
    result = tally(roll(a=10, b=5, c=2), ballots, rule())
    assert result.votes == {"for": 11, "against": 5, "abstain": 0}
    # Its head stands for neither side, yet it was cast.
    assert result.heads == {"for": 1, "against": 1, "abstain": 0}
    assert (result.split_heads, result.cast.heads, result.cast.votes, result.absent) == (1, 3, 16, 0)


def test_the_head_of_a_member_that_partly_abstains_follows_its_votes():
    ballots = [Ballot("a", "for", 6), Ballot("a", "abstain", 4)]
    result = tally(roll(a=10), ballots, rule())
    assert (result.heads["for"], result.heads["abstain"], result.split_heads) == (1, 0, 0)


def test_split_mandates_can_be_asked_in_full_or_refused():
    ballots = [Ballot("a", "for", 6), Ballot("a", "against", 3)]
    with pytest.raises(BallotError, match="casts 9 of its 10 votes, and the rule asks for all") as caught:
        tally(roll(a=10), ballots, rule(split="complete"))
    assert caught.value.position == 1
    with pytest.raises(BallotError, match="divides its votes, which this rule refuses"):
        tally(roll(a=10), ballots, rule(split="refused"))
    full = [Ballot("a", "for", 6), Ballot("a", "against", 4)]
    assert tally(roll(a=10), full, rule(split="complete")).votes["against"] == 4


def test_weights_come_from_the_roll_alone():
    """A ballot that claims a weight it does not have is refused; one that claims nothing gets the roll's."""
    assert tally(roll(a=7), [Ballot("a", "for")], rule()).votes["for"] == 7
    with pytest.raises(BallotError, match="casts 8 votes and has 7"):
        tally(roll(a=7), [Ballot("a", "for", 8)], rule())


@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        ([], "no members"),
        ([Entry("a", 1), Entry("a", 2)], "member a stands on the roll twice"),
        ([Entry("a", -1)], "weight of member a is a whole number of at least 0, not -1"),
        ([Entry("a", 2.0)], "not 2.0"),
        ([Entry("a", 2**53), Entry("b", 1)], "the most that counts exactly"),
    ],
)
def test_rolls_that_are_refused(entries, reason):
    with pytest.raises(RollError, match=reason):
        Roll(entries)


def test_large_weights_count_exactly():
    most = 2**53 - 1
    result = tally(roll(a=most - 1, b=1), cast(a="for", b="against"), rule())
    assert result.votes == {"for": most - 1, "against": 1, "abstain": 0}
    assert result.required == most // 2 + 1


# Slices


@pytest.mark.parametrize("large", [1, 2**40, 2**50])
def test_slices_of_large_weights_count_exactly(large):
    """Votes and heads go into one sum only as long as that is exact: at 2**50 each has its own."""
    voters = Roll(Entry(name, large + number, {"province": "Noord"}) for number, name in enumerate("abc"))
    result = tally(voters, cast(a="for", b="for", c="against"), rule())
    assert result.slices["province"]["Noord"] == {"for": 2 * large + 1, "against": large + 2, "abstain": 0}
    assert result.slice_heads["province"]["Noord"] == {"for": 2, "against": 1, "abstain": 0}


def test_slices_with_members_in_several_groups():
    voters = Roll(
        [
            Entry("a", 10, {"province": "Noord", "network": ("X", "Y")}),
            Entry("b", 5, {"province": "Noord", "network": ()}),
            Entry("c", 3, {"province": "Zuid", "network": ("Y",)}),
            Entry("d", 2, {"province": ""}),
        ]
    )
    result = tally(voters, cast(a="for", b="against", c="abstain"), rule())
    assert result.slices == {
        "province": {
            "Noord": {"for": 10, "against": 5, "abstain": 0},
            "Zuid": {"for": 0, "against": 0, "abstain": 3},
        },
        "network": {
            "X": {"for": 10, "against": 0, "abstain": 0},
            "Y": {"for": 10, "against": 0, "abstain": 3},
        },
    }
    assert result.slice_heads["network"]["Y"] == {"for": 1, "against": 0, "abstain": 1}
    assert result.slice_totals["network"]["Y"] == {
        "roll_votes": 13,
        "roll_heads": 2,
        "cast_votes": 13,
        "cast_heads": 2,
    }


GROUPS = st.lists(st.sampled_from(["X", "Y", "Z"]), max_size=3, unique=True)


@settings(deadline=None, max_examples=250)
@given(st.data())
def test_equals_the_slow_count(data):
    members = [f"m{number}" for number in range(data.draw(st.integers(1, 8)))]
    many = st.lists(st.integers(0, 20), min_size=len(members), max_size=len(members))
    weights = data.draw(many)
    slow_roll = {
        member: (weight, {"one": data.draw(GROUPS)[:1], "many": data.draw(GROUPS)})
        for member, weight in zip(members, weights, strict=True)
    }
    slow_ballots, ballots = {}, []
    for member in members:
        kind = data.draw(st.sampled_from(["none", "whole", "divided"]))
        weight = slow_roll[member][0]
        choices = data.draw(st.permutations(["for", "against", "abstain"]))
        if kind == "whole" or (kind == "divided" and weight < 3):
            slow_ballots[member] = [(choices[0], weight)]
            ballots.append(Ballot(member, choices[0]))
        elif kind == "divided":
            first = data.draw(st.integers(1, weight - 1))
            second = data.draw(st.integers(1, weight - first))
            slow_ballots[member] = [(choices[0], first), (choices[1], second)]
            ballots += [Ballot(member, *part) for part in slow_ballots[member]]
    here = data.draw(st.none() | st.sets(st.sampled_from(members)).map(lambda some: some | set(slow_ballots)))
    denominator = data.draw(st.integers(1, 6))
    numerator = data.draw(st.integers(1, denominator))
    strict = data.draw(st.booleans()) and numerator < denominator
    base = data.draw(st.sampled_from(["cast_without_abstentions", "cast", "present", "all"]))
    measure = data.draw(st.sampled_from(["votes", "heads"]))
    ballots = data.draw(st.permutations(ballots))
    result = tally(
        Roll(Entry(member, weight, groups) for member, (weight, groups) in slow_roll.items()),
        ballots,
        rule(
            {
                "numerator": numerator,
                "denominator": denominator,
                "strict": strict,
                "base": base,
                "in": measure,
            }
        ),
        present=here,
    )
    outcome, total, required, votes, heads, slices = tally_oracle.for_against_abstain(
        slow_roll, slow_ballots, (numerator, denominator, strict, base, measure), here
    )
    assert (result.outcome, result.base, result.required) == (outcome, total, required)
    assert (result.votes, result.heads) == (votes, heads)
    assert {name: groups for name, groups in result.slices.items() if groups} == slices
    assert result.absent == len(members) - len(slow_ballots if here is None else here)


def test_the_result_is_ready_for_json():
    import json

    result = tally(roll(a=2, b=1), cast(a="for", b="against"), rule())
    data = json.loads(json.dumps(result.as_dict()))
    assert data["outcome"] == "adopted"
    assert data["reason"][0] == {
        "code": "threshold_met",
        "facts": {
            "option": "for",
            "in": "votes",
            "numerator": 1,
            "denominator": 2,
            "strict": True,
            "base": "cast_without_abstentions",
            "of": 3,
            "support": 2,
            "required": 2,
        },
    }


def test_a_box_is_counted_again_with_the_same_result():
    box = BallotBox(roll(a=2, b=1), cast(a="for", b="against"), rule())
    assert count(box) == count(box)


@pytest.mark.parametrize("present", [None, [f"m{number}" for number in range(300)]])
def test_ballots_read_at_once_are_read_as_one_by_one(present, monkeypatch):
    members = Roll(Entry(f"m{number}", number % 7, {"g": str(number % 3)}) for number in range(300))
    choices = ("for", "against", "abstain", "for")
    ballots = [Ballot(f"m{number}", choices[number % 4]) for number in range(299, 20, -1)]
    at_once = tally(members, ballots, rule(), present=present)
    monkeypatch.setattr(BallotBox, "_read_whole", lambda *_: False)
    assert tally(members, ballots, rule(), present=present) == at_once
