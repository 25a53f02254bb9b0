"""The room of deliberation at its real size: amendments, the whole text, the opinion map, and votes as they come.

Pages go through all middleware and templates in this process, as in `benchmarks.pages`. The map is made by the task of
the background itself, in a process of its own. The votes go over the network to the server as the product runs it.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import pages
from benchmarks.made import ready
from benchmarks.measure import ROOT, apart, note, peak_mb, timed

PAGE_BAR, WHOLE_BAR, MAP_BAR, VOTE_BAR = 0.100, 2.0, 5.0, 0.050
RUNS = 20  # of a page of the whole
RATE, SECONDS, WORKERS, VOTERS = 200, 15, 2, 200
ROLES = ("visitor", "alderman", "adviser")


def run() -> list[dict]:
    """A row for each page and role, for the map, and for the votes."""
    ready()
    import omkering.config.asgi  # noqa: F401 - prepares this process as it does a worker of the server

    clients = pages.make_clients()
    rows = []
    for bar, runs in ((PAGE_BAR, pages.RUNS), (WHOLE_BAR, RUNS)):
        wanted = [
            (f"{name} · {who}", clients[who], "get", url, lambda number: None, bar)
            for name, url, own in _pages()
            if own == bar
            for who in ROLES
        ]
        rows += pages.measured(wanted, runs)
    return [*rows, *_one_paragraph(), *_map(), *_votes()]


def _pages() -> list[tuple[str, Any, float]]:
    from django.db.models import Count
    from django.urls import reverse

    from omkering.deliberate.models import LIVE, Amendment, ConsultationRound, Document

    document = Document.objects.annotate(n=Count("amendments")).order_by("-n", "pk")[0].pk
    live = Amendment.objects.filter(document=document, state__in=LIVE)
    by_place = live.values("paragraph_id", "paragraph__address").annotate(n=Count("pk")).order_by("-n")
    full = list(by_place[: pages.RUNS])  # the paragraphs with most on the table
    at_full = [
        live.filter(paragraph=row["paragraph_id"]).order_by("-number").values_list("pk", flat=True)[0]
        for row in full
    ]
    voted = ConsultationRound.objects.filter(takes_statements=True).order_by("-pk")[0].pk
    own = reverse("deliberate:amendments", args=[document])
    whole = reverse("deliberate:consolidated", args=[document])

    def fixed(path: str) -> Any:
        return lambda number: path

    def each(name: str, values: list[int]) -> Any:
        return lambda number: reverse(name, args=[values[number % len(values)]])

    return [
        (
            "amendments to one paragraph",
            lambda number: f"{own}?paragraph={full[number % len(full)]['paragraph__address']}",
            PAGE_BAR,
        ),
        ("list of amendments", fixed(own), PAGE_BAR),
        ("list of amendments, by words", fixed(f"{own}?q=gemeente"), PAGE_BAR),
        ("an amendment with its words and collisions", each("deliberate:amendment", at_full), PAGE_BAR),
        ("opinion map", fixed(reverse("deliberate:opinion_map", args=[voted])), PAGE_BAR),
        ("all collisions", fixed(reverse("deliberate:collisions", args=[document])), WHOLE_BAR),
        ("order of voting", fixed(reverse("deliberate:voting_order", args=[document])), WHOLE_BAR),
        ("whole text with what was adopted", fixed(whole), WHOLE_BAR),
        ("whole text with all on the table", fixed(f"{whole}?with=all"), WHOLE_BAR),
        (
            "two versions compared",
            fixed(reverse("deliberate:compare", args=[document]) + "?from=1&to=3"),
            WHOLE_BAR,
        ),
    ]


def _one_paragraph() -> list[dict]:
    """The consolidated text of the paragraph with most on the table: read and merged, without a page."""
    from django.db.models import Count

    from omkering.deliberate.models import LIVE, Amendment, Paragraph
    from omkering.deliberate.queries.amendment_studies import live_amendments, study_paragraph, text_at

    live = Amendment.objects.filter(state__in=LIVE).values("paragraph").annotate(n=Count("pk"))
    at, count = live.order_by("-n").values_list("paragraph", "n")[0]
    paragraph = Paragraph.objects.get(pk=at)

    def work() -> Any:
        rows = live_amendments(paragraph.document_id).filter(paragraph=paragraph)
        return study_paragraph(text_at(paragraph), paragraph, rows)  # type: ignore[arg-type]

    times = []
    for _ in range(pages.RUNS):
        done = timed(work)
        times.append((done.seconds, done.cpu))
    p95 = statistics.quantiles([seconds for seconds, _cpu in times], n=20)[-1]
    cpu = statistics.median(cpu for _seconds, cpu in times)
    return [_row(f"consolidated text of one paragraph, {count} amendments", p95, cpu, PAGE_BAR, "")]


def _row(work: str, seconds: float, cpu: float | None, bar: float, told: str) -> dict:
    return {
        "work": work,
        "ours_s": seconds,
        "cpu_s": cpu,
        "bar": f"< {bar:g} s",
        "ok": seconds < bar,
        "note": told,
    }


# --- the map ---------------------------------------------------------------------------------------------------
def _map() -> list[dict]:
    from omkering.deliberate.models import ConsultationRound

    round_id = ConsultationRound.objects.filter(takes_statements=True).order_by("-pk")[0].pk
    done = apart("benchmarks.deliberation", "map", round_id)
    size = f"{done['people']:,} × {done['statements']}, {done['votes']:,} votes"
    told = note(
        f"best of {done['runs']}; first in a process {done['first']:.2f} s",
        f"{done['groups']} groups",
        f"{done['peak_mb']:.0f} MB",
    )
    return [_row(f"opinion map of {size} made anew", done["seconds"], done["cpu"], MAP_BAR, told)]


def measure_map(round_id: int, runs: int = 3) -> dict[str, Any]:
    """The task of the background, with reading all votes and writing the map."""
    ready()
    from omkering.deliberate.models import OpinionRun
    from omkering.deliberate.opinion_tasks import renew_opinion_map

    def work() -> None:
        renew_opinion_map(round_id=round_id)

    first, after = timed(work), timed(work, runs)
    run = OpinionRun.objects.filter(in_round=round_id).order_by("-created_at")[0]
    return {
        "first": first.seconds,
        "seconds": after.seconds,
        "cpu": after.cpu,
        "runs": runs,
        "people": run.participants,
        "votes": run.votes,
        "statements": len(run.result["statements"]),
        "groups": len(run.result["groups"]),
        "peak_mb": peak_mb(),
    }


# --- votes as they come ------------------------------------------------------------------------------------------
def _votes() -> list[dict]:
    """`RATE` votes a second for `SECONDS`, on the server as it runs: what each took within the server, and outside."""
    from django.db import connection

    from omkering.deliberate.models import ConsultationRound, Statement, StatementVote

    round_id = ConsultationRound.objects.filter(takes_statements=True).order_by("-pk")[0].pk
    statements = list(Statement.objects.filter(in_round=round_id).order_by("pk").values_list("pk", flat=True))
    people = list(
        StatementVote.objects.filter(statement=statements[0])
        .order_by("pk")
        .values_list("person_id", flat=True)
    )[:VOTERS]
    keys = _logged_in(people, round_id)
    connection.close()
    rows = []
    for name, htmx in (("with the next statement in the answer", True), ("without JavaScript", False)):
        done = _load(keys, statements, htmx)
        told = note(
            f"median {done['median']:.3f} s, p99 {done['p99']:.3f} s, {done['refused']} refused",
            f"at the one who asks p95 {done['outside']:.3f} s",
            f"{WORKERS} workers, {os.cpu_count()} cores with the database and who asks; load {os.getloadavg()[0]:.1f}",
        )
        work = f"{RATE} votes on statements a second, {name}, p95 in the server"
        rows.append(
            _row(work, done["p95"], done["cpu"], VOTE_BAR, told) | ({"ok": False} if done["refused"] else {})
        )
    return rows


def _logged_in(people: list[int], round_id: int) -> list[tuple[str, str, str]]:
    """The cookies of a session of each person, with the key of its forms."""
    from django.test import Client
    from django.urls import reverse

    from omkering.who.models import Person

    keys = []
    for person in Person.objects.filter(pk__in=people):
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        session = client.session
        session["account_authentication_methods"] = [{"method": "mfa", "mfa": True, "at": time.time()}]
        session.save()
        page = client.get(reverse("deliberate:vote_statements", args=[round_id])).content.decode()
        found = re.search(r'name="pass" value="([^"]+)"', page)
        keys.append(
            (client.cookies["sessionid"].value, client.cookies["csrftoken"].value, found[1] if found else "")
        )
    return keys


def _load(keys: list[tuple[str, str, str]], statements: list[int], htmx: bool) -> dict[str, Any]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.timed_server", "127.0.0.1", str(port), str(WORKERS), folder],
            cwd=ROOT,
            stderr=subprocess.DEVNULL,  # what it refuses under too much load is counted
        )
        try:
            _wait_for(port)
            # Warms the workers, and notes the last use of each session, which happens once a minute.
            asyncio.run(_ask(port, keys, statements, htmx, rate=20, seconds=len(keys) // 20))
            time.sleep(1)
            before, since = _cpu(folder), time.time()
            outside, refused = asyncio.run(_ask(port, keys, statements, htmx, rate=RATE, seconds=SECONDS))
            time.sleep(1.2)
            after = _cpu(folder)
            within = [took for at, took in _times(folder) if at >= since]
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait()
    return {
        "p95": statistics.quantiles(within, n=20)[-1],
        "p99": statistics.quantiles(within, n=100)[-1],
        "median": statistics.median(within),
        "outside": statistics.quantiles(outside, n=20)[-1],
        "cpu": (after - before) / len(within),
        "refused": refused,
    }


def _wait_for(port: int) -> None:
    for _ in range(240):
        time.sleep(0.5)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                time.sleep(3)  # the second worker too
                return
    raise RuntimeError("the server did not start")


def _lines(folder: str) -> list[str]:
    return [line for file in Path(folder).glob("*.txt") for line in file.read_text().splitlines()]


def _cpu(folder: str) -> float:
    return sum(float(line.split()[1]) for line in _lines(folder) if line.startswith("cpu"))


def _times(folder: str) -> list[tuple[float, float]]:
    pairs = [line.split() for line in _lines(folder) if not line.startswith("cpu")]
    return [(float(at), float(took)) for at, took in pairs]


async def _ask(
    port: int, keys: list[tuple[str, str, str]], statements: list[int], htmx: bool, *, rate: int, seconds: int
) -> tuple[list[float], int]:
    """Votes at a steady rate, whatever the answers take; how long each took, and how many were not taken."""
    took: list[float] = []
    refused = 0
    salt = int(time.time())  # so that a vote of the run before is changed, not given again
    free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def vote(number: int) -> None:
        nonlocal refused
        session, key, ticket = keys[number % len(keys)]
        statement = statements[(number * 13 + number // len(keys)) % len(statements)]
        body = f"value={(number + salt) % 3 - 1}&csrfmiddlewaretoken={key}&pass={ticket}"
        lines = [
            f"POST /beraadslagen/stellingen/{statement}/stem/snel/ HTTP/1.1",
            f"Host: 127.0.0.1:{port}",
            f"Cookie: sessionid={session}; csrftoken={key}",
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}",
            *(["HX-Request: true"] if htmx else []),
        ]
        started = time.perf_counter()
        reader, writer = free.pop() if free else await asyncio.open_connection("127.0.0.1", port)
        writer.write(("\r\n".join(lines) + "\r\n\r\n" + body).encode())
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        for line in head.split(b"\r\n"):
            if line.startswith(b"content-length"):
                await reader.readexactly(int(line.split(b":")[1]))
        took.append(time.perf_counter() - started)
        refused += head.split()[1] not in (b"200", b"303")
        free.append((reader, writer))

    begun, tasks = time.perf_counter(), []
    for number in range(rate * seconds):
        await asyncio.sleep(max(0.0, begun + number / rate - time.perf_counter()))
        tasks.append(asyncio.create_task(vote(number)))
    await asyncio.gather(*tasks)
    for _reader, writer in free:
        writer.close()
    return took, refused


if __name__ == "__main__":
    if sys.argv[1:2] == ["map"]:
        print(json.dumps(measure_map(int(sys.argv[2]))))
    else:
        for row in run():
            print(json.dumps(row))
