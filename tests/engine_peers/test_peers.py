"""Look-alikes, funnels, comparisons and trends, each beside its slow and obvious version."""

import math
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from omkering.engine.peers import (
    Correction,
    Kind,
    Outcome,
    PeersError,
    adjust,
    better_than_peers,
    funnel,
    lookalikes,
    trend,
)
from omkering.engine.peers.counts import at_least, at_most, fisher, rates
from omkering.engine.peers.lookalikes import _scaled
from omkering.engine.peers.oracle import (
    slow_benjamini_hochberg,
    slow_distance,
    slow_fisher,
    slow_holm,
    slow_mann_kendall,
    slow_tails,
)

kinds = st.sampled_from(list(Kind))
number = st.one_of(st.none(), st.integers(-50, 50).map(float))
rows = st.dictionaries(
    st.sampled_from("abcdefghij"),
    st.fixed_dictionaries({"income": number, "size": number, "age": number}),
    min_size=2,
)


@settings(deadline=None)
@given(rows, st.tuples(*[st.sampled_from([0.0, 0.5, 1.0, 2.0])] * 3), st.integers(1, 12))
def test_lookalikes_equal_the_slow_version(figures, weight, count):
    weights = dict(zip(("income", "size", "age"), weight, strict=True))
    assume(sum(weight) > 0)
    found = lookalikes(figures, weights=weights, count=count)
    names, columns = sorted(figures), sorted(weights)
    matrix = _scaled(figures, names, columns, frozenset())
    scaled = {
        name: {c: v for c, v in zip(columns, row, strict=True) if not math.isnan(v)}
        for name, row in zip(names, matrix.tolist(), strict=True)
    }
    for name in names:
        distances = {other: slow_distance(scaled, weights, name, other) for other in names if other != name}
        slow = sorted((round(d, 12), other) for other, d in distances.items() if d is not None)[:count]
        assert [p.member for p in found[name]] == [other for _, other in slow]
        for peer, (distance, _) in zip(found[name], slow, strict=True):
            assert peer.distance == pytest.approx(distance, abs=1e-9)


def test_one_metropolis_does_not_flatten_the_rest():
    figures = {f"m{i}": {"inhabitants": 10_000.0 + 1_000 * i} for i in range(20)}
    figures["metropolis"] = {"inhabitants": 900_000.0}
    (nearest, *_, last) = lookalikes(figures, count=20, members=["m5"])["m5"]
    assert nearest.member in ("m4", "m6") and last.member == "metropolis"
    assert nearest.distance == pytest.approx(0.135, abs=0.03)
    assert nearest.gaps == {"inhabitants": pytest.approx(-nearest.distance)}


def test_logarithmic_figures_are_compared_by_ratio():
    figures = {name: {"inhabitants": value} for name, value in (("a", 10.0), ("b", 100.0), ("c", 900.0))}
    assert lookalikes(figures, count=1)["b"][0].member == "a"
    assert lookalikes(figures, count=1, logarithmic=["inhabitants"])["b"][0].member == "c"


def test_a_member_with_little_known_is_no_lookalike():
    figures = {
        "a": {"x": 1.0, "y": 1.0, "z": 1.0},
        "b": {"x": 1.0, "y": None, "z": float("nan")},
        "c": {"x": 5.0, "y": 5.0},
    }
    (only,) = lookalikes(figures)["a"]
    assert (only.member, only.known) == ("c", pytest.approx(2 / 3))
    assert set(only.gaps) == {"x", "y"}


def test_impossible_figures_are_refused():
    figures = {"a": {"x": 1.0}, "b": {"x": -2.0}}
    for arguments, told in (
        ({"count": 0}, "at least 1"),
        ({"weights": {"x": -1.0}}, "the weight of x is -1.0"),
        ({"weights": {"q": 1.0}}, "no member has the figure q"),
        ({"weights": {"x": 0.0}}, "no figure with a weight above 0"),
        ({"logarithmic": ["x"]}, "the figure x of b is -2.0, not a number above 0"),
        ({"members": ["z"]}, "there are no figures of z"),
    ):
        with pytest.raises(PeersError, match=told):
            lookalikes(figures, **arguments)


@settings(deadline=None)
@given(kinds, st.integers(1, 40), st.integers(0, 40), st.integers(0, 20))
def test_tails_equal_the_slow_version(kind, base, count, part):
    assume(count <= base or kind is Kind.RATE)
    target = Fraction(part, 20)
    low, high = slow_tails(count, base, target, kind)
    assert at_most(count, base, float(target), kind) == pytest.approx(low, abs=1e-12)
    assert at_least(count, base, float(target), kind) == pytest.approx(high, abs=1e-12)


@settings(deadline=None)
@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))
def test_fisher_equals_the_slow_version(a, b, c, d):
    assume(a + b and c + d)
    one, other = Outcome(a, a + b), Outcome(c, c + d)
    assert fisher(one, other) == pytest.approx(slow_fisher(one, other), abs=1e-10)


def test_rates_are_compared_given_their_sum():
    low, high = rates(Outcome(3, 10.0), Outcome(5, 30.0))
    share = Fraction(1, 4)
    assert (low, high) == pytest.approx(slow_tails(3, 8, share, Kind.PROPORTION))


@settings(deadline=None)
@given(
    kinds,
    st.dictionaries(st.sampled_from("abcdef"), st.tuples(st.integers(0, 60), st.integers(0, 40)), min_size=1),
    st.integers(0, 20),
    st.sampled_from([0.8, 0.95, 0.998]),
)
def test_a_point_is_outside_exactly_when_its_tail_is_too_small(kind, counts, part, level):
    outcomes = {name: Outcome(count, count + more) for name, (count, more) in counts.items() if count + more}
    assume(outcomes)
    target = part / 20
    drawn = funnel(outcomes, kind, target=target, levels=[level])
    for point in drawn.points:
        outcome = outcomes[point.member]
        low, high = slow_tails(outcome.count, int(outcome.base), Fraction(part, 20), kind)
        if min(abs(low - (1 - level) / 2), abs(high - (1 - level) / 2)) < 1e-9:
            continue
        side = "low" if low < (1 - level) / 2 else "high" if high < (1 - level) / 2 else "inside"
        assert point.side == side
        assert point.outside == (None if side == "inside" else level)
        assert point.p == pytest.approx(min(1.0, 2 * min(low, high)), abs=1e-10)
        # The drawn line says the same as the test.
        ((_, lower, upper),) = point.limits
        assert (point.value < lower - 1e-12) == (side == "low")
        assert (point.value > upper + 1e-12) == (side == "high")


def test_the_funnel_narrows_and_the_pool_is_its_target():
    outcomes = {"small": Outcome(5, 10), "middle": Outcome(50, 100), "large": Outcome(5000, 10_000)}
    drawn = funnel(outcomes, Kind.PROPORTION)
    assert drawn.target == 0.5
    widths = [p.limits[0][2] - p.limits[0][1] for p in sorted(drawn.points, key=lambda p: p.base)]
    assert widths == sorted(widths, reverse=True)
    inner, outer = drawn.points[0].limits
    assert outer[1] < inner[1] < inner[2] < outer[2]


def test_dispersion_tells_when_members_differ_more_than_chance():
    same = {f"m{i}": Outcome(50 + (i % 5) - 2, 100) for i in range(30)}
    apart = {f"m{i}": Outcome(50 + 8 * ((i % 5) - 2), 100) for i in range(30)}
    assert funnel(same, Kind.PROPORTION).dispersion < 1 < funnel(apart, Kind.PROPORTION).dispersion


def test_impossible_counts_are_refused():
    for outcome, kind, told in (
        (Outcome(5, 4), Kind.PROPORTION, "5 of 4, not a part"),
        (Outcome(-1, 4), Kind.RATE, "count of a is -1"),
        (Outcome(1, 0), Kind.RATE, "base of a is 0"),
        (Outcome(1, 2.5), Kind.PROPORTION, "1 of 2.5, not a part"),
    ):
        with pytest.raises(PeersError, match=told):
            funnel({"a": outcome}, kind)
    with pytest.raises(PeersError, match="no outcomes"):
        funnel({}, Kind.RATE)
    with pytest.raises(PeersError, match="no possible proportion"):
        funnel({"a": Outcome(1, 2)}, Kind.PROPORTION, target=1.5)
    with pytest.raises(PeersError, match="level must lie"):
        funnel({"a": Outcome(1, 2)}, Kind.PROPORTION, levels=[95])


p_values = st.lists(st.integers(0, 1000).map(lambda n: n / 1000), max_size=12)


@given(p_values, st.sampled_from([0.01, 0.05, 0.2]))
def test_corrections_reject_what_their_definition_rejects(values, level):
    for correction, slow in (
        (Correction.BENJAMINI_HOCHBERG, slow_benjamini_hochberg),
        (Correction.HOLM, slow_holm),
    ):
        adjusted = adjust(values, correction)
        for fast, expected in zip(adjusted, slow(values, level), strict=True):
            assert abs(fast - level) < 1e-12 or (fast <= level) == expected
        assert all(a >= p for a, p in zip(adjusted, values, strict=True))


def test_a_p_value_outside_its_range_is_refused():
    with pytest.raises(PeersError, match="outside 0 to 1"):
        adjust([0.5, 1.5], Correction.HOLM)


def test_better_and_worse_than_peers():
    outcomes = {f"m{i}": Outcome(100, 1000) for i in range(10)}
    outcomes |= {"good": Outcome(160, 1000), "bad": Outcome(60, 1000)}
    everyone = sorted(outcomes)
    peers = {name: [other for other in everyone if other != name] for name in everyone}
    for kind in Kind:
        verdicts = {c.member: c.verdict for c in better_than_peers(outcomes, peers, kind)}
        assert (verdicts["good"], verdicts["bad"], verdicts["m0"]) == (
            "better",
            "worse",
            "no difference shown",
        )
        turned = {
            c.member: c.verdict for c in better_than_peers(outcomes, peers, kind, higher_is_better=False)
        }
        assert (turned["good"], turned["bad"]) == ("worse", "better")


def test_correction_holds_back_what_chance_would_give():
    outcomes = {f"m{i}": Outcome(100, 1000) for i in range(40)} | {"luck": Outcome(124, 1000)}
    peers = {name: [other for other in outcomes if other != name] for name in outcomes}
    alone = {
        c.member: c for c in better_than_peers(outcomes, peers, Kind.PROPORTION, correction=Correction.NONE)
    }
    corrected = {c.member: c for c in better_than_peers(outcomes, peers, Kind.PROPORTION)}
    assert alone["luck"].verdict == "better"
    assert corrected["luck"].verdict == "no difference shown"
    assert corrected["luck"].adjusted > corrected["luck"].p == alone["luck"].p


def test_members_without_outcome_are_not_compared():
    outcomes = {"a": Outcome(1, 10), "b": Outcome(2, 10)}
    found = better_than_peers(outcomes, {"a": ["b", "z"], "b": ["z"], "z": ["a"]}, Kind.RATE)
    assert [(c.member, c.peers) for c in found] == [("a", ("b",))]
    with pytest.raises(PeersError, match="a cannot be its own"):
        better_than_peers(outcomes, {"a": ["a", "b"]}, Kind.RATE)


@settings(deadline=None, max_examples=60)
@given(st.permutations(range(6)), st.integers(3, 6))
def test_trend_equals_trying_every_order(order, length):
    values = [float(v) for v in order[:length]]
    assert trend(dict(enumerate(values))).p == pytest.approx(slow_mann_kendall(values))


def test_a_trend_is_shown_or_not():
    rising = trend({2015 + i: 3.0 * i + (i % 2) for i in range(10)})
    assert (rising.direction, rising.slope) == ("up", pytest.approx(3.0, abs=0.2))
    assert trend({i: -float(i) for i in range(10)}).direction == "down"
    assert trend({1: 1.0, 2: 5.0, 3: 2.0, 4: 4.0}).direction == "none shown"
    assert trend(dict.fromkeys(range(5), 2.0)).p == 1.0
    long = trend({i: float(i // 2) for i in range(60)})
    assert long.direction == "up" and long.p < 1e-9
    # Years that are missing do not bend the slope.
    assert trend({2010: 0.0, 2011: 1.0, 2020: 10.0}).slope == pytest.approx(1.0)
    with pytest.raises(PeersError, match="at least 3 periods"):
        trend({1: 1.0, 2: 2.0})
    with pytest.raises(PeersError, match="finite"):
        trend({1: 1.0, 2: float("nan"), 3: 1.0})


def test_with_ties_the_approximation_is_close_to_trying_every_order():
    values = [1.0, 2.0, 2.0, 3.0, 3.0, 4.0, 1.0, 5.0]
    assert trend(dict(enumerate(values))).p == pytest.approx(slow_mann_kendall(values), abs=0.03)
