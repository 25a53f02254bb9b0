"""`omkering engine budget` at the command line."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from omkering.cli.engine import app
from omkering.engine.budget import equal_shares
from omkering.engine.formats import pabulib
from tests.engine_budget.data import file
from tests.engine_budget.test_pabulib import SMALL


def engine(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(app, ["budget", *arguments], input=stdin)


def test_json_names_the_choice_and_every_payment() -> None:
    done = engine("-", "--explain", "--json", stdin=SMALL)
    assert done.exit_code == 0, done.output
    data = json.loads(done.stdout)
    outcome = equal_shares(pabulib.parse(SMALL).election, explain=True)
    assert data["selected"] == list(outcome.selected)
    assert data["cost"] == 6.5
    assert data["budget"] == 10.5
    assert Fraction(data["endowment"]) == Fraction(7, 3)
    paid = {
        p: {v: Fraction(amount) for v, amount in shares.items()} for p, shares in data["payments"].items()
    }
    assert paid == outcome.payments
    assert all("/" in amount for shares in data["payments"].values() for amount in shares.values())
    assert {each["project"]: Fraction(each["lacking"]) for each in data["failures"]} == {
        each.project: each.lacking for each in outcome.failures
    }
    assert "payments" not in json.loads(engine("-", "--json", stdin=SMALL).stdout)


@pytest.mark.parametrize("rule", ["equal-shares", "greedy", "phragmen"])
def test_people_get_tables(rule: str) -> None:
    done = engine("-", "--rule", rule, "--explain", stdin=SMALL)
    assert done.exit_code == 0, done.output
    assert "Bench" in done.stdout
    assert "Not chosen" in done.stdout
    assert "META says num_votes is 4, the file has 3" in done.stderr


def test_a_step_may_be_a_fraction() -> None:
    done = engine("-", "--completion", "add1", "--step", "1/100", "--json", stdin=SMALL)
    data = json.loads(done.stdout)
    outcome = equal_shares(pabulib.parse(SMALL).election, completion="add1", step=Fraction(1, 100))
    assert data["selected"] == list(outcome.selected) == ["2", "10"]
    assert data["increments"] == outcome.increments > 10


@pytest.mark.parametrize(
    ("text", "arguments", "sentence"),
    [
        (SMALL.replace("1;4;", "1;x;"), [], "line 10: the cost of project 1 is 'x', which is not a number."),
        (SMALL, ["--step", "0"], "The step must be more than zero."),
        (SMALL, ["--step", "much"], "The step is 'much', which is not a number."),
    ],
)
def test_bad_input_ends_with_2_and_one_sentence(
    tmp_path: Path, text: str, arguments: list[str], sentence: str
) -> None:
    path = tmp_path / "vote.pb"
    path.write_text(text, encoding="utf-8")
    done = engine(str(path), *arguments)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert done.stderr.startswith(str(path))
    assert done.stderr.rstrip().endswith(sentence)
    assert done.stderr.count("\n") == 1


def test_assen_at_the_command_line() -> None:
    path = file("Netherlands_Assen_2024")
    done = engine(str(path), "--utility", "cost", "--completion", "add1", "--json")
    read = pabulib.parse(path.read_text(encoding="utf-8-sig"))
    assert set(json.loads(done.stdout)["selected"]) == read.selected
