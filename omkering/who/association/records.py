"""What an association folder says, as plain records.

Lifetimes are half-open: `ends` is the first day no more.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

# The platform's own short vocabularies; a folder chooses from them and names them in its languages.
HOLDERS = ("member", "network", "body", "association")
POWERS: Mapping[str, tuple[str, ...]] = {
    "member": ("report", "mandate", "vote"),
    "network": ("network",),
    "body": ("body",),
    "association": ("review", "administer"),
}
VISIBILITIES = ("public", "members", "network", "bureau")
TERMS = (
    "first_reply",
    "objection_window",
    "objection_answer",
    "vote_open",
    "agenda_notice",
    "amendment_deadline",
    "draft_kept",
    "consultation_answer",
)
UNITS = ("working_days", "days", "weeks", "months")
# How long what is kept of people stays, and how often rights are looked through; see [retention], [review].
RETENTION = ("notices", "failed_logins", "closed_accounts", "accounts_without_role", "candidacies")
REVIEWS = ("all_rights", "special_rights")
CALENDAR_UNITS = ("days", "weeks", "months")
ROUNDINGS = ("ceil", "floor", "half_up")
BASES = ("cast_without_abstentions", "cast", "present", "all")
MEASURES = ("heads", "votes")
DEADLINES = ("agenda", "amendments", "motions")  # of a meeting, computed backwards from its date
ELECTORATES = ("members", "seats")  # who meets: the members, or the people on the seats of the body
TIES = ("stays", "rejected", "chair", "revote")  # what follows when votes are equal
ORGANISATION_KINDS = ("ministry", "province", "water_board", "eu", "company", "civil_society", "government")
COUPLING_KINDS = ("strengthens", "competes_space", "competes_staff", "competes_money", "needs_first")
NEEDS_FIRST = "needs_first"  # the one kind with a direction: the first challenge needs the second one first
LEADERS = ("members", "state", "both", "association")
STEP_REQUIREMENTS = (
    "owner",
    "signal",
    "pilot",
    "pilot_running",
    "solution",
    "condition",
    "party",
    "document",
    "answers",
    "result",
)
CLOSED = "closed"  # the key of the last step of each route


class Names(dict[str, str]):
    """A text per language; the first is the association's main language."""

    def get_in(self, language: str) -> str:
        """The text in `language` (also `nl-nl` for `nl`), or in the main language."""
        return self.get(language) or self.get(language.split("-")[0]) or str(self)

    def __str__(self) -> str:
        return next(iter(self.values()), "")


def holds(starts: date | None, ends: date | None, day: date) -> bool:
    """Whether a half-open lifetime covers `day`; None is open."""
    return (starts is None or starts <= day) and (ends is None or day < ends)


def overlap(a: tuple[date | None, date | None], b: tuple[date | None, date | None]) -> bool:
    """Whether two half-open lifetimes share a day."""
    return (a[0] is None or b[1] is None or a[0] < b[1]) and (b[0] is None or a[1] is None or b[0] < a[1])


@dataclass(frozen=True)
class Term:
    """How long something may take: an amount of working_days, days, weeks or months."""

    amount: int
    unit: str


@dataclass(frozen=True)
class Terms:
    """The terms of the association, one field for each of `TERMS`."""

    first_reply: Term
    objection_window: Term
    objection_answer: Term
    vote_open: Term
    agenda_notice: Term
    amendment_deadline: Term
    draft_kept: Term
    consultation_answer: Term


@dataclass(frozen=True)
class Retention:
    """How long what is kept of people stays, one field for each of `RETENTION`."""

    notices: Term
    failed_logins: Term
    closed_accounts: Term
    accounts_without_role: Term
    candidacies: Term


@dataclass(frozen=True)
class Reviews:
    """How often all rights, and the special ones, are looked through."""

    all_rights: Term
    special_rights: Term


@dataclass(frozen=True)
class SizeClassRecord:
    """A class of members by inhabitants, from `at_least` up to the next class."""

    key: str
    names: Names
    at_least: int


@dataclass(frozen=True)
class VisibilityRecord:
    """Who may read a signal; `key` is one of `VISIBILITIES`."""

    key: str
    names: Names
    default: bool


@dataclass(frozen=True)
class KindRecord:
    """A kind of division, network or body, with its names. `required` counts for divisions only.

    `seat_role` counts for bodies: the role that a seat in it gives; "" where it has no seats.
    """

    key: str
    names: Names
    required: bool = False
    seat_role: str = ""


@dataclass(frozen=True)
class DivisionRecord:
    """A part of a division of the country, such as one province."""

    kind: str
    code: str
    names: Names

    @property
    def name(self) -> str:
        """The name in the main language."""
        return str(self.names)


@dataclass(frozen=True)
class DivisionMembershipRecord:
    """A member lies in a part of a division, from–to."""

    member: str
    kind: str
    code: str
    starts: date
    ends: date | None


@dataclass(frozen=True)
class MemberRecord:
    """A member as in members.csv; `line` says where it stood and does not count when records are compared."""

    code: str
    name: str
    starts: date
    ends: date | None
    successor: str | None
    tile: tuple[int, int] | None  # column, row
    divisions: Mapping[str, str]  # kind -> code of the part, at `starts`
    populations: Mapping[date, int]  # reference date -> inhabitants
    line: int = field(default=0, compare=False)

    def exists_on(self, day: date) -> bool:
        """Whether it is a member on `day`."""
        return holds(self.starts, self.ends, day)

    def population_on(self, day: date) -> int | None:
        """The newest figure that is not later than `day`; None if there is none."""
        days = [known for known in self.populations if known <= day]
        return self.populations[max(days)] if days else None


@dataclass(frozen=True)
class PopulationRecord:
    """Inhabitants of a member on a reference date. `certainty` is read, derived or recalled."""

    member: str
    day: date
    inhabitants: int
    source: str
    certainty: str


@dataclass(frozen=True)
class NetworkRecord:
    """Members that work together. A network with a `division` has the members of that part of the country."""

    key: str
    names: Names
    kind: str
    division: tuple[str, str] | None  # kind, code
    complete: bool
    as_of: str
    starts: date | None
    source: str
    notes: Names

    @property
    def name(self) -> str:
        """The name in the main language."""
        return str(self.names)


@dataclass(frozen=True)
class NetworkMembershipRecord:
    """A member takes part in a network, from–to. Where `start_known` is false, `starts` is the earliest day
    that the register and the network's founding allow; the list itself is of `as_of`."""

    network: str
    member: str
    starts: date
    ends: date | None
    start_known: bool
    as_of: str
    source: str


@dataclass(frozen=True)
class BodyRecord:
    """A body of the association."""

    key: str
    names: Names
    kind: str
    starts: date | None
    ends: date | None


@dataclass(frozen=True)
class RoleRecord:
    """What people are appointed to, where it is held, and which of `POWERS` it carries."""

    key: str
    names: Names
    held_at: str
    second_factor: bool
    powers: frozenset[str]


@dataclass(frozen=True)
class ThemeRecord:
    """A challenge, and the body that answers for it."""

    key: str
    names: Names
    descriptions: Names
    body: str | None


@dataclass(frozen=True)
class WeightRuleRecord:
    """How votes follow from inhabitants: a version of a named rule, with its dates and source."""

    key: str
    version: int
    names: Names
    starts: date
    ends: date | None
    unit: int
    rounding: str
    cap: int | None
    minimum: int
    default: bool
    verified: bool
    source: str


@dataclass(frozen=True)
class ThresholdRuleRecord:
    """A majority as whole numbers: more than (strict) or at least numerator/denominator of `base`."""

    key: str
    names: Names
    numerator: int
    denominator: int
    strict: bool
    base: str
    default: bool
    source: str


@dataclass(frozen=True)
class QuorumRuleRecord:
    """A quorum: at least numerator/denominator of the heads or of the votes on the roll."""

    key: str
    names: Names
    numerator: int
    denominator: int
    of: str
    default: bool
    source: str


@dataclass(frozen=True)
class DecisionRuleRecord:
    """A set of rules to decide by: a version of a named set, with its dates and source.

    Keys of the other rules; `weight_rule` None: everybody counts as one. All thresholds must be reached: those of
    `thresholds_in_heads` in members, the others in votes. `split`: whether a member may divide its votes.
    """

    key: str
    version: int
    names: Names
    starts: date
    ends: date | None
    weight_rule: str | None
    thresholds: tuple[str, ...]
    thresholds_in_heads: tuple[str, ...]
    quorums: tuple[str, ...]
    tie: str
    split: bool
    default: bool
    source: str


@dataclass(frozen=True)
class DeadlineRecord:
    """So many days before a meeting, at this hour; a closed day moves it to the working day before."""

    days: int
    hour: int


@dataclass(frozen=True)
class MeetingRulesRecord:
    """How the bodies of some kinds, or some bodies, meet: a version with its dates and source.

    `request`: the share of the votes (numerator, denominator) with which members get an extra meeting within
    `request_weeks`; None: they cannot ask for one. `deadlines_extra` takes the place of `deadlines` for extra meetings
    where it has any. `quorum` and `decision_rule` are keys of those rules.
    """

    key: str
    version: int
    names: Names
    starts: date
    ends: date | None
    kinds: tuple[str, ...]
    bodies: tuple[str, ...]
    electorate: str
    quorum: str
    decision_rule: str
    deadlines: Mapping[str, DeadlineRecord]
    deadlines_extra: Mapping[str, DeadlineRecord]
    request: tuple[int, int] | None
    request_weeks: int
    proxy: bool
    proxies_per_holder: int | None
    split: bool
    verified: bool
    source: str


@dataclass(frozen=True)
class SourceRecord:
    """Where figures come from."""

    key: str
    title: str
    publisher: str
    url: str
    licence: str
    note: str


@dataclass(frozen=True)
class UncertainRecord:
    """Cells of members.csv that were `recalled` or `derived` and not read from a source, and why."""

    member: str
    columns: tuple[str, ...]
    how: str
    reason: str
