"""Matching: never what is not allowed, proven best, with reasons, and clashing demands told."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omkering.engine.match import (
    Demand,
    MatchError,
    Obstacle,
    Person,
    Reason,
    Request,
    Status,
    Weights,
    match,
)
from omkering.engine.match.oracle import allowed, can_serve, greedy, meets, slow_match

SKILLS = st.frozensets(st.sampled_from(["plan", "law", "data"]), max_size=2)
PLACES = st.none() | st.tuples(st.integers(0, 50).map(float), st.integers(0, 50).map(float))
MEMBERS = st.sampled_from("abc")


@st.composite
def problems(draw, people=4, requests=3):
    persons = [
        Person(
            f"p{i}",
            draw(MEMBERS),
            draw(st.integers(0, 20)),
            draw(SKILLS),
            draw(PLACES),
            draw(st.none() | st.integers(0, 60).map(float)),
            draw(st.booleans()) or draw(st.booleans()),
            draw(st.booleans()) or draw(st.booleans()),
            draw(st.frozensets(st.sampled_from(["a", "b", "r0", "r1"]), max_size=1)),
        )
        for i in range(draw(st.integers(0, people)))
    ]
    asked = [
        Request(
            f"r{i}",
            draw(MEMBERS),
            draw(st.integers(1, 12)),
            draw(st.frozensets(st.sampled_from(["plan", "law"]), max_size=1)),
            draw(SKILLS),
            draw(st.integers(1, 2)),
            draw(PLACES),
            draw(st.sampled_from([0.5, 1.0, 3.0])),
            draw(st.booleans()) or draw(st.booleans()),
        )
        for i in range(draw(st.integers(0, requests)))
    ]
    balance = draw(st.dictionaries(MEMBERS, st.integers(-40, 40).map(float), max_size=3))
    most_lent = draw(st.dictionaries(MEMBERS, st.integers(0, 25), max_size=1))
    return persons, asked, balance, most_lent


@st.composite
def demanding(draw):
    persons, asked, balance, most_lent = draw(problems())
    person, request = st.sampled_from(persons or [None]), st.sampled_from(asked or [None])
    demands = []
    for _ in range(draw(st.integers(0, 4))):
        who, what = draw(st.none() | person), draw(st.none() | request)
        if who or what:
            demands.append(Demand(who and who.id, what and what.id))
    return persons, asked, balance, most_lent, demands


def _pairs(result):
    return [(m.person, m.request) for m in result.matches]


@settings(deadline=None, max_examples=60)
@given(demanding())
def test_equals_trying_every_matching(problem):
    persons, asked, balance, most_lent, demands = problem
    result = match(persons, asked, balance=balance, demands=demands, most_lent=most_lent)
    slow = slow_match(persons, asked, balance, demands, most_lent)
    if slow is None:
        assert result.status is Status.CLASH and result.matches == ()
        return
    assert result.status is Status.OPTIMAL
    assert result.total == pytest.approx(slow, abs=1e-4)
    assert result.bound >= result.total and result.gap < 1e-6
    assert allowed(persons, asked, _pairs(result), most_lent)
    assert all(meets(_pairs(result), asked, demand) for demand in demands)


@settings(deadline=None, max_examples=60)
@given(demanding())
def test_a_clash_cannot_be_made_smaller(problem):
    persons, asked, balance, most_lent, demands = problem
    result = match(persons, asked, balance=balance, demands=demands, most_lent=most_lent)
    if result.status is not Status.CLASH:
        assert result.clash == ()
        return
    assert result.clash and set(result.clash) <= set(demands)
    assert slow_match(persons, asked, balance, result.clash, most_lent) is None
    for left_out in result.clash:
        rest = [demand for demand in result.clash if demand != left_out]
        assert slow_match(persons, asked, balance, rest, most_lent) is not None


@settings(deadline=None, max_examples=30)
@given(problems(people=12, requests=8))
def test_large_problems_go_another_way_to_the_same_place(problem):
    persons, asked, balance, most_lent = problem
    exact = match(persons, asked, balance=balance, most_lent=most_lent)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("omkering.engine.match.solve.WHOLE", 0)
        patch.setattr("omkering.engine.match.solve.FIRST", 1)
        patch.setattr("omkering.engine.match.solve.MORE", 1)
        other = match(persons, asked, balance=balance, most_lent=most_lent)
    assert allowed(persons, asked, _pairs(other), most_lent)
    # Its gap is measured against a bound over all pairs, so the exact optimum lies between the two.
    assert other.total <= exact.total + 1e-4 <= other.bound + 2e-4
    assert (exact.total - other.total) <= other.gap * other.bound + 1e-4


@settings(deadline=None, max_examples=30)
@given(demanding())
def test_large_problems_meet_demands_or_tell_the_clash(problem):
    persons, asked, balance, most_lent, demands = problem
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("omkering.engine.match.solve.WHOLE", 0)
        patch.setattr("omkering.engine.match.solve.FIRST", 1)
        result = match(persons, asked, balance=balance, demands=demands, most_lent=most_lent)
    slow = slow_match(persons, asked, balance, demands, most_lent)
    if slow is None:
        assert result.status is Status.CLASH and result.clash
    else:
        assert all(meets(_pairs(result), asked, demand) for demand in demands)
        assert result.total <= slow + 1e-4 <= result.bound + 2e-4


@settings(deadline=None, max_examples=40)
@given(problems(), st.randoms(use_true_random=False))
def test_the_order_of_people_and_requests_changes_nothing(problem, chance):
    persons, asked, balance, most_lent = problem
    first = match(persons, asked, balance=balance, most_lent=most_lent)
    chance.shuffle(persons)
    chance.shuffle(asked)
    assert match(persons, asked, balance=balance, most_lent=most_lent) == first


def test_better_than_greedy():
    # The best pair blocks the only one who can serve the other request.
    persons = [Person("p", "a", 8, frozenset({"law"})), Person("q", "a", 8)]
    asked = [
        Request("r", "b", 8, wishes=frozenset({"law"})),
        Request("s", "c", 8, skills=frozenset({"law"})),
    ]
    result = match(persons, asked)
    assert _pairs(result) == [("q", "r"), ("p", "s")]
    assert greedy(persons, asked, {}) < result.total


def test_each_obstacle_keeps_away_and_is_told():
    asked = Request("r", "b", 8, frozenset({"law"}), place=(0.0, 0.0))
    law = frozenset({"law"})
    persons = [
        Person("p1", "a", 8, law, consents=False),
        Person("p2", "a", 8, law, lender_consents=False),
        Person("p3", "b", 8, law),
        Person("p4", "a", 8, law, conflicts=frozenset({"b"})),
        Person("p5", "a", 8, law, conflicts=frozenset({"r"})),
        Person("p6", "a", 8),
        Person("p7", "a", 8, law, place=(30.0, 40.0), reach=49.0),
        Person("p8", "a", 7, law),
    ]
    result = match(persons, [asked])
    assert result.matches == ()
    (unmet,) = result.unmet
    assert (unmet.places, unmet.could_serve) == (1, 0)
    assert dict(unmet.obstacles) == {
        Obstacle.NO_CONSENT: 2,
        Obstacle.OWN_MEMBER: 1,
        Obstacle.CONFLICT: 2,
        Obstacle.SKILLS: 1,
        Obstacle.TOO_FAR: 1,
        Obstacle.HOURS: 1,
    }
    assert not any(can_serve(person, asked) for person in persons)
    borrower_says_no = Request("r", "b", 8, consents=False)
    assert match([Person("p", "a", 8)], [borrower_says_no]).unmet[0].obstacles == {Obstacle.NO_CONSENT: 1}


def test_reasons_and_parts_add_up():
    person = Person("p", "owes", 8, frozenset({"law", "data"}), (0.0, 0.0), 100.0)
    asked = Request("r", "earned", 6, frozenset({"law"}), frozenset({"data"}), place=(0.0, 20.0))
    result = match([person], [asked], balance={"owes": -30.0, "earned": 30.0}, demands=[Demand(person="p")])
    (found,) = result.matches
    assert found.parts == {"filled": 100.0, "wishes": 20.0, "near": 8.0, "lender": 15.0, "borrower": 15.0}
    assert found.score == pytest.approx(sum(found.parts.values()))
    assert set(found.reasons) == set(Reason) - {Reason.AVAILABLE}
    (plain,) = match([Person("p", "a", 8)], [Request("r", "b", 8)]).matches
    assert plain.reasons == (Reason.AVAILABLE,)
    assert dict(result.balance) == {"earned": 24.0, "owes": -24.0}


def test_over_rounds_those_who_gave_are_served_and_those_who_owe_lend():
    persons = [Person(f"p{m}", m, 10) for m in "ab"]
    asked = [Request(f"r{m}", m, 10) for m in "cd"]
    balance: dict[str, float] = {"a": 20.0, "b": -20.0, "c": 10.0, "d": -10.0}
    for _ in range(2):
        one = match(persons, asked[:], balance=balance, most_lent={"a": 0})
        assert one.matches[0].person == "pb" and one.matches[0].request == "rc"
        balance = dict(one.balance)
    lends = match(persons, asked[:1], balance={"a": -5.0, "b": 5.0})
    assert lends.matches[0].person == "pa"


def test_reviewers_never_review_their_own_or_where_they_have_a_stake():
    reviewers = [Person(f"v{i}", f"m{i}", 16, conflicts=frozenset({f"m{(i + 1) % 6}"})) for i in range(6)]
    reviews = [Request(f"visit{i}", f"m{i}", 8, places=2) for i in range(6)]
    result = match(reviewers, reviews)
    assert result.status is Status.OPTIMAL and not result.unmet
    for found in result.matches:
        i, j = int(found.person[1:]), int(found.request[5:])
        assert j not in (i, (i + 1) % 6)
    assert set(result.balance.values()) == {0.0}


def test_clashing_demands_come_back_with_what_stands_in_the_way():
    persons = [Person("p", "a", 8, frozenset({"law"})), Person("q", "a", 8), Person("z", "a", 0)]
    asked = [
        Request("r", "b", 8, frozenset({"law"})),
        Request("s", "c", 8, frozenset({"law"})),
        Request("t", "b", 1),
    ]
    demands = [Demand(request="r"), Demand(request="s"), Demand(request="t"), Demand(person="q")]
    result = match(persons, asked, demands=demands)
    assert result.status is Status.CLASH
    assert result.clash == (Demand(request="r"), Demand(request="s"))
    assert result.clash_obstacles[Demand(request="r")] == {Obstacle.SKILLS: 2}
    lone = match(persons, asked, demands=[Demand(request="t"), Demand("z", "t")])
    assert lone.clash == (Demand("z", "t"),)
    assert lone.clash_obstacles[Demand("z", "t")] == {Obstacle.HOURS: 1}


def test_nothing_to_match():
    for persons, asked in (([], []), ([Person("p", "a", 8)], []), ([], [Request("r", "b", 8)])):
        result = match(persons, asked)
        assert (result.status, result.matches, result.total) == (Status.OPTIMAL, (), 0.0)
    assert match([], [Request("r", "b", 8)], demands=[Demand(request="r")]).clash == (Demand(request="r"),)


def test_other_weights_make_another_choice():
    near = Person("near", "a", 8, place=(0.0, 1.0))
    wise = Person("wise", "a", 8, frozenset({"law"}), place=(0.0, 90.0))
    asked = [Request("r", "b", 8, wishes=frozenset({"law"}), place=(0.0, 0.0))]
    assert match([near, wise], asked).matches[0].person == "wise"
    assert match([near, wise], asked, weights=Weights(near=50.0)).matches[0].person == "near"


@pytest.mark.parametrize(
    ("people", "requests", "more", "told"),
    [
        ([Person("p", "a", 1)] * 2, [], {}, "the person p is listed twice"),
        ([Person("p", "a", -1)], [], {}, "hours and reach of p"),
        ([], [Request("r", "a", 0)], {}, "at least 1 hour"),
        ([], [Request("r", "a", 1, priority=0.0)], {}, "priority of the request r"),
        ([Person("p", "a", 1, place=(float("nan"), 0.0))], [], {}, "place of p"),
        ([], [], {"balance": {"a": float("inf")}}, "hours of a must be a finite"),
        ([], [], {"demands": [Demand()]}, "must name a person, a request or both"),
        ([], [], {"demands": [Demand("x")]}, "names the person x"),
        ([], [], {"demands": [Demand(None, "y")]}, "names the request y"),
    ],
)
def test_what_cannot_be_is_refused(people, requests, more, told):
    with pytest.raises(MatchError, match=told):
        match(people, requests, **more)


def test_a_search_without_time_left_tells_its_gap(monkeypatch):
    """Whoever asks brings the clock; with nothing left the first matching comes with a bound that holds."""
    monkeypatch.setattr("omkering.engine.match.solve.WHOLE", 0)
    monkeypatch.setattr("omkering.engine.match.solve.FIRST", 1)
    people = [Person(f"p{n}", f"m{n % 7}", 8, place=(float(n % 50), 0.0)) for n in range(120)]
    requests = [Request(f"r{n}", f"m{n % 5}", 5 + n % 4, place=(float(n * 7 % 50), 0.0)) for n in range(60)]
    asked = []

    def nothing_left() -> float:
        asked.append(1)
        return 0.0

    hurried = match(people, requests, seconds_left=nothing_left)
    assert asked
    assert hurried == match(people, requests, seconds_left=nothing_left)
    assert hurried.total <= match(people, requests).total + 1e-4 <= hurried.bound + 2e-4
