"""What may be shown of an opinion map: groups keep their letters, and nothing tells of fewer than five people."""

from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from omkering.deliberate.opinion_letters import keep_letters, letter
from omkering.deliberate.opinion_result import LEAST, Slices, build, visible_parts, visible_subset
from omkering.engine.opinion import VoteTable, opinion_map

# --- letters ---------------------------------------------------------------------------------------------
people = st.integers(0, 30).map(str)


def test_letters_go_on():
    assert [letter(n) for n in (0, 1, 25, 26, 27, 51, 52, 701, 702)] == [
        *("A", "B", "Z", "AA", "AB", "AZ", "BA", "ZZ", "AAA"),
    ]


def test_a_group_keeps_its_letter_when_another_one_goes():
    first, used = keep_letters({}, {"1": 0, "2": 0, "3": 1, "4": 1, "5": 2, "6": 2}, 0)
    assert first == {0: "A", 1: "B", 2: "C"} and used == 3
    before = {"1": "A", "2": "A", "3": "B", "4": "B", "5": "C", "6": "C"}
    # B falls apart; what the engine now calls 1 is still C.
    second, used = keep_letters(before, {"1": 0, "2": 0, "3": 0, "4": 1, "5": 1, "6": 1}, used)
    assert second == {0: "A", 1: "C"} and used == 3
    # A new group never gets the letter of one that went.
    third, used = keep_letters({"1": "A", "5": "C"}, {"1": 0, "5": 1, "7": 2, "8": 2}, used)
    assert third == {0: "A", 1: "C", 2: "D"} and used == 4


@given(st.dictionaries(people, st.sampled_from("ABCD")), st.dictionaries(people, st.integers(0, 4)))
def test_every_group_has_one_letter_of_its_own(before, now):
    letters, used = keep_letters(before, now, 4)
    assert set(letters) == set(now.values()) and len(set(letters.values())) == len(letters)
    new = [name for name in letters.values() if name not in "ABCD"]
    assert used == 4 + len(new)
    assert keep_letters({person: letters[group] for person, group in now.items()}, now, used) == (
        letters,
        used,
    )


@given(st.dictionaries(people, st.integers(0, 4), min_size=1), st.permutations(range(5)))
def test_letters_follow_the_people_and_not_the_numbers(now, renamed):
    letters, used = keep_letters({}, now, 0)
    before = {person: letters[group] for person, group in now.items()}
    after, _used = keep_letters(before, {person: renamed[group] for person, group in now.items()}, used)
    assert {person: after[renamed[group]] for person, group in now.items()} == before


# --- what is hidden --------------------------------------------------------------------------------------
@given(st.lists(st.integers(0, 12), max_size=8), st.integers(0, 12))
def test_no_sum_of_hidden_parts_tells_of_a_few(votes, rest):
    shown = visible_parts(votes, rest)
    hidden = rest + sum(count for count, open_ in zip(votes, shown, strict=True) if not open_)
    assert all(count >= LEAST for count, open_ in zip(votes, shown, strict=True) if open_)
    assert hidden == 0 or hidden >= LEAST or not any(shown)


def test_hidden_only_where_needed():
    assert visible_parts([5, 9, 30]) == [True, True, True]
    assert visible_parts([5, 9, 3]) == [False, True, False]  # 3 would follow from the total
    assert visible_parts([5, 9, 3], rest=2) == [True, True, False]
    assert visible_parts([7, 0]) == [True, False]  # of nobody there is nothing to tell
    assert visible_subset(5, 5) and visible_subset(5, 10)
    assert not visible_subset(6, 10) and not visible_subset(4, 100)


# --- the result ------------------------------------------------------------------------------------------
def crowd(sizes, width=8, seed=0, noise=0.05):
    """Groups that think alike within and differ between; the member behind each vote is that of its group and half."""
    draw = np.random.default_rng(seed)
    rows = []
    for number, size in enumerate(sizes):
        lean = np.array([1 if (column + number) % len(sizes) else -1 for column in range(width)])
        lean[0] = 1  # on this one everybody agrees
        for _person in range(size):
            rows.append(np.where(draw.random(width) < noise, draw.integers(-1, 2, width), lean))
    votes = np.array(rows, dtype=float)
    table = VoteTable.from_dense(
        votes,
        participants=[str(n + 1) for n in range(len(votes))],
        statements=[str(n + 1) for n in range(width)],
    )
    group = np.repeat(np.arange(len(sizes)), sizes)
    member = (group * 2 + np.arange(len(group)) % 2 + 1)[table.rows]
    return table, member


def made(sizes, slices=None, excluded=(), **more):
    table, members = crowd(sizes, **more)
    found = opinion_map(table, excluded=excluded)
    letters, _used = keep_letters({}, found.memory.groups, 0)
    slices = slices or Slices({})
    return build(table, found, letters, members=members, slices=slices), table


def test_groups_what_divides_and_what_all_share():
    result, _table = made([40, 30], excluded=["3"])
    assert [group["name"] for group in result["groups"]] == ["A", "B"]
    assert sorted(group["size"] for group in result["groups"]) == [30, 40]
    assert result["people"] == 70 and result["rest"] == 0
    assert result["shared"][0] == ["1", "agree"]
    assert set(result["divides"]) == {"2", "4", "5", "6", "7", "8"} and "3" not in result["statements"]
    for group in result["groups"]:
        assert group["typical"] and all(statement != "3" for statement, _direction in group["typical"])
    assert sum(result["statements"]["2"]["groups"]["A"]) == 40
    assert sum(dot[3] for dot in result["dots"]) == 70


def test_a_group_below_five_is_not_described_nor_told_by_what_is_left():
    result, table = made([40, 30, 4], seed=3)
    sizes = {group["name"]: group["size"] for group in result["groups"]}
    assert all(size >= LEAST for size in sizes.values())
    assert sum(dot[3] for dot in result["dots"]) == sum(sizes.values())
    for each in result["statements"].values():
        rest = sum(each["all"]) - sum(sum(counts) for counts in each["groups"].values())
        assert rest == 0 or rest >= LEAST
    assert len(table.participants) == 74


def test_four_people_give_no_figures():
    result, _table = made([4])
    assert not result["groups"] and not result["dots"]
    assert all(each == {"all": None, "groups": {}, "divides": None} for each in result["statements"].values())


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.integers(1, 14), min_size=1, max_size=4),
    st.dictionaries(st.sampled_from("abcd"), st.frozensets(st.integers(1, 8)), max_size=4),
    st.integers(0, 5),
)
def test_nothing_tells_of_fewer_than_five(sizes, networks, seed):
    parts = {"x": frozenset({1, 2, 3}), "y": frozenset({4, 5}), "z": frozenset({6})}
    slices = Slices({"size": parts, "network": networks}, overlapping=frozenset({"network"}))
    result, table = made(sizes, slices, seed=seed, noise=0.3)
    given_ = Counter(table.statements[column] for column in table.columns.tolist())
    votes = {}
    for key, each in result["statements"].items():
        votes[key] = sum(each["all"] or ())
        assert votes[key] == 0 or LEAST <= votes[key] <= given_[key]
        assert given_[key] - votes[key] < LEAST  # never more is left out than a few
        told = [sum(counts) for counts in each["groups"].values()]
        assert not told or (min(told) >= LEAST and votes[key] - sum(told) not in range(1, LEAST))
    for grouping, shown in result["slices"].items():
        assert all(found["people"] >= LEAST for found in shown.values())
        for key in result["statements"]:
            told = [sum(found["statements"][key]) for found in shown.values() if key in found["statements"]]
            assert all(count >= LEAST for count in told)
            if grouping == "size":
                assert not told or votes[key] - sum(told) not in range(1, LEAST)
            assert all(votes[key] - count not in range(1, LEAST) for count in told)


def test_slices_count_the_votes_of_their_members():
    slices = Slices(
        {
            "size": {"small": frozenset({1, 2}), "large": frozenset({3, 4})},
            "network": {"n": frozenset({1, 3})},
        },
        overlapping=frozenset({"network"}),
    )
    result, _table = made([40, 30], slices)
    small, large = result["slices"]["size"]["small"], result["slices"]["size"]["large"]
    assert (small["people"], large["people"]) == (40, 30)
    assert (
        sum(small["statements"]["1"]) == 40 and sum(result["slices"]["network"]["n"]["statements"]["1"]) == 35
    )
    largest = max(result["groups"], key=lambda group: group["size"])["name"]
    assert small["groups"][largest] > 90 > 10 > large["groups"][largest]
