"""How bodies meet, as an association says it: which rules hold when, and every fault with its line."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from omkering.who.association import check, load
from tests.association.test_faults import FOLDER, edit

FILE = "meetings.toml"
CASES = [
    ('kinds = ["moot"]\nelectorate = "members"\nquorum = "three-fifths-of-towns"\ndecision_rule = "charter"\n'
     "deadlines = { agenda = { days = 20",
     'kinds = ["club"]\nelectorate = "members"\nquorum = "three-fifths-of-towns"\ndecision_rule = "charter"\n'
     "deadlines = { agenda = { days = 20", 7, 'holds "club"; it may hold: moot'),
    ("days = 20, hour = 9", "days = 0, hour = 9", 11, '"days" is 0; it must be at least 1.'),
    ("days = 20, hour = 9", "days = 20, hour = 24", 11, '"hour" is 24; it must be at most 23.'),
    ("{ agenda = { days = 20, hour = 9 } }", "{ supper = { days = 20, hour = 9 } }", 11, '"supper" is not known'),
    ("days = 20, hour = 9 }", "days = 20 }", 11, '"hour" is missing.'),
    ("numerator = 1, denominator = 5", "numerator = 6, denominator = 5", 27, "6/5 is more than the whole."),
    ("request_weeks = 6\n", "", 17, '"request_weeks" is missing.'),
    ('bodies = ["great-moot"]\n', "", 34, 'It needs "kinds", "bodies" or both.'),
    ('decision_rule = "show-of-hands"', 'decision_rule = "shouting"', 42, '"decision_rule" is "shouting"'),
    ("proxy = false\n", "proxy = true\n", 43, "Who sits on a seat cannot give a proxy"),
    ("proxy = false\nsplit = false", "proxy = false\nsplit = true", 44, "which cannot be divided"),
    ("proxy = false\n", "proxy = false\nproxies_per_holder = 2\n", 44, 'Without "proxy" nobody holds one'),
    ("version = 2", "version = 1", 19, "moots version 1 stands there already."),
    ("ends = 2023-01-01", "ends = 2023-01-02", 22, "moot meets by moots version 1 already."),
    ("ends = 2023-01-01", "ends = 2019-01-01", 6, "which is not after its first day"),
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "a folder"))


@pytest.mark.parametrize(("old", "new", "line", "reason"), CASES)
def test_each_fault_has_its_line(folder: Path, old: str, new: str, line: int, reason: str) -> None:
    edit(folder, FILE, old, new)
    found = [(fault.line, fault.reason) for fault in check(folder) if fault.file == FILE]
    assert any(at == line and reason in words for at, words in found), found


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2019, 5, 31), None),
        (date(2022, 12, 31), ("moots", 1)),
        (date(2023, 1, 1), ("moots", 2)),
        (date(2024, 1, 1), ("great-moot", 1)),  # the rules of a body go before those of its kind
    ],
)
def test_the_rules_of_a_day(day: date, expected: tuple[str, int] | None) -> None:
    rules = load(FOLDER).rules_of_meeting(day, body="great-moot", kind="moot")
    assert (rules and (rules.key, rules.version)) == expected


def test_the_shipped_association_keeps_a_tenth_and_four_weeks_as_data() -> None:
    folder = load(FOLDER.parents[2] / "associations" / "nl")
    rules = folder.rules_of_meeting(date(2026, 6, 1), body="alv", kind="assembly")
    assert rules is not None and rules.request == (1, 10) and rules.request_weeks == 4
    assert {key: deadline.days for key, deadline in rules.deadlines.items()} == {
        "agenda": 28,
        "amendments": 13,
        "motions": 13,
    }
    assert not rules.verified  # said on the pages
    committee = folder.rules_of_meeting(date(2026, 6, 1), body="financien", kind="committee")
    assert committee is not None and committee.electorate == "seats" and not committee.proxy
