"""The embedded PostgreSQL where it is hard: everything below a folder that only root may enter."""

import os
import shutil
import tempfile
from pathlib import Path

import psycopg
import pytest

from omkering.config.postgres import Cluster, binaries


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has folders that the server's user may not enter")
def test_as_root_it_runs_below_a_folder_that_only_root_may_enter(monkeypatch):
    closed = Path(tempfile.mkdtemp(prefix="only root "))  # mode 700
    ours = binaries()
    package = ours.parents[1]
    for folder in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(folder, closed / "venv" / folder.name, symlinks=True)
    monkeypatch.setenv("OMKERING_POSTGRES_BIN", str(closed / "venv" / ours.relative_to(package.parent)))
    cluster = Cluster(closed / "var" / "postgres", durable=False)
    try:
        for _ in range(2):  # anew, and again on the same data
            cluster.start()
            with psycopg.connect(cluster.url()) as connection:
                assert connection.execute("SELECT 1").fetchone() == (1,)
            pid = cluster.running()
            assert pid and Path(f"/proc/{pid}").stat().st_uid != 0
            cluster.stop()
        assert not cluster.socket.exists()
        assert closed.stat().st_mode & 0o777 == 0o700
    finally:
        cluster.stop()
        shutil.rmtree(closed)
