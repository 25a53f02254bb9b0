"""`omkering demo`: the whole product on this machine, with example data."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from types import FrameType

import typer
from rich.console import Console
from rich.table import Table

from omkering.cli import local
from omkering.config.processes import (
    StartError,
    die_with_parent,
    follow_parent,
    require_disk,
    require_free_port,
)

HOST = "127.0.0.1"


class Stopped(Exception):
    """Somebody asked us to stop."""


def demo(
    port: int = typer.Option(8000, envvar="PORT", min=1, max=65535, help="Port on 127.0.0.1."),
    reset: bool = typer.Option(False, "--reset", help="Throw the demo's data away and start anew."),
) -> None:
    """Start the demo: database, example year, web and worker. Ctrl-C stops everything.

    Example: omkering demo --port 8080
    """
    console = Console(highlight=False)
    if os.environ.get("OMKERING_FOLLOW_PARENT"):
        die_with_parent()
    # SIGINT too: what a shell starts with `&` begins with it ignored.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    require_free_port(HOST, port)
    local.var().mkdir(parents=True, exist_ok=True)
    require_disk(local.var(), 500)
    cluster = local.cluster()
    if cluster.running():
        raise StartError(
            f"The demo of this folder is already running (its database is process {cluster.running()}). "
            "Stop it first, with Ctrl-C where it runs, or with: omkering db stop"
        )
    if reset:
        for name in ("postgres", "postgres.log", "files"):
            target = local.var() / name
            shutil.rmtree(target, ignore_errors=True) if target.is_dir() else target.unlink(missing_ok=True)
        console.print("Started anew: the earlier data of the demo is gone.")
    children: list[subprocess.Popen] = []
    try:
        cluster.start()
        address = f"http://{HOST}:{port}"
        local.demo_environment(cluster.url(), address)
        _prepare(console)
        children += [_spawn("omkering.config.server", HOST, str(port)), _spawn("omkering.config.worker")]
        _await(f"{address}/healthz", children)
        _welcome(console, address)
        while all(child.poll() is None for child in children):
            time.sleep(0.2)
        raise StartError("A part of the demo stopped by itself; what it said stands above.")
    except (Stopped, KeyboardInterrupt):
        console.print("\nStopping …")
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        _end(children)
        cluster.stop()


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise Stopped


def _prepare(console: Console) -> None:
    import django

    django.setup()
    from django.db import connections

    from omkering.config.prepare import prepare
    from omkering.journal.origin import origin
    from omkering.lab.example.year import load_example_year

    with origin("demo"):
        prepare(lambda step: console.print(f"  {step} …"))
        load_example_year(lambda step: console.print(f"  {step} …"))
    connections.close_all()


def _spawn(module: str, *arguments: str) -> subprocess.Popen:
    return subprocess.Popen(  # noqa: S603 - our own modules
        [sys.executable, "-m", module, *arguments],
        env={**os.environ, "OMKERING_SUPERVISED": "1"},
        cwd=local.ROOT,
        stdin=subprocess.DEVNULL,
        preexec_fn=follow_parent(signal.SIGTERM),
        start_new_session=True,
    )


def _await(url: str, children: list[subprocess.Popen]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2):  # noqa: S310 - loopback
            return
        if any(child.poll() is not None for child in children):
            raise StartError("The demo did not start; what it said stands above.")
        time.sleep(0.05)
    raise StartError("The demo did not answer within a minute.")


def _end(children: list[subprocess.Popen]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(timeout=10)
        if child.poll() is None:
            child.kill()
            child.wait()


def _welcome(console: Console, address: str) -> None:
    from django.utils import translation

    from omkering.who.example_people import PASSWORD, example_people

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("role", "e-mail address", "for"):
        table.add_column(column, no_wrap=column != "for")
    with translation.override("nl"):
        for person in example_people():
            table.add_row(person.role, person.email, person.holder)
    console.print(f"\n[bold]Omkering runs at {address}[/bold]\n")
    console.print(f"Example log-ins (one click on the log-in page; password [bold]{PASSWORD}[/bold]):")
    console.print(table)
    console.print("\nCtrl-C stops everything; your data stays. Start anew: make demo RESET=1\n")
