"""Rankings and power beside the field's own libraries, which run apart in the environment of `make peers`."""

import random
from pathlib import Path

import pytest

from benchmarks import peer
from omkering.engine.power import power
from omkering.engine.tally.ranking import instant_run_off, schulze

HERE = Path(__file__).parent

pytestmark = pytest.mark.skipif(not peer.PYTHON, reason=peer.ABSENT)


def profiles(seed, equal_ranks, number):
    """Seeded ranked ballots over 2 to 7 options with few votes, so that ties are common."""
    chance = random.Random(seed)
    found = []
    for _ in range(number):
        count = chance.randint(2, 7)
        rankings = []
        for _ in range(chance.randint(1, 9)):
            order = chance.sample(range(count), count)
            if equal_ranks:
                order = order[: chance.randint(1, count)]
            tiers = [[order[0]]]
            for option in order[1:]:
                if equal_ranks and chance.random() < 0.3:
                    tiers[-1].append(option)
                else:
                    tiers.append([option])
            rankings.append(tiers)
        found.append((rankings, [chance.randint(1, 9) for _ in rankings], count))
    return found


@pytest.mark.parametrize("equal_ranks", [False, True])
def test_rankings_elect_whom_pref_voting_elects(equal_ranks):
    made = profiles(2030, equal_ranks, 400)
    theirs = peer.ask(HERE / "ask_pref_voting.py", made)
    ties = several = 0
    for profile, their in zip(made, theirs, strict=True):
        rankings = [tuple(tuple(tier) for tier in tiers) for tiers in profile[0]]
        winners = list(schulze(rankings, *profile[1:]).order[0])
        assert winners == their["schulze"], profile
        ties += len(winners) > 1
        if not equal_ranks:
            counted = instant_run_off(rankings, *profile[1:])
            assert counted.complete
            assert list(counted.winners) == their["run_off"], profile
            several += len(counted.winners) > 1
    assert ties > 10, "the profiles hold too few ties to be a test"
    assert equal_ranks or several > 10


def test_power_equals_powerindices_and_power_bdd():
    chance = random.Random(2030)
    assemblies = []
    for size in (1, 2, 3, 5, 8, 13, 21, 40):
        for _ in range(4):
            weights = [chance.randint(1, 75) for _ in range(size)]
            assemblies.append((chance.randint(1, sum(weights)), weights))
    theirs = peer.ask(HERE / "ask_power.py", assemblies)
    for (quota, weights), their in zip(assemblies, theirs, strict=True):
        ours = power(weights, quota)
        for name, values in their.items():
            for index, expected in values.items():
                found = list(map(float, getattr(ours, index)))
                assert found == pytest.approx(expected, abs=1e-9), (name, index, quota, weights)
