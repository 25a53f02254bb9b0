"""`omkering engine match`: people to requests, or reviewers to reviews, with a proof of how good it is."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import fields
from typing import TYPE_CHECKING, Annotated, Any

import typer

from omkering.cli.engine import _io

if TYPE_CHECKING:
    from omkering.engine.match import Demand, Matching, Person, Request, Weights

SettingsOption = Annotated[
    str | None,
    typer.Option(
        "--settings", help="JSON: balance, most_lent, demands, weights, gap, seconds; each may lack."
    ),
]
GapOption = Annotated[
    float | None,
    typer.Option("--gap", min=0, max=1, help="Stop at this distance from the proven bound, as a share."),
]
SecondsOption = Annotated[
    float | None, typer.Option("--seconds", min=0.1, help="Stop after about so long; the gap is stated.")
]

SECONDS = 60.0  # how long a search may take where nothing else is said
_YES, _NO = {"yes", "ja", "true", "1"}, {"no", "nee", "false", "0"}
_KEYS = ("balance", "most_lent", "demands", "weights", "gap", "seconds")


def register(app: typer.Typer) -> None:
    app.command()(match)


def match(
    people: Annotated[
        str,
        typer.Argument(
            metavar="PEOPLE.csv",
            help="id,member,hours[,skills][,x][,y][,reach][,consents][,lender_consents][,conflicts]",
        ),
    ],
    requests: Annotated[
        str,
        typer.Argument(
            metavar="REQUESTS.csv",
            help="id,member,hours[,places][,skills][,wishes][,x][,y][,priority][,consents]",
        ),
    ],
    settings: SettingsOption = None,
    gap: GapOption = None,
    seconds: SecondsOption = None,
    as_json: _io.JsonFlag = False,
) -> None:
    """Match people to requests, or reviewers to reviews: proven best, or with the gap stated.

    Skills, wishes and conflicts stand in one cell with | between; x and y are kilometres; consents are yes
    or no and yes where the column lacks. Nobody serves the own member, or a member or request among the own conflicts.

    Settings: {"balance": {"member": hours lent minus borrowed}, "most_lent": {"member": hours},
    "demands": [{"person": "p", "request": "r"}, {"request": "r"}], "weights": {"near": 10}, "gap": 0.01}.
    Demands that clash come back as the smallest set that does.

    Example: omkering engine match PEOPLE.csv REQUESTS.csv --settings SETTINGS.json --json
    """
    with _io.refusing():
        result = matched(people, requests, settings, gap, seconds)
    _io.output(plain(result), as_json, lambda: show(result))


def countdown(seconds: float) -> Callable[[], float]:
    """A function that says how many of so many seconds are left from now."""
    end = time.monotonic() + seconds
    return lambda: end - time.monotonic()


def matched(
    people_path: str, requests_path: str, settings_path: str | None, gap: float | None, seconds: float | None
) -> Matching:
    """The matching of these files; `InputError` names file and line of what cannot be."""
    from omkering.engine import match as engine

    if [people_path, requests_path, settings_path].count(_io.STDIN) > 1:
        raise _io.InputError(_io.STDIN, None, "can be read once, so only one file may be -")
    people = read_people(people_path)
    requests = read_requests(requests_path)
    path = requests_path
    wishes: dict[str, Any] = {}
    if settings_path is not None:
        path = settings_path
        wishes = read_settings(settings_path)
    if gap is not None:
        wishes["gap"] = gap
    if seconds is not None:
        wishes["seconds"] = seconds
    try:
        return engine.match(
            people, requests, **wishes, seconds_left=countdown(wishes.get("seconds", SECONDS))
        )
    except engine.MatchError as error:
        raise _io.InputError(path, None, error) from None


def read_people(path: str) -> list[Person]:
    """The people in a CSV file, each checked on its own line."""
    from omkering.engine.match import MatchError, Person, check

    found: dict[str, Person] = {}
    for row in _io.read_csv(path, ("id", "member", "hours")).rows:
        person = Person(
            _new(row, found),
            row.required("member"),
            row.whole("hours"),
            _several(row, "skills"),
            _place(row),
            row.number("reach") if row.get("reach") else None,
            _yes(row, "consents"),
            _yes(row, "lender_consents"),
            _several(row, "conflicts"),
        )
        try:
            check([person], [])
        except MatchError as error:
            raise row.error(error) from None
        found[person.id] = person
    return list(found.values())


def read_requests(path: str) -> list[Request]:
    """The requests in a CSV file, each checked on its own line."""
    from omkering.engine.match import MatchError, Request, check

    found: dict[str, Request] = {}
    for row in _io.read_csv(path, ("id", "member", "hours")).rows:
        request = Request(
            _new(row, found),
            row.required("member"),
            row.whole("hours"),
            _several(row, "skills"),
            _several(row, "wishes"),
            row.whole("places") if row.get("places") else 1,
            _place(row),
            row.number("priority") if row.get("priority") else 1.0,
            _yes(row, "consents"),
        )
        try:
            check([], [request])
        except MatchError as error:
            raise row.error(error) from None
        found[request.id] = request
    return list(found.values())


def read_settings(path: str) -> dict[str, Any]:
    """The settings in a JSON file as keywords of `omkering.engine.match.match`."""
    data = _object(_io.read_json(path), path, "the settings")
    for key in data:
        if key not in _KEYS:
            raise _io.InputError(path, None, f"the setting {key!r} is unknown; known are {', '.join(_KEYS)}")
    found: dict[str, Any] = {}
    if "balance" in data:
        found["balance"] = _hours(data["balance"], path, "balance", whole=False)
    if "most_lent" in data:
        found["most_lent"] = _hours(data["most_lent"], path, "most_lent", whole=True)
    if "demands" in data:
        found["demands"] = _demands(data["demands"], path)
    if "weights" in data:
        found["weights"] = _weights(data["weights"], path)
    for key, least, most in (("gap", 0.0, 1.0), ("seconds", 0.1, 86_400.0)):
        if key in data:
            found[key] = _number(data[key], path, key)
            if not least <= found[key] <= most:
                raise _io.InputError(path, None, f"{key} is from {least:g} to {most:g}, not {data[key]!r}")
    return found


def _object(value: Any, path: str, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _io.InputError(path, None, f"{name} must be an object with names and values")
    return value


def _number(value: Any, path: str, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e300:
        raise _io.InputError(path, None, f"{name} is a finite number, not {value!r}")
    return float(value)


def _hours(value: Any, path: str, name: str, *, whole: bool) -> dict[str, Any]:
    hours = _object(value, path, name)
    for member, number in hours.items():
        _number(number, path, f"{name} of {member}")
        if whole and not isinstance(number, int):
            raise _io.InputError(path, None, f"{name} of {member} is a whole number, not {number!r}")
    return hours


def _demands(value: Any, path: str) -> list[Demand]:
    from omkering.engine.match import Demand

    if not isinstance(value, list):
        raise _io.InputError(path, None, "demands must be a list")
    found = []
    for number, each in enumerate(value, 1):
        demand = _object(each, path, f"demand {number}")
        names = {key: demand.get(key) for key in ("person", "request")}
        if set(demand) - set(names) or not all(
            name is None or isinstance(name, str) for name in names.values()
        ):
            raise _io.InputError(path, None, f"demand {number} has a person, a request or both, by id")
        found.append(Demand(names["person"], names["request"]))
    return found


def _weights(value: Any, path: str) -> Weights:
    from omkering.engine.match import Weights

    given = _object(value, path, "weights")
    known = [field.name for field in fields(Weights)]
    for key, weight in given.items():
        if key not in known:
            raise _io.InputError(path, None, f"the weight {key!r} is unknown; known are {', '.join(known)}")
        _number(weight, path, f"the weight {key}")
    return Weights(**given)


def _new(row: _io.Row, found: dict[str, Any]) -> str:
    identity = row.required("id")
    if identity in found:
        raise row.error(f"the id {identity} stands in the file twice")
    return identity


def _several(row: _io.Row, column: str) -> frozenset[str]:
    return frozenset(part for each in row.get(column).split("|") if (part := each.strip()))


def _place(row: _io.Row) -> tuple[float, float] | None:
    if not row.get("x") and not row.get("y"):
        return None
    for column in ("x", "y"):
        if not row.get(column):
            raise row.error(f"a place has an x and a y, and {column} is missing")
    return row.number("x"), row.number("y")


def _yes(row: _io.Row, column: str) -> bool:
    text = row.get(column).lower()
    if text and text not in _YES | _NO:
        raise row.error(f"{column} is yes or no, not {row.get(column)!r}")
    return text not in _NO


def plain(result: Matching) -> dict[str, Any]:
    """The matching as plain data."""
    return {
        "status": str(result.status),
        "total": result.total,
        "bound": result.bound,
        "gap": result.gap,
        "matches": [
            {
                "person": m.person,
                "request": m.request,
                "hours": m.hours,
                "score": m.score,
                "parts": dict(m.parts),
                "reasons": [str(reason) for reason in m.reasons],
            }
            for m in result.matches
        ],
        "unmet": [
            {
                "request": u.request,
                "places": u.places,
                "could_serve": u.could_serve,
                "obstacles": {str(obstacle): number for obstacle, number in u.obstacles.items()},
            }
            for u in result.unmet
        ],
        "balance": dict(result.balance),
        "clash": [
            {
                "person": demand.person,
                "request": demand.request,
                "obstacles": {
                    str(obstacle): number
                    for obstacle, number in result.clash_obstacles.get(demand, {}).items()
                },
            }
            for demand in result.clash
        ],
    }


def show(result: Matching) -> None:
    """The matching as tables."""
    data = plain(result)
    typer.echo(
        f"{result.status}: {len(result.matches)} matches, score {result.total:.2f}, at most "
        f"{result.bound:.2f} possible (gap {result.gap:.3%})"
    )
    if data["clash"]:
        _io.print_table(
            "Demands that cannot all hold",
            ("request", "person", "in the way"),
            (
                (each["request"] or "", each["person"] or "", _told(each["obstacles"]))
                for each in data["clash"]
            ),
            left=3,
        )
        return
    _io.print_table(
        "Matches",
        ("request", "person", "why", "hours", "score"),
        (
            (m["request"], m["person"], ", ".join(m["reasons"]), m["hours"], f"{m['score']:.2f}")
            for m in data["matches"]
        ),
        left=3,
    )
    _io.print_table(
        "Places left",
        ("request", "in the way of others", "places", "could serve"),
        ((u["request"], _told(u["obstacles"]), u["places"], u["could_serve"]) for u in data["unmet"]),
        left=2,
    )
    _io.print_table(
        "Balance",
        ("member", "lent minus borrowed"),
        ((member, f"{hours:g}") for member, hours in data["balance"].items()),
    )


def _told(obstacles: dict[str, int]) -> str:
    return ", ".join(f"{obstacle} {number}" for obstacle, number in obstacles.items())
