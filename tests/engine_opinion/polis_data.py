"""The public Polis conversations that the tests compare with; they are not part of the project."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from omkering.engine.opinion import Memory, VoteTable, read_votes

ROOT = Path(__file__).resolve().parents[2].parent / "shared" / "data"
CONVERSATIONS = (
    "15-per-hour-seattle",
    "canadian-electoral-reform",
    "football-concussions",
    "scoop-hivemind.taxes",
    "vtaiwan.uberx",
)
MATH = ("25ptpt-3gp-no-strict-with-meta", "50ptpt-3gp-strict-no-meta")


def conversation(name: str) -> tuple[VoteTable, dict[str, str], list[str]]:
    """Votes, published groups and the statements that were moderated out."""
    folder = ROOT / "polis" / name
    if not folder.is_dir():
        pytest.skip(f"the Polis conversation {name} is not at {folder}")
    with (folder / "participants-votes.csv").open(newline="", encoding="utf-8") as lines:
        table, published = read_votes(lines)
    with (folder / "comments.csv").open(newline="", encoding="utf-8") as lines:
        out = [row["comment-id"] for row in csv.DictReader(lines) if row["moderated"] == "-1"]
    return table, published, out


@dataclass
class PolisMath:
    table: VoteTable
    published: dict[str, Any]
    excluded: list[str]
    groups: dict[str, int]

    @property
    def memory(self) -> Memory:
        """What Polis itself remembered: its groups, and their number."""
        return Memory(k=3, candidate=3, seen=1, groups=self.groups)


def polis_math(name: str) -> PolisMath:
    """A conversation with all of Polis' own numbers.

    In one of the two, four votes of one participant are missing from the votes but counted in the numbers;
    they follow from the published means and are put back.
    """
    folder = ROOT / "polis-math" / name
    if not folder.is_dir():
        pytest.skip(f"the Polis numbers of {name} are not at {folder}")
    published = json.loads((folder / "math-pca2.json").read_text(encoding="utf-8"))
    votes = json.loads((folder / "votes.json").read_text(encoding="utf-8"))
    triples = [(str(v["participant_id"]), str(v["statement_id"]), v["vote"]) for v in votes]
    excluded = [str(t) for t in published["mod-out"]]
    held: dict[str, int] = {}
    for person, _, _ in triples:
        held[person] = held.get(person, 0) + 1
    short = [p for p, n in published["user-vote-counts"].items() if held.get(p, 0) != n]
    for person in short:
        triples += _missing(person, triples, published, excluded)
    table = VoteTable.from_triples(triples, statements=[str(t) for t in published["tids"]])
    base = published["base-clusters"]
    members = dict(zip(base["id"], base["members"], strict=True))
    groups = {
        str(person): group["id"]
        for group in published["group-clusters"]
        for cluster in group["members"]
        for person in members[cluster]
    }
    return PolisMath(table, published, excluded, groups)


def _missing(
    person: str, triples: list[tuple[str, str, int]], published: dict[str, Any], excluded: list[str]
) -> list[tuple[str, str, int]]:
    found = []
    for statement, center in zip(published["tids"], published["pca"]["center"], strict=True):
        cast = [vote for _, s, vote in triples if s == str(statement)]
        if str(statement) in excluded or abs(np.mean(cast) + center) < 1e-9:
            continue
        for vote in (-1, 0, 1):
            if abs((sum(cast) + vote) / (len(cast) + 1) + center) < 1e-9:
                found.append((person, str(statement), vote))
    assert len(found) == published["user-vote-counts"][person]
    return found
