"""The slow, obvious count: fractions, loops, the definitions as they stand. Oracle of the tally tests."""

from fractions import Fraction
from itertools import pairwise, permutations


def smallest(total, numerator, denominator, strict):
    """The smallest whole number of at least 1 that satisfies the threshold, found by trying."""
    share = Fraction(numerator, denominator)
    number = 1
    while not (number > total * share if strict else number >= total * share):
        number += 1
    return number


def for_against_abstain(roll, ballots, threshold, present=None):
    """``roll``: {member: (weight, {grouping: [groups]})}; ``ballots``: {member: [(choice, votes)]};
    ``threshold``: (numerator, denominator, strict, base, measure). Returns outcome, base, required, votes,
    heads, slices."""
    votes = dict.fromkeys(("for", "against", "abstain"), 0)
    heads = dict.fromkeys(("for", "against", "abstain"), 0)
    slices = {}
    for _, groups in roll.values():
        for grouping, names in groups.items():
            for name in names:
                slices.setdefault(grouping, {}).setdefault(name, dict.fromkeys(votes, 0))
    for member, parts in ballots.items():
        voting = {choice for choice, _ in parts if choice != "abstain"}
        if not voting:
            heads["abstain"] += 1
        elif len(voting) == 1:
            heads[voting.pop()] += 1
        for choice, number in parts:
            votes[choice] += number
            for grouping, names in roll[member][1].items():
                for name in names:
                    slices[grouping][name][choice] += number
    numerator, denominator, strict, base, measure = threshold
    here = set(ballots) if present is None else present
    if measure == "votes":
        bases = {
            "all": sum(weight for weight, _ in roll.values()),
            "present": sum(roll[member][0] for member in here),
            "cast": sum(votes.values()),
            "cast_without_abstentions": votes["for"] + votes["against"],
        }
        support, against = votes["for"], votes["against"]
    else:
        bases = {
            "all": len(roll),
            "present": len(here),
            "cast": len(ballots),
            "cast_without_abstentions": sum(
                any(choice != "abstain" for choice, _ in parts) for parts in ballots.values()
            ),
        }
        support, against = heads["for"], heads["against"]
    total = bases[base]
    required = smallest(total, numerator, denominator, strict)
    if support >= required:
        outcome = "adopted"
    elif (
        strict
        and Fraction(numerator, denominator) == Fraction(1, 2)
        and 2 * support == total == 2 * against > 0
    ):
        outcome = "tie"
    else:
        outcome = "rejected"
    return outcome, total, required, votes, heads, slices


def prefers(tiers, one, other, count):
    """Whether a ranking places ``one`` above ``other``; what is left out stands last."""
    place = {option: number for number, tier in enumerate(tiers) for option in tier}
    return place.get(one, count) < place.get(other, count)


def schulze_winners(rankings, votes, count):
    """Unbeaten options by the strongest of all paths, each path walked."""
    margin = [[0] * count for _ in range(count)]
    for tiers, number in zip(rankings, votes, strict=True):
        for one in range(count):
            for other in range(count):
                if prefers(tiers, one, other, count):
                    margin[one][other] += number

    def strength(one, other):
        best = 0
        others = [option for option in range(count) if option not in (one, other)]
        for length in range(len(others) + 1):
            for middle in permutations(others, length):
                path = [one, *middle, other]
                links = [
                    margin[start][end] if margin[start][end] > margin[end][start] else 0
                    for start, end in pairwise(path)
                ]
                best = max(best, min(links))
        return best

    return tuple(
        one
        for one in range(count)
        if all(strength(one, other) >= strength(other, one) for other in range(count) if other != one)
    )


def run_off_winners(rankings, votes, count):
    """All options that some order of breaking ties elects, one eliminated at a time until one is left."""

    def run(remaining):
        if len(remaining) == 1:
            return set(remaining)
        standing = dict.fromkeys(remaining, 0)
        for tiers, number in zip(rankings, votes, strict=True):
            for (option,) in tiers:
                if option in standing:
                    standing[option] += number
                    break
        fewest = min(standing.values())
        winners = set()
        for option in remaining:
            if standing[option] == fewest:
                winners |= run(tuple(other for other in remaining if other != option))
        return winners

    return tuple(sorted(run(tuple(range(count)))))
