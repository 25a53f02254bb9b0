"""Who and what is matched, what may be demanded, and what comes out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum

Place = tuple[float, float]

# Hours, places, priorities and weights beyond these mean nothing and would spoil the arithmetic.
MOST = 1_000_000
MOST_BALANCE = 1_000_000_000
MOST_PRIORITY = 1_000
MOST_WEIGHT = 10_000


class MatchError(ValueError):
    """People, requests or demands that cannot be; the message is one sentence."""


@dataclass(frozen=True)
class Person:
    """Someone who can be lent or asked to review.

    `member` lends the person and `hours` are free in all. `consents` is the person's own yes,
    `lender_consents` that of the member. `reach` is how far the person goes (None: anywhere). `conflicts`
    names members and requests that the person must stay away from.
    """

    id: str
    member: str
    hours: int
    skills: frozenset[str] = frozenset()
    place: Place | None = None
    reach: float | None = None
    consents: bool = True
    lender_consents: bool = True
    conflicts: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Request:
    """A request of a member for `places` people of `hours` each, who all have the `skills`.

    `wishes` are skills that would be good. `priority` weighs the request (1 is ordinary); `consents` is the
    yes of the borrower. Someone of the member itself never serves its request.
    """

    id: str
    member: str
    hours: int
    skills: frozenset[str] = frozenset()
    wishes: frozenset[str] = frozenset()
    places: int = 1
    place: Place | None = None
    priority: float = 1.0
    consents: bool = True


@dataclass(frozen=True)
class Demand:
    """What must come out: a request filled to the last place, a person used, or with both that pair
    matched."""

    person: str | None = None
    request: str | None = None


@dataclass(frozen=True)
class Weights:
    """What a match is worth: a place `filled` (times the priority of the request), the share of `wishes` met,
    being `near` (1 next door, 0 at the edge of reach, or at `far` kilometres without one), and `fairness`:
    the lender still owes hours, or the borrower has earned them."""

    filled: float = 100.0
    wishes: float = 20.0
    near: float = 10.0
    fairness: float = 15.0
    far: float = 100.0


class Reason(StrEnum):
    """Why a person serves a request; AVAILABLE where nothing speaks for the pair but that it may and can be."""

    SKILLS = "has_skills"
    WISHES = "meets_wishes"
    NEAR = "near"
    LENDER_OWES = "lender_owes_hours"
    BORROWER_EARNED = "borrower_earned_hours"
    DEMANDED = "demanded"
    AVAILABLE = "available"


class Obstacle(StrEnum):
    """Why a person cannot serve a request."""

    NO_CONSENT = "no_consent"
    OWN_MEMBER = "own_member"
    CONFLICT = "conflict_of_interest"
    SKILLS = "skills_missing"
    TOO_FAR = "too_far"
    HOURS = "too_few_hours"


class Status(StrEnum):
    """Proven best, proven to lie within the gap asked for, found in time but further from the bound, or not
    possible because demands clash."""

    OPTIMAL = "optimal"
    WITHIN_GAP = "within_gap"
    FEASIBLE = "feasible"
    CLASH = "clash"


@dataclass(frozen=True)
class Match:
    """A person on a place of a request; `parts` of the `score` by name of the weight, and the `reasons`."""

    person: str
    request: str
    hours: int
    score: float
    parts: Mapping[str, float]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Unmet:
    """A request with places left: how many, how many people could have served it, and what stands in the way
    of the others (the first obstacle of each)."""

    request: str
    places: int
    could_serve: int
    obstacles: Mapping[Obstacle, int]


@dataclass(frozen=True)
class Matching:
    """The outcome. `total` is the sum of scores, `bound` what no matching can exceed, and `gap` their
    distance as a share of the bound. With status CLASH there are no matches, and `clash` is a set of demands
    that cannot all hold while any smaller part of it can. `balance` is hours lent minus borrowed per member,
    this round included.
    """

    status: Status
    matches: tuple[Match, ...]
    unmet: tuple[Unmet, ...]
    total: float
    bound: float
    gap: float
    balance: Mapping[str, float]
    clash: tuple[Demand, ...] = ()
    clash_obstacles: Mapping[Demand, Mapping[Obstacle, int]] = field(default_factory=dict)


def check(
    people: Sequence[Person],
    requests: Sequence[Request],
    balance: Mapping[str, float] | None = None,
    demands: Sequence[Demand] = (),
    most_lent: Mapping[str, int] | None = None,
    weights: Weights | None = None,
) -> None:
    """Raises MatchError for anything that cannot be, in one sentence that names it."""
    for what, ids in (("person", [p.id for p in people]), ("request", [r.id for r in requests])):
        if len(set(ids)) < len(ids):
            twice = next(name for name, times in Counter(ids).items() if times > 1)
            raise MatchError(f"the {what} {twice} is listed twice")
    for person in people:
        if not 0 <= person.hours <= MOST or (person.reach is not None and not person.reach >= 0):
            raise MatchError(
                f"the hours and reach of {person.id} must be 0 or more, the hours at most {MOST}"
            )
    for request in requests:
        if not (1 <= request.hours <= MOST and 1 <= request.places <= MOST):
            raise MatchError(f"the request {request.id} must ask at least 1 hour and 1 place, at most {MOST}")
        if not 0 < request.priority <= MOST_PRIORITY:
            raise MatchError(
                f"the priority of the request {request.id} must be above 0, at most {MOST_PRIORITY}"
            )
    for name, place in (*((p.id, p.place) for p in people), *((r.id, r.place) for r in requests)):
        if place is not None and not all(abs(part) <= MOST for part in place):
            raise MatchError(f"the place of {name} must be two finite numbers, at most {MOST}")
    for member, hours in (*(balance or {}).items(), *(most_lent or {}).items()):
        if not abs(hours) <= MOST_BALANCE:
            raise MatchError(f"the hours of {member} must be a finite number, at most {MOST_BALANCE}")
    for member, hours in (most_lent or {}).items():
        if hours < 0:
            raise MatchError(f"the hours that {member} lends at most must be 0 or more")
    for name, weight in asdict(weights or Weights()).items():
        if not (0 <= weight <= MOST_WEIGHT and (weight or name != "far")):
            raise MatchError(f"the weight {name} must be 0 or more, far above 0, and at most {MOST_WEIGHT}")
    known_people, known_requests = {p.id for p in people}, {r.id for r in requests}
    for demand in demands:
        if demand.person is None and demand.request is None:
            raise MatchError("a demand must name a person, a request or both")
        if demand.person is not None and demand.person not in known_people:
            raise MatchError(f"a demand names the person {demand.person}, who is not listed")
        if demand.request is not None and demand.request not in known_requests:
            raise MatchError(f"a demand names the request {demand.request}, which is not listed")
