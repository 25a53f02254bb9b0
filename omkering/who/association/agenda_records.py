"""Parties outside, challenges and models of co-operation, as plain records; their words stand in `records`."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from omkering.who.association.records import Names, Term


class _Keyed(Protocol):
    @property
    def key(self) -> str: ...


Record = TypeVar("Record", bound=_Keyed)


def by_key(records: Iterable[Record], key: str, what: str) -> Record:
    """The record with this key. Raises LookupError, with a sentence that says `what` was looked for."""
    for record in records:
        if record.key == key:
            return record
    raise LookupError(f'There is no {what} "{key}".')


@dataclass(frozen=True)
class ContactRoleRecord:
    """A function at an organisation that one speaks to; never a person."""

    key: str
    names: Names
    email: str  # of the function; empty if there is none


@dataclass(frozen=True)
class OrganisationRecord:
    """A party outside the association; `kind` is one of `ORGANISATION_KINDS`."""

    key: str
    kind: str
    names: Names
    abbreviation: str
    website: str
    contacts: tuple[ContactRoleRecord, ...]


@dataclass(frozen=True)
class ChallengeRecord:
    """A large matter of years; what is reported under its theme hangs under it."""

    key: str
    names: Names
    summaries: Names
    theme: str | None
    body: str | None


@dataclass(frozen=True)
class CouplingRecord:
    """How one challenge works on another, and why; `kind` is one of `COUPLING_KINDS`."""

    first: str
    second: str
    kind: str
    reasons: Names
    source: str


@dataclass(frozen=True)
class ConflictSideRecord:
    """One side of a conflict of aims: a law or policy, what it wants, and the organisation behind it."""

    party: str | None
    laws: Names
    aims: Names


@dataclass(frozen=True)
class ConflictRecord:
    """Two laws or departments pull apart; `effects` tells what members meet in practice."""

    key: str
    names: Names
    first: ConflictSideRecord
    second: ConflictSideRecord
    effects: Names
    challenges: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class StepRecord:
    """A step of a route: who leads it (`LEADERS`), its term, and what must be there before a matter may enter it."""

    key: str
    names: Names
    leader: str
    term: Term | None
    requires: tuple[str, ...]  # of `STEP_REQUIREMENTS`


@dataclass(frozen=True)
class RouteRecord:
    """A way through a co-operation model; the last step is `CLOSED`."""

    key: str
    names: Names
    descriptions: Names
    steps: tuple[StepRecord, ...]

    def step(self, key: str) -> StepRecord:
        """The step with this key. Raises LookupError, with a sentence, if there is none."""
        return by_key(self.steps, key, "step")

    def following(self, key: str) -> StepRecord | None:
        """The step after this one; None after the last. Raises LookupError for a step that is not there."""
        place = self.steps.index(self.step(key)) + 1
        return self.steps[place] if place < len(self.steps) else None


@dataclass(frozen=True)
class CooperationModelRecord:
    """How members, association and state work together on a matter, with its routes."""

    key: str
    number: int
    names: Names
    descriptions: Names
    routes: tuple[RouteRecord, ...]

    def route(self, key: str) -> RouteRecord:
        """The route with this key. Raises LookupError, with a sentence, if there is none."""
        return by_key(self.routes, key, "route")
