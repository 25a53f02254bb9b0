"""Reading and writing what the field uses: Polis' participants-votes.csv, long votes and the JSON of a
map."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from omkering.engine.opinion.mapping import Memory, OpinionMap
from omkering.engine.opinion.votes import OpinionError, VoteTable

LONG = ("participant", "statement", "vote")
ABOUT_PARTICIPANT = {"participant", "xid", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree"}
VOTES = {"1": 1, "0": 0, "-1": -1, "1.0": 1, "0.0": 0, "-1.0": -1, "+1": 1, "−1": -1}


def read_votes(lines: Iterable[str]) -> tuple[VoteTable, dict[str, str]]:
    """The votes in `lines` of CSV, and the published group of each participant where the file names one.

    Two formats, told apart by the header: Polis' wide export (one row a participant, one column a statement,
    an empty cell for no vote) and long `participant,statement,vote`. Raises OpinionError naming the line.
    """
    reader = csv.reader(lines, strict=True)
    try:
        header = [name.strip().lstrip("\ufeff") for name in next(reader)]
        if tuple(header[:3]) == LONG:
            return VoteTable.from_triples(_long(reader, len(header))), {}
        if "participant" in header:
            return _wide(reader, header)
    except StopIteration:
        raise OpinionError("the file is empty", 1) from None
    except csv.Error as error:
        raise OpinionError(str(error), reader.line_num) from None
    raise OpinionError("the header must be participant,statement,vote or that of a Polis export", 1)


def _vote(text: str, line: int) -> int:
    vote = VOTES.get(text.strip())
    if vote is None:
        raise OpinionError(f"the vote {text!r} is not 1, 0 or -1", line)
    return vote


def _long(reader: Any, width: int) -> Iterator[tuple[str, str, int]]:
    seen: set[tuple[str, str]] = set()
    for row in reader:
        if not row:
            continue
        line = reader.line_num
        if len(row) != width or not row[0] or not row[1]:
            raise OpinionError("a row must hold a participant, a statement and a vote", line)
        if (row[0], row[1]) in seen:
            raise OpinionError(f"participant {row[0]} votes twice on statement {row[1]}", line)
        seen.add((row[0], row[1]))
        yield row[0], row[1], _vote(row[2], line)


def _wide(reader: Any, header: list[str]) -> tuple[VoteTable, dict[str, str]]:
    if len(set(header)) != len(header):
        raise OpinionError("a column is named twice", 1)
    who = header.index("participant")
    group = header.index("group-id") if "group-id" in header else -1
    columns = [(at, name) for at, name in enumerate(header) if name not in ABOUT_PARTICIPANT]
    triples: list[tuple[str, str, int]] = []
    published: dict[str, str] = {}
    people: dict[str, None] = {}
    for row in reader:
        if not row:
            continue
        line = reader.line_num
        if len(row) != len(header):
            raise OpinionError(f"the row has {len(row)} cells and the header {len(header)}", line)
        name = row[who]
        if not name or name in people:
            raise OpinionError(f"the participant {name!r} is empty or has a row already", line)
        people[name] = None
        if group >= 0 and row[group]:
            published[name] = row[group]
        triples += [(name, statement, _vote(row[at], line)) for at, statement in columns if row[at].strip()]
    return VoteTable.from_triples(triples, participants=people, statements=(c for _, c in columns)), published


def as_json(result: OpinionMap) -> dict[str, Any]:
    """The map as plain data: `k`, `participants`, `statements`, `groups`, `majority`, `silhouettes` and
    `memory` (to hand to the next run). Ids are strings."""
    return {
        "k": result.k,
        "participants": [
            {"id": name, "x": float(x), "y": float(y), "group": str(label) if label >= 0 else None}
            for name, (x, y), label in zip(
                result.participants, result.positions, result.labels.tolist(), strict=True
            )
        ],
        "statements": [
            {
                "id": s.id,
                "agree": s.agree,
                "disagree": s.disagree,
                "pass": s.passed,
                "consensus": s.consensus,
                "consensus_against": s.consensus_against,
                "divisiveness": s.divisiveness,
                "excluded": s.excluded,
            }
            for s in result.statements
        ],
        "groups": [
            {
                "id": str(g.id),
                "size": g.size,
                "described": g.described,
                "representative": [
                    {
                        "statement": r.statement,
                        "direction": r.direction,
                        "z": r.z,
                        "z_odds": r.z_odds,
                        "ratio": r.ratio,
                        "probability": r.probability,
                        "successes": r.successes,
                        "trials": r.trials,
                        "headline": r.headline,
                    }
                    for r in g.representative
                ],
            }
            for g in result.groups
        ],
        "majority": [
            {
                "statement": m.statement,
                "direction": m.direction,
                "successes": m.successes,
                "trials": m.trials,
                "probability": m.probability,
                "z": m.z,
            }
            for m in result.majority
        ],
        "silhouettes": {str(k): value for k, value in result.silhouettes.items()},
        "memory": {
            "k": result.memory.k,
            "candidate": result.memory.candidate,
            "seen": result.memory.seen,
            "groups": dict(result.memory.groups),
        },
    }


def read_memory(data: Any) -> Memory:
    """The memory in the `memory` of an earlier JSON result. Raises OpinionError when it is not one."""
    try:
        memory = data["memory"]
        groups = {str(name): int(group) for name, group in memory["groups"].items()}
        found = Memory(int(memory["k"]), int(memory["candidate"]), int(memory["seen"]), groups)
    except (TypeError, KeyError, ValueError, AttributeError):
        raise OpinionError("the earlier result holds no readable memory of its groups") from None
    if found.k < 1 or any(not 0 <= group < found.k for group in groups.values()):
        raise OpinionError("the earlier result names a group that it does not have")
    return found
