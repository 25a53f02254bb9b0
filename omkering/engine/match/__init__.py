"""Matching people to requests, and reviewers to reviews, with a proof of how good the outcome is.

Conventions: ids are strings, hours whole numbers, places are (x, y) in kilometres. A person serves one place
of a request at most and gives it the hours it asks. What must hold is never traded away: three consents,
skills, hours, distance and no conflict of interest. What is good is weighed in one score, and each match
tells its parts.
"""

from omkering.engine.match.model import (
    Demand,
    Match,
    MatchError,
    Matching,
    Obstacle,
    Person,
    Reason,
    Request,
    Status,
    Unmet,
    Weights,
    check,
)
from omkering.engine.match.solve import match

__all__ = [
    "Demand",
    "Match",
    "MatchError",
    "Matching",
    "Obstacle",
    "Person",
    "Reason",
    "Request",
    "Status",
    "Unmet",
    "Weights",
    "check",
    "match",
]
