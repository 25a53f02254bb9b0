"""Whatever the order of ballots and changes, the count is that of a slow and obvious one."""

from collections import Counter
from itertools import count as numbers

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from omkering.decide import choices, commands, counting, vote_rule
from omkering.decide.models import Ballot, Choice, RollEntry
from omkering.who.models import Population
from tests.decide.running import make_meeting, name_delegate
from tests.decide.vote_kinds import ballot_of, in_meeting
from tests.decide.votes import make_proposal, members_with_voters, open_vote, plan
from tests.people import make_adviser, make_member, make_person

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


# --- members that divide their votes -------------------------------------------------------------------------
@pytest.mark.django_db
def test_parts_of_one_member_that_say_the_same_count_as_that_member_once():
    """10 of 12 votes and one head for, though two people cast them; a third part that differs takes the head away."""
    meeting = make_meeting()
    [(divided, _voter)] = members_with_voters(12_000)
    tellers = [make_person("alderman", member=divided) for _one in range(3)]
    for person, votes in zip(tellers, (6, 4, 2), strict=True):
        name_delegate(meeting, divided, person, votes)
    vote, [(other, other_voter)], first = in_meeting(3_000, meeting=meeting)
    commands.cast_ballot(actor=other_voter, vote=vote, member=other, choice="against")
    second = make_adviser()
    told = []
    for part, choice in ((1, "for"), (2, "for"), (3, "abstain"), (3, "against")):
        desk = commands.enter_desk_ballot(
            actor=first, vote=vote, voter=divided.code, choice=choice, way="paper", part=part
        )
        commands.confirm_desk_ballot(actor=second, desk=desk)
        now = counting.count(vote).as_dict()
        told.append((now["votes"]["for"], now["heads"]["for"], now["cast"]["heads"], now["cast"]["votes"]))
    assert told == [(6, 1, 2, 9), (10, 1, 2, 13), (10, 1, 2, 15), (10, 0, 2, 15)]
    result = commands.close_vote(actor=first, vote=vote).result
    assert result["votes"] == {"for": 10, "against": 5, "abstain": 0}
    assert result["heads"] == {"for": 0, "against": 1, "abstain": 0}


Parts = list[tuple[int, str | None]]  # of a member: the votes of each, and what it says (None: not cast)
SAID = {
    "for_against_abstain": ("for", "against", "abstain"),
    "approval": ("A", "B", "A|B", "A|C", "B|C", "abstain"),
}


@st.composite
def lines(draw) -> tuple[str, list[Parts]]:
    """A kind of vote, and the parts of each member; a single part is an undivided member."""
    kind = draw(st.sampled_from(sorted(SAID)))
    part = st.tuples(st.integers(1, 5), st.none() | st.sampled_from(SAID[kind]))
    return kind, draw(st.lists(st.lists(part, min_size=1, max_size=4), min_size=1, max_size=5))


def one_by_one(members: list[Parts]) -> dict[str, dict[str, int]]:
    """Votes and heads by option, a vote at a time: a head is for what every part of it that chose anything is for."""
    votes: Counter[str] = Counter()
    heads: Counter[str] = Counter()
    for parts in members:
        cast = [(number, choice.split("|")) for number, choice in parts if choice is not None]
        for number, names in cast:
            for _vote in range(number):
                votes.update(names)
        chose = [names for _number, names in cast if names != ["abstain"]]
        for name in "for", "against", "A", "B", "C":
            heads[name] += bool(chose) and all(name in names for names in chose)
        heads["abstain"] += bool(cast) and not chose
    return {"votes": dict(+votes), "heads": dict(+heads)}


class Divided(TestCase):
    """Lines of the roll in parts, put into the box as they are."""

    @settings(max_examples=80, deadline=None)
    @given(made_up=lines())
    @example(made_up=("for_against_abstain", [[(3, "for"), (2, "for")], [(5, "against")]]))  # merged: a tie
    @example(made_up=("for_against_abstain", [[(1, "for"), (2, "against"), (4, "for")]]))
    @example(made_up=("approval", [[(2, "A|B"), (3, "B"), (1, "A|B")], [(1, "abstain"), (1, "abstain")]]))
    def test_the_count_is_that_of_one_vote_at_a_time(self, made_up):
        kind, members = made_up
        adviser, person, events = make_adviser(), make_person(), numbers(1)
        first = make_member()
        ballot = None if kind == "for_against_abstain" else ballot_of(kind)
        vote = plan(make_proposal(adviser), adviser, ballot=ballot)
        rule = vote_rule.tally_rule(vote.rule)
        for place, parts in enumerate(members):
            divided = len(parts) > 1
            entry = RollEntry.objects.create(
                vote=vote, voter=f"T{place}", member=make_member() if place else first, inhabitants=1,
                weight=sum(number for number, _choice in parts),
                parts=[
                    {"part": at, "person": person.pk, "votes": number}
                    for at, (number, _choice) in enumerate(parts, start=1)
                    if divided
                ],
            )  # fmt: skip
            for at, (_number, choice) in enumerate(parts, start=1):
                if choice is not None:
                    Ballot.objects.create(
                        vote=vote, entry=entry, part=at if divided else 0,
                        choice=choices.canonical(rule, choice), person=person, event_id=next(events),
                    )  # fmt: skip
        counted = counting.count(vote).as_dict()
        for measure, expected in one_by_one(members).items():
            assert {name: number for name, number in counted[measure].items() if number} == expected
        cast = [[(number, said) for number, said in parts if said is not None] for parts in members]
        assert counted["cast"] == {
            "votes": sum(number for parts in cast for number, _said in parts),
            "heads": sum(1 for parts in cast if parts),
        }
