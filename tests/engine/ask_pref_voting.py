"""Run by an interpreter that has pref-voting: the winners of Schulze's method and instant run-off, as JSON.

The question on standard input is a list of [rankings, votes, count]: rankings in tiers of option numbers, each
naming all options for a run-off; ``votes`` per ranking.
"""

import json
import sys
import warnings

warnings.simplefilter("ignore")

from pref_voting.profiles import Profile  # noqa: E402
from pref_voting.profiles_with_ties import ProfileWithTies  # noqa: E402
from pref_voting.voting_methods import beat_path, instant_runoff_put  # noqa: E402


def answer(rankings: list, votes: list[int], count: int) -> dict[str, list[int]]:
    options = list(range(count))
    ranks = []
    for tiers in rankings:
        place = dict.fromkeys(options, count)
        place.update({option: at for at, tier in enumerate(tiers) for option in tier})
        ranks.append(place)
    profile = ProfileWithTies(ranks, rcounts=votes, candidates=options)
    found = {"schulze": beat_path(profile, strength_function=profile.support)}
    if all(len(tiers) == count for tiers in rankings):
        strict = Profile([[option for (option,) in tiers] for tiers in rankings], votes)
        found["run_off"] = instant_runoff_put(strict)
    return {method: sorted(map(int, winners)) for method, winners in found.items()}


if __name__ == "__main__":
    print(json.dumps([answer(*each) for each in json.load(sys.stdin)]))
