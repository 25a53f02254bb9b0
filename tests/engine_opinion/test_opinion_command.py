"""`omkering engine opinion`: its keys, its memory and one sentence for bad input."""

import json

import typer
from typer.testing import CliRunner

from omkering.cli.engine import opinion
from tests.engine_opinion.test_opinion_map import camps

app = typer.Typer()
app.callback()(lambda: None)
opinion.register(app)


def run(*arguments, stdin=""):
    return CliRunner().invoke(app, ["opinion", *arguments], input=stdin)


def long(votes):
    lines = ["participant,statement,vote"]
    for i, row in enumerate(votes):
        lines += [f"p{i},s{j},{int(vote)}" for j, vote in enumerate(row) if vote == vote]
    return "\n".join(lines) + "\n"


def test_prints_one_object_with_the_named_keys(tmp_path):
    votes, _ = camps([20, 15])
    done = run("-", "--exclude", "s3", "--json", stdin=long(votes))
    assert done.exit_code == 0, done.output
    data = json.loads(done.stdout)
    assert data["k"] == 2 and [g["size"] for g in data["groups"]] == [20, 15]
    assert set(data["participants"][0]) == {"id", "x", "y", "group"}
    assert {"id", "agree", "disagree", "pass", "consensus", "divisiveness"} <= set(data["statements"][0])
    assert {"statement", "direction", "z"} <= set(data["groups"][0]["representative"][0])
    assert {p["group"] for p in data["participants"]} == {"0", "1"}
    (tmp_path / "before.json").write_text(done.stdout, encoding="utf-8")
    again = run(
        "-", "--exclude", "s3", "--previous", str(tmp_path / "before.json"), "--json", stdin=long(votes)
    )
    assert json.loads(again.stdout)["participants"] == data["participants"]


def test_prints_tables_for_people():
    done = run("-", stdin=long(camps([20, 15])[0]))
    assert done.exit_code == 0, done.output
    assert "Typical of group 0" in done.stdout and "divisiveness" in done.stdout


def test_bad_input_is_one_sentence_and_exit_code_two(tmp_path):
    done = run("-", stdin="participant,statement,vote\na,1,1\na,1,1\n")
    assert (done.exit_code, done.stderr) == (
        2,
        "standard input, line 3: participant a votes twice on statement 1.\n",
    )
    done = run("-", "--exclude", "9", stdin="participant,statement,vote\na,1,1\n")
    assert (done.exit_code, "the excluded statement 9 is not among" in done.stderr) == (2, True)
    (tmp_path / "no.json").write_text("[]", encoding="utf-8")
    done = run("-", "--previous", str(tmp_path / "no.json"), stdin="participant,statement,vote\na,1,1\n")
    assert (done.exit_code, "no readable memory" in done.stderr) == (2, True)
