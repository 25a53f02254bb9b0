"""Make an installation ready to serve: screen texts, static files, tables, association. Each step is
skipped when there is nothing to do."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from omkering import __version__
from omkering.agenda.commands.loading import load_challenges
from omkering.thread.themes import load_themes
from omkering.ui import messages
from omkering.who.commands.association import load_association

PACKAGE = Path(__file__).resolve().parents[1]

Tell = Callable[[str], None]


def prepare(tell: Tell = lambda step: None) -> None:
    """Bring everything up to date; `tell` is called with a line for each step that has work."""
    messages.compile_all()
    collect_static(tell)
    migrate(tell)
    if load_association():
        tell("Loaded the association")
    load_themes()
    load_challenges()


def collect_static(tell: Tell = lambda step: None) -> None:
    """Copy and hash the static files, when one of them changed since the last time."""
    stamp = Path(settings.STATIC_ROOT) / ".stamp"
    now = _fingerprint(PACKAGE.glob("*/static/**/*"))
    if stamp.exists() and stamp.read_text() == now:
        return
    tell("Preparing the static files")
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(now)


def migrate(tell: Tell = lambda step: None) -> None:
    """Bring the tables up to date."""
    if pending_migrations():
        tell("Bringing the database up to date")
        call_command("migrate", interactive=False, verbosity=0)


def pending_migrations() -> int:
    """How many migrations are not applied."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _fingerprint(files: Iterator[Path]) -> str:
    digest = hashlib.sha256(__version__.encode())
    for file in sorted(files):
        if file.is_file():
            state = file.stat()
            digest.update(f"{file.relative_to(PACKAGE)} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()
