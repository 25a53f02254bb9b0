"""`omkering engine similar` on files: its JSON, its table, and bad input in one sentence."""

import json

import pytest
from typer.testing import CliRunner

from omkering.cli.engine import app

TEXTS = """id,bundle,text
07,,Het zwembad moet dicht omdat er geen badmeesters te vinden zijn.
b1,bad,"Zwemles valt uit, want het zwembad vindt geen badmeester."
b2,bad,Ons zwembad draait halve dagen door gebrek aan zwemonderwijzers.
e1,,Inwoners kunnen hun energierekening niet meer betalen.
e2,,Huishoudens in financiële problemen door hoge gasprijzen.
w1,,De wolf is gezien bij een schaapskooi.
"""


@pytest.fixture
def run(tmp_path):
    def run(content, *options):
        path = tmp_path / "texts.csv"
        path.write_text(content, encoding="utf-8")
        return CliRunner().invoke(app, ["similar", str(path), *options])

    return run


def test_bundles_as_json(run):
    data = json.loads(run(TEXTS, "--json").stdout)
    bad, energy = data["bundles"]
    assert bad["id"] == "bad" and bad["accepted"] is True
    assert bad["members"] == ["b1", "b2"] and bad["joining"] == ["07"]
    assert energy["accepted"] is False and energy["members"] == ["e1", "e2"]
    assert all(len(bundle["name"]) == 3 for bundle in data["bundles"])
    assert data["loose"] == ["w1"]
    assert all(set(pair) == {"a", "b", "score"} for pair in data["pairs"])
    assert {("07", "b1")} <= {(pair["a"], pair["b"]) for pair in data["pairs"]}


def test_an_accepted_bundle_keeps_its_name_when_texts_are_added(run):
    more = TEXTS + "n1,,Het zwembad sluit voor renovatie van de kleedkamers.\nn2,,Badmeester gezocht.\n"
    before, after = (json.loads(run(texts, "--json").stdout)["bundles"][0] for texts in (TEXTS, more))
    assert (before["id"], before["name"], before["members"]) == (after["id"], after["name"], after["members"])


def test_a_given_name_is_kept_and_afresh_ignores_bundles(run):
    named = "id,bundle,name,text\na,x,eigen naam hier,Zwembad dicht\nb,x,,Zwembad zonder badmeester\n"
    (bundle,) = json.loads(run(named, "--json").stdout)["bundles"]
    assert bundle["name"] == ["eigen", "naam", "hier"]
    assert not any(
        each["accepted"] for each in json.loads(run(named, "--json", "--afresh").stdout)["bundles"]
    )


def test_nearest(run):
    query = "Inwoners kunnen hun energierekening niet betalen"
    data = json.loads(run(TEXTS, "--nearest", query, "--count", "2", "--json").stdout)
    assert [each["id"] for each in data["nearest"]] == ["e1", "e2"]
    assert data["nearest"][0]["score"] > data["nearest"][1]["score"]


def test_tables_for_people(run):
    shown = run(TEXTS)
    assert shown.exit_code == 0
    assert "1 accepted and 1 suggested bundles, 1 loose texts." in shown.stdout
    assert "energierekening" in run(TEXTS, "--nearest", "gas").stdout


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("id,body\n1,een\n", "texts.csv, line 1: the column text is missing; the header has id, body."),
        ("id,text\n1,een\n1,twee\n", "texts.csv, line 3: the id 1 also stands on line 2."),
        ("id,text\n1,\n", "texts.csv, line 2: the column text is empty."),
        ("id,text\n,een\n", "texts.csv, line 2: the column id is empty."),
        ("id,text\n1,een,twee\n", "texts.csv, line 2: has 3 cells where the header has 2."),
    ],
)
def test_bad_input_is_one_sentence(run, content, sentence):
    refused = run(content, "--json")
    assert refused.exit_code == 2
    assert refused.stdout == ""
    assert refused.stderr.strip().endswith(sentence)


def test_no_texts(run):
    assert json.loads(run("id,text\n", "--json").stdout) == {"bundles": [], "loose": [], "pairs": []}
