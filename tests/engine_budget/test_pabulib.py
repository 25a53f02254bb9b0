"""Reading and writing Pabulib files."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from omkering.engine.budget import equal_shares
from omkering.engine.formats import pabulib
from omkering.engine.formats.pabulib import PabulibError
from tests.engine_budget.data import all_files, file

SMALL = """META
key;value
description;"Two plans; and a third"
budget;10,5
vote_type;approval
num_votes;4
house_rule;kept
PROJECTS
project_id;cost;name;selected;colour
1;4;Bench;1;red
2;6.5;"Tree
and shrub";1;green
10;2;;0
VOTES
voter_id;vote;age;weight
a;1,2;33;2
b;2, 10;;1.5

c;;40;1
"""


def test_every_field_is_kept() -> None:
    read = pabulib.parse(SMALL)
    assert read.meta["house_rule"] == "kept"
    assert read.meta["description"] == "Two plans; and a third"
    assert read.projects["2"]["name"] == "Tree\nand shrub"
    assert read.projects["10"]["colour"] == ""
    assert read.votes["age"] == ("33", "", "40")
    assert read.selected == {"1", "2"}
    assert read.notes == ("META says num_votes is 4, the file has 3",)
    election = read.election
    assert election.budget == Fraction(21, 2)
    assert election.costs == (4, Fraction(13, 2), 2)
    assert election.weights == (2, Fraction(3, 2), 1)
    assert [[election.voters[i] for i in election.supporters(p)] for p in range(3)] == [
        ["a"],
        ["a", "b"],
        ["b"],
    ]


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_what_is_written_reads_the_same(ending: str) -> None:
    first = pabulib.parse("\ufeff" + SMALL.replace("\n", ending))
    again = pabulib.parse(pabulib.dump(first))
    assert dict(again.meta) == dict(first.meta)
    assert dict(again.votes) == dict(first.votes)
    assert [dict(fields) for fields in again.projects.values()] == [dict(f) for f in first.projects.values()]


@pytest.mark.parametrize("path", all_files())
def test_real_files_count_to_the_votes_and_scores_they_state(path: Path) -> None:
    read = pabulib.parse(path.read_text(encoding="utf-8-sig"))
    assert read.notes == ()
    column = "score" if all("score" in fields for fields in read.projects.values()) else "votes"
    stated = [int(fields[column]) for fields in read.projects.values()]
    assert read.election.votes() == stated
    again = pabulib.parse(pabulib.dump(read))
    assert dict(again.votes) == dict(read.votes)


def test_assen_gets_what_it_really_funded() -> None:
    read = pabulib.parse(file("Netherlands_Assen_2024").read_text(encoding="utf-8-sig"))
    outcome = equal_shares(read.election, utility="cost", completion="add1")
    assert read.meta["rule"] == "equalshares/add1"
    assert set(outcome.selected) == read.selected
    assert outcome.ended_by == "next_exceeds"


def with_votes(kind: str, votes: str, meta: str = "") -> pabulib.PabulibFile:
    head = f"META\nkey;value\nbudget;9\nvote_type;{kind}\n{meta}PROJECTS\nproject_id;cost\np;1\nq;2\nr;3\nVOTES\n"
    return pabulib.parse(head + votes)


def test_points_and_rankings_become_scores() -> None:
    points = with_votes("cumulative", "voter_id;vote;points\na;p,q;3,1\nb;q;2.5\nc;None;\n")
    assert points.election.votes() == [3, Fraction(7, 2), 0]
    ranked = with_votes("ordinal", "voter_id;vote\na;r,p,q\nb;p\n")
    assert ranked.election.votes() == [3, 1, 3]
    scored = with_votes("scoring", "voter_id;vote;points\na;p,q;3,0\nb;r;2\n", "default_score;1\n")
    assert scored.election.votes() == [4, 1, 3]
    assert with_votes("choose-1", "voter_id;vote\na;p\nb;p\n").election.votes() == [2, 0, 0]


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("META\nkey;value\n", "", None, "the section META is missing"),
        ("META", "hello\nMETA", 1, "the file must begin with the section META"),
        ("VOTES\n", "", None, "the section VOTES is missing"),
        ("budget;10,5\n", "", None, "the section META has no budget"),
        ("budget;10,5", "budget;1e999999999", None, "the budget is '1e999999999', which is not a number"),
        ("approval", "telepathy", None, "the vote_type 'telepathy' is unknown; known are "),
        ("project_id;cost", "project_id;price", 9, "the section PROJECTS has no column cost"),
        ("1;4;", "1;four;", 10, "the cost of project 1 is 'four', which is not a number"),
        ("1;4;", "1;-4;", 10, "the cost of project 1 is -4, which is below zero"),
        ("10;2;;0", "1;2;;0", 13, "the project '1' has no id or stands twice"),
        ("10;2;;0", "10;2;;0;;", 13, "the row has 6 cells and the header 5"),
        ("voter_id;vote;age", "voter_id;ballot;age", 15, "the section VOTES has no column vote"),
        ("voter_id;vote;age", "voter_id;vote;weight", 15, "the header names a column twice"),
        ("b;2, 10;", "b;2, 11;", 17, "project '11' is not on the list"),
        ("b;2, 10;", "b;2, 2;", 17, "Voter b names project 2 twice"),
        ("c;;40;1", "a;;40;1", 19, "voter a votes twice"),
        ("c;;40;1", "c;;40;0", 19, "the weight of voter c is zero"),
        ("c;;40;1", "c;;40;-1", 19, "the weight of voter c is -1, which is below zero"),
        ("c;;40;1", "c;;40", 19, "the weight of voter c is '', which is not a number"),
        ("c;;40;1", "c;;40;1;5", 19, "the row has 5 cells and the header 4"),
    ],
)
def test_bad_files_are_refused_with_line_and_reason(
    old: str, new: str, line: int | None, reason: str
) -> None:
    assert SMALL.count(old) >= 1
    with pytest.raises(PabulibError) as caught:
        pabulib.parse(SMALL.replace(old, new, 1))
    assert str(caught.value).startswith(reason)
    assert caught.value.line == line


def test_bad_points_are_refused_with_line_and_reason() -> None:
    for votes, reason in (
        ("voter_id;vote\na;p\n", "the section VOTES has no column points"),
        ("voter_id;vote;points\na;p;1\nb;p,q;1\n", "the ballot has 2 projects and 1 points"),
        ("voter_id;vote;points\na;p;1\nb;p;x\n", "a number of points is 'x', which is not a number"),
        ("voter_id;vote;points\na;p;1\nb;p;-1\n", "a number of points is -1, which is below zero"),
    ):
        with pytest.raises(PabulibError) as caught:
            with_votes("cumulative", votes)
        assert str(caught.value) == reason
        assert caught.value.line in (None, 13)
    with pytest.raises(PabulibError, match="the scoring_fn 'Dowdall' is unknown; Borda is known"):
        with_votes("ordinal", "voter_id;vote\na;p\n", "scoring_fn;Dowdall\n")
