"""A backup of a whole installation, restored somewhere else, is the same installation with a sound log."""

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest

from omkering.config import backup
from omkering.config.processes import StartError
from tests.databases import administer
from tests.shared_world import database_with_world

pytestmark = pytest.mark.xdist_group("backup")  # one installation is enough for all of them

ROOT = Path(__file__).parents[2]
FILES = 6  # of two signals, a dossier, two documents and a paper of a meeting
TABLES = (
    "who_person",
    "thread_item",
    "listen_signal",
    "journal_event",
    "journal_leaf",
    "decide_ballot",
    "agenda_dossier",
    "agenda_condition",
    "agenda_priorityballot",
    "deliberate_document",
    "deliberate_paragraph",
    "deliberate_amendment",
    "deliberate_statementvote",
    "deliberate_stance",
    "thread_meaning",
)


def address(name: str) -> str:
    """DATABASE_URL of another database on the server of the tests."""
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def run(
    *words: str, database: str, var: Path, module: str = "", user: str = "omkering"
) -> subprocess.CompletedProcess[str]:
    program = ["-m", module] if module else ["-c", "from omkering.cli import main; main()"]
    environment = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    return subprocess.run(
        [sys.executable, *program, *words],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={
            **environment,
            "DATABASE_URL": address(database).replace("//omkering@", f"//{user}@"),
            "OMKERING_VAR": str(var),
            "SECRET_KEY": "only-for-the-tests-" + "x" * 40,
            "OMKERING_INSECURE_HTTP": "1",
            "ALLOWED_HOSTS": "localhost",
            "DJANGO_SETTINGS_MODULE": "omkering.config.settings",
            "COLUMNS": "200",
        },
        timeout=300,
    )


def sums(database: str) -> dict[str, str]:
    """What the tables hold, as one number each."""
    with psycopg.connect(address(database)) as connection:
        return {
            table: connection.execute(
                f"SELECT count(*) || ':' || coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {table} t"
            ).fetchone()[0]
            for table in TABLES
        }


@pytest.fixture(scope="module")
def databases(here):
    """Two new databases: one with a world, and one empty."""
    names = [f"backup_{uuid4().hex[:8]}" for _ in range(2)]
    database_with_world(names[0], here / "one" / "files")
    administer("CREATE DATABASE {name}", name=names[1])
    yield names
    for name in names:
        administer("DROP DATABASE {name} WITH (FORCE)", name=name)


@pytest.fixture(scope="module")
def here(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("a folder")


@pytest.fixture(scope="module")
def file(databases, here) -> Path:
    """A backup of an installation with one of everything, and a file in a folder of its own."""
    target = here / "backup.tar"
    done = run("backup", str(target), database=databases[0], var=here / "one")
    assert done.returncode == 0, done.stderr
    assert f"{FILES} files" in done.stdout
    return target


def test_the_round_trip(databases, here, file):
    assert file.stat().st_mode & 0o077 == 0
    back = run("restore", str(file), database=databases[1], var=here / "two")
    assert back.returncode == 0, back.stderr
    assert "The log is sound" in back.stdout
    assert sums(databases[1]) == sums(databases[0])
    one, two = (
        {
            path.relative_to(here / folder): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in (here / folder / "files").rglob("*")
            if path.is_file()
        }
        for folder in ("one", "two")
    )
    assert len(one) == FILES and one == two
    checked = run("log", "verify", database=databases[1], var=here / "two")
    assert (checked.returncode, "The log is sound" in checked.stdout) == (0, True)
    # The second time there is data: refused without a flag, and nothing changes.
    again = run("restore", str(file), database=databases[1], var=here / "two")
    assert again.returncode == 1 and "There is data here already" in again.stderr
    with psycopg.connect(address(databases[1])) as connection:
        connection.execute("DELETE FROM web_outboxmail")
        connection.execute("UPDATE who_person SET name = 'Veranderd'")
    assert sums(databases[1]) != sums(databases[0])
    (next((here / "two" / "files").rglob("*.*"))).unlink()
    over = run("restore", str(file), "--overwrite", database=databases[1], var=here / "two")
    assert over.returncode == 0, over.stderr
    assert sums(databases[1]) == sums(databases[0])
    assert len(list((here / "two" / "files").rglob("*.*"))) == FILES
    # The append-only triggers are back as well.
    with (
        psycopg.connect(address(databases[1])) as connection,
        pytest.raises(psycopg.Error, match="append-only"),
    ):
        connection.execute("DELETE FROM journal_event")


def changed(file: Path, target: Path, change) -> Path:
    """A copy of a backup in which `change(folder)` did something."""
    folder = target.with_suffix("")
    with tarfile.open(file) as archive:
        names = archive.getnames()
        archive.extractall(folder)
    change(folder)
    with tarfile.open(target, "w") as archive:
        for name in names:
            if (folder / name).exists():
                archive.add(folder / name, arcname=name)
    shutil.rmtree(folder)
    return target


@pytest.mark.parametrize(
    ("name", "kind"),
    [("../outside", tarfile.REGTYPE), ("/outside", tarfile.REGTYPE), ("media/link", tarfile.SYMTYPE)],
)
def test_what_lies_outside_a_backup_is_not_written(tmp_path, name, kind):
    source, folder = tmp_path / "backup.tar", tmp_path / "folder"
    name = f"{tmp_path}{name}" if name.startswith("/") else name
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, str(tmp_path / "outside")
    manifest = tarfile.TarInfo("manifest.json")
    described = json.dumps(
        dict.fromkeys(("version", "made", "log_root"), "") | dict.fromkeys(("format", "postgres", "log_size"), 1)
        | {"migrations": {}, "sha256": {}}
    ).encode()  # fmt: skip
    manifest.size = len(described)
    with tarfile.open(source, "w") as archive:
        archive.addfile(manifest, io.BytesIO(described))
        archive.addfile(member, io.BytesIO())
    folder.mkdir()
    with pytest.raises(StartError, match="is no file of a backup"):
        backup._unpack(source, folder)
    assert not (tmp_path / "outside").exists()
    assert {path.name for path in folder.rglob("*")} <= {"manifest.json"}


def edit(folder: Path, **values) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | values))


def spoil(folder: Path) -> None:
    dump = folder / "database.dump"
    whole = dump.read_bytes()
    dump.write_bytes(whole[: len(whole) // 2])
    edit(
        folder,
        sha256={
            **json.loads((folder / "manifest.json").read_text())["sha256"],
            "database.dump": hashlib.sha256(dump.read_bytes()).hexdigest(),
        },
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda folder: edit(folder, format=2), "has format 2"),
        (lambda folder: edit(folder, version="9.0.0"), "made by version 9.0.0"),
        (lambda folder: edit(folder, postgres=99), "comes from PostgreSQL 99"),
        (lambda folder: (folder / "database.dump").write_bytes(b"x"), "is damaged: database.dump"),
        (lambda folder: (folder / "database.dump").unlink(), "is damaged: database.dump"),
        (lambda folder: (folder / "manifest.json").unlink(), "is not a backup"),
        (spoil, "The database was not restored"),
    ],
)
def test_what_is_not_sound_changes_nothing(databases, here, file, tmp_path, change, sentence):
    wrong = changed(file, tmp_path / "wrong.tar", change)
    before = sums(databases[0])
    done = run("restore", str(wrong), "--overwrite", database=databases[0], var=here / "one")
    assert done.returncode == 1 and sentence in done.stderr and "Traceback" not in done.stderr
    assert sums(databases[0]) == before
    assert len(list((here / "one" / "files").rglob("*.*"))) == FILES


def test_an_ordinary_role_restores_into_an_empty_database(here, file):
    """As production does: the administrator of the database makes it with its extensions, and no more."""
    name = f"plain_{uuid4().hex[:8]}"
    with psycopg.connect(address("postgres"), autocommit=True) as server:
        server.execute(f"CREATE ROLE {name} LOGIN")
        server.execute(f"CREATE DATABASE {name} OWNER {name}")
        try:
            with psycopg.connect(address(name), autocommit=True) as own:
                for extension in ("vector", "pg_trgm", "unaccent"):
                    own.execute(f"CREATE EXTENSION {extension}")
            done = run("restore", str(file), database=name, var=here / "plain", user=name)
            assert done.returncode == 0, done.stderr
            again = run("restore", str(file), "--overwrite", database=name, var=here / "plain", user=name)
            assert again.returncode == 1 and "permission denied" in again.stderr  # to make extensions anew
            assert "events" in run("log", "verify", database=name, var=here / "plain", user=name).stdout
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
            server.execute(f"DROP ROLE {name}")


def test_another_log_than_the_one_backed_up_is_said(databases, here, file, tmp_path):
    wrong = changed(file, tmp_path / "wrong.tar", lambda folder: edit(folder, log_root="00" * 32))
    done = run("restore", str(wrong), "--overwrite", database=databases[1], var=here / "two")
    assert done.returncode == 1 and "not the one that was backed up" in done.stderr


def test_a_backup_overwrites_nothing_and_a_missing_file_gets_a_sentence(databases, here, file, tmp_path):
    again = run("backup", str(file), database=databases[0], var=here / "one")
    assert again.returncode == 1 and "there already" in again.stderr
    none = run("restore", str(tmp_path / "no.tar"), database=databases[0], var=here / "one")
    assert none.returncode == 1 and "There is no file" in none.stderr
