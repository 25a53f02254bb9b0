"""From a folder to an `Association`: one reading finds every fault, or gives the whole."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from omkering.who.association import agenda_files as agenda
from omkering.who.association import decision_files as decisions
from omkering.who.association import meeting_files as meetings
from omkering.who.association import networks as network_files
from omkering.who.association import settings_files as settings
from omkering.who.association.association import Association
from omkering.who.association.faults import AssociationError, Fault, Faults
from omkering.who.association.members import (
    COLUMNS,
    FILE,
    POPULATION,
    MemberSchema,
    check_members,
    parse_members,
)
from omkering.who.association.records import (
    MemberRecord,
    Names,
    PopulationRecord,
    SourceRecord,
    UncertainRecord,
)
from omkering.who.association.toml_file import Table, read_toml

FORMAT = 1
ANY_CODE = "[A-Za-z0-9_-]{1,12}"  # what the form of codes is taken for while it is missing or wrong
TABLES = ("members.csv", "divisions.csv", "networks.csv", "network_members.csv", "neighbours.csv")


def load(folder: Path) -> Association:
    """The association of a folder. Raises `AssociationError` with every fault if there is any."""
    association, faults = _read(folder)
    if association is None or faults:
        raise AssociationError(faults.sorted())
    return association


def check(folder: Path) -> list[Fault]:
    """Every fault of a folder, by file and line; empty if it can be used."""
    return _read(folder)[1].sorted()


@dataclass
class _Head:
    """What association.toml says and the other files lean on."""

    code_pattern: str
    register_starts: date
    fields: dict[str, Any]


def _read(folder: Path) -> tuple[Association | None, Faults]:
    faults = Faults()
    if not folder.is_dir():
        faults.add(str(folder), 1, "There is no such folder.")
        return None, faults
    top = read_toml(folder, "association.toml", faults)
    if top is None:
        # Without it no other file can be judged: not even the languages are known.
        return None, faults
    roles = read_toml(folder, "roles.toml", faults)
    themes = read_toml(folder, "themes.toml", faults)
    bodies = read_toml(folder, "bodies.toml", faults)
    rules = read_toml(folder, "vote_rules.toml", faults)
    origin = read_toml(folder, "sources.toml", faults)
    parties = read_toml(folder, "organisations.toml", faults, optional=True)
    matters = read_toml(folder, "challenges.toml", faults, optional=True)
    models = read_toml(folder, "cooperation_models.toml", faults, optional=True)
    meeting = read_toml(folder, "meetings.toml", faults, optional=True)
    languages = _read_languages(top)
    division_kinds = settings.read_kinds(top, "division_kinds", languages)
    head = _read_head(top, languages, [kind.key for kind in division_kinds])
    network_kinds = settings.read_kinds(top, "network_kinds", languages)
    role_list = settings.read_roles(roles, languages)
    body_kinds = settings.read_kinds(
        bodies,
        "body_kinds",
        languages,
        seat_roles=[role.key for role in role_list if role.held_at == "body"],
    )
    body_list = settings.read_bodies(bodies, languages, [kind.key for kind in body_kinds])
    theme_list = settings.read_themes(themes, languages, [body.key for body in body_list])
    organisations = agenda.read_organisations(parties, languages)
    challenges = agenda.read_challenges(
        matters, languages, [theme.key for theme in theme_list], [body.key for body in body_list]
    )
    challenge_keys = [challenge.key for challenge in challenges]
    weight_rules = settings.read_weight_rules(rules, languages)
    threshold_rules = settings.read_threshold_rules(rules, languages)
    quorum_rules = settings.read_quorum_rules(rules, languages)
    decision_rules = decisions.read_decision_rules(
        rules,
        languages,
        weight_rules={rule.key for rule in weight_rules},
        thresholds={rule.key for rule in threshold_rules},
        quorums={rule.key for rule in quorum_rules},
    )
    sources = settings.read_sources(origin)
    source_keys = {source.key for source in sources}

    kind_keys = [kind.key for kind in division_kinds]
    divisions = network_files.read_divisions(folder, languages, kind_keys, faults)
    parts = {key: frozenset(d.code for d in divisions if d.kind == key) for key in kind_keys}
    schema = MemberSchema(head.code_pattern, tuple(division_kinds), parts, head.register_starts)
    members = _read_members(folder, schema, faults)
    by_code = {member.code: member for member in members}
    network_list = network_files.read_networks(
        folder, languages, [kind.key for kind in network_kinds], parts, source_keys, faults
    )
    listed = network_files.read_network_members(
        folder, {network.key: network for network in network_list}, by_code, source_keys, faults
    )
    lies_in = network_files.read_division_memberships(folder, by_code, parts, source_keys, faults)
    population_sources = _read_origin(
        origin, members, sources, has_changes=(folder / network_files.CHANGES).exists()
    )
    columns = {*COLUMNS, *kind_keys, *(f"{POPULATION}{day}" for day in population_sources)}
    uncertain = settings.read_uncertain(origin, by_code, columns)
    association = Association(
        folder=folder,
        **head.fields,
        languages=languages,
        register_starts=head.register_starts,
        schema=schema,
        terms=settings.read_terms(top),
        retention=settings.read_retention(top),
        reviews=settings.read_reviews(top),
        size_classes=tuple(settings.read_size_classes(top, languages)),
        visibilities=tuple(settings.read_visibilities(top, languages)),
        roles=tuple(role_list),
        themes=tuple(theme_list),
        body_kinds=tuple(body_kinds),
        bodies=tuple(body_list),
        division_kinds=tuple(division_kinds),
        divisions=tuple(divisions),
        division_memberships=tuple(lies_in),
        members=tuple(members),
        populations=tuple(_populations(members, population_sources, uncertain)),
        neighbours=network_files.read_neighbours(folder, by_code, faults),
        network_kinds=tuple(network_kinds),
        networks=tuple(network_list),
        network_memberships=(*listed, *network_files.division_networks(network_list, lies_in)),
        weight_rules=tuple(weight_rules),
        threshold_rules=tuple(threshold_rules),
        quorum_rules=tuple(quorum_rules),
        decision_rules=tuple(decision_rules),
        meeting_rules=tuple(
            meetings.read_meeting_rules(
                meeting,
                languages,
                body_kinds={kind.key for kind in body_kinds},
                bodies={body.key for body in body_list},
                quorums={rule.key for rule in quorum_rules},
                decision_rules={rule.key for rule in decision_rules},
            )
        ),
        organisations=tuple(organisations),
        challenges=tuple(challenges),
        couplings=tuple(agenda.read_couplings(matters, languages, challenge_keys)),
        conflicts=tuple(
            agenda.read_conflicts(matters, languages, challenge_keys, {party.key for party in organisations})
        ),
        cooperation_models=tuple(agenda.read_cooperation_models(models, languages)),
        sources=tuple(sources),
        uncertain=tuple(uncertain),
    )
    for table in (top, roles, themes, bodies, rules, origin, parties, matters, models, meeting):
        if table is not None:
            table.finish()
    return association, faults


def _read_languages(top: Table) -> tuple[str, ...]:
    languages = top.words("languages") or ("en",)
    for language in languages:
        if not re.fullmatch("[a-z]{2,3}(-[a-z]+)?", language):
            top.fault(f'"{language}" is not the code of a language, such as "en".', "languages")
    return languages


def _read_head(top: Table, languages: tuple[str, ...], division_kinds: Collection[str]) -> _Head:
    if (version := top.integer("format", low=1)) != FORMAT:
        top.fault(f"The format is {version}; this version of the platform reads format {FORMAT}.", "format")
    pattern = ANY_CODE
    fields: dict[str, Any] = {}
    fields["member_singular"] = fields["member_plural"] = Names()
    fields["main_division"] = ""
    if section := top.table("members"):
        pattern = section.text("code_pattern") or ANY_CODE
        try:
            re.compile(pattern)
        except re.error as error:
            section.fault(f'"code_pattern" is not a regular expression: {error}.', "code_pattern")
            pattern = ANY_CODE
        fields["main_division"] = section.choice("main_division", sorted(division_kinds))
        fields["member_singular"] = section.names("singular", languages)
        fields["member_plural"] = section.names("plural", languages)
        section.finish()
    fields["ignored_prefixes"] = ()
    if top.has("sorting") and (section := top.table("sorting")):
        fields["ignored_prefixes"] = section.words("ignored_prefixes", optional=True)
        section.finish()
    fields["email"] = fields["website"] = ""
    if section := top.table("contact"):
        fields["email"] = section.text("email", pattern=r"[^@\s]+@[^@\s]+\.[^@\s]+")
        fields["website"] = section.text("website", optional=True, pattern="https://.*")
        section.finish()
    fields["country"], fields["extra_closed_days"] = "", frozenset()
    if section := top.table("calendar"):
        fields["country"] = section.text("country", pattern="[A-Z]{2}")
        fields["extra_closed_days"] = section.days("extra_closed_days")
        section.finish()
    fields.update(
        key=top.text("key", pattern=settings.KEY),
        version=top.text("version", pattern=r"\d+\.\d+\.\d+"),
        names=top.names("name", languages),
        short_names=top.names("short_name", languages),
        notices=top.names("notice", languages) if top.has("notice") else Names(),
        theme_class=top.text("theme_class", pattern="[a-z][a-z0-9-]*"),
    )
    starts = top.day("register_starts") or settings.NO_DAY
    return _Head(pattern, starts, fields)


def _read_members(folder: Path, schema: MemberSchema, faults: Faults) -> list[MemberRecord]:
    try:
        text = (folder / FILE).read_text(encoding="utf-8")
    except FileNotFoundError:
        faults.add(FILE, 1, "The file is missing.")
        return []
    except UnicodeDecodeError:
        faults.add(FILE, 1, "The file is not UTF-8 text.")
        return []
    members = parse_members(text, schema, faults)
    check_members(members, faults)
    if not members and not faults:
        faults.add(FILE, 1, "There are no members.")
    return members


def _read_origin(
    origin: Table | None, members: list[MemberRecord], sources: list[SourceRecord], *, has_changes: bool
) -> dict[date, str]:
    """Check [files], and give the source of each population column."""
    if origin is None:
        return {}
    known = {source.key for source in sources}
    if files := origin.table("files"):
        for file in (*TABLES, network_files.CHANGES) if has_changes else TABLES:
            for source in files.words(file):
                if source not in known:
                    files.fault(f'The source "{source}" is not among the sources.', file)
        files.finish()
    days: dict[date, str] = {}
    for entry in origin.tables("populations"):
        day, source = entry.day("day"), entry.choice("source", sorted(known))
        if day in days:
            entry.fault(f"{day} stands there already.", "day")
        if day:
            days[day] = source
        entry.finish()
    counted = {day for member in members for day in member.populations}
    for day in sorted(counted - set(days)):
        origin.fault(f"No source is given for the population on {day}.", "populations")
    if members:
        for day in sorted(set(days) - counted):
            origin.fault(f"There is no population on {day} in members.csv.", "populations")
    return days


def _populations(
    members: list[MemberRecord], sources: dict[date, str], uncertain: list[UncertainRecord]
) -> list[PopulationRecord]:
    doubts = {(u.member, column): u.how for u in uncertain for column in u.columns}
    return [
        PopulationRecord(
            member.code,
            day,
            inhabitants,
            sources.get(day, ""),
            doubts.get((member.code, f"{POPULATION}{day}"), "read"),
        )
        for member in members
        for day, inhabitants in sorted(member.populations.items())
    ]
