"""organisations.toml, challenges.toml and cooperation_models.toml; each may be absent, which is empty."""

import re
from collections.abc import Collection, Sequence

from omkering.engine.personal_data import find
from omkering.who.association.agenda_records import (
    ChallengeRecord,
    ConflictRecord,
    ConflictSideRecord,
    ContactRoleRecord,
    CooperationModelRecord,
    CouplingRecord,
    OrganisationRecord,
    RouteRecord,
    StepRecord,
)
from omkering.who.association.records import (
    CLOSED,
    COUPLING_KINDS,
    LEADERS,
    NEEDS_FIRST,
    ORGANISATION_KINDS,
    STEP_REQUIREMENTS,
    UNITS,
    Names,
    Term,
)
from omkering.who.association.settings_files import KEY, read_list
from omkering.who.association.toml_file import Table

# What the database has room for, in characters.
LONGEST_NAME = 200
LONGEST_SOURCE = 300
LONGEST_ABBREVIATION = 20
LONGEST_KEY = 60
LONGEST_MODEL_KEY = 40
EMAIL = r"[^@\s]+@[^@\s]+\.[^@\s]+"
_INITIAL = re.compile(r"([a-z]\.)+[a-z]", re.IGNORECASE)
FEWEST_STEPS = 3


def is_of_a_person(email: str) -> bool:
    """Whether an address looks like somebody's own: it begins with an initial, as in `j.jansen@`.

    Others that are somebody's own cannot be told from a function's by their form.
    """
    return _INITIAL.match(email) is not None


def read_organisations(table: Table | None, languages: Sequence[str]) -> list[OrganisationRecord]:
    """[[organisations]], each with its contact roles."""

    def read_contact(entry: Table) -> ContactRoleRecord:
        email = entry.text("email", optional=True, pattern=EMAIL)
        if is_of_a_person(email):
            entry.fault(
                f'"email" is "{email}", which looks like a person\'s; give that of a function.', "email"
            )
        return ContactRoleRecord(_key(entry), _impersonal(entry, languages), email)

    def read(entry: Table) -> OrganisationRecord:
        return OrganisationRecord(
            key=_key(entry),
            kind=entry.choice("kind", ORGANISATION_KINDS),
            names=_impersonal(entry, languages),
            abbreviation=entry.text("abbreviation", optional=True, longest=LONGEST_ABBREVIATION),
            website=entry.text("website", optional=True, pattern=r"https://\S+", longest=LONGEST_NAME),
            contacts=tuple(read_list(entry, "contacts", read_contact)) if entry.has("contacts") else (),
        )

    return read_list(table, "organisations", read)


def _key(entry: Table, longest: int = LONGEST_KEY) -> str:
    return entry.text("key", pattern=KEY, longest=longest)


def _impersonal(entry: Table, languages: Sequence[str]) -> Names:
    """A name in each language that holds no personal data."""
    names = entry.names("name", languages, longest=LONGEST_NAME)
    if any(find(text) for text in names.values()):
        entry.fault('"name" holds personal data, such as an address or a number; give a function.', "name")
    return names


def read_challenges(
    table: Table | None, languages: Sequence[str], themes: Collection[str], bodies: Collection[str]
) -> list[ChallengeRecord]:
    """[[challenges]]; a theme belongs to one of them at most."""

    def read(entry: Table) -> ChallengeRecord:
        key = _key(entry)
        theme = entry.choice("theme", sorted(themes)) if entry.has("theme") else None
        if theme in taken:
            entry.fault(f'The theme "{theme}" belongs to "{taken[theme]}" already.', "theme")
        elif theme:
            taken[theme] = key
        return ChallengeRecord(
            key=key,
            names=entry.names("name", languages, longest=LONGEST_NAME),
            summaries=entry.names("summary", languages),
            theme=theme,
            body=entry.choice("body", sorted(bodies)) if entry.has("body") else None,
        )

    taken: dict[str | None, str] = {}
    return read_list(table, "challenges", read)


def read_couplings(
    table: Table | None, languages: Sequence[str], challenges: Collection[str]
) -> list[CouplingRecord]:
    """[[couplings]]: each once, those without a direction also not reversed, and no circle of needs_first."""

    def read(entry: Table) -> CouplingRecord:
        first, second = (_challenge(entry, end, challenges) for end in ("first", "second"))
        kind = entry.choice("kind", COUPLING_KINDS)
        if first and first == second:
            entry.fault(f'"{first}" cannot be coupled to itself.', "second")
        elif kind == NEEDS_FIRST:
            _check_circle(entry, needs, first, second)
        pair = (first, second) if kind == NEEDS_FIRST else (min(first, second), max(first, second))
        if all(pair) and (*pair, kind) in seen:
            entry.fault(f'"{first}" and "{second}" are coupled by {kind} already.', "kind")
        seen.add((*pair, kind))
        return CouplingRecord(
            first=first,
            second=second,
            kind=kind,
            reasons=entry.names("reason", languages),
            source=entry.text("source", longest=LONGEST_SOURCE),
        )

    seen: set[tuple[str, str, str]] = set()
    needs: dict[str, set[str]] = {}
    if table is None or not table.has("couplings"):
        return []
    return read_list(table, "couplings", read, unique=False)


def _challenge(entry: Table, end: str, challenges: Collection[str]) -> str:
    key = entry.text(end)
    if key and key not in challenges:
        entry.fault(f'"{end}" is "{key}", which is not a challenge.', end)
    return key


def _check_circle(entry: Table, needs: dict[str, set[str]], first: str, second: str) -> None:
    """Add that `first` needs `second` first; a fault, and not added, when `second` needs `first` already."""
    way = _way(needs, second, first)
    if way:
        entry.fault(f"needs_first goes round in a circle: {' → '.join((first, *way))}.", "first")
    else:
        needs.setdefault(first, set()).add(second)


def _way(needs: dict[str, set[str]], start: str, goal: str) -> list[str]:
    """The challenges on a way from `start` to `goal`, both included; empty if there is none."""
    ways = {start: [start]}
    waiting = [start]
    while waiting and goal not in ways:
        here = waiting.pop(0)
        for there in sorted(needs.get(here, ())):
            if there not in ways:
                ways[there] = [*ways[here], there]
                waiting.append(there)
    return ways.get(goal, [])


def read_conflicts(
    table: Table | None, languages: Sequence[str], challenges: Collection[str], parties: Collection[str]
) -> list[ConflictRecord]:
    """[[conflicts]] of aims: two sides, what members meet, and the challenges that it touches."""

    def side(entry: Table, key: str) -> ConflictSideRecord:
        found = entry.table(key)
        if found is None:
            return ConflictSideRecord(None, Names(), Names())
        party = found.text("party") if found.has("party") else None
        if party and party not in parties:
            found.fault(f'"party" is "{party}", which is not in organisations.toml.', "party")
        laws, aims = found.names("law", languages, longest=LONGEST_NAME), found.names("aim", languages)
        found.finish()
        return ConflictSideRecord(party, laws, aims)

    def read(entry: Table) -> ConflictRecord:
        touched = entry.words("challenges")
        for key in touched:
            if key not in challenges:
                entry.fault(f'"challenges" holds "{key}", which is not a challenge.', "challenges")
        if len(set(touched)) != len(touched):
            entry.fault('"challenges" holds the same one twice.', "challenges")
        if entry.data.get("challenges") == []:
            entry.fault('"challenges" is empty; a conflict touches at least one.', "challenges")
        return ConflictRecord(
            key=_key(entry),
            names=entry.names("name", languages, longest=LONGEST_NAME),
            first=side(entry, "first"),
            second=side(entry, "second"),
            effects=entry.names("effect", languages),
            challenges=touched,
            source=entry.text("source", longest=LONGEST_SOURCE),
        )

    if table is None or not table.has("conflicts"):
        return []
    return read_list(table, "conflicts", read)


def read_cooperation_models(table: Table | None, languages: Sequence[str]) -> list[CooperationModelRecord]:
    """[[models]] with [[models.routes]] and [[models.routes.steps]]; each route ends in the step `closed`."""

    def read_step(entry: Table) -> StepRecord:
        term = entry.table("term") if entry.has("term") else None
        step = StepRecord(
            key=_key(entry, LONGEST_MODEL_KEY),
            names=entry.names("name", languages, longest=LONGEST_NAME),
            leader=entry.choice("leader", LEADERS),
            term=Term(term.integer("amount", low=1), term.choice("unit", UNITS)) if term else None,
            requires=entry.words("requires", optional=True, allowed=STEP_REQUIREMENTS),
        )
        if term:
            term.finish()
        return step

    def read_route(entry: Table) -> RouteRecord:
        steps = tuple(read_list(entry, "steps", read_step))
        if 0 < len(steps) < FEWEST_STEPS:
            entry.fault(f"A route has at least {FEWEST_STEPS} steps; this one has {len(steps)}.", "steps")
        for number, (step, found) in enumerate(zip(steps, entry.tables("steps"), strict=False), start=1):
            if step.key != CLOSED and number == len(steps):
                found.fault(f'The last step of a route has the key "{CLOSED}", not "{step.key}".', "key")
            elif step.key == CLOSED and number < len(steps):
                found.fault(f'"{CLOSED}" is the last step of a route; more steps follow here.', "key")
        key = _key(entry, LONGEST_MODEL_KEY)
        return RouteRecord(key, *_described(entry, languages), steps)

    def read(entry: Table) -> CooperationModelRecord:
        number = entry.integer("number", low=1)
        if number in numbers:
            entry.fault(f"The number {number} is that of another model already.", "number")
        numbers.add(number)
        key, (names, descriptions) = _key(entry, LONGEST_MODEL_KEY), _described(entry, languages)
        return CooperationModelRecord(
            key, number, names, descriptions, tuple(read_list(entry, "routes", read_route))
        )

    numbers: set[int] = set()
    return read_list(table, "models", read)


def _described(entry: Table, languages: Sequence[str]) -> tuple[Names, Names]:
    return entry.names("name", languages, longest=LONGEST_NAME), entry.names("description", languages)
