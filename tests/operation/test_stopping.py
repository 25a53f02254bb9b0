"""The web server is asked to stop while a hall watches and a ballot is under way.

No clock judges: here the server kills a worker after two minutes only, and must have ended by itself before that.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from omkering.config.processes import follow_parent
from omkering.decide.models import Ballot, Meeting
from tests.databases import url
from tests.decide.quick import pass_for
from tests.decide.test_stream import make_meeting
from tests.decide.votes import members_with_voters, open_vote, session_of

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]
WATCHERS = 50
KILL = 120  # seconds before this server would kill its workers
ENOUGH = 60  # seconds after which something that must come did not
COMPLAINTS = ("[WARNING]", "[ERROR]", "Traceback", "never", "pending")
SERVE = "from omkering.config import server; server.PATIENCE = {kill}; server.serve('127.0.0.1', {port}, {workers})"


class Server:
    """The product's server on the database of the tests."""

    def __init__(self, folder: Path, workers: int) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        environment = os.environ | {
            "DATABASE_URL": url(connection.settings_dict["NAME"]),
            "DJANGO_SETTINGS_MODULE": "tests.browser.settings",
            "BROWSER_FILES": str(folder / "files"),
            "OMKERING_SUPERVISED": "1",
        }
        self.log = folder / "server.log"
        self.lines: list[HTTPConnection] = []
        with self.log.open("wb") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-c", SERVE.format(kill=KILL, port=self.port, workers=workers)],
                cwd=ROOT, env=environment, stdout=said, stderr=said,
                start_new_session=True, preexec_fn=follow_parent(signal.SIGTERM),
            )  # fmt: skip

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> HTTPConnection:
        """Send a request without reading the answer."""
        line = HTTPConnection("127.0.0.1", self.port, timeout=ENOUGH)
        self.lines.append(line)
        line.request(method, path, body, headers)
        return line

    def answers(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        try:
            return self.ask("GET", "/healthz").getresponse().status == 200
        except OSError:
            return False

    def watch(self, meeting: Meeting) -> HTTPResponse:
        """Open a stream; what it begins with has come in."""
        answer = self.ask("GET", f"/besluiten/vergadering/{meeting.pk}/stroom/").getresponse()
        assert answer.status == 200
        assert [answer.readline(), answer.readline()] == [b"retry: 2000\n", b"\n"]
        return answer

    def close(self) -> None:
        for line in self.lines:
            line.close()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextlib.contextmanager
def serving(folder: Path, workers: int = 1) -> Iterator[Server]:
    server = Server(folder, workers)
    try:
        until(server.answers)
        yield server
    finally:
        server.close()


def until(so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + ENOUGH
    while not so():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def read_to_the_end(stream: HTTPResponse) -> None:
    """Nothing but signs of life, and the piece that says that this was all: without it reading raises."""
    assert stream.read().replace(b": ping\n\n", b"") == b""


@pytest.mark.parametrize(("workers", "number"), [(1, signal.SIGTERM), (2, signal.SIGINT)])
def test_streams_end_by_themselves_and_a_ballot_under_way_is_kept(tmp_path, workers, number):
    [(_member, voter)] = members_with_voters(2_000)
    meeting, vote, session = make_meeting(), open_vote(), session_of(voter)
    ballot = json.dumps({"pass": pass_for(vote, voter, session), "choice": "for", "seen": 0}).encode()
    cookie = f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
    database = url(connection.settings_dict["NAME"])

    with (
        psycopg.connect(database, autocommit=True) as looking,
        psycopg.connect(database) as holding,
        serving(tmp_path, workers) as server,
    ):
        streams = [server.watch(meeting) for _one in range(WATCHERS)]
        holding.execute("SELECT 1 FROM decide_vote WHERE item_ptr_id = %s FOR UPDATE", [vote.pk])
        slow = server.ask("POST", "/besluiten/stem/", ballot, Cookie=cookie)
        until(lambda: bool(looking.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone()))

        server.process.send_signal(number)
        for stream in streams:
            read_to_the_end(stream)
        assert server.process.poll() is None  # it waits for the ballot
        assert not Ballot.objects.exists()
        holding.rollback()
        answer = slow.getresponse()
        told = json.loads(answer.read())
        assert (answer.status, told["ok"], told["choice"]) == (200, True, "for")
        assert server.process.wait(ENOUGH) == 0
    assert Ballot.objects.get().choice == "for"
    said = server.log.read_text()
    assert not [word for word in COMPLAINTS if word in said], said


def test_streams_do_not_keep_the_workers_of_a_server_that_was_killed(tmp_path):
    meeting = make_meeting()
    with serving(tmp_path) as server:
        streams = [server.watch(meeting) for _one in range(2)]
        server.process.kill()
        for stream in streams:
            read_to_the_end(stream)


def test_a_server_that_is_still_starting_stops_as_well(tmp_path):
    server = Server(tmp_path, workers=1)
    try:
        until(lambda: bool(_children(server.process.pid)))
        server.process.terminate()
        assert server.process.wait(ENOUGH) == 0
    finally:
        server.close()


def _children(pid: int) -> str:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text()
