"""All `omkering engine` commands alike: keys as promised, from files and from standard input; and whatever is
put in, a table, an object or one sentence with exit code 2, never a traceback."""

import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omkering.cli.engine import app
from tests.engine.commands import COMMANDS, differs, run

commands = pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)


@pytest.fixture
def at_hand(tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    for name, text in command.files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_no_command_is_left_out():
    registered = {each.name or each.callback.__name__ for each in app.registered_commands}
    assert registered == {command.name for command in COMMANDS}


@commands
def test_json_has_the_keys_promised(at_hand, command):
    done = run(command, "--json")
    assert done.exit_code == 0, done.output
    assert done.stdout.count("\n") == 1
    assert differs(json.loads(done.stdout), command.shape) is None


@commands
def test_standard_input_does_as_well_as_a_file(at_hand, command):
    first = command.first
    arguments = tuple("-" if word == first else word for word in command.arguments)
    piped = run(command, "--json", arguments=arguments, stdin=command.files[first])
    assert piped.exit_code == 0, piped.output
    assert piped.stdout == run(command, "--json").stdout


@commands
def test_without_json_people_get_words(at_hand, command):
    done = run(command)
    assert done.exit_code == 0, done.output
    assert len(done.stdout.splitlines()) > 1
    assert not done.stdout.startswith("{")


@commands
def test_a_file_that_is_not_there_is_named(at_hand, command):
    for name in command.files:
        arguments = tuple("away.txt" if word == name else word for word in command.arguments)
        done = run(command, "--json", arguments=arguments)
        assert (done.exit_code, done.stdout) == (2, "")
        assert done.stderr == "away.txt: cannot be read (No such file or directory).\n"


@commands
def test_bytes_that_are_no_text_are_named_with_their_line(at_hand, command):
    for name in command.files:
        whole = (at_hand / name).read_bytes()
        (at_hand / name).write_bytes(whole + b"\n\xff\xfe")
        done = run(command, "--json")
        (at_hand / name).write_bytes(whole)
        assert (done.exit_code, done.stdout) == (2, "")
        assert re.fullmatch(rf"{name}, line \d+: is not UTF-8 text\.\n", done.stderr)


NASTY = st.sampled_from(
    (
        "{}",
        "[]",
        "null",
        "true",
        "a" * 200,
        "[bold]",
        *"-0,;|>=:\"'\n\r\x00½٣\u2028\ud7ff\\",
        "",
        "-1",
        "1e400",
        "nan",
        "inf",
        "9" * 40,
        "1/0",
        "1.5",
        "-0",
    )
)
CUTS = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 12), NASTY | st.text(max_size=6)), min_size=1, max_size=3
)


@commands
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_spoilt_input_is_read_or_refused_in_a_sentence(at_hand, command, data):
    name = data.draw(st.sampled_from(sorted(command.files)))
    text = command.files[name]
    for where, length, instead in data.draw(CUTS):
        at = int(where * len(text))
        text = text[:at] + instead + text[at + length :]
    (at_hand / name).write_bytes(text.encode("utf-8", "surrogatepass"))
    for more in (["--json"], []):
        accepted_or_refused(run(command, *more), command)
    (at_hand / name).write_text(command.files[name], encoding="utf-8")


@commands
@pytest.mark.parametrize(
    "text", ['"a,b\nc,d\n"', "\x00", "a\u2028b,c\x1b[2J\n1,2\n", "x" * 100_000, "\ufeff"]
)
def test_a_refusal_is_one_short_line_whatever_it_quotes(at_hand, command, text):
    (at_hand / command.first).write_text(text, encoding="utf-8")
    done = run(command, "--json")
    accepted_or_refused(done, command)
    assert done.exit_code == 0 or (len(done.stderr) < 700 and done.stderr.rstrip("\n").isprintable())


@commands
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=80) | st.text(max_size=80).map(str.encode))
def test_anything_at_all_is_read_or_refused_in_a_sentence(at_hand, command, data):
    (at_hand / command.first).write_bytes(data)
    accepted_or_refused(run(command, "--json"), command)
    (at_hand / command.first).write_text(command.files[command.first], encoding="utf-8")


def accepted_or_refused(done, command):
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
    assert done.exit_code in (0, 2)
    if done.exit_code == 2:
        assert done.stdout == ""
        assert done.stderr.endswith(".\n")
        assert done.stderr.count("\n") == 1, done.stderr
        assert done.stderr.startswith(tuple(command.files)), done.stderr
