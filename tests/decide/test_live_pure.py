"""The usual run of a meeting, and the balance of speakers: pure functions."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omkering.decide.autopilot import Do, State, Step, VoteNow, next_step
from omkering.decide.screen_picture import OnVote, Shown, majority_bars, what_to_show
from omkering.decide.speaking_balance import AGAINST, FOR, NEITHER, Share, Spoken, balance
from omkering.engine import tally


# --- the usual run ---------------------------------------------------------------------------------------
def after(state: State, step: Step) -> State:
    """How the meeting stands once a step was taken; each item of this world has one vote and two speakers."""
    votes = {vote.key: vote for vote in state.votes}
    match step.do:
        case Do.OPEN_MEETING | Do.RESUME:
            return replace(state, meeting="open")
        case Do.GO_TO:
            key = step.about
            return replace(
                state, current=key, waiting_items=[item for item in state.waiting_items if item != key],
                waiting=[key * 10 + 1, key * 10 + 2], votes=[VoteNow(key * 100, "planned")],
            )  # fmt: skip
        case Do.CALL_SPEAKER:
            return replace(
                state, speaking=step.about, waiting=[key for key in state.waiting if key != step.about]
            )
        case Do.END_SPEECH:
            return replace(state, speaking=None)
        case Do.OPEN_VOTE:
            votes[step.about] = VoteNow(step.about, "open")
        case Do.CLOSE_VOTE:
            votes[step.about] = VoteNow(step.about, "closed")
        case Do.ANNOUNCE | Do.DECIDE_TIE:
            votes[step.about] = VoteNow(step.about, "closed", announced=True)
        case Do.CLOSE_MEETING:
            return replace(state, meeting="closed")
    return replace(state, votes=list(votes.values()))


def test_the_whole_run_of_a_meeting_with_two_items():
    state, taken = State("called", waiting_items=[1, 2]), []
    while (step := next_step(state)).do != Do.NOTHING:
        taken.append(step.key)
        state = after(state, step)
        assert len(taken) < 50, "the run does not come to an end"
    of_item = [
        "go_to:{0}",
        "call_speaker:{0}1",
        "call_speaker:{0}2",
        "end_speech:{0}2",
        "open_vote:{0}00",
        "close_vote:{0}00",
        "announce_result:{0}00",
    ]
    expected = [text.format(item) for item in (1, 2) for text in of_item]
    assert taken == ["open_meeting:0", *expected, "close_meeting:0"]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (State("planned", waiting_items=[1]), "nothing:0"),
        (State("cancelled"), "nothing:0"),
        (State("suspended", current=1, speaking=4), "resume_meeting:0"),
        (State("open"), "close_meeting:0"),
        # Who waits is heard before a vote opens, but an open vote is closed first.
        (State("open", current=1, waiting=[5], votes=[VoteNow(9, "planned")]), "call_speaker:5"),
        (State("open", current=1, waiting=[5], votes=[VoteNow(9, "open")]), "close_vote:9"),
        (
            State("open", current=1, votes=[VoteNow(9, "closed", tied=True)], waiting_items=[2]),
            "decide_tie:9",
        ),
        # Votes in their order; one that was undone is past, the one in its place comes.
        (
            State(
                "open",
                current=1,
                votes=[VoteNow(7, "undone"), VoteNow(8, "closed", True), VoteNow(9, "planned")],
            ),
            "open_vote:9",
        ),
        (State("open", current=1, votes=[VoteNow(8, "withdrawn")], waiting_items=[2]), "go_to:2"),
    ],
)
def test_one_step_from_how_the_meeting_stands(state, expected):
    assert next_step(state).key == expected


VOTES = st.builds(
    VoteNow,
    st.integers(1, 9),
    st.sampled_from(["planned", "open", "closed", "undone", "withdrawn"]),
    st.booleans(),
)
STATES = st.builds(
    State,
    st.sampled_from(["called", "open", "suspended"]),
    st.none() | st.integers(1, 9),
    st.lists(st.integers(10, 19), unique=True, max_size=4),
    st.none() | st.integers(20, 29),
    st.lists(st.integers(30, 39), unique=True, max_size=4),
    st.lists(VOTES, max_size=3, unique_by=lambda vote: vote.key),
)


@given(STATES)
def test_every_run_ends_and_a_step_is_never_offered_twice_in_a_row(state):
    taken = []
    while (step := next_step(state)).do != Do.NOTHING:
        taken.append(step.key)
        assert len(taken) < 80
        state = after(state, step)
    assert state.meeting == "closed"
    assert all(one != other for one, other in pairwise(taken))


# --- the balance -----------------------------------------------------------------------------------------
def test_a_balance_by_side_group_and_member():
    small, large = {"size_class": ["1"], "network": ["K80", "P10"]}, {"size_class": ["5"], "network": ["G4"]}
    found = balance(
        [
            Spoken(60, FOR, "GM1", small),
            Spoken(30, FOR, "GM1", small),
            Spoken(20, AGAINST, "GM2", large),
            Spoken(10, "maybe"),
        ]
    )
    assert found.total == Share(4, 120)
    assert found.sides == {FOR: Share(2, 90), AGAINST: Share(1, 20), NEITHER: Share(1, 10)}
    assert found.groups["size_class"] == {"1": Share(2, 90), "5": Share(1, 20)}
    assert found.groups["network"] == {"K80": Share(2, 90), "P10": Share(2, 90), "G4": Share(1, 20)}
    assert found.members == {"GM1": Share(2, 90), "GM2": Share(1, 20)}
    assert found.leans == FOR


def test_it_leans_only_where_one_side_had_twice_the_time():
    assert balance([Spoken(59, FOR), Spoken(30, AGAINST)]).leans == NEITHER
    assert balance([Spoken(60, AGAINST), Spoken(30, FOR)]).leans == AGAINST
    assert balance([]).leans == NEITHER


def test_less_than_no_time_is_refused():
    with pytest.raises(ValueError, match="no less"):
        balance([Spoken(-1)])


SPEECHES = st.lists(
    st.builds(
        Spoken,
        st.integers(0, 600),
        st.sampled_from([FOR, AGAINST, NEITHER]),
        st.sampled_from(["", "GM1", "GM2", "GM3"]),
        st.fixed_dictionaries({"size_class": st.sampled_from([["1"], ["2"], ["3"]])}),
    ),
    max_size=12,
)


@given(SPEECHES, st.randoms())
def test_nothing_is_lost_and_the_order_makes_no_difference(speeches, random):
    found = balance(speeches)
    for shares in (found.sides, *found.groups.values()):
        assert sum(share.speeches for share in shares.values()) == len(speeches)
        assert sum(share.seconds for share in shares.values()) == found.total.seconds
    mixed = list(speeches)
    random.shuffle(mixed)
    assert balance(mixed) == found


# --- the screen ------------------------------------------------------------------------------------------
ITEM = {"item": True}


@pytest.mark.parametrize(
    ("meeting", "wanted", "votes", "more", "expected"),
    [
        ("called", {}, [], ITEM, Shown("waits")),
        ("suspended", {"show": "item"}, [], ITEM, Shown("pause")),
        ("closed", {}, [], ITEM, Shown("over")),
        ("open", {}, [], {"item": False}, Shown("agenda")),
        ("open", {}, [], ITEM, Shown("item")),
        ("open", {"show": "speakers"}, [OnVote(1, "open", True)], ITEM, Shown("speakers")),
        ("open", {}, [OnVote(1, "open", True)], ITEM, Shown("vote", 1)),
        ("open", {}, [OnVote(1, "closed", True)], ITEM, Shown("vote", 1)),
        ("open", {}, [OnVote(1, "closed", True, True, 5)], ITEM, Shown("result", 1)),
        ("open", {}, [OnVote(1, "closed", False, True, 5)], ITEM, Shown("item")),
        (
            "open",
            {},
            [OnVote(1, "closed", True, True, 5)],
            {"item": True, "speaking_since": 6},
            Shown("item"),
        ),
        (
            "open",
            {},
            [OnVote(1, "closed", True, True, 5)],
            {"item": True, "speaking_since": 4},
            Shown("result", 1),
        ),
        # What the chair asks for is no way around the announcement.
        ("open", {"show": "result", "vote": 1}, [OnVote(1, "closed", True)], ITEM, Shown("vote", 1)),
        ("open", {"show": "vote", "vote": 1}, [OnVote(1, "closed", True, True, 5)], ITEM, Shown("result", 1)),
        ("open", {"show": "vote", "vote": 9}, [], ITEM, Shown("item")),
    ],
)
def test_what_the_screen_shows(meeting, wanted, votes, more, expected):
    assert what_to_show(meeting, wanted, votes, **more) == expected


ROLL = tally.Roll([tally.Entry("A", 60), tally.Entry("B", 30), tally.Entry("C", 10)])


def counted(base: str, *choices: str, **threshold):
    rule = tally.Rule(
        "for_against_abstain", thresholds=(tally.Threshold(2, 3, False, base, **threshold),), split="refused"
    )
    ballots = [tally.Ballot(name, choice) for name, choice in zip("ABC", choices, strict=False)]
    return tally.tally(ROLL, ballots, rule).as_dict()


def rects(svg: str) -> list[tuple[str, float]]:
    return [
        (css, float(width))
        for css, width in re.findall(r'hall-bar--(\w+)" x="[\d.]+" y="10" width="([\d.]+)"', svg)
    ]


def test_the_line_of_the_majority_lies_where_it_must_be_reached():
    [bar] = majority_bars(counted("cast_without_abstentions", "for", "against", "abstain"))
    assert (bar.support, bar.base, bar.required, bar.reached) == (60, 90, 60, True)
    assert rects(bar.svg) == [("rest", 1000.0), ("for", 666.7), ("against", 333.3)]
    assert 'x1="666.7"' in bar.svg
    [bar] = majority_bars(counted("all", "for", "against"))
    assert (bar.base, bar.required, bar.reached) == (100, 67, False)
    assert rects(bar.svg) == [("rest", 1000.0), ("for", 600.0), ("against", 300.0)]
    assert 'x1="670.0"' in bar.svg
    [bar] = majority_bars(counted("cast", "for", "against", "abstain", measure="heads"))
    assert (bar.measure, bar.support, bar.base, bar.required) == ("heads", 1, 3, 2)
    assert [css for css, _width in rects(bar.svg)] == ["rest", "for", "against", "abstain"]


def test_nothing_cast_is_a_bar_without_parts():
    [bar] = majority_bars(counted("cast"))
    assert rects(bar.svg) == [("rest", 1000.0)]


@given(
    st.lists(st.sampled_from(["for", "against", "abstain"]), max_size=3),
    st.sampled_from(["cast", "all", "present"]),
)
def test_the_parts_of_a_bar_never_reach_beyond_it(choices, base):
    for bar in majority_bars(counted(base, *choices)):
        assert sum(width for _css, width in rects(bar.svg)[1:]) <= 1000.2
