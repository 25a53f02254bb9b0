"""Votes made up for the tests of the verifier: counted by the engine, sealed in a log in memory, exported as data."""

import hashlib
import json
import runpy
import sys
import warnings
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from omkering.decide import choices, vote_rule
from omkering.engine import merkle, tally
from omkering.journal.queries import _sides

SCRIPT = Path(__file__).parents[2] / "docs" / "verify_vote.py"
OPTIONS = ("A", "B", "C", "D")
KINDS = ("for_against_abstain", "options", "approval", "ranking-schulze", "ranking-irv", "points")
BASES = ("cast_without_abstentions", "cast", "present", "all")


def spelled(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(value: Any) -> str:
    return hashlib.sha256(spelled(value).encode()).hexdigest()


def sealed(events: list[dict]) -> tuple[dict, list[dict]]:
    """A log of these events, with as many of others around them, and the proof of each."""
    texts = [spelled(event) for event in events]
    leaves = [merkle.leaf_hash(text.encode()) for text in ["before", *texts, "after"]]
    tiles = merkle.reader(merkle.build(leaves))
    size = len(leaves)
    found = []
    for position, text in enumerate(texts, start=1):
        path = merkle.inclusion_proof(position, size, tiles)
        steps = [[side, step.hex()] for side, step in zip(_sides(position, size), path, strict=True)]
        found.append({"event": text, "position": position, "path": steps})
    return {"size": size, "root": merkle.root(size, tiles).hex(), "sealed_at": ""}, found


@st.composite
def rules(draw, kinds=KINDS) -> dict[str, Any]:
    """The rule of a vote, of any kind, as it is kept."""
    kind, _dash, method = draw(st.sampled_from(kinds)).partition("-")
    ballot: dict[str, Any] = {"kind": kind}
    if kind != "for_against_abstain":
        ballot["options"] = [{"key": key, "title": key} for key in OPTIONS]
    if kind == "ranking":
        ballot["method"] = method
    if kind == "approval":
        ballot["max_choices"] = draw(st.sampled_from([None, 3]))
    if kind == "points":
        ballot |= {"max_points": 5, "total_points": draw(st.sampled_from([None, 9]))}
    if kind in ("options", "approval", "points"):
        ballot["seats"] = draw(st.integers(1, 3))
    share = st.fixed_dictionaries(
        {
            "numerator": st.just(1),
            "denominator": st.integers(2, 4),
            "strict": st.booleans(),
            "base": st.sampled_from(BASES),
            "in": st.sampled_from(("votes", "heads")),
        }
    )
    least = 1 if kind == "for_against_abstain" else 0
    shares = [] if kind in ("ranking", "points") else draw(st.lists(share, min_size=least, max_size=2))
    quorum = st.fixed_dictionaries(
        {"numerator": st.integers(0, 2), "denominator": st.just(3), "of": st.sampled_from(("votes", "heads"))}
    )
    quorums = draw(st.lists(quorum, max_size=2))
    return {"thresholds": shares, "quorums": quorums, "ballot": ballot, "tie": "stays"}


def said(rule: dict[str, Any]) -> st.SearchStrategy[str]:
    """A choice that the rule allows, as it is kept."""
    kind = rule["ballot"]["kind"]
    some = st.lists(st.sampled_from(OPTIONS), min_size=1, max_size=3, unique=True)
    if kind == "for_against_abstain":
        choice = st.sampled_from(("for", "against"))
    elif kind == "options":
        choice = st.sampled_from(OPTIONS)
    elif kind == "approval":
        choice = some.map("|".join)
    elif kind == "ranking":
        marks = st.sampled_from(">" if rule["ballot"]["method"] == "irv" else ">=")
        choice = st.tuples(some, st.tuples(marks, marks)).map(
            lambda pair: "".join(f"{pair[1][at - 1] if at else ''}{name}" for at, name in enumerate(pair[0]))
        )
    else:
        choice = some.map(lambda names: "|".join(f"{name}:{4 - at}" for at, name in enumerate(names)))
    return st.one_of(choice, choice, choice, st.just("abstain"))


@st.composite
def votes(draw, kinds=KINDS, secret: bool | None = None) -> dict[str, Any]:
    """A whole vote as it is exported, open or secret, with parts, with people who are there and do not vote."""
    rule = draw(rules(kinds))
    weights = draw(st.lists(st.integers(1, 6), min_size=1, max_size=7))
    secret = draw(st.booleans()) if secret is None else secret
    lines, ballots = [], []
    for number, weight in enumerate(weights):
        voter, parts = f"T{number:04}", []
        if weight > 2 and not secret and draw(st.booleans()):
            parts = [{"part": 1, "votes": weight - 2}, {"part": 2, "votes": draw(st.integers(1, 2))}]
        lines.append(
            {"voter": voter, "inhabitants": weight * 1000, "weight": weight, "groups": {}, "parts": parts}
        )
        for part, share in [(p["part"], p["votes"]) for p in parts] or [(0, weight)]:
            if draw(st.integers(0, 4)):
                ballots.append((voter, part, share, choices.canonical(engine_rule(rule), draw(said(rule)))))
    voted = {voter for voter, *_rest in ballots}
    others = [line["voter"] for line in lines if line["voter"] not in voted]
    here = draw(st.none() | st.sets(st.sampled_from(others)) if others else st.none())
    return made(rule, lines, ballots, None if here is None else sorted(here | voted), secret=secret)


def engine_rule(rule: dict[str, Any]) -> tally.Rule:
    return vote_rule.tally_rule(rule)


def made(rule, lines, ballots, present=None, *, secret=False) -> dict[str, Any]:
    """The export of a vote with these lines and ballots (voter, part, votes, choice), as the engine counts it."""
    counted: dict[tuple[str, str], int] = {}
    for voter, _part, votes_, choice in ballots:
        counted[voter, choice] = counted.get((voter, choice), 0) + votes_
    result = tally.tally(
        tally.Roll(tally.Entry(line["voter"], line["weight"]) for line in lines),
        [tally.Ballot(voter, choice, number) for (voter, choice), number in counted.items()],
        engine_rule(rule),
        present=present,
    )
    result = json.loads(json.dumps(result.as_dict()))
    rows = sorted([line["voter"], line["inhabitants"], line["weight"]] for line in lines)
    closing = ("outcome", "base", "required", "votes", "heads", "absent")
    events = [
        event("vote.opened", data={"roll_sha256": digest(rows), "rule_sha256": digest(rule)}),
        event("vote.closed", data={name: result[name] for name in closing}),
    ]
    told = [choices.parts_of(engine_rule(rule), choice) for *_rest, choice in ballots]
    for number, (voter, part, votes_, _choice) in enumerate(ballots):
        data = {"choice": told[number], "votes": votes_} | ({"part": part} if part else {})
        events.append(event("ballot.cast", on_behalf_of=f"member:{voter}", data=data))
    log, receipts = sealed(events[:2] if secret else events)
    box: dict[tuple[int, str], int] = {}
    for _voter, _part, weight, choice in ballots:
        box[weight, choice] = box.get((weight, choice), 0) + 1
    return {
        "vote": {"id": 7, "procedure": "ballots", "secret": secret},
        "rule": rule,
        "roll": lines,
        "present": present,
        "ballots": []
        if secret
        else [
            {
                "voter": voter,
                "part": part,
                "choice": told[number],
                "votes": votes_,
                "way": "screen",
                "by_proxy": None,
                "event": number,
                "receipt": receipts[number + 2],
            }
            for number, (voter, part, votes_, _choice) in enumerate(ballots)
        ],
        "box": [
            {
                "weight": weight,
                "choice": choices.parts_of(engine_rule(rule), choice),
                "ballots": number,
            }
            for (weight, choice), number in box.items()
        ]
        if secret
        else [],
        "turnout": [voter for voter, *_rest in ballots] if secret else [],
        "objections": [],
        "result": result,
        "log": log,
        "opened": receipts[0],
        "closed": receipts[1],
    }


def event(verb: str, **more: Any) -> dict[str, Any]:
    return {"verb": verb, "subject": "item:7", "on_behalf_of": "association", **more}


def verdict(export: dict[str, Any], folder: Path, *more: str) -> str:
    """What the verifier says of an export: "" when it is right, or what is wrong."""
    file = folder / "vote.json"
    file.write_text(json.dumps(export), encoding="utf-8")
    before, sys.argv = sys.argv, [str(SCRIPT), str(file), *more]
    try:
        with warnings.catch_warnings(
            action="ignore", category=ResourceWarning
        ):  # a script that ends closes its file
            runpy.run_path(str(SCRIPT))
    except SystemExit as end:
        return str(end.code)
    finally:
        sys.argv = before
    return ""
