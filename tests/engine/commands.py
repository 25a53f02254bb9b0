"""Every `omkering engine` command with a small valid input and the keys its JSON must have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from click.testing import Result
from typer.testing import CliRunner

from omkering.cli.engine import app

# What stands in a shape: a type for a value, a list of one shape, or {"*": shape} for a mapping by any name.
Shape = Any
NUMBER = (int, float)

VOTES = "participant,statement,vote\n" + "".join(
    f"p{person},s{statement},{1 if (person < 8) == (statement < 5) else -1}\n"
    for person in range(16)
    for statement in range(9)
    if (person, statement) not in {(1, 2), (9, 7), (12, 0)}
)
PABULIB = """META
key;value
budget;10
vote_type;approval
PROJECTS
project_id;cost;name
1;4;Bench
2;6;Tree
3;2;Swing
VOTES
voter_id;vote
a;1,2
b;2,3
c;1
"""
FIGURES = "member,inhabitants,green\n" + "".join(f"m{i},{1000 * (i + 1)},{i % 3}\n" for i in range(8))
OUTCOMES = "member,count,base,period\n" + "".join(
    f"m{i},{10 + i},100,{year}\n" for i in range(8) for year in (2023, 2024, 2025)
)


@dataclass(frozen=True)
class Command:
    """``files`` by name; ``arguments`` after the name, of which the ``first`` may also be standard input."""

    name: str
    files: dict[str, str]
    arguments: tuple[str, ...]
    shape: Shape
    first: str


COMMANDS = (
    Command(
        "tally",
        {
            "ballots.csv": "member,choice,votes\na,for,6\na,against,4\nb,for,\n",
            "roll.csv": "member,weight,province\na,10,Noord\nb,5,Zuid\nc,3,Zuid\n",
            "rule.json": '{"kind": "for_against_abstain", "threshold": {"numerator": 2, "denominator": 3, '
            '"strict": false, "base": "all", "in": "votes"}, "quorum": {"numerator": 1, "denominator": 2, '
            '"in": "heads"}}',
        },
        ("ballots.csv", "--roll", "roll.csv", "--rule", "rule.json"),
        {
            "outcome": str,
            "base": int,
            "votes": {"*": int},
            "heads": {"*": int},
            "absent": int,
            "required": int,
            "slices": {"*": {"*": {"*": int}}},
        },
        "ballots.csv",
    ),
    Command(
        "power",
        {"roll.csv": "member,weight\na,10\nb,5\nc,3\n"},
        ("roll.csv", "--quota", "1/2", "--strict"),
        {
            "total": int,
            "quota": int,
            "members": [{"member": str, "weight": int, "banzhaf": NUMBER, "shapley": NUMBER}],
        },
        "roll.csv",
    ),
    Command(
        "budget",
        {"vote.pb": PABULIB},
        ("vote.pb", "--explain"),
        {"selected": [str], "cost": NUMBER, "budget": NUMBER, "payments": {"*": {"*": str}}},
        "vote.pb",
    ),
    Command(
        "opinion",
        {"votes.csv": VOTES},
        ("votes.csv",),
        {
            "k": int,
            "participants": [{"id": str, "x": NUMBER, "y": NUMBER, "group": str}],
            "statements": [
                {
                    "id": str,
                    "agree": int,
                    "disagree": int,
                    "pass": int,
                    "consensus": NUMBER,
                    "divisiveness": NUMBER,
                }
            ],
            "groups": [
                {
                    "id": str,
                    "size": int,
                    "representative": [{"statement": str, "direction": str, "z": NUMBER}],
                }
            ],
        },
        "votes.csv",
    ),
    Command(
        "similar",
        {
            "texts.csv": "id,text\n1,De bus rijdt niet meer in het dorp\n2,In het dorp rijdt geen bus meer\n"
            "3,Het gras wordt te laat gemaaid\n4,Het gras wordt veel te laat gemaaid\n"
        },
        ("texts.csv",),
        {
            "bundles": [{"id": str, "name": [str], "members": [str], "joining": list, "accepted": bool}],
            "loose": list,
            "pairs": [{"a": str, "b": str, "score": NUMBER}],
        },
        "texts.csv",
    ),
    Command(
        "merge",
        {
            "base.txt": "de leden besluiten samen over dit stuk",
            "a.txt": "de leden besluiten snel over dit stuk",
            "b.txt": "de leden besluiten nooit over dit stuk",
        },
        ("base.txt", "a.txt", "b.txt"),
        {"text": str, "collisions": [{"base_start": int, "base_end": int, "amendments": [str]}]},
        "base.txt",
    ),
    Command(
        "peers",
        {"figures.csv": FIGURES, "outcomes.csv": OUTCOMES},
        ("figures.csv", "--outcomes", "outcomes.csv", "--count", "3", "--log", "inhabitants"),
        {
            "peers": {"*": [{"member": str, "distance": NUMBER, "known": NUMBER}]},
            "funnel": dict,
            "comparison": [{"member": str, "verdict": str, "p": NUMBER, "adjusted": NUMBER}],
            "trend": {"*": {"direction": str, "slope": NUMBER, "p": NUMBER}},
        },
        "figures.csv",
    ),
    Command(
        "match",
        {
            "people.csv": "id,member,hours,skills,x,y,reach\np1,a,8,law|data,0,0,50\np2,b,8,law,9,9,\n",
            "requests.csv": "id,member,hours,skills,wishes,places,x,y\nr1,c,8,law,data,1,3,4\nr2,d,4,,,1,,\n",
            "settings.json": '{"balance": {"a": -5}, "demands": [{"request": "r1"}], "gap": 0.01}',
        },
        ("people.csv", "requests.csv", "--settings", "settings.json", "--seconds", "1"),
        {
            "status": str,
            "total": NUMBER,
            "bound": NUMBER,
            "gap": NUMBER,
            "matches": [{"person": str, "request": str, "hours": int, "score": NUMBER, "reasons": [str]}],
            "unmet": list,
            "balance": {"*": NUMBER},
            "clash": list,
        },
        "people.csv",
    ),
    Command(
        "merkle",
        {"log.txt": "one\ntwo\nthree\n"},
        ("log.txt", "--index", "1", "--old", "2"),
        {
            "size": int,
            "root": str,
            "inclusion": {"index": int, "leaf_hash": str, "proof": [str]},
            "consistency": {"old_size": int, "old_root": str, "proof": [str]},
        },
        "log.txt",
    ),
)


def run(command: Command, *more: str, arguments: tuple[str, ...] | None = None, stdin: str = "") -> Result:
    """The command with its arguments, in this process."""
    words = command.arguments if arguments is None else arguments
    return CliRunner().invoke(app, [command.name, *words, *more], input=stdin)


def differs(value: Any, shape: Shape, at: str = "") -> str | None:
    """Where ``value`` has not the ``shape``; None where it has. More keys are welcome; lists must not be empty
    where the shape says what stands in them."""
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            return f"{at}: no object"
        if "*" in shape:
            found = [differs(each, shape["*"], f"{at}.{name}") for name, each in value.items()]
            return next(filter(None, found), None if value else f"{at}: empty")
        missing = set(shape) - set(value)
        if missing:
            return f"{at}: {sorted(missing)} missing"
        return next(
            filter(None, (differs(value[key], part, f"{at}.{key}") for key, part in shape.items())), None
        )
    if isinstance(shape, list):
        if not isinstance(value, list) or not value:
            return f"{at}: no list or an empty one"
        return next(
            filter(None, (differs(each, shape[0], f"{at}[{i}]") for i, each in enumerate(value))), None
        )
    return None if isinstance(value, shape) else f"{at}: {value!r}"
