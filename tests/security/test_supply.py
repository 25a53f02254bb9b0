"""What production installs is pinned by hash, listed in a valid bill of materials, and named nowhere by its index."""

import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from unittest.mock import patch

import pytest

pytestmark = pytest.mark.xdist_group("supply")  # one bill of materials for all of them
ROOT = Path(__file__).parents[2]
REQUIREMENTS = sorted((ROOT / "requirements").glob("*.txt"))
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==(\S+)", re.M)


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.stem)
def test_every_requirement_is_pinned_with_hashes_and_no_index_is_named(path):
    text = path.read_text()
    blocks = [block for block in re.split(r"\n(?=\S)", text.strip()) if not block.startswith("#")]
    assert blocks and all(PIN.match(block) and "--hash=sha256:" in block for block in blocks)
    assert not re.search(r"https?://|--index|--find-links|--trusted", text)


@pytest.fixture(scope="module")
def bill(tmp_path_factory) -> dict:
    # Here, for it takes seconds to import, and every worker imports every test.
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator
    from jsonschema import _format

    target = tmp_path_factory.mktemp("sbom") / "sbom.cdx.json"
    texts = []
    for _ in range(2):  # the second time over the first
        subprocess.run(
            [sys.executable, "scripts/sbom.py", "requirements/base.txt", str(target)], cwd=ROOT, check=True
        )
        texts.append(target.read_text())
    text = texts[0]
    assert texts[1] == text
    # A package is named at each of its files, and it takes long to judge a name.
    judged = cache(_format._rfc3987_is_valid_syntax)
    with patch.object(_format, "_rfc3987_is_valid_syntax", judged):
        fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    assert fault is None, fault
    assert judged.cache_info().currsize == len(json.loads(text)["components"])
    return json.loads(text)


def test_the_bill_of_materials_is_complete(bill):
    pinned = {
        name.lower(): version for name, version in PIN.findall((ROOT / "requirements/base.txt").read_text())
    }
    assert {part["name"]: part["version"] for part in bill["components"]} == pinned
    assert bill["metadata"]["component"]["name"] == "omkering"
    for part in bill["components"]:
        assert part["purl"] == f"pkg:pypi/{part['name']}@{part['version']}"
        digests = [mark["content"] for file in part["externalReferences"] for mark in file["hashes"]]
        assert digests and all(re.fullmatch("[0-9a-f]{64}", digest) for digest in digests)


def test_who_asks_for_what_is_known(bill):
    asks = {entry["ref"]: set(entry.get("dependsOn", [])) for entry in bill["dependencies"]}
    of_django = next(ref for ref in asks if ref.startswith("django@"))
    assert any(ref.startswith("sqlparse@") for ref in asks[of_django])
    assert of_django in asks["omkering"]
    licensed = [part for part in bill["components"] if part.get("licenses")]
    assert len(licensed) > len(bill["components"]) * 0.8


def test_a_requirement_without_a_hash_is_refused(tmp_path):
    (tmp_path / "bad.txt").write_text("django==5.2\n")
    done = subprocess.run(
        [sys.executable, "scripts/sbom.py", str(tmp_path / "bad.txt"), str(tmp_path / "out.json")],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0 and "no hash for django" in done.stderr
