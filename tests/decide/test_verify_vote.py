"""The verifier of exported votes: it agrees with the engine on every kind of vote, and finds each planted fault."""

import ast
import copy
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from omkering.cli.votes import app
from omkering.decide import commands
from omkering.decide.queries.vote_export import NotExportable, export
from omkering.journal.commands import seal_pending
from omkering.thread.models import Visibility
from tests.decide.exported import KINDS, SCRIPT, made, verdict, votes
from tests.decide.running import make_meeting
from tests.decide.votes import log_in, make_source, members_with_voters, open_vote
from tests.people import make_adviser, make_person

HALF = {"numerator": 1, "denominator": 2, "strict": True, "base": "cast_without_abstentions", "in": "votes"}
FOLDER = Path(tempfile.mkdtemp())


def test_it_can_be_read_in_one_go_and_needs_nothing_of_ours():
    source = SCRIPT.read_text()
    assert len(source.splitlines()) <= 150
    imported = {
        name.name if isinstance(node, ast.Import) else node.module
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }
    assert imported <= set(sys.stdlib_module_names)


@pytest.mark.parametrize("kind", KINDS)
def test_it_agrees_with_the_engine(kind):
    @given(votes((kind,)))
    def agrees(made_up):
        assert verdict(made_up, FOLDER, made_up["log"]["root"]) == ""

    agrees()


def one(**changes):
    """A small vote: three members, one of them divided."""
    rule = {"thresholds": [HALF], "quorums": [], "ballot": {"kind": "for_against_abstain"}, "tie": "stays"}
    weights = {"T0000": 10, "T0001": 6, "T0002": 5}
    lines = [
        {"voter": voter, "inhabitants": votes * 1000, "weight": votes, "groups": {}, "parts": []}
        for voter, votes in weights.items()
    ]
    lines[2]["parts"] = [{"part": 1, "votes": 3}, {"part": 2, "votes": 2}]
    ballots = [
        ("T0000", 0, 10, "for"),
        ("T0001", 0, 6, "against"),
        ("T0002", 1, 3, "for"),
        ("T0002", 2, 2, "abstain"),
    ]
    return made(rule, lines, ballots, **changes)


def weight(export):
    export["roll"][0]["weight"] = 11


def choice(export):
    export["ballots"][0]["choice"] = "against"


def part_of_a_ballot(export):
    export["ballots"][3]["votes"] = 1


def twice(export):
    export["ballots"].append(copy.deepcopy(export["ballots"][1]))


def missing(export):
    del export["ballots"][1]


def of_another(export):
    export["ballots"][1]["voter"] = "T0002"


def receipt(export):
    export["ballots"][1]["receipt"]["event"] = export["ballots"][1]["receipt"]["event"].replace("6", "7")


def path(export):
    export["closed"]["path"][0][1] = "00" * 32


def result(export):
    export["result"]["votes"]["for"] += 1


def outcome(export):
    export["result"]["outcome"] = "rejected"


def rule(export):
    export["rule"]["thresholds"][0]["denominator"] = 3


def way(export):
    export["ballots"][0]["way"] = "paper"


def root(export):
    export["log"]["root"] = "11" * 32


FAULTS = {
    weight: "the roll is not the one that was sealed",
    choice: "the ballot of T0000, part 0, says another ['choice']",
    part_of_a_ballot: "the ballot of T0002, part 2, says another ['votes']",
    twice: "the ballot of T0001, part 0, is there twice",
    missing: "cast: the result says",
    of_another: "the ballot of T0002, part 0, says another ['voter']",
    receipt: "the receipt of the ballot of T0001, part 0, does not lead to the root",
    path: "the receipt of closed does not lead to the root",
    result: "votes: the result says",
    outcome: "outcome: the result says rejected",
    rule: "the rule is not the one that was sealed",
    way: "the ballot of T0000, part 0, says another ['way']",
    root: "does not lead to the root",
}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_it_names_a_planted_fault(fault, tmp_path):
    right = one()
    assert verdict(right, tmp_path) == ""
    wrong = copy.deepcopy(right)
    fault(wrong)
    assert FAULTS[fault] in verdict(wrong, tmp_path)


def test_a_log_with_another_result_is_found(tmp_path):
    """Also where the file is forged as a whole: the sealed closing tells what was counted then."""
    right = one()
    forged = made(
        right["rule"], right["roll"], [("T0000", 0, 10, "for"), ("T0001", 0, 6, "for")]
    )  # consistent in itself
    assert verdict(forged, tmp_path) == ""
    assert "you noted down" in verdict(forged, tmp_path, right["log"]["root"])
    forged["closed"], forged["log"] = right["closed"], right["log"]
    assert "does not lead to the root" in verdict(forged, tmp_path)


def test_a_box_that_does_not_fit_who_voted(tmp_path):
    rule = {"thresholds": [HALF], "quorums": [], "ballot": {"kind": "for_against_abstain"}, "tie": "stays"}
    lines = [{"voter": f"T{n}", "inhabitants": 1, "weight": 1, "groups": {}, "parts": []} for n in range(3)]
    right = made(
        rule, lines, [("T0", 0, 1, "for"), ("T1", 0, 1, "against"), ("T2", 0, 1, "for")], secret=True
    )
    assert verdict(right, tmp_path) == ""
    for change in (lambda e: e["turnout"].pop(), lambda e: e["box"][0].update(ballots=3)):
        wrong = copy.deepcopy(right)
        change(wrong)
        assert "the box does not fit who has voted" in verdict(wrong, tmp_path)
    moved = copy.deepcopy(right)
    moved["box"][0]["ballots"], moved["box"][1]["ballots"] = 1, 2
    assert "votes: the result says" in verdict(moved, tmp_path)


def test_equal_votes_and_acclamation_follow_the_rule(tmp_path):
    rule = {"thresholds": [HALF], "quorums": [], "ballot": {"kind": "for_against_abstain"}, "tie": "rejected"}
    lines = [{"voter": f"T{n}", "inhabitants": 1, "weight": 1, "groups": {}, "parts": []} for n in range(2)]
    tied = made(rule, lines, [("T0", 0, 1, "for"), ("T1", 0, 1, "against")])
    assert "outcome: the result says tie, and the ballots say rejected" in verdict(tied, tmp_path)
    silent = made(rule, lines, [])
    silent["vote"]["procedure"] = "acclamation"
    assert "the ballots say adopted" in verdict(silent, tmp_path)  # the engine alone knows no acclamation
    silent["objections"] = ["T0"]
    assert verdict(silent, tmp_path) == ""


@given(votes(secret=False), st.data())
def test_no_choice_can_be_changed_unseen(made_up, data):
    if not made_up["ballots"]:
        return
    ballot = data.draw(st.sampled_from(made_up["ballots"]))
    ballot["choice"] = "abstain" if ballot["choice"] != "abstain" else "for"
    assert verdict(made_up, FOLDER).startswith("WRONG: the ballot of")


# --- votes of the product ------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_vote_of_the_product_is_exported_and_right(tmp_path):
    adviser = make_adviser()
    voters = members_with_voters(10_000, 120_000, 45_000)
    vote = open_vote(adviser)
    for (member, person), said in zip(voters, ("for", "against", "for"), strict=True):
        commands.cast_ballot(actor=person, vote=vote, member=member, choice=said)
    commands.cast_ballot(actor=voters[0][1], vote=vote, member=voters[0][0], choice="against")
    with pytest.raises(NotExportable):
        export(vote)
    vote = commands.close_vote(actor=adviser, vote=vote)
    with pytest.raises(NotExportable, match="wait to be sealed"):
        export(vote)
    seal_pending()
    data = json.loads(json.dumps(export(vote)))
    assert [ballot["choice"] for ballot in data["ballots"]] == ["against", "against", "for"]
    assert verdict(data, tmp_path, data["log"]["root"]) == ""
    data["ballots"][0]["votes"] += 1
    assert "says another ['votes']" in verdict(data, tmp_path)


@pytest.mark.django_db
def test_the_command_writes_a_file_that_the_script_checks(tmp_path, monkeypatch):
    adviser = make_adviser()
    [(member, person)] = members_with_voters(10_000)
    vote = open_vote(adviser)
    commands.cast_ballot(actor=person, vote=vote, member=member, choice="for")
    file = tmp_path / "vote.json"
    early = CliRunner().invoke(app, ["export", str(vote.pk), str(file)])
    assert "not closed yet" in str(early.exception)
    commands.close_vote(actor=adviser, vote=vote)
    assert CliRunner().invoke(app, ["export", str(vote.pk), str(file)]).exit_code == 0
    done = subprocess.run([sys.executable, SCRIPT, file], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.partition(",")[0]) == (0, "RIGHT: adopted")
    assert "There is no vote" in str(CliRunner().invoke(app, ["export", "999999", str(file)]).exception)


def closed_vote(*said: str, **changes):
    """A vote that is closed, with what its members said."""
    adviser = make_adviser()
    people = members_with_voters(*(10_000 * number for number in range(1, len(said) + 1)))
    vote = open_vote(adviser, **changes)
    for (member, person), choice in zip(people, said, strict=True):
        commands.cast_ballot(actor=person, vote=vote, member=member, choice=choice)
    return commands.close_vote(actor=adviser, vote=vote)


@pytest.mark.django_db
def test_the_page_of_a_closed_vote_gives_the_file_of_the_command(client, tmp_path):
    vote = closed_vote("for", "against", "for")
    address, page = reverse("decide:vote_export", args=[vote.pk]), reverse("decide:vote", args=[vote.pk])
    waits = client.get(address, follow=True)
    assert waits.redirect_chain == [(page, 302)]
    assert "tien seconden" in waits.content.decode()
    file = tmp_path / "vote.json"
    assert CliRunner().invoke(app, ["export", str(vote.pk), str(file)]).exit_code == 0
    given = client.get(address)
    assert given.content == file.read_bytes()
    assert given["Content-Type"] == "application/json"
    assert f"stemming-{vote.pk}.json" in given["Content-Disposition"]
    assert f'href="{address}"' in client.get(page).content.decode()
    assert verdict(json.loads(given.content), tmp_path, json.loads(given.content)["log"]["root"]) == ""


@pytest.mark.django_db
def test_the_file_is_for_who_may_see_the_roll_call(client):
    """Neither before everybody may know the result, nor for who may not know of the vote."""
    [(member, _person)] = members_with_voters(1_000)
    open_one = open_vote()
    unannounced = closed_vote(meeting=make_meeting())
    hidden = closed_vote(source=make_source(visibility=Visibility.MEMBERS))
    seal_pending()
    for vote in (open_one, unannounced, hidden):
        address = reverse("decide:vote_export", args=[vote.pk])
        assert client.get(address).status_code == 404
        assert client.get(reverse("decide:roll_call", args=[vote.pk, "csv"])).status_code == 404
    assert (
        reverse("decide:vote_export", args=[open_one.pk])
        not in client.get(reverse("decide:vote", args=[open_one.pk])).content.decode()
    )
    log_in(client, make_person("official", member=member))
    assert client.get(reverse("decide:vote_export", args=[hidden.pk])).status_code == 200
    assert client.get(reverse("decide:vote_export", args=[unannounced.pk])).status_code == 404


@pytest.mark.django_db
def test_the_file_of_a_secret_vote_ties_nobody_to_a_choice(client, tmp_path):
    adviser = make_adviser()
    people = members_with_voters(1_000, 1_000, 1_000)
    vote = open_vote(adviser, secret=True)
    for (member, person), choice in zip(people, ("for", "against", "for"), strict=True):
        commands.cast_ballot(actor=person, vote=vote, member=member, choice=choice)
    commands.close_vote(actor=adviser, vote=vote)
    seal_pending()
    data = client.get(reverse("decide:vote_export", args=[vote.pk])).json()
    assert data["ballots"] == []
    assert [(slip["choice"], slip["ballots"]) for slip in data["box"]] == [("against", 1), ("for", 2)]
    assert data["turnout"] == sorted(member.code for member, _person in people)
    sealed_events = [json.loads(data[name]["event"]) for name in ("opened", "closed")]
    assert [event["verb"] for event in sealed_events] == ["vote.opened", "vote.closed"]
    assert verdict(data, tmp_path) == ""
