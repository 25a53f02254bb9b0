"""The table of `docs/security.md` is true: sixteen rows, and each names tests and places that exist."""

import ast
import re
from pathlib import Path

from omkering.config import settings as product

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text()
ROWS = re.findall(r"^\| (\d+) \|([^|]*)\|([^|]*)\|([^|]*)\|$", PAGE, re.M)


def functions_of(path: Path) -> set[str]:
    return {node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)}


def test_there_are_sixteen_rows_each_with_a_test():
    assert [int(number) for number, *_rest in ROWS] == list(range(1, 17))
    for number, _what, how, proof in ROWS:
        assert "`tests/" in proof and how.strip(), number


def test_every_test_named_exists():
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", PAGE)
    assert len(named) > 40
    for file, function in named:
        path = ROOT / file
        assert path.is_file(), file
        if function:
            assert function.startswith("test_") and function in functions_of(path), f"{file}::{function}"


def test_every_place_named_exists():
    places = re.findall(r"`((?:config|web|ui|who|listen|journal|docs)/[\w/]+\.(?:py|toml|sql))`", PAGE)
    assert len(places) > 10
    for place in places:
        assert (ROOT / place).is_file() or (ROOT / "omkering" / place).is_file(), place


def test_every_way_out_is_in_the_register_of_systems():
    """A setting that names another machine stands in the table of systems."""
    section = PAGE.partition("## Systems and interfaces")[2].partition("\n## ")[0]
    source = Path(product.__file__).read_text()
    read = set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", source))
    ways = {name for name in read if name.endswith(("_HOST", "_URL", "_PROVIDERS", "_SCANNER", "_TOKEN"))}
    assert {"EMAIL_HOST", "DATABASE_URL"} <= ways
    for name in ways - {"SITE_URL"}:  # our own address
        assert f"`{name}`" in section, name
