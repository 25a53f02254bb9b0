"""`omkering engine …` on files: the keys, the exit codes, and one sentence for bad input."""

import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from omkering.cli.engine import app

ROLL = "member,weight,province,network\na,10,Noord,X|Y\nb,5,Zuid,\nc,3,Zuid,Y\n"
RULE = {
    "kind": "for_against_abstain",
    "threshold": {"numerator": 1, "denominator": 2, "strict": True, "base": "cast_without_abstentions"},
}


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "roll.csv").write_text(ROLL, encoding="utf-8")
    (tmp_path / "rule.json").write_text(json.dumps(RULE), encoding="utf-8")
    return tmp_path


def run(*arguments, stdin=""):
    return CliRunner().invoke(app, list(arguments), input=stdin)


def tally(ballots, *more):
    return run("tally", "-", "--roll", "roll.csv", "--rule", "rule.json", *more, stdin=ballots)


def test_the_menu_opens_without_loading_the_engine():
    """`omkering --help` must not wait for NumPy."""
    code = "import sys, omkering.cli.engine; sys.exit(bool({'numpy', 'numba', 'scipy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_tally_prints_one_object(files):
    done = tally("member,choice,votes\na,for,6\na,against,4\nb,for,\n", "--json")
    assert done.exit_code == 0, done.output
    data = json.loads(done.stdout)
    assert (data["outcome"], data["base"], data["required"], data["absent"]) == ("adopted", 15, 8, 1)
    assert data["votes"] == {"for": 11, "against": 4, "abstain": 0}
    assert data["heads"] == {"for": 1, "against": 0, "abstain": 0}
    assert data["slices"]["network"] == {
        "X": {"for": 6, "against": 4, "abstain": 0},
        "Y": {"for": 6, "against": 4, "abstain": 0},
    }


def test_tally_prints_tables_for_people(files):
    done = tally("member;choice\na;for\nb;against\n")
    assert done.exit_code == 0
    assert "Outcome: adopted" in done.stdout
    assert "Zuid" in done.stdout
    assert "threshold_met" in done.stdout


def test_presence_is_read_from_its_own_file(files):
    (files / "present.csv").write_text("member\na\nc\n", encoding="utf-8")
    done = tally("member,choice\na,for\n", "--present", "present.csv", "--json")
    assert json.loads(done.stdout)["absent"] == 1
    done = tally("member,choice\nb,for\n", "--present", "present.csv")
    assert (done.exit_code, "line 2: member b casts a ballot but is not present" in done.stderr) == (2, True)
    (files / "present.csv").write_text("member\nz\n", encoding="utf-8")
    done = tally("member,choice\na,for\n", "--present", "present.csv")
    assert done.stderr == "present.csv, line 2: member z is not on the roll.\n"


@pytest.mark.parametrize(
    ("ballots", "message"),
    [
        ("member,choice\na,for\nx,for\n", "line 3: member x is not on the roll."),
        ("member,choice\na,for\n\na,for\n", "line 4: a second ballot of member a."),
        ("member,choice,votes\na,for,11\n", "line 2: member a casts 11 votes and has 10."),
        ("member,choice,votes\na,for,1.5\n", "line 2: votes is a whole number, not '1.5'."),
        ("member,choice\na,perhaps\n", "line 2: member a: the rule knows no choice 'perhaps'"),
        ("member,choice\na,\n", "line 2: member a: the ballot names no choice."),
        ("member,choice\na\n", "line 2: has 1 cells where the header has 2."),
        ("member,vote\na,for\n", "line 1: the column choice is missing; the header has member, vote."),
        ("member,choice,member\na,for,b\n", "line 1: the header has the column member twice."),
        ("", "line 1: the column member is missing; the header has nothing."),
        ('member,choice\n"a,for\n', "line 2: is no valid CSV"),
    ],
)
def test_bad_ballots_name_file_line_and_reason(files, ballots, message):
    done = tally(ballots, "--json")
    assert done.exit_code == 2
    assert done.stdout == ""
    assert done.stderr.startswith("standard input, ")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("roll.csv", b"member,weight\na,1\na,2\n", "roll.csv, line 3: member a stands on the roll twice."),
        ("roll.csv", b"member,weight\na,-1\n", "roll.csv, line 2: the weight of member a is a whole number"),
        ("roll.csv", b"member,weight\n,1\n", "roll.csv, line 2: the column member is empty."),
        ("roll.csv", b"member,weight\na,1\n\xff\xfe,2\n", "roll.csv, line 3: is not UTF-8 text."),
        ("roll.csv", b"member,weight\n", "roll.csv: the roll has no members."),
        ("rule.json", b'{"kind":\n', "rule.json, line 2: is no valid JSON"),
        ("rule.json", b"[" * 100_000, "rule.json"),
        ("rule.json", b'{"kind": "x"}', "rule.json: kind is one of"),
    ],
)
def test_bad_rolls_and_rules_name_the_file(files, name, content, message):
    (files / name).write_bytes(content)
    done = tally("member,choice\na,for\n")
    assert done.exit_code == 2
    assert done.stderr.startswith(message)


def test_a_missing_file_and_standard_input_twice_are_refused(files):
    done = run("tally", "none.csv", "--roll", "roll.csv", "--rule", "rule.json")
    assert (done.exit_code, done.stderr) == (2, "none.csv: cannot be read (No such file or directory).\n")
    done = run("tally", "-", "--roll", "-", "--rule", "rule.json")
    assert (done.exit_code, "only one file may be -" in done.stderr) == (2, True)


def test_merkle_proves_and_checks(files):
    log = "one\ntwo\nthree\nfour\nfive\n"
    done = run("merkle", "-", "--index", "2", "--old", "3", "--json", stdin=log)
    assert done.exit_code == 0, done.output
    data = json.loads(done.stdout)
    assert (data["size"], len(data["inclusion"]["proof"]), len(data["consistency"]["proof"])) == (5, 3, 4)
    done = run("merkle", "-", "--check", "--json", stdin=json.dumps(data))
    assert (done.exit_code, json.loads(done.stdout)) == (0, {"inclusion": True, "consistency": True})
    data["inclusion"]["index"] = 1
    done = run("merkle", "-", "--check", "--json", stdin=json.dumps(data))
    assert (done.exit_code, json.loads(done.stdout)) == (1, {"inclusion": False, "consistency": True})


def test_merkle_refuses_in_a_sentence(files):
    done = run("merkle", "-", "--index", "9", stdin="one\n")
    assert (done.exit_code, done.stderr) == (2, "standard input: entry 9 is not in a log of 1 entries.\n")
    done = run("merkle", "-", "--hex", stdin="00\nxy\n")
    assert (done.exit_code, done.stderr) == (2, "standard input, line 2: is no hexadecimal.\n")
    done = run("merkle", "-", "--check", stdin='{"size": 1e999, "root": "00"}')
    assert (done.exit_code, "is not what this command prints" in done.stderr) == (2, True)


def test_merkle_gives_the_known_root(files):
    entries = "\n00\n10\n2021\n3031\n40414243\n5051525354555657\n606162636465666768696a6b6c6d6e6f\n"
    done = run("merkle", "-", "--hex", "--json", stdin=entries)
    root = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    assert json.loads(done.stdout) == {"size": 8, "root": root}


def test_power_prints_one_object(files):
    roll = "member,weight\nd,4\ne,4\nf,4\ng,2\nh,2\nl,1\n"
    done = run("power", "-", "--quota", "12/17", "--json", stdin=roll)
    assert done.exit_code == 0, done.output
    data = json.loads(done.stdout)
    assert (data["total"], data["quota"]) == (17, 12)
    first, last = data["members"][0], data["members"][-1]
    assert (first["member"], first["weight"], first["banzhaf"], first["shapley"]) == ("d", 4, 5 / 21, 14 / 60)
    assert (last["member"], last["banzhaf"], last["shapley"]) == ("l", 0, 0)


def test_power_of_blocs_and_as_a_table(files):
    done = run("power", "roll.csv", "--quota", "1/2", "--strict", "--blocs", "province", "--json")
    data = json.loads(done.stdout)
    assert data["quota"] == 10
    assert [(each["member"], each["weight"], each["shapley"]) for each in data["members"]] == [
        ("Noord", 10, 1.0),
        ("Zuid", 8, 0.0),
    ]
    done = run("power", "roll.csv", "--quota", "1/2", "--strict")
    assert (done.exit_code, "Quota 10 of 18 votes" in done.stdout) == (0, True)


@pytest.mark.parametrize(
    ("roll", "more", "message"),
    [
        (
            "member,weight\na,1\na,2\n",
            ["--quota", "1/2"],
            "standard input, line 3: member a stands on the roll twice.\n",
        ),
        (
            "member,weight\na,-1\n",
            ["--quota", "1/2"],
            "line 2: the weight of member a is at least 0, not -1.\n",
        ),
        ("member,weight\na,x\n", ["--quota", "1/2"], "line 2: weight is a whole number, not 'x'.\n"),
        ("member,weight\na,0\n", ["--quota", "1/2"], "standard input: nobody has a vote.\n"),
        (
            "member,weight\na,1\n",
            ["--quota", "0.5"],
            "--quota: is a fraction of whole numbers such as 2/3, not '0.5'.\n",
        ),
        (
            "member,weight\na,1\n",
            ["--quota", "3/2"],
            "a quota is a fraction above 0 and at most 1, not 3/2.\n",
        ),
        (
            "member,weight\na,1\n",
            ["--quota", "1/1", "--strict"],
            "more than all votes can never be reached.\n",
        ),
        (
            "member,weight\na,1\n",
            ["--quota", "1/2", "--blocs", "p"],
            "line 1: the column p is missing; the header has member, weight.\n",
        ),
    ],
)
def test_power_refuses_in_a_sentence(files, roll, more, message):
    done = run("power", "-", *more, stdin=roll)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.endswith(message)
