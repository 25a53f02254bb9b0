"""Killed while a whole hall votes: the web server, the worker and the database, one after the other.

Every client sends its ballot until it has a receipt, as the page on a phone does. What was acknowledged is there
afterwards, nothing is counted twice, the receipts are in the sealed log, and the next vote goes on.
"""

import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import pytest

from omkering.config.postgres import Cluster
from omkering.config.processes import follow_parent
from tests.databases import tables_into

ROOT = Path(__file__).resolve().parents[2]
ALL = 342
Answer = TypeVar("Answer")
PATIENCE = 180  # seconds; a client that has no receipt by then never gets one


class House:
    """The product's own processes on a database of their own, each of which can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = Cluster(folder / "db")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.thread = ThreadPoolExecutor(max_workers=1)

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {
            "DATABASE_URL": self.database.url(),
            "DJANGO_SETTINGS_MODULE": "tests.browser.settings",
            "BROWSER_FILES": str(self.folder / "files"),
            "OMKERING_SUPERVISED": "1",
        }

    def run(self, *command: str) -> str:
        """Run a program of Python to its end; what it printed last."""
        done = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-4000:]
        return done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""

    def start(self, name: str) -> None:
        command = {
            "web": ["-m", "omkering.config.server", "127.0.0.1", str(self.port)],
            "worker": ["-m", "omkering.config.worker"],
        }[name]
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, *command], cwd=ROOT, env=self.environment, stdout=log, stderr=log,
                start_new_session=True, preexec_fn=follow_parent(signal.SIGTERM),
            )  # fmt: skip

    def kill(self, name: str) -> None:
        """SIGKILL to the process and to those it made, or to the server of the database."""
        if name == "database":
            assert self.database.process
            os.kill(self.database.process.pid, signal.SIGKILL)
            self.database.process.wait(30)
            self.database.process = None
            return
        process = self.processes[name]
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(30)

    def start_again(self, name: str) -> None:
        if name == "database":
            deadline = time.monotonic() + 60
            while True:  # the rest of the killed server takes a moment to go
                try:
                    self.database.start()
                    return
                except Exception:
                    if time.monotonic() > deadline:
                        raise
                    time.sleep(0.2)
        self.start(name)

    def together(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        """Run this in the house's own thread: a browser of another test may keep a loop running in the first one.

        The thread stays as long as the house, because what it starts would end with it.
        """
        return self.thread.submit(asyncio.run, work).result()

    def stop(self) -> None:
        for process in self.processes.values():
            if process.poll() is None:
                process.terminate()
        for process in self.processes.values():
            process.wait(30)
        self.database.stop()
        self.thread.shutdown()


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    folder = Path(tempfile.mkdtemp(prefix="omkering-killed-"))
    folder.chmod(0o755)
    house = House(folder)
    house.database.start()
    try:
        tables_into(house.database.url())
        house.start("web")
        house.start("worker")
        yield house
    finally:
        house.stop()
        shutil.rmtree(folder, ignore_errors=True)


async def _send(port: int, ballot: dict[str, str]) -> dict[str, Any] | None:
    """One attempt; None when nothing came back that says what became of the ballot."""
    body = json.dumps({"pass": ballot["pass"], "choice": ballot["choice"], "seen": 0}).encode()
    head = (
        "POST /besluiten/stem/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        f"Content-Type: application/json\r\nCookie: {ballot['cookie']}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    try:
        async with asyncio.timeout(15):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(head.encode() + body)
            answer = await reader.read()
            writer.close()
    except (OSError, TimeoutError):
        return None
    told, _empty, rest = answer.partition(b"\r\n\r\n")
    if b" 503 " in told[:20] or not rest:
        return None
    return json.loads(rest)


async def vote(
    house: House, ballots: list[dict[str, str]], deeds: dict[int, Callable[[], None]]
) -> dict[int, str]:
    """Everybody votes; once so many have a receipt the deed of that number is done. Receipt → choice."""
    receipts: dict[int, str] = {}
    waiting = sorted(deeds)
    gate = asyncio.Semaphore(24)  # so that the deeds fall in the middle, not after the last

    async def one(ballot: dict[str, str]) -> None:
        deadline = time.monotonic() + PATIENCE
        async with gate:
            while (answer := await _send(house.port, ballot)) is None:
                assert time.monotonic() < deadline, "no receipt"
                await asyncio.sleep(0.1)
        assert answer["ok"], answer
        assert answer["choice"] == ballot["choice"]
        assert answer["receipt"] not in receipts
        receipts[answer["receipt"]] = answer["choice"]
        if waiting and len(receipts) >= waiting[0]:
            deeds[waiting.pop(0)]()

    await asyncio.gather(*(one(ballot) for ballot in ballots))
    assert not waiting
    return receipts


def sound(receipt: dict[str, Any], folder: Path) -> bool:
    """Whether a receipt proves its event, by the program that needs nothing of ours."""
    file = folder / "receipt.json"
    file.write_text(json.dumps(receipt))
    program = ROOT / "docs" / "check_receipt.py"
    return subprocess.run([sys.executable, program, file], capture_output=True, check=False).returncode == 0


def test_nothing_acknowledged_is_lost_and_nothing_counts_twice(house, tmp_path):
    hall = json.loads(house.run("-m", "tests.operation.hall", "make"))
    killed: list[str] = []

    def kill(name: str) -> Callable[[], None]:
        def deed() -> None:
            house.kill(name)
            killed.append(name)
            house.start_again(name)

        return deed

    deeds = {60: kill("web"), 130: kill("worker"), 200: kill("database"), 270: kill("web")}
    receipts = house.together(vote(house, hall["ballots"], deeds))
    assert killed == ["web", "worker", "database", "web"]
    assert len(receipts) == ALL
    found = json.loads(house.run("-m", "tests.operation.hall", "verdict", str(hall["vote"])))
    acknowledged = {str(number): choice for number, choice in receipts.items()}
    assert found["box"] == acknowledged
    assert found["told"] == acknowledged
    assert found["result"]["heads"] == {"for": 114, "against": 114, "abstain": 114}
    assert found["result"]["cast"]["heads"] == ALL
    assert found["log"] == ""
    assert len(found["receipts"]) == ALL
    assert all(each["event"] for each in found["receipts"].values())
    assert all(sound(each, tmp_path) for each in list(found["receipts"].values())[::38])


def test_the_next_vote_goes_on(house):
    hall = json.loads(house.run("-m", "tests.operation.hall", "make"))
    receipts = house.together(vote(house, hall["ballots"], {}))
    found = json.loads(house.run("-m", "tests.operation.hall", "verdict", str(hall["vote"])))
    assert found["box"] == {str(number): choice for number, choice in receipts.items()}
    assert found["result"]["cast"]["heads"] == ALL
