"""How far positions are carried: what always holds, and some cases by hand."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omkering.deliberate.models import StanceKind
from omkering.deliberate.queries.voice import Spoken
from omkering.deliberate.voice import (
    CARRYING,
    KINDS,
    SILENT,
    Everybody,
    Said,
    Verdict,
    carried_by,
    measure,
    of_theme,
    over_positions,
)

SPOKEN = [kind for kind in KINDS if kind != SILENT]
CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault


def stances(parties):
    """Stances of some of these parties, each once."""
    spoken = st.dictionaries(parties, st.tuples(st.sampled_from(SPOKEN), st.booleans()), max_size=12)
    return spoken.map(lambda said: [Said(party, *what) for party, what in sorted(said.items())])


def situations():
    """Stances of members and networks, members with their inhabitants, and networks: some have ended."""
    inhabitants = st.dictionaries(st.integers(1, 15), st.integers(0, 900_000), max_size=12)
    return st.tuples(
        stances(st.integers(1, 20)),
        stances(st.integers(1, 12)),
        inhabitants,
        st.sets(st.integers(1, 10), max_size=8),
    )


@CALM
@given(situations(), st.integers(0, 3))
def test_every_member_inhabitant_and_network_is_counted_once(situation, differences):
    members, networks, inhabitants, every = situation
    found = measure(members, networks, inhabitants, every, differences)
    assert set(found.members) == set(found.inhabitants) == set(found.networks) == set(KINDS)
    assert found.all_members == len(inhabitants)
    assert found.all_inhabitants == sum(inhabitants.values())
    assert sum(found.networks.values()) == len(every)
    assert all(count >= 0 for counts in (found.members, found.inhabitants) for count in counts.values())
    # counted slowly, one member after the other
    by_hand = dict.fromkeys(KINDS, 0)
    kinds = {said.party: said.kind for said in members}
    for member in inhabitants:
        by_hand[kinds.get(member, SILENT)] += 1
    assert dict(found.members) == by_hand
    assert found.inhabitants_carried == sum(n for m, n in inhabitants.items() if kinds.get(m) in CARRYING)


@CALM
@given(situations(), st.integers(0, 3), st.randoms())
def test_order_does_not_matter_and_one_other_line_is_never_one_voice(situation, differences, random):
    members, networks, inhabitants, every = situation
    found = measure(members, networks, inhabitants, every, differences)
    shuffled = random.sample(members, len(members))
    assert measure(shuffled, networks, inhabitants, every, differences) == found
    here = [said for said in members if said.party in inhabitants]
    groups = [said for said in networks if said.party in every]
    apart = differences > 0 or any(said.kind == "other" for said in [*here, *groups])
    assert (found.verdict is Verdict.APART) == apart
    if found.verdict is Verdict.ONE:
        assert any(said.kind in CARRYING for said in [*here, *groups])


def test_the_words_are_those_of_the_stances():
    assert set(SPOKEN) == set(StanceKind.values)


def test_by_hand():
    inhabitants = {1: 900_000, 2: 30_000, 3: 20_000, 4: 50_000}
    members = [Said(1, "carries"), Said(2, "remark", red_line=True), Said(9, "other")]
    found = measure(members, [Said(5, "carries", differs=True)], inhabitants, {5, 6})
    assert (found.carried, found.members[SILENT], found.networks_carried) == (2, 2, 1)
    assert found.share == 930_000 / 1_000_000
    assert (found.differs, found.red_lines) == (1, 1)
    assert found.verdict is Verdict.ONE  # who has ended as a member no longer speaks
    assert measure(members, [], {**inhabitants, 9: 1}, {5}).verdict is Verdict.APART
    assert measure([], [], inhabitants, {5}, differences=1).verdict is Verdict.APART
    assert measure([Said(1, "neutral")], [], inhabitants, {5}).verdict is Verdict.UNKNOWN
    assert measure([], [], {}, set()).share is None


def test_a_theme_counts_its_positions():
    quiet, carried = measure([], [], {1: 5}, []), measure([Said(1, "carries")], [], {1: 5}, [])
    theme = of_theme([quiet, carried, carried])
    assert theme.total == 3 and theme.verdicts == {Verdict.ONE: 2, Verdict.APART: 0, Verdict.UNKNOWN: 1}


def test_one_member_over_several_positions():
    assert over_positions([]) == over_positions([SILENT, SILENT]) == SILENT
    assert over_positions(["carries", SILENT]) == "carries"
    assert over_positions(["carries", "remark"]) == "remark"
    assert over_positions(["carries", "neutral", "remark"]) == "neutral"
    assert over_positions(["other", "other"]) == "other"
    assert over_positions(["other", "carries"]) == "mixed"


@CALM
@given(st.sets(st.sampled_from(SPOKEN)), st.sets(st.sampled_from(SPOKEN)), st.integers(0, 2))
def test_the_verdict_is_told_without_counting(members, networks, differences):
    said = Spoken(*({kind: [1] if kind in kinds else [] for kind in SPOKEN} for kinds in (members, networks)))
    counted = carried_by(*said, Everybody({1: 10}, frozenset({1})), differences)
    assert said.verdict(differences) is counted.verdict
