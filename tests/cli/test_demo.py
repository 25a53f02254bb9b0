"""`omkering demo` from an empty folder: starts, keeps its data, stops, and leaves nothing running."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.long]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Demo:
    """One run of the demo on a folder."""

    def __init__(self, var: Path, port: int, *words: str) -> None:
        environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        environment |= {
            "OMKERING_VAR": str(var),
            "COLUMNS": "200",
            "DJANGO_SETTINGS_MODULE": "omkering.config.settings",
        }
        self.port = port
        self.mark = str(var)
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                "from omkering.cli import main; main()",
                "demo",
                "--port",
                str(port),
                *words,
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=ROOT,
            env=environment,
        )

    def read_until(self, word: str) -> str:
        text = ""
        for line in self.process.stdout:
            text += line
            if word in line:
                return text
        raise AssertionError(f"the demo ended before it said {word!r}:\n{text}")

    def get(self, path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
            return answer.read().decode()

    def processes(self) -> list[str]:
        """Command lines of whatever runs on this folder, of this demo and of its children."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                environment = (folder / "environ").read_bytes()
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if self.mark.encode() in environment or self.mark in command:
                found.append(command)
        return found

    def wait_for_silence(self) -> None:
        deadline = time.monotonic() + 30
        while self.processes() and time.monotonic() < deadline:
            time.sleep(0.1)
        self.process.stdout.close()
        assert self.processes() == []


def test_the_demo_lives_and_leaves_nothing_behind(tmp_path):
    folder = tmp_path / "a folder with spaces"
    folder.mkdir()
    for parent in (tmp_path.parent.parent, tmp_path.parent, tmp_path, folder):
        parent.chmod(0o755)
    var, port = folder / "var", free_port()

    first = Demo(var, port)
    said = first.read_until("Ctrl-C stops everything")
    assert f"http://127.0.0.1:{port}" in said
    assert "wethouder@voorbeeld.example" in said
    page = first.get("/account/login/")
    assert page.count('action="/demo/inloggen/"') == 11
    again = Demo(var, free_port())
    assert "already running" in again.process.communicate(timeout=30)[0]
    assert again.process.returncode == 1
    taken = Demo(tmp_path / "other", port)
    assert f"Port {port} is in use" in taken.process.communicate(timeout=30)[0]
    first.process.send_signal(signal.SIGTERM)
    assert first.process.wait(timeout=30) == 0
    first.wait_for_silence()

    second = Demo(var, port)
    assert "example year" not in second.read_until("Ctrl-C stops everything")
    assert "Energiearmoede" in second.get("/signaleren/bundels/")
    second.process.kill()
    second.process.wait()
    second.wait_for_silence()

    version = var / "postgres" / "PG_VERSION"
    version.write_text("9\n")
    third = Demo(var, port)
    assert "made by PostgreSQL 9" in third.process.communicate(timeout=30)[0]
    assert third.process.returncode == 1


def test_a_full_disk_gets_one_sentence(tmp_path, monkeypatch):
    from omkering.config import processes

    monkeypatch.setattr(processes.shutil, "disk_usage", lambda _folder: SimpleNamespace(free=3 * 2**20))
    with pytest.raises(processes.StartError, match="The disk is \\(nearly\\) full: 3 MB"):
        processes.require_disk(tmp_path, 500)
