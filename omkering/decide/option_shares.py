"""What share of a group of members the options that lead got in a vote on options, from a kept result. Pure."""

from collections.abc import Mapping
from typing import Any

from omkering.engine.tally import ABSTAIN


def leading(result: dict[str, Any], most: int) -> list[str]:
    """At most so many options, by their votes: those that are chosen or level go before others; none without a vote."""
    votes = {option: number for option, number in result["votes"].items() if option != ABSTAIN}
    if not any(votes.values()):
        return []
    first = {*result["elected"], *result["tied"]}
    picked = sorted(votes, key=lambda option: (option not in first, -votes[option]))[:most]
    return sorted(
        (option for option in picked if votes[option] or option in first), key=lambda option: -votes[option]
    )


def share(kind: str, counts: Mapping[str, int], cast_votes: int, option: str) -> float | None:
    """The share of an option in what a group gave: of its points, or of its votes that were no abstention.

    Of more options at once (approval, equals in a ranking) the shares can be more than one together. None where the
    group gave nothing.
    """
    if kind == "points":
        whole = sum(number for name, number in counts.items() if name != ABSTAIN)
    else:
        whole = cast_votes - counts.get(ABSTAIN, 0)
    return counts.get(option, 0) / whole if whole > 0 else None
