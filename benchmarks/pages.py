"""Server time of every page on the made association: p95 over many requests, with their queries counted.

The requests go through all middleware and templates in this process, as a worker of the server would serve them;
the network is not in it.
"""

import statistics
import time
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from benchmarks.made import SIZE, ready
from benchmarks.room_pages import RUNS, agenda, decide, decide_own, deliberate, deliberate_own

if TYPE_CHECKING:
    from omkering.who.models import Person

PAGE_BAR, TYPING_BAR, MAKE_BAR = 0.100, 0.150, 600.0


def run() -> list[dict]:
    """A row for each page and role."""
    took = ready()
    rows = []
    if took is not None:
        rows.append(_row(f"make {SIZE}", took, MAKE_BAR, ""))
    import omkering.config.asgi  # noqa: F401 - prepares this process as it does a worker of the server

    return rows + measured(_requests())


def measured(requests: Iterable[tuple], runs: int = RUNS) -> list[dict]:
    """A row for each request (name, client, method, address, data, bar): p95 by the clock, and by the processor the
    median of this process alone: the database's share is not in it."""
    from django.db import connection

    rows = []
    for name, client, method, url, data, bar in requests:
        send = client.get if method == "get" else client.post
        queries: list[str] = []

        def counted(execute, sql, params, many, context, kept=queries):
            kept.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(counted):  # the first request also warms what a worker keeps
            status = send(url(0), data(0)).status_code
        times, processor = [], []
        for number in range(runs):
            started, worked = time.perf_counter(), time.process_time()
            status = max(status, send(url(number), data(number)).status_code)
            times.append(time.perf_counter() - started)
            processor.append(time.process_time() - worked)
        p95 = statistics.quantiles(times, n=20)[-1]
        note = f"{status}, median {statistics.median(times):.3f} s, {len(queries)} queries"
        row = _row(name, p95, bar, note) | {"cpu_s": statistics.median(processor)}
        rows.append(row | ({"ok": False} if status >= 400 else {}))
    return rows


def _row(work: str, seconds: float, bar: float, note: str) -> dict:
    return {"work": work, "ours_s": seconds, "bar": f"< {bar:g} s", "ok": seconds < bar, "note": note}


def _administrator() -> "Person":
    """Somebody who administers; the maker makes none."""
    from omkering.who.models import Appointment, Person

    person, _made = Person.objects.get_or_create(
        email="beheerder@bench.example", defaults={"name": "Beheerder"}
    )
    since = date(2022, 1, 1)
    Appointment.objects.get_or_create(person=person, role="administrator", defaults={"starts": since})
    return person


def make_clients() -> dict[str, Any]:
    """A client that is logged in for each role, and one of a visitor."""
    from django.test import Client

    from omkering.who.models import Appointment, Person

    def client_of(person: Person | None) -> Client:
        client = Client()
        if person is not None:
            client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
            session = client.session
            session["account_authentication_methods"] = [{"method": "mfa", "mfa": True, "at": time.time()}]
            session.save()
        return client

    role = {
        name: Person.objects.get(
            pk=Appointment.objects.filter(role=name).order_by("pk")[50 if name != "adviser" else 0].person_id
        )
        for name in ("alderman", "official", "adviser")
    }
    role["administrator"] = _administrator()
    return {"visitor": client_of(None)} | {name: client_of(person) for name, person in role.items()}


def _requests() -> Iterator[tuple]:
    from django.urls import reverse

    from omkering.decide.models import Vote
    from omkering.listen.models import Bundle, Signal
    from omkering.who.models import Member

    clients = make_clients()
    signals = list(
        Signal.objects.filter(visibility="public").order_by("-supporters").values_list("pk", flat=True)[:RUNS]
    )
    bundles = list(Bundle.objects.order_by("pk").values_list("pk", flat=True)[:RUNS])
    members = list(Member.objects.order_by("code").values_list("code", flat=True)[:RUNS])
    words = (
        "jeugdhulp",
        "huis",
        "stroomnet school",
        "wachtlijst sociale huur",
        "energie",
        "zwembad",
        "gemeente",
    )
    board = reverse("listen:board")

    def fixed(path: str):
        return lambda number: path

    def each(pattern: str, values: list):
        return lambda number: reverse(pattern, args=[values[number % len(values)]])

    def word(path: str, name: str, more: str = ""):
        return lambda number: f"{path}?{name}={words[number % len(words)]}{more}"

    pages = [
        ("home", fixed("/")),
        ("members", fixed(reverse("web:members"))),
        ("members, map of signals", fixed(reverse("web:members") + "?measure=signals")),
        ("member", each("web:member", members)),
        ("networks", fixed(reverse("web:networks"))),
        ("network", fixed(reverse("web:network", args=["k80"]))),
        ("board", fixed(board)),
        ("board, theme", fixed(board + "?theme=wonen")),
        ("board, state and network", fixed(board + "?state=in_review&network=k80")),
        ("board, most members", fixed(board + "?sort=members")),
        ("board, words", word(board, "text")),
        ("board, words and province", word(board, "text", "&province=PV22")),
        ("board, words, most members", word(board, "text", "&sort=members")),
        ("board, far page", fixed(board + "?page=400")),
        ("signal", each("listen:signal", signals)),
        ("bundle", each("listen:bundle", bundles)),
        ("themes", fixed(reverse("listen:themes"))),
        ("theme", fixed(reverse("listen:theme", args=["wonen"]))),
        ("search", word(reverse("web:search"), "q")),
        ("bundles", fixed(reverse("listen:bundles"))),
        ("votes", fixed(reverse("decide:votes"))),
        ("proposals", fixed(reverse("decide:proposals"))),
        ("log", fixed(reverse("web:log"))),
        ("feed of a theme", fixed(reverse("listen:theme_feed", args=["wonen"]))),
    ]
    if (
        closed := Vote.objects.filter(state="closed").order_by("-pk").first()
    ):  # the benchmark of votes makes one
        pages += [
            ("result of a vote", fixed(reverse("decide:vote", args=[closed.pk]))),
            ("proposal", fixed(reverse("decide:proposal", args=[closed.about_id]))),
        ]
    own = [
        ("news", fixed(reverse("web:news")), ("alderman", "official", "adviser")),
        ("what I follow", fixed(reverse("web:follows")), ("alderman", "adviser")),
        ("my account", fixed(reverse("web:account")), ("alderman", "adviser")),
        ("report", fixed(reverse("listen:report")), ("alderman", "official")),
        ("suggestions", fixed(reverse("listen:suggestions")), ("adviser",)),
        ("people", fixed(reverse("web:people")), ("administrator",)),
        ("rights", fixed(reverse("web:rights")), ("administrator",)),
    ]
    pages += agenda(fixed, each) + deliberate(fixed, each) + decide(fixed, each)
    own.append(("my dossiers", fixed(reverse("agenda:my_dossiers")), ("alderman", "adviser")))
    own += deliberate_own(fixed, each) + decide_own(fixed, each)
    everyone = tuple(name for name in clients if name != "administrator")
    for name, url, whose in [*((name, url, everyone) for name, url in pages), *own]:
        for who in whose:
            client = clients[who]
            yield f"{name} · {who}", client, "get", url, lambda number: None, PAGE_BAR
    typed = (
        "Inwoners kunnen hun energierekening niet betalen",
        "De bus rijdt niet meer naar ons dorp",
        "Wij vinden geen vergunningverlener",
        "School wacht op stroomaansluiting",
    )
    yield (
        "similar while typing · alderman",
        clients["alderman"],
        "post",
        fixed(reverse("listen:similar")),
        lambda number: {
            "title": f"{typed[number % len(typed)]} {number}",
            "case": typed[number % len(typed)],
        },
        TYPING_BAR,
    )
