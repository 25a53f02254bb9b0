"""The page on the engine keeps up with the code: its tests exist, its commands are those there are."""

import re
from pathlib import Path

from omkering.cli.engine import app

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "engine.md").read_text(encoding="utf-8")


def test_every_test_that_is_named_exists():
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)
    assert len(named) >= 14
    for file, test in named:
        assert re.search(rf"^def {test}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE), test
    for file in re.findall(r"`(tests/[\w/]+\.py)`", PAGE):
        assert (ROOT / file).is_file()


def test_each_known_fault_names_a_test():
    table = PAGE.split("## Known faults of others")[1]
    rows = [line for line in table.splitlines() if line.startswith("|")][2:]
    assert len(rows) >= 10
    assert all("::test_" in row for row in rows)


def test_the_commands_are_those_there_are():
    told = re.findall(r"^\| `(\w+) [A-Z]", PAGE, re.MULTILINE)
    assert sorted(told) == sorted(each.name or each.callback.__name__ for each in app.registered_commands)
    for name in told:
        assert f"omkering engine {name} " in PAGE
