"""An invented association with other words, rules, networks and roles works; nothing Dutch is in the code."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from omkering.engine import weights
from omkering.engine.tally import rules
from omkering.who import association as package
from omkering.who.association import Association, check, load, records

HERE = Path(__file__).resolve().parent
FOLDER = HERE / "example_five"
DUTCH = HERE.parents[1] / "associations" / "nl"


@pytest.fixture(scope="module")
def league() -> Association:
    return load(FOLDER)


def test_the_folder_has_no_fault() -> None:
    assert check(FOLDER) == []


def test_its_own_name_languages_and_words(league: Association) -> None:
    assert league.languages == ("en", "de")
    assert str(league.names) == "League of Harbour Towns"
    assert league.member_plural.get_in("de") == "Städte"
    assert league.notices == {}
    assert league.country == "IE" and date(2024, 5, 27) in league.extra_closed_days
    assert (league.terms.first_reply.amount, league.terms.first_reply.unit) == (3, "weeks")
    assert [v.key for v in league.visibilities] == ["members", "bureau"]
    assert league.size_class(2999).key == "cove" and league.size_class(3000).key == "harbour"


def test_members_come_merge_and_are_sorted_by_its_own_rule(league: Association) -> None:
    assert [m.code for m in league.members_on(date(2020, 1, 1))] == ["ALD", "BRE", "KEL", "SKE"]
    assert [m.code for m in league.members_on(date(2022, 6, 30))] == ["ALD", "BRE", "KEL", "SKE", "ZOL"]
    assert [m.code for m in league.members_on(date(2022, 7, 1))] == ["ALD", "BRE", "SKE", "ZOL"]


def test_its_vote_rule_changes_version(league: Association) -> None:
    before, after = date(2022, 12, 31), date(2024, 1, 1)
    assert league.weights(before, league.weight_rule(before)) == {"ALD": 2, "BRE": 12, "SKE": 2, "ZOL": 7}
    assert league.weights(after, league.weight_rule(after)) == {"ALD": 2, "BRE": 8, "SKE": 6, "ZOL": 8}
    with pytest.raises(LookupError, match="No weight rule"):
        league.weight_rule(date(2019, 5, 31))


def test_a_member_without_a_figure_by_then_is_not_weighed_as_nothing(league: Association) -> None:
    rule = league.weight_rule(date(2021, 1, 1))
    member = league.by_code["ZOL"]
    assert member.population_on(date(2019, 5, 31)) is None
    early = records.MemberRecord("NEW", "New", date(2018, 1, 1), None, None, None, {}, {date(2020, 1, 1): 5})
    with pytest.raises(LookupError, match="New has no population on or before 2019-01-01"):
        replace(league, members=(early,)).weights(date(2019, 1, 1), rule)


def test_networks_with_gaps_and_bounds(league: Association) -> None:
    def pilots(*day: int) -> list[str]:
        return league.network_members_on("pilots", date(*day))

    assert pilots(2019, 12, 31) == []  # not founded
    assert pilots(2020, 6, 1) == ["ALD", "KEL"]
    assert pilots(2021, 6, 1) == ["KEL"]  # one left for a year
    assert pilots(2022, 6, 30) == ["ALD", "KEL"]
    assert pilots(2022, 7, 1) == ["ALD"]  # the other ended as a member
    known = {(m.member, m.starts): m.start_known for m in league.network_memberships if m.network == "pilots"}
    assert known == {
        ("ALD", date(2020, 1, 1)): False,
        ("KEL", date(2020, 1, 1)): False,
        ("ALD", date(2022, 1, 1)): True,
    }


def test_a_member_that_changes_shore_changes_council(league: Association) -> None:
    assert league.network_members_on("north-council", date(2023, 12, 31)) == ["ALD", "BRE"]
    assert league.network_members_on("north-council", date(2024, 1, 1)) == ["ALD", "BRE", "ZOL"]
    moved = [(m.code, m.starts, m.ends) for m in league.division_memberships if m.member == "ZOL"]
    assert moved == [("SOUTH", date(2021, 1, 1), date(2024, 1, 1)), ("NORTH", date(2024, 1, 1), None)]


def test_its_roles(league: Association) -> None:
    assert [role.key for role in league.roles_with("vote")] == ["provost"]
    assert league.role_by_key["provost"].second_factor
    assert league.role_by_key["guild-speaker"].held_at == "network"


def test_its_parties_and_who_one_speaks_to(league: Association) -> None:
    ministry = league.organisation("sea-ministry")
    assert (ministry.kind, ministry.abbreviation, ministry.website) == (
        "ministry",
        "MoS",
        "https://sea.example",
    )
    assert [(c.key, c.email) for c in ministry.contacts] == [
        ("harbour-desk", "harbours@sea.example"),
        ("lamp-office", ""),
    ]
    assert league.organisation("rope-makers").contacts == ()
    with pytest.raises(LookupError, match='There is no organisation "navy"'):
        league.organisation("navy")


def test_its_challenges_hang_together(league: Association) -> None:
    assert [c.key for c in league.challenges] == ["silt", "darkness", "storms"]
    found = league.challenge_of_theme("dredging")
    assert found is league.challenge("silt") and found.body == "great-moot"
    assert league.challenge("storms").theme is None and league.challenge_of_theme("whales") is None
    assert [(c.first, c.second, c.kind) for c in league.couplings] == [
        ("silt", "storms", "needs_first"),
        ("storms", "darkness", "needs_first"),
        ("darkness", "silt", "competes_money"),
    ]
    (conflict,) = league.conflicts
    assert (conflict.first.party, conflict.second.party) == ("sea-ministry", None)
    assert conflict.challenges == ("silt", "darkness") and str(conflict.second.laws) == "Harbour act"


def test_its_models_of_co_operation(league: Association) -> None:
    assert [(m.number, m.key) for m in league.cooperation_models] == [(1, "towed"), (2, "under-sail")]
    route = league.cooperation_model("towed").route("long-rope")
    step = route.step("pulled")
    assert step.leader == "both" and step.requires == ("owner", "party")
    assert step.term == records.Term(2, "weeks") and route.step("tied").term is None
    assert route.following("tied") == step and route.following(records.CLOSED) is None
    for look in (
        lambda: route.step("cut"),
        lambda: league.cooperation_model("rowed"),
        lambda: league.cooperation_model("towed").route("short-rope"),
    ):
        with pytest.raises(LookupError, match="There is no"):
            look()


def test_the_words_of_rules_are_those_of_the_engine() -> None:
    assert get_args(weights.Rounding) == records.ROUNDINGS
    assert get_args(rules.Base) == records.BASES
    assert set(get_args(rules.Measure)) == set(records.MEASURES)


def test_nothing_of_the_dutch_association_is_in_the_code() -> None:
    dutch = load(DUTCH)
    own = {
        *(m.code for m in dutch.members),
        *(m.name for m in dutch.members),
        *(d.code for d in dutch.divisions if not d.code.isdigit()),
        *(d.name for d in dutch.divisions),
        *(kind.key for kind in (*dutch.division_kinds, *dutch.network_kinds, *dutch.body_kinds)),
        *(record.key for record in (*dutch.roles, *dutch.themes, *dutch.bodies, *dutch.networks)),
        *(record.key for record in (*dutch.organisations, *dutch.challenges, *dutch.conflicts)),
        *(record.key for record in dutch.cooperation_models),
        *(text for record in (*dutch.organisations, *dutch.challenges) for text in record.names.values()),
        *(rule.key for rule in (*dutch.weight_rules, *dutch.threshold_rules, *dutch.quorum_rules)),
        *(text for record in (*dutch.roles, *dutch.themes, *dutch.bodies) for text in record.names.values()),
        *dutch.names.values(),
        *dutch.short_names.values(),
        *dutch.ignored_prefixes,
        *("nl", "NL", dutch.schema.code_pattern, dutch.theme_class),
    }
    # The platform's own words, and the name of a setting.
    own -= {*records.HOLDERS, *records.VISIBILITIES, *records.POWERS["body"], *records.ORGANISATION_KINDS}
    own -= {"theme"}
    found = own & set(_literals(Path(package.__file__).parent))
    assert found == set()


def _literals(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
