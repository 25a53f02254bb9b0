"""The shipped folder says what its sources say, and holds together."""

import csv
import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from omkering.who.association import Association, check, load
from omkering.who.association.records import COUPLING_KINDS

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "associations" / "nl"
SHARED = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="module")
def nl() -> Association:
    return load(FOLDER)


def shared(name: str) -> list[dict[str, str]]:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"the source table {name} is not beside the project")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_folder_has_no_fault() -> None:
    assert check(FOLDER) == []


@pytest.mark.parametrize(
    ("day", "members"),
    [
        (date(2021, 12, 31), 0),
        (date(2022, 1, 15), 345),
        (date(2022, 3, 23), 345),
        (date(2022, 3, 24), 344),
        (date(2022, 6, 1), 344),
        (date(2022, 12, 31), 344),
        (date(2023, 1, 1), 342),
        (date(2023, 6, 1), 342),
    ],
)
def test_how_many_members_on_a_day(nl: Association, day: date, members: int) -> None:
    assert len(nl.members_on(day)) == members


def test_mergers(nl: Association) -> None:
    ended = {m.name: (m.ends, nl.by_code[m.successor].name) for m in nl.members if m.ends and m.successor}
    assert ended == {
        "Weesp": (date(2022, 3, 24), "Amsterdam"),
        "Brielle": (date(2023, 1, 1), "Voorne aan Zee"),
        "Hellevoetsluis": (date(2023, 1, 1), "Voorne aan Zee"),
        "Westvoorne": (date(2023, 1, 1), "Voorne aan Zee"),
    }


@pytest.mark.parametrize(
    ("day", "with_cap", "without"),
    [
        (date(2022, 1, 15), 13_284, 17_758),
        (date(2022, 6, 1), 13_263, 17_758),
        (date(2026, 6, 1), 13_496, 18_303),
    ],
)
def test_votes_with_and_without_the_cap(nl: Association, day: date, with_cap: int, without: int) -> None:
    capped = nl.weights(day, nl.weight_rule(day))
    free = nl.weights(day, nl.weight_rule(day, "per-1000-no-cap"))
    assert (sum(capped.values()), sum(free.values())) == (with_cap, without)
    assert max(capped.values()) == 75


def test_the_cap_decides_what_the_four_largest_weigh(nl: Association) -> None:
    day = date(2026, 6, 1)
    four = nl.network_members_on("g4", day)
    capped = nl.weights(day, nl.weight_rule(day))
    free = nl.weights(day, nl.weight_rule(day, "per-1000-no-cap"))
    assert round(1000 * sum(capped[m] for m in four) / sum(capped.values())) == 22
    assert round(1000 * sum(free[m] for m in four) / sum(free.values())) == 140


@pytest.mark.parametrize("day", [date(2022, 1, 1), date(2022, 3, 24), date(2022, 12, 31), date(2023, 1, 1)])
def test_nobody_is_counted_twice_or_lost_by_a_merger(nl: Association, day: date) -> None:
    assert sum(m.population_on(day) or 0 for m in nl.members_on(day)) == 17_590_672


def test_what_was_not_read_from_a_source_says_so(nl: Association) -> None:
    doubtful = {(p.member, p.certainty) for p in nl.populations if p.certainty != "read"}
    assert doubtful == {("GM0457", "recalled"), ("GM0363", "derived"), ("GM1992", "derived")}
    assert not nl.weight_rule(date(2022, 6, 1)).verified


def test_every_member_of_a_day_has_its_own_tile(nl: Association) -> None:
    for day in (date(2022, 1, 15), date(2022, 6, 1), date(2023, 6, 1)):
        members = nl.members_on(day)
        assert len({m.tile for m in members if m.tile}) == len(members)


def test_networks_and_which_lists_are_whole(nl: Association) -> None:
    sizes = {
        n.key: (len(nl.network_members_on(n.key, date(2024, 1, 1))), n.complete) for n in nl.networks[:5]
    }
    assert sizes == {
        "g4": (4, True),
        "g40": (41, True),
        "m50": (61, True),
        "p10": (22, False),
        "k80": (11, False),
    }
    assert len(nl.network_members_on("g40", date(2022, 6, 30))) == 40
    assert nl.network_members_on("k80", date(2022, 2, 24)) == []
    assert "GM1992" not in nl.network_members_on("m50", date(2022, 12, 31))


def test_chapters_follow_the_provinces(nl: Association) -> None:
    chapters = [n for n in nl.networks if n.kind == "chapter"]
    now = {n.name: len(nl.network_members_on(n.key, date(2023, 6, 1))) for n in chapters}
    assert now == {
        "Afdeling Noord-Brabant": 56,
        "Afdeling Gelderland": 51,
        "Afdeling Zuid-Holland": 50,
        "Afdeling Noord-Holland": 44,
        "Afdeling Limburg": 31,
        "Afdeling Utrecht": 26,
        "Afdeling Overijssel": 25,
        "Afdeling Fryslân": 18,
        "Afdeling Zeeland": 13,
        "Afdeling Drenthe": 12,
        "Afdeling Groningen": 10,
        "Afdeling Flevoland": 6,
    }
    first = sum(len(nl.network_members_on(n.key, date(2022, 1, 15))) for n in chapters)
    assert first == 345


def test_neighbours(nl: Association) -> None:
    assert len(nl.neighbours) == 881
    assert ("GM0363", "GM0362") not in nl.neighbours and ("GM0362", "GM0363") in nl.neighbours


def test_roles_of_the_bureau_need_a_second_factor(nl: Association) -> None:
    for role in (*nl.roles_with("review"), *nl.roles_with("administer")):
        assert role.second_factor
    assert {role.held_at for role in nl.roles_with("report")} == {"member"}


def test_parties_outside(nl: Association) -> None:
    kinds = Counter(party.kind for party in nl.organisations)
    assert kinds == {
        "ministry": 15,
        "province": 13,
        "water_board": 1,
        "eu": 2,
        "company": 6,
        "civil_society": 4,
        "government": 5,
    }
    with_contacts = {party.key: len(party.contacts) for party in nl.organisations if party.contacts}
    assert with_contacts == {"bzk": 3, "ienw": 3, "kgg": 2, "vro": 2, "vws": 3, "netbeheer-nederland": 2}
    assert not any(contact.email for party in nl.organisations for contact in party.contacts)


def test_challenges_hang_together_and_under_the_themes(nl: Association) -> None:
    assert (len(nl.challenges), len(nl.couplings), len(nl.conflicts)) == (19, 36, 5)
    assert all(challenge.theme and challenge.body for challenge in nl.challenges)
    coupled = {key for coupling in nl.couplings for key in (coupling.first, coupling.second)}
    assert coupled == {challenge.key for challenge in nl.challenges}
    assert {coupling.kind for coupling in nl.couplings} == set(COUPLING_KINDS)
    for theme in nl.themes:
        challenge = nl.challenge_of_theme(theme.key)
        assert challenge is None or challenge.body == theme.body


def test_the_three_models_of_co_operation(nl: Association) -> None:
    routes = {(m.key, r.key): [s.key for s in r.steps] for m in nl.cooperation_models for r in m.routes}
    assert [model.number for model in nl.cooperation_models] == [1, 2, 3]
    assert {key: len(steps) for key, steps in routes.items()} == {
        ("medebewind", "standaard"): 7,
        ("een_overheid", "standaard"): 7,
        ("omgekeerd_medebewind", "overleg_vooraf"): 10,
        ("omgekeerd_medebewind", "eerst_beginnen"): 11,
    }
    consult, start = (routes["omgekeerd_medebewind", way] for way in ("overleg_vooraf", "eerst_beginnen"))
    assert [step for step in start if step != "in_practice"] == consult
    asked = nl.cooperation_model("omgekeerd_medebewind").route("eerst_beginnen").step("conditions_asked")
    assert set(asked.requires) == {"solution", "pilot", "condition", "party", "pilot_running"}
    for model in nl.cooperation_models:
        for route in model.routes:
            assert route.steps[-1].requires == ("result",)


def test_every_text_is_there_in_dutch_and_english(nl: Association) -> None:
    steps = [step for model in nl.cooperation_models for route in model.routes for step in route.steps]
    contacts = [contact for party in nl.organisations for contact in party.contacts]
    for record in (
        *(*nl.themes, *nl.bodies, *nl.roles, *nl.networks, *nl.divisions, *nl.weight_rules),
        *(*nl.organisations, *contacts, *nl.challenges, *nl.conflicts, *nl.cooperation_models, *steps),
    ):
        assert set(record.names) == {"nl", "en"} and all(record.names.values())
    assert nl.bodies[0].names.get_in("en-gb") == "General assembly of members"
    assert str(nl.names) == "Vereniging van Nederlandse Gemeenten"


def test_the_hague_stands_under_g(nl: Association) -> None:
    names = [m.name for m in nl.members_on(date(2024, 1, 1))]
    place = names.index("'s-Gravenhage")
    assert names[place - 1].startswith("Go") and names[place + 1] == "Groningen"


def test_figures_are_those_of_the_source_tables(nl: Association) -> None:
    for row in shared("municipalities_2022_344.csv"):
        member = nl.by_code[row["gm_code"]]
        inhabitants = member.population_on(date(2022, 6, 1))
        assert (member.name, inhabitants) == (row["naam"], int(row["inwoners_20220101"]))
        assert nl.size_class(inhabitants).key == row["grootteklasse_code"]
        columns = {"politie": "politie_eenheid", "urbanity": "stedelijkheid", "veilig-thuis": "veilig_thuis"}
        columns["province"] = "provincie"
        for kind in nl.division_kinds:
            assert member.divisions[kind.key] == row[columns.get(kind.key, kind.key) + "_code"]
    for row in shared("municipalities_2023_342.csv"):
        assert nl.by_code[row["gm_code"]].population_on(date(2026, 6, 1)) == int(row["inwoners_recent"])


def test_tiles_neighbours_and_lists_are_those_of_the_source_tables(nl: Association) -> None:
    for row in shared("tile_map.csv"):
        assert nl.by_code[row["gm_code"]].tile == (int(row["column"]), int(row["row"]))
    edges = json.loads((SHARED / "neighbours_2026.json").read_text(encoding="utf-8"))
    assert nl.neighbours == {(min(a, b), max(a, b)) for a, others in edges.items() for b in others}
    listed = Counter(row["netwerk"].lower() for row in shared("network_members.csv"))
    listed["p10"] -= 1  # one that had left before the register begins
    shipped = Counter(m.network for m in nl.network_memberships if m.network in listed)
    assert shipped == listed
