"""Counting a round: what must always hold, what small rounds come to, and the minority report. No database."""

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omkering.agenda.counting import DESCRIBED, WHOLE, Line, Result, count, support_of
from omkering.engine.budget import Election, oracle

KINDS = ("approval", "points", "ranking")
CANDIDATES = [str(number) for number in range(1, 9)]


@st.composite
def rounds(draw, *, kinds=KINDS, voters=8, candidates=6):
    """The arguments of `count`: a small round of any kind."""
    options = CANDIDATES[: draw(st.integers(2, candidates))]
    lines = [
        Line(
            str(number),
            draw(st.integers(1, 9)),
            {
                "province": [draw(st.sampled_from("AB"))],
                "network": draw(st.sampled_from([[], ["g4"], ["g4", "k80"]])),
            },
        )
        for number in range(draw(st.integers(1, voters)))
    ]
    kind = draw(st.sampled_from(kinds))
    ballots = {}
    for line in lines:
        wanted = draw(st.lists(st.sampled_from(options), unique=True, max_size=len(options)))
        if kind == "ranking":
            ballots[line.key] = {each: place for place, each in enumerate(wanted, 1)}
        else:
            most = 1 if kind == "approval" else 5
            ballots[line.key] = {each: draw(st.integers(1, most)) for each in wanted}
    return {
        "kind": kind,
        "maximum": draw(st.integers(1, len(options))),
        "candidates": options,
        "lines": lines,
        "ballots": ballots,
    }


def chosen(result: Result) -> list[str]:
    return [each.candidate for each in result.chosen]


# --- what must always hold -------------------------------------------------------------------------------
@settings(max_examples=150, deadline=None)
@given(rounds())
def test_never_more_than_may_be_chosen_and_everything_has_its_place(arguments):
    result = count(**arguments)
    picked = chosen(result)
    assert len(picked) <= arguments["maximum"] and len(set(picked)) == len(picked)
    assert {*picked, *(each.candidate for each in result.short)} == set(arguments["candidates"])
    wanted = {each for ballot in arguments["ballots"].values() for each in ballot}
    assert set(picked) <= wanted
    assert len(picked) == min(arguments["maximum"], len(wanted))


@settings(max_examples=100, deadline=None)
@given(rounds(), st.randoms(use_true_random=False))
def test_the_order_of_ballots_and_of_the_roll_does_not_matter(arguments, chance):
    shuffled = dict(arguments)
    shuffled["lines"] = chance.sample(arguments["lines"], len(arguments["lines"]))
    keys = chance.sample(list(arguments["ballots"]), len(arguments["ballots"]))
    shuffled["ballots"] = {key: arguments["ballots"][key] for key in keys}
    assert count(**shuffled).as_dict() == count(**arguments).as_dict()


@settings(max_examples=150, deadline=None)
@given(rounds(), st.integers(1, 5))
def test_a_group_with_its_part_of_the_votes_that_wants_one_and_the_same_gets_it(arguments, value):
    """One in N of the votes cast that want one candidate and nothing else: it is chosen, whatever the others do."""
    places = arguments["maximum"] = max(2, arguments["maximum"])
    others = sum(line.weight for line in arguments["lines"] if arguments["ballots"].get(line.key))
    enough = max(
        1, -(-others // (places - 1))
    )  # the least weight w with places times w not below others plus w
    own = 1 if arguments["kind"] != "points" else value
    arguments["candidates"] = [*arguments["candidates"], "own"]
    arguments["lines"] = [*arguments["lines"], Line("group", enough, {})]
    arguments["ballots"] = {**arguments["ballots"], "group": {"own": own}}
    assert "own" in chosen(count(**arguments))


@settings(max_examples=100, deadline=None)
@given(rounds())
def test_figures_add_up(arguments):
    result = count(**arguments)
    cast = {line.key: line for line in arguments["lines"] if arguments["ballots"].get(line.key)}
    for at, candidate in enumerate(result.candidates):
        behind = [line for key, line in cast.items() if candidate in arguments["ballots"][key]]
        assert result.heads[at] == len(behind)
        assert result.votes[at] == sum(line.weight for line in behind)
        for key in ("A", "B"):
            group = result.groups.get("province", {}).get(key)
            if group is not None:
                inside = [line for line in behind if key in line.groups["province"]]
                assert group.heads[at] == len(inside)
                assert group.votes[at] == sum(line.weight for line in inside)
    assert result.cast.votes == sum(line.weight for line in cast.values())
    for each in result.short:
        assert each.held >= 0 and each.lacked >= 1 and each.held + each.lacked == result.needed
    assert result.as_dict()["roll"]["heads"] == len(arguments["lines"])


@settings(max_examples=60, deadline=None)
@given(rounds(voters=5, candidates=5))
def test_the_choice_is_that_of_the_slow_and_obvious_version(arguments):
    """The same rule as fractions for every voter, its ties in our order: most support first, then nominated first."""
    result = count(**arguments)
    given = {
        key: support_of(arguments["kind"], ballot, len(arguments["candidates"]))
        for key, ballot in arguments["ballots"].items()
        if ballot
    }
    if not given:
        assert not result.chosen
        return
    weights = {line.key: line.weight for line in arguments["lines"] if line.key in given}
    totals = {
        each: sum(weights[key] * ballot.get(each, 0) for key, ballot in given.items())
        for each in arguments["candidates"]
    }
    order = sorted(
        arguments["candidates"], key=lambda each: (-totals[each], arguments["candidates"].index(each))
    )
    name = {each: f"{place:02}" for place, each in enumerate(order)}  # the oracle breaks ties by name
    election = Election.of(
        {name[each]: 1 for each in order},
        {key: {name[each]: value for each, value in ballot.items()} for key, ballot in given.items()},
        budget=arguments["maximum"],
        weights=weights,
    )
    step = Fraction(arguments["maximum"], 100) / sum(weights.values())
    expected = oracle.equal_shares(election, "cardinality", "add1u", step)
    assert [name[each] for each in chosen(result)] == expected


@settings(max_examples=100, deadline=None)
@given(rounds())
def test_plain_counting_never_breaks_a_tie(arguments):
    result = count(**arguments)
    plain, total = result.plain, dict(zip(result.candidates, result.support, strict=True))
    supported = [each for each in result.candidates if total[each]]
    assert len(plain.chosen) + plain.places <= arguments["maximum"]
    assert len(plain.chosen) + plain.places == min(arguments["maximum"], len(supported))
    if plain.tied:
        assert len(plain.tied) > plain.places > 0
        assert len({total[each] for each in plain.tied}) == 1
        assert all(total[each] > total[plain.tied[0]] for each in plain.chosen)
    left = set(supported) - {*plain.chosen, *plain.tied}
    assert all(total[each] < total[other] for each in left for other in [*plain.chosen, *plain.tied])


# --- small rounds ----------------------------------------------------------------------------------------
def lines(*weights: int, **groups: list[str]) -> list[Line]:
    return [
        Line(str(number), weight, {key: [values[number]] for key, values in groups.items()})
        for number, weight in enumerate(weights)
    ]


def approvals(*wanted: str) -> dict[str, dict[str, int]]:
    return {str(number): dict.fromkeys(each, 1) for number, each in enumerate(wanted)}


def test_the_largest_block_does_not_take_all_where_plain_counting_would_give_it_all():
    roll = lines(*[10] * 20)
    ballots = approvals(*["abcd"] * 11, *["wxyz"] * 9)
    result = count(kind="approval", maximum=4, candidates=list("abcdwxyz"), lines=roll, ballots=ballots)
    assert sorted(chosen(result)) == ["a", "b", "w", "x"]
    assert result.plain.chosen == ["a", "b", "c", "d"]


def test_what_was_not_chosen_has_the_votes_that_its_supporters_had_left_and_what_it_lacked():
    roll = lines(30, 30, 25)
    result = count(
        kind="approval", maximum=2, candidates=["a", "b", "c"], lines=roll, ballots=approvals("a", "b", "c")
    )
    assert chosen(result) == ["a", "b"]
    assert result.needed == 30
    [short] = result.short
    assert (short.candidate, short.held, short.lacked) == ("c", 25, 5)


def test_a_tie_that_decided_is_told():
    result = count(
        kind="approval", maximum=1, candidates=["b", "a"], lines=lines(5, 5), ballots=approvals("a", "b")
    )
    assert [(each.candidate, each.tie) for each in result.chosen] == [("b", True)]  # nominated first
    assert (result.plain.chosen, result.plain.tied, result.plain.places) == ([], ["b", "a"], 1)
    clear = count(
        kind="approval", maximum=1, candidates=["b", "a"], lines=lines(6, 5), ballots=approvals("a", "b")
    )
    assert [(each.candidate, each.tie) for each in clear.chosen] == [("a", False)]


def test_a_place_in_an_order_becomes_points_by_borda():
    assert support_of("ranking", {"x": 1, "y": 2, "z": 3}, 5) == {"x": 5, "y": 4, "z": 3}
    assert support_of("points", {"x": 7}, 5) == {"x": 7}
    result = count(
        kind="ranking",
        maximum=1,
        candidates=["a", "b", "c"],
        lines=lines(2, 3),
        ballots={"0": {"a": 1, "b": 2}, "1": {"b": 1, "a": 2, "c": 3}},
    )
    assert result.support == [2 * 3 + 3 * 2, 2 * 2 + 3 * 3, 3 * 1]
    assert result.votes == [5, 5, 3]


def test_nobody_chose():
    result = count(kind="approval", maximum=2, candidates=["a", "b"], lines=lines(1, 1), ballots={})
    assert (chosen(result), result.share, result.plain.chosen) == ([], None, [])
    assert [(each.held, each.lacked) for each in result.short] == [(0, 1), (0, 1)]
    empty = count(kind="approval", maximum=1, candidates=["a", "b"], lines=lines(1), ballots={"0": {}})
    assert empty.cast.heads == 0


@pytest.mark.parametrize("ballots", [{"9": {"a": 1}}, {"0": {"z": 1}}])
def test_a_ballot_of_nobody_or_for_nothing_is_a_fault(ballots):
    with pytest.raises(ValueError, match="ballot"):
        count(kind="approval", maximum=1, candidates=["a", "b"], lines=lines(1), ballots=ballots)


# --- the minority report ---------------------------------------------------------------------------------
def small_and_large(small: int) -> Result:
    """Twenty large members want one thing; some small ones, of one province, another that has no chance."""
    roll = lines(*[50] * 20, *[1] * small, province=["large"] * 20 + ["small"] * small)
    ballots = approvals(*["a"] * 20, *["z"] * small)
    return count(kind="approval", maximum=1, candidates=["a", "z"], lines=roll, ballots=ballots)


def test_a_group_that_wanted_much_and_got_little_is_named_with_what_it_missed():
    result = small_and_large(6)
    group = result.groups["province"]["small"]
    assert (group.share, group.less, group.missed) == (0, True, [("z", 6)])
    assert result.share == round(Fraction(20 * WHOLE, 26))
    assert not result.groups["province"]["large"].less


def test_a_group_of_fewer_than_five_ballots_is_never_described():
    group = small_and_large(DESCRIBED - 1).groups["province"]["small"]
    assert (group.share, group.less, group.missed) == (None, False, [])
    assert group.cast.heads == DESCRIBED - 1


def test_exactly_half_of_the_mean_is_not_clearly_less():
    """Ten ballots, half of whose wishes were chosen, beside ten that got all: 1/2 is not below half of 3/4."""
    roll = lines(*[1] * 20, province=["half"] * 10 + ["all"] * 10)
    ballots = approvals(*["az"] * 10, *["a"] * 10)
    result = count(kind="approval", maximum=1, candidates=["a", "z"], lines=roll, ballots=ballots)
    assert (result.groups["province"]["half"].share, result.share) == (5_000, 7_500)
    assert not result.groups["province"]["half"].less
    roll = lines(*[1] * 40, province=["some"] * 5 + ["rest"] * 35)
    third = approvals(*["axyz"] * 5, *["a"] * 35)
    other = count(kind="approval", maximum=1, candidates=["a", "x", "y", "z"], lines=roll, ballots=third)
    assert other.groups["province"]["some"].share == 2_500 and other.groups["province"]["some"].less


def test_the_real_size_is_counted_alike_each_time():
    chance = Random(7)
    options = [str(number) for number in range(60)]
    roll = [
        Line(str(number), chance.randint(1, 75), {"province": [str(number % 12)]}) for number in range(342)
    ]
    ballots = {line.key: dict.fromkeys(chance.sample(options, chance.randint(1, 25)), 1) for line in roll}
    arguments = {"kind": "approval", "maximum": 10, "candidates": options, "lines": roll, "ballots": ballots}
    result = count(**arguments)
    assert len(result.chosen) == 10 and result.as_dict() == count(**arguments).as_dict()
