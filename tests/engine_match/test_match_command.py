"""`omkering engine match` on files."""

import json

import pytest
from typer.testing import CliRunner

from omkering.cli.engine import app

PEOPLE = """id,member,hours,skills,x,y,reach,consents,lender_consents,conflicts
anna,m1,16,law|data,0,0,50,yes,yes,
bram,m2,8,law,10,0,,ja,ja,m3
cas,m1,40,,0,5,,yes,no,
"""
REQUESTS = """id;member;hours;skills;wishes;places;x;y;priority;consents
r1;m3;8;law;data;2;3;4;2;yes
r2;m4;8;;;1;;;;
"""
SETTINGS = {"balance": {"m1": -20, "m3": 5.5}, "most_lent": {"m1": 8}, "gap": 0.0}


@pytest.fixture(autouse=True)
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    (tmp_path / "requests.csv").write_text(REQUESTS, encoding="utf-8")
    (tmp_path / "settings.json").write_text(json.dumps(SETTINGS), encoding="utf-8")
    return tmp_path


def run(*more, stdin=""):
    return CliRunner().invoke(app, ["match", *more], input=stdin)


def test_one_object_with_matches_reasons_and_what_stays_open():
    done = run("people.csv", "requests.csv", "--settings", "settings.json", "--json")
    assert done.exit_code == 0, done.output
    data = json.loads(done.stdout)
    # Anna alone may serve r1, and m1 lends 8 hours at most, so r2 goes to Bram.
    assert [(m["person"], m["request"], m["hours"]) for m in data["matches"]] == [
        ("anna", "r1", 8),
        ("bram", "r2", 8),
    ]
    first = data["matches"][0]
    assert first["parts"]["filled"] == 200
    assert first["parts"]["near"] == pytest.approx(9)
    assert first["score"] == pytest.approx(sum(first["parts"].values()))
    assert set(first["reasons"]) == {
        "has_skills", "meets_wishes", "near", "lender_owes_hours", "borrower_earned_hours",
    }  # fmt: skip
    assert data["status"] == "optimal"
    assert (data["gap"], data["bound"]) == (0, pytest.approx(data["total"]))
    assert data["unmet"] == [
        {
            "request": "r1",
            "places": 1,
            "could_serve": 1,
            "obstacles": {"no_consent": 1, "conflict_of_interest": 1},
        }
    ]
    assert data["balance"] == {"m1": -12, "m2": 8, "m3": -2.5, "m4": -8}
    assert data["clash"] == []


def test_people_get_tables():
    done = run("people.csv", "requests.csv")
    assert done.exit_code == 0
    assert "optimal: 2 matches" in done.stdout
    assert "no_consent 1" in done.stdout
    assert "lent minus borrowed" in done.stdout


def test_either_file_may_be_standard_input():
    straight = run("people.csv", "requests.csv", "--json").stdout
    assert json.loads(straight)["matches"]
    assert run("-", "requests.csv", "--json", stdin=PEOPLE).stdout == straight
    assert run("people.csv", "-", "--json", stdin=REQUESTS).stdout == straight


def test_demands_that_clash_come_back_with_what_stands_in_the_way(files):
    (files / "settings.json").write_text('{"demands": [{"request": "r1"}, {"person": "anna"}]}')
    done = run("people.csv", "requests.csv", "--settings", "settings.json", "--json")
    data = json.loads(done.stdout)
    assert (done.exit_code, data["status"], data["matches"]) == (0, "clash", [])
    assert data["clash"] == [
        {"person": None, "request": "r1", "obstacles": {"no_consent": 1, "conflict_of_interest": 1}}
    ]
    shown = run("people.csv", "requests.csv", "--settings", "settings.json")
    assert "Demands that cannot all hold" in shown.stdout


def test_reviewers_to_reviews(files):
    """A reviewer is a person with the visits it has a stake in as conflicts."""
    (files / "reviewers.csv").write_text(
        "id,member,hours,conflicts\nv1,m1,16,m2\nv2,m2,16,m3\nv3,m3,16,m1\n", encoding="utf-8"
    )
    (files / "reviews.csv").write_text("id,member,hours\nvisit1,m1,8\nvisit2,m2,8\nvisit3,m3,8\n")
    data = json.loads(run("reviewers.csv", "reviews.csv", "--json").stdout)
    assert [(m["person"], m["request"]) for m in data["matches"]] == [
        ("v2", "visit1"),
        ("v3", "visit2"),
        ("v1", "visit3"),
    ]


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("people.csv", "16,law", "-1,law", "people.csv, line 2: the hours and reach of anna must be 0 or more"),
        ("people.csv", "16,law", "x,law", "people.csv, line 2: hours is a whole number, not 'x'."),
        ("people.csv", "bram,", "anna,", "people.csv, line 3: the id anna stands in the file twice."),
        ("people.csv", "m2,8", ",8", "people.csv, line 3: the column member is empty."),
        ("people.csv", "ja,ja", "ja,mwah", "people.csv, line 3: lender_consents is yes or no, not 'mwah'."),
        ("people.csv", "10,0,", "10,,", "people.csv, line 3: a place has an x and a y, and y is missing."),
        ("people.csv", "10,0,", "nan,0,", "people.csv, line 3: x is a finite number, not 'nan'."),
        ("people.csv", "16,law", f"{10**19},law", "people.csv, line 2: the hours and reach of anna"),
        ("people.csv", "hours", "uren", "people.csv, line 1: the column hours is missing"),
        ("requests.csv", "r2;m4;8", "r2;m4;0", "requests.csv, line 3: the request r2 must ask at least 1 hour"),
        ("requests.csv", "2;yes", "0;yes", "requests.csv, line 2: the priority of the request r1 must be above 0"),
        ("requests.csv", "data;2;", "data;two;", "requests.csv, line 2: places is a whole number, not 'two'."),
        ("settings.json", "balance", "balans", "settings.json: the setting 'balans' is unknown; known are "),
        ("settings.json", "5.5", "NaN", "settings.json: balance of m3 is a finite number, not nan."),
        ("settings.json", '"m1": 8', '"m1": 8.5', "settings.json: most_lent of m1 is a whole number, not 8.5."),
        ("settings.json", '"m1": 8', '"m1": -8', "settings.json: the hours that m1 lends at most must be 0 or more."),
        ("settings.json", '"gap": 0.0', '"gap": 7', "settings.json: gap is from 0 to 1, not 7."),
        ("settings.json", '"gap": 0.0', '"weights": {"fair": 1}', "settings.json: the weight 'fair' is unknown"),
        ("settings.json", '"gap": 0.0', '"weights": {"far": 0}', "settings.json: the weight far must be 0 or more"),
        ("settings.json", '"gap": 0.0', '"demands": [{"request": 3}]', "settings.json: demand 1 has a person, "),
        ("settings.json", '"gap": 0.0', '"demands": [{"request": "z"}]', "settings.json: a demand names the request z"),
        ("settings.json", "{", "[", "settings.json, line 1: is no valid JSON"),
    ],
)  # fmt: skip
def test_bad_input_names_file_line_and_reason(files, name, old, new, message):
    text = (files / name).read_text(encoding="utf-8")
    assert old in text
    (files / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    done = run("people.csv", "requests.csv", "--settings", "settings.json", "--json")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(message)
    assert done.stderr.count("\n") == 1


def test_standard_input_is_read_once():
    done = run("-", "-", stdin=PEOPLE)
    assert (done.exit_code, "only one file may be -" in done.stderr) == (2, True)
