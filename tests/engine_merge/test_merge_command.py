"""`omkering engine merge` on files."""

import json

import pytest
import typer
from typer.testing import CliRunner

from omkering.cli.engine import merge

app = typer.Typer()
app.callback()(lambda: None)
merge.register(app)


def run(*arguments):
    return CliRunner().invoke(app, ["merge", *map(str, arguments)])


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "BASE.txt").write_text("De gemeente betaalt. Het Rijk kijkt toe.\n", encoding="utf-8")
    (tmp_path / "A.txt").write_text("De gemeente regelt. Het Rijk kijkt toe.\n", encoding="utf-8")
    (tmp_path / "B.txt").write_text("De gemeente betaalt. Het Rijk helpt mee.\n", encoding="utf-8")
    (tmp_path / "C.txt").write_text("De gemeente weigert. Het Rijk kijkt toe.\n", encoding="utf-8")
    return tmp_path


def test_merges_and_reports_as_json(files):
    done = run("BASE.txt", "A.txt", "B.txt", "C.txt", "--json")
    assert done.exit_code == 0, done.output
    data = json.loads(done.stdout)
    assert data["text"] == "De gemeente betaalt. Het Rijk helpt mee.\n"
    (collision,) = data["collisions"]
    assert (collision["base_start"], collision["base_end"], collision["amendments"]) == (
        12,
        19,
        ["A.txt", "C.txt"],
    )
    assert collision["proposals"] == {"A.txt": "regelt", "C.txt": "weigert"}
    assert {s["kind"] for s in data["spans"]} == {"kept", "inserted", "deleted", "collision"}
    assert json.loads(run("BASE.txt", "C.txt", "B.txt", "A.txt", "--json").stdout) == data


def test_prints_the_text_for_people(files):
    done = run("BASE.txt", "A.txt", "B.txt")
    assert done.exit_code == 0
    assert done.stdout.startswith("De gemeente regelt. Het Rijk helpt mee.\n")


def test_bad_input_is_one_sentence_and_exit_code_two(files):
    done = run("BASE.txt", "A.txt", "A.txt")
    assert (done.exit_code, done.stderr) == (2, "A.txt: is given twice.\n")
    assert run("BASE.txt", "none.txt").exit_code == 2
    (files / "bad.txt").write_bytes(b"a\n\xff\n")
    done = run("BASE.txt", "bad.txt")
    assert (done.exit_code, "bad.txt, line 2" in done.stderr) == (2, True)
