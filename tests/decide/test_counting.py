"""Whatever the order of ballots and changes, the count is that of a slow and obvious one."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from omkering.decide import commands
from omkering.decide.models import Choice
from omkering.who.models import Population
from tests.decide.votes import members_with_voters, open_vote
from tests.people import make_adviser

INHABITANTS = (1, 999, 1_000, 1_001, 30_000, 74_999, 75_001, 900_000)
casts = st.lists(st.tuples(st.integers(0, len(INHABITANTS) - 1), st.sampled_from(Choice.values)), max_size=25)


def slow_weight(inhabitants: int) -> int:
    """One vote for each begun thousand, counted one by one; from 1 to 75."""
    votes, left = 0, inhabitants
    while left > 0:
        votes, left = votes + 1, left - 1_000
    return min(max(votes, 1), 75)


def slow_count(inhabitants: tuple[int, ...], last: dict[int, str]) -> dict[str, int]:
    counted = Counter(dict.fromkeys(Choice.values, 0))
    for number, choice in last.items():
        for _vote in range(slow_weight(inhabitants[number])):
            counted[choice] += 1
    return dict(counted)


class AnyOrder(TestCase):
    """Cast and change in any order."""

    @settings(max_examples=30, deadline=None)
    @given(order=casts, later=st.integers(1, 1_000_000))
    def test_the_count_is_that_of_the_last_choices_on_the_frozen_roll(self, order, later):
        people = members_with_voters(*INHABITANTS)
        adviser = make_adviser()
        vote = open_vote(adviser)
        last: dict[int, str] = {}
        for step, (number, choice) in enumerate(order):
            member, voter = people[number]
            commands.cast_ballot(actor=voter, vote=vote, member=member, choice=choice)
            last[number] = choice
            if step == len(order) // 2:
                Population.objects.update(inhabitants=later)  # a new census, while the vote is open
        result = commands.close_vote(actor=adviser, vote=vote).result
        expected = slow_count(INHABITANTS, last)
        assert result["votes"] == expected
        assert result["heads"] == {c: sum(1 for v in last.values() if v == c) for c in Choice.values}
        assert result["absent"] == len(INHABITANTS) - len(last)
        assert result["absent_votes"] == sum(map(slow_weight, INHABITANTS)) - sum(expected.values())
        more_than_half = expected["for"] * 2 > expected["for"] + expected["against"]
        tie = expected["for"] == expected["against"] > 0
        assert result["outcome"] == ("adopted" if more_than_half else "tie" if tie else "rejected")
        sizes = result["slices"]["size_class"].values()  # every member is in one size class
        assert {choice: sum(row[choice] for row in sizes) for choice in Choice.values} == expected
