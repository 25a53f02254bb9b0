"""`omkering engine peers` on files."""

import json

import pytest
import typer
from typer.testing import CliRunner

from omkering.cli.engine import peers

app = typer.Typer()
app.callback()(lambda: None)
peers.register(app)


def run(*arguments):
    return CliRunner().invoke(app, ["peers", *arguments])


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    figures = ["member,inhabitants,green"] + [f"m{i},{1000 * (i + 1)},{i % 3}" for i in range(12)]
    (tmp_path / "figures.csv").write_text("\n".join(figures), encoding="utf-8")
    outcomes = ["member,count,base,period"]
    for i in range(12):
        for year in range(2020, 2026):
            good = 10 * (year - 2019) if i == 3 else 10
            outcomes.append(f"m{i},{good},100,{year}")
    (tmp_path / "outcomes.csv").write_text("\n".join(outcomes), encoding="utf-8")
    return tmp_path


def test_lookalikes_as_json(files):
    done = run(
        "figures.csv",
        "--log",
        "inhabitants",
        "--weight",
        "green=0",
        "--member",
        "m5",
        "--count",
        "2",
        "--json",
    )
    assert done.exit_code == 0, done.output
    data = json.loads(done.stdout)
    assert [p["member"] for p in data["peers"]["m5"]] == ["m6", "m4"]
    assert set(data) == {"peers"}


def test_outcomes_add_funnel_comparison_and_trend(files):
    data = json.loads(run("figures.csv", "--outcomes", "outcomes.csv", "--json").stdout)
    verdicts = {row["member"]: row["verdict"] for row in data["comparison"]}
    assert verdicts["m3"] == "better" and verdicts["m9"] == "no difference shown"
    assert data["trend"]["m3"]["direction"] == "up" and data["trend"]["m4"]["direction"] == "none shown"
    assert {p["member"]: p["side"] for p in data["funnel"]["points"]}["m3"] == "high"
    low = json.loads(run("figures.csv", "--outcomes", "outcomes.csv", "--lower-is-better", "--json").stdout)
    assert {row["member"]: row["verdict"] for row in low["comparison"]}["m3"] == "worse"
    shown = run("figures.csv", "--outcomes", "outcomes.csv")
    assert "better" in shown.stdout and "Trend" in shown.stdout


def test_bad_input_is_one_sentence_and_exit_code_two(files):
    (files / "bad.csv").write_text("member,count,base\nm1,5,4\n", encoding="utf-8")
    done = run("figures.csv", "--outcomes", "bad.csv")
    assert (done.exit_code, "bad.csv, line 2: the proportion of m1 is 5 of 4" in done.stderr) == (2, True)
    (files / "twice.csv").write_text("member,a\nm,1\nm,2\n", encoding="utf-8")
    assert "twice.csv, line 3: member m has a row already." in run("twice.csv").stderr
    for arguments, told in (
        (("--kind", "odds"), "--kind: is one of proportion, rate, not 'odds'."),
        (("--weight", "green"), "--weight: is figure=number, not 'green'."),
        (("--member", "zz"), "figures.csv: there are no figures of zz."),
    ):
        done = run("figures.csv", *arguments)
        assert (done.exit_code, done.stderr.strip()) == (2, told)
