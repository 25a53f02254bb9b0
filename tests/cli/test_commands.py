"""Every command has help with an example, and bad input gets a sentence and an exit code, never a traceback."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from omkering.cli import app, commands
from omkering.cli.commands import insecure

ROOT = Path(__file__).parents[2]
GOOD = {
    "DATABASE_URL": "postgresql://u@h/n",
    "SECRET_KEY": "".join(chr(48 + n % 70) for n in range(60)),
    "ALLOWED_HOSTS": "omkering.example",
}


@pytest.fixture(scope="module", autouse=True)
def registered():
    if not app.registered_commands:
        commands.register(app)


def omkering(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from omkering.cli import main; main()", *words],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "200", **environment},
        timeout=60,
    )


def leaves(group: typer.Typer, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Each command with its docstring."""
    for command in group.registered_commands:
        name = command.name or command.callback.__name__.strip("_").replace("_", "-")
        yield (*path, name), command.callback.__doc__ or ""
    for sub in group.registered_groups:
        yield from leaves(sub.typer_instance, (*path, sub.name))


def test_every_command_shows_an_example():
    commands.register(app) if not app.registered_groups else None
    found = dict(leaves(app))
    expected = {("demo",), ("up",), ("worker",), ("manage",), ("log", "verify"), ("association", "check")}
    expected |= {("db", "start"), ("db", "stop"), ("db", "psql"), ("lab", "make")}
    expected |= {("members", "import"), ("members", "export"), ("signals", "import"), ("signals", "export")}
    assert expected <= set(found)
    assert [path for path, text in found.items() if "Example:" not in text] == []
    assert [path for path in found if CliRunner().invoke(app, [*path, "--help"]).exit_code] == []


def test_association_check_names_every_fault_with_its_line(tmp_path):
    (tmp_path / "association.toml").write_text("key = 1\n")
    done = omkering("association", "check", str(tmp_path))
    assert done.returncode == 1
    assert "association.toml, line 1: " in done.stderr
    assert "Traceback" not in done.stderr


def test_association_check_of_the_shipped_one():
    done = omkering("association", "check", "associations/nl")
    assert (done.returncode, done.stderr) == (0, "")
    assert "346 members" in done.stdout


def test_a_file_that_is_not_there_gets_a_sentence(tmp_path):
    done = omkering("members", "import", str(tmp_path / "no.csv"))
    assert done.returncode == 1
    assert done.stderr.strip() == f"There is no file {tmp_path / 'no.csv'}."


def test_a_database_that_cannot_be_reached_gets_a_sentence():
    done = omkering(
        "log",
        "verify",
        DATABASE_URL="postgresql://nobody@127.0.0.1:1/none",
        SECRET_KEY="x" * 60,
        DATABASE_POOL="1",
    )
    assert done.returncode == 1
    assert "The database cannot be reached" in done.stderr
    assert "Traceback" not in done.stderr


def test_up_refuses_to_start_insecurely_and_says_why():
    environment = {"DATABASE_URL": "", "SECRET_KEY": "short", "ALLOWED_HOSTS": "*", "OMKERING_DEMO": "1"}
    done = omkering("up", **environment)
    assert done.returncode == 1
    for word in ("DATABASE_URL", "SECRET_KEY", "ALLOWED_HOSTS is *", "OMKERING_DEMO"):
        assert word in done.stderr


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({}, 0),
        ({"SECRET_KEY": "a" * 80}, 1),
        ({"ALLOWED_HOSTS": ""}, 1),
        ({"ALLOWED_HOSTS": "*,omkering.example"}, 1),
        ({"OMKERING_INSECURE_HTTP": "true"}, 1),
        ({"OMKERING_DEMO": "0"}, 0),
    ],
)
def test_what_counts_as_insecure(change, faults):
    assert len(insecure({**GOOD, **change})) == faults


def test_production_settings_pass_the_deployment_check():
    environment = {**GOOD, "DATABASE_URL": os.environ["DATABASE_URL"], "OMKERING_INSECURE_HTTP": "0"}
    environment["DJANGO_SETTINGS_MODULE"] = "omkering.config.settings"
    done = omkering("manage", "check", "--deploy", "--fail-level", "WARNING", **environment)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
