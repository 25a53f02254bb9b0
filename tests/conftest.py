"""A PostgreSQL of the tests' own, started before Django reads its settings, and the people of the tests."""

import atexit
import gc
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol

from omkering.config.server import ONE_THREAD
from tests.room import roomy

run_test = roomy(runtestprotocol)


def _memory() -> str | None:
    """A folder in memory where there is room, as every database is some thousand small files."""
    shared = Path("/dev/shm")
    return str(shared) if shared.is_mount() and shutil.disk_usage(shared).free > 8 * 2**30 else None


def _start_database() -> None:
    if "TESTS_FOLDER" in os.environ:  # a worker of xdist
        return
    folder = Path(tempfile.mkdtemp(prefix="omkering-tests-", dir=_memory()))
    folder.chmod(0o755)
    os.environ["TESTS_FOLDER"] = str(folder)
    if "DATABASE_URL" in os.environ:  # a database the caller chose
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        return
    from omkering.config.postgres import Cluster

    cluster = Cluster(folder / "db", durable=False)
    cluster.start()
    os.environ["DATABASE_URL"] = cluster.url()

    def stop() -> None:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)


os.environ.update(ONE_THREAD)
_start_database()
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"


@pytest.fixture(autouse=True)
def _dutch():
    """Each test starts in the first language, whatever the one before it left."""
    from django.utils import translation

    with translation.override("nl"):
        yield


def pytest_configure() -> None:
    """Read the settings now that the database is there; pytest-django takes it from here."""
    from django.conf import settings
    from hypothesis import settings as properties

    assert settings.DATABASES
    properties.register_profile("omkering", deadline=None)  # no clock judges a test
    properties.load_profile("omkering")


def _turn(item: pytest.Item) -> int:
    """When a test comes: 2 for most. Browsers stay behind those with a database, as pytest-django puts them: once
    there is a browser, Django takes every test of its process for an asynchronous one and refuses its queries.
    """
    if item.get_closest_marker("long") is None:
        return 2
    return int(item.path.stem != "test_demo")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long tests come first, so that none runs alone at the end while the other workers wait; of them the demo,
    as it needs nothing that another worker is making then.

    Tests of one `xdist_group` run in one worker: xdist writes the group into a name that pytest 9.2 no longer
    reads, so it is put where pytest reads it.
    """
    items.sort(key=_turn)
    if not getattr(config.option, "loadgroup", False):
        return
    from _pytest.nodes import NodeId

    for item in items:
        wanted = vars(item).get("_nodeid", item.nodeid)
        if wanted != item.nodeid:
            item._id = NodeId.parse(wanted)


def pytest_collection_finish() -> None:
    """What was loaded stays until the end, so the collector of garbage need not walk it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    """Set a test up, run it and tear it down as pytest does, with room on the stack."""
    where = {"nodeid": item.nodeid, "location": item.location}
    item.ihook.pytest_runtest_logstart(**where)
    run_test(item, nextitem=nextitem)
    item.ihook.pytest_runtest_logfinish(**where)
    return True


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    """The database of a process is a copy of one that was migrated once for all of them."""
    from django.conf import settings

    from tests.databases import template

    settings.DATABASES["default"]["TEST"]["TEMPLATE"] = template()


@pytest.fixture(autouse=True, scope="session")
def _tests_empty_what_they_filled():
    """Tests that commit leave empty tables behind."""
    from django.test import TransactionTestCase

    from tests.databases import empty

    ordinary = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = lambda _test: empty()
    yield
    TransactionTestCase._fixture_teardown = ordinary


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict:
    """The headless shell or Chromium of the system where there is one, else the shell that playwright fetched."""
    args = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-background-networking",
        "--no-first-run",
        # A page lives for a second: to optimise its scripts costs more than it gives.
        "--js-flags=--always-sparkplug --no-maglev --no-opt",
    ]
    found = (shutil.which(name) for name in ("chromium-headless-shell", "chromium"))
    system = next((path for path in found if path), None)
    return {"args": args, **({"executable_path": system} if system else {})}
