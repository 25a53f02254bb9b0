"""Two thousand people watch a meeting: how soon each hears of a change, and what a watcher costs in memory."""

import asyncio
import resource
import subprocess
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks.ballots import start_server
from benchmarks.made import ready

WATCHERS = 2_000
CHANGES = 20
BAR = 0.5
PORT = 8978


def run() -> list[dict]:
    """One row: the 95th percentile over all changes and watchers, and the memory of a watcher."""
    ready()
    meeting = _meeting()
    with tempfile.TemporaryDirectory() as folder:
        server = start_server(Path(folder), PORT)
        try:
            late, memory = asyncio.run(_watch(server, meeting))
        finally:
            server.terminate()
            server.wait(20)
    late.sort()
    p95 = late[int(len(late) * 0.95)]
    return [
        {
            "work": f"{WATCHERS} watchers hear of a change: p95",
            "ours_s": p95,
            "bar": BAR,
            "ok": p95 < BAR,
            "note": (
                f"median {late[len(late) // 2] * 1000:.0f} ms, slowest {late[-1] * 1000:.0f} ms; "
                f"{memory / 1024:.1f} kB of memory a watcher"
            ),
        }
    ]


def _meeting() -> Any:
    from django.utils import timezone

    from omkering.decide.models import Meeting, MeetingForm
    from omkering.thread.models import Visibility

    now = timezone.now()
    return Meeting.objects.create(
        kind="meeting",
        title="Ledenvergadering",
        state="open",
        visibility=Visibility.PUBLIC,
        form=MeetingForm.HYBRID,
        starts_at=now,
        ends_at=now + timedelta(hours=3),
        reference_date=now.date(),
    )


async def _watch(server: "subprocess.Popen[bytes]", meeting: Any) -> tuple[list[float], float]:
    """Seconds between the change and each watcher that heard of it, and bytes of memory for each watcher."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    gate = asyncio.Semaphore(50)
    heard: dict[int, list[float]] = {}
    before = _memory(server.pid)
    watchers = [asyncio.create_task(_watcher(meeting.pk, gate, heard)) for _each in range(WATCHERS)]
    await _until(lambda: heard.get(0) is not None and len(heard[0]) == WATCHERS)
    memory = (_memory(server.pid) - before) / WATCHERS
    late: list[float] = []
    for number in range(1, CHANGES + 1):
        told = await asyncio.to_thread(_tell, meeting, number)
        await _until(lambda number=number: len(heard.get(number, ())) == WATCHERS)
        late += [moment - told for moment in heard[number]]
        await asyncio.sleep(0.2)
    for each in watchers:
        each.cancel()
    await asyncio.gather(*watchers, return_exceptions=True)
    return late, memory


def _tell(meeting: Any, number: int) -> float:
    """Make a change; the moment just before it was kept."""
    from django.db import transaction

    from omkering.decide import live

    with transaction.atomic():
        live.tell(meeting, "agenda", number=number)
        return time.perf_counter()


async def _watcher(meeting: int, gate: asyncio.Semaphore, heard: dict[int, list[float]]) -> None:
    async with gate:
        reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
        writer.write(
            f"GET /besluiten/vergadering/{meeting}/stroom/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
        )
        await reader.readuntil(b"retry: 2000")
    heard.setdefault(0, []).append(time.perf_counter())
    while True:
        line = await reader.readuntil(b"\n")
        if line.startswith(b'data: {"number":'):
            number = int(line[16:].rstrip(b"}\n"))
            heard.setdefault(number, []).append(time.perf_counter())


async def _until(seen: Any) -> None:
    async with asyncio.timeout(120):
        while not seen():
            await asyncio.sleep(0.02)


def _memory(pid: int) -> int:
    """Bytes that this server and its workers hold for themselves."""
    found = 0
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if pid in (int(folder.name), parent):
                lines = (folder / "smaps_rollup").read_text().splitlines()
                found += sum(int(line.split()[1]) for line in lines if line.startswith("Private")) * 1024
        except (OSError, ValueError):
            continue
    return found
