"""One file with everything of an installation, and putting it back.

A backup is a tar file with `manifest.json` first, then `database.dump` (pg_dump's own format) and the uploaded
files under `files/`. The manifest says by which versions it was made, how long the log was and its last seal, and
the SHA-256 of every other part. A restore is all or nothing: the database is written in one transaction, and the
files change places only after it.

Secrets stay outside: whoever restores sets the same SECRET_KEY, for it encrypts the second factors.
"""

import contextlib
import hashlib
import json
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from omkering import __version__
from omkering.config.postgres import binaries
from omkering.config.processes import StartError, require_disk
from omkering.journal.models import Seal
from omkering.journal.queries import Verdict, verify
from omkering.listen.models import Evidence

FORMAT = 1
MANIFEST, DUMP, FILES = "manifest.json", "database.dump", "files"
CHUNK = 1 << 20


@dataclass
class Manifest:
    """What a backup says of itself; `sha256` by the name of each part."""

    format: int
    version: str
    postgres: int  # major version of the server it came from
    made: str  # moment, ISO 8601 in UTC
    migrations: dict[str, str]  # app -> its newest migration
    log_size: int
    log_root: str  # hex; "" when nothing was sealed yet
    sha256: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Restored:
    """What came of a restore: its manifest, the check of the log, files that were recorded and are not there."""

    manifest: Manifest
    log: Verdict
    missing: list[str]


def backup(target: Path) -> Manifest:
    """Write everything to `target`, readable by its owner alone; it is complete or not there.

    Raises StartError, with a sentence: no room, no pg_dump that fits the server, or what pg_dump said.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    require_disk(target.parent, 300)
    media = Path(settings.MEDIA_ROOT)
    with tempfile.TemporaryDirectory(prefix="omkering-backup-", dir=target.parent) as folder:
        dump = Path(folder) / DUMP
        # First the log, then the dump, then the files: the dump may hold more than the manifest, never less.
        manifest = _describe()
        _run([_tool("pg_dump"), "--format=custom", "--no-owner", "--no-privileges", f"--file={dump}"])
        names = {DUMP: dump} | {
            f"{FILES}/{path.relative_to(media).as_posix()}": path
            for path in sorted(media.rglob("*"))
            if path.is_file()
        }
        part = Path(folder) / "backup.tar"
        part.touch(mode=0o600)
        manifest.sha256 = {name: _digest(path) for name, path in names.items()}
        described = Path(folder) / MANIFEST
        described.write_text(json.dumps(asdict(manifest), indent=1))
        with tarfile.open(part, "w") as archive:
            for name, path in {MANIFEST: described, **names}.items():
                archive.add(path, arcname=name, recursive=False, filter=_anonymous)
        part.replace(target)
    return manifest


def restore(source: Path, *, overwrite: bool = False) -> Restored:
    """Put a backup back into the database and the folder for files of the settings, and check the log.

    Raises StartError, with a sentence, and then nothing was changed: for a file that is no backup or is damaged, was
    made by a newer version or on a newer PostgreSQL, and (without `overwrite`) for an installation that holds data.
    """
    media = Path(settings.MEDIA_ROOT)
    media.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="omkering-restore-", dir=media.parent) as name:
        folder = Path(name)
        manifest = _unpack(source, folder)
        _check_versions(manifest)
        if not overwrite and (_holds_data() or (media.exists() and any(media.iterdir()))):
            raise StartError(
                "There is data here already. Restore into an empty database and an empty folder for files, or "
                "add --overwrite to lose what is here."
            )
        _write_database(folder / DUMP)
        fresh, old = folder / FILES, folder / "replaced"
        fresh.mkdir(exist_ok=True)
        if media.exists():
            media.rename(old)
        fresh.rename(media)
    missing = [
        str(row)
        for row in Evidence.objects.exclude(file="").values_list("file", flat=True).order_by("pk")
        if not (media / row).is_file()
    ]
    return Restored(manifest, verify(), missing)


def compare(restored: Restored) -> str:
    """What is wrong with the log after a restore, as a sentence; "" when it holds all that the backup knew of."""
    if restored.log.fault:
        return f"The log is broken: {restored.log.fault}."
    manifest = restored.manifest
    seal = Seal.objects.filter(size=manifest.log_size).first()
    if manifest.log_size and (seal is None or bytes(seal.root).hex() != manifest.log_root):
        return f"The log is not the one that was backed up: its seal at size {manifest.log_size} differs."
    return ""


# --- inside ----------------------------------------------------------------------------------------------
def _describe() -> Manifest:
    with transaction.atomic():
        seal = Seal.objects.order_by("-size").first()
        applied = MigrationRecorder(connection).applied_migrations()
    newest: dict[str, str] = {}
    for app, name in sorted(applied):
        newest[app] = name
    return Manifest(
        format=FORMAT,
        version=__version__,
        postgres=_server_major(),
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        migrations=newest,
        log_size=seal.size if seal else 0,
        log_root=bytes(seal.root).hex() if seal else "",
    )


def _unpack(source: Path, folder: Path) -> Manifest:
    """The parts in `folder`, each checked against the manifest."""
    try:
        with tarfile.open(source) as archive:
            first = archive.next()
            stream = archive.extractfile(first) if first and first.name == MANIFEST else None
            if stream is None:
                raise StartError(f"{source} is not a backup: it does not begin with {MANIFEST}.")
            manifest = Manifest(**json.loads(stream.read()))
            require_disk(folder, source.stat().st_size * 2 // (1 << 20) + 100)
            for member in archive:
                _write(archive, member, folder)
    except (tarfile.TarError, ValueError, TypeError, EOFError) as problem:
        raise StartError(f"{source} is not a backup, or is cut off: {problem}") from problem
    found = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.name != MANIFEST
    }
    for name in sorted(found | set(manifest.sha256)):
        if name not in found or manifest.sha256.get(name) != _digest(folder / name):
            raise StartError(f"{source} is damaged: {name} is not what was backed up.")
    return manifest


def _write(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """A part of the archive as a file in `folder`; a link, or what lies outside it, is no part of a backup.

    Python's own filter for that came with 3.11.4, and Debian 12 has 3.11.2.
    """
    target = folder / member.name
    content = archive.extractfile(member) if member.isfile() else None
    if content is None or not target.resolve().is_relative_to(folder.resolve()):
        raise ValueError(f"{member.name} is no file of a backup")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.touch(mode=0o600)
    with content, target.open("wb") as file:
        shutil.copyfileobj(content, file)


def _check_versions(manifest: Manifest) -> None:
    if manifest.format != FORMAT:
        raise StartError(f"This backup has format {manifest.format}; this version reads format {FORMAT}.")
    if _parts(manifest.version) > _parts(__version__):
        raise StartError(
            f"This backup was made by version {manifest.version}, and this is {__version__}: install that one first."
        )
    if manifest.postgres > _server_major():
        raise StartError(
            f"This backup comes from PostgreSQL {manifest.postgres}, and this is PostgreSQL {_server_major()}."
        )


def _parts(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)[:3]]


def _holds_data() -> bool:
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    return bool(tables)


# The extensions go too and are made anew; where the role may not do that, the transaction changes nothing.
_EMPTY = "DROP SCHEMA public CASCADE; CREATE SCHEMA public;\n"
_LEFT_OUT = (b"COMMENT ON EXTENSION", b"SET transaction_timeout")


def _write_database(dump: Path) -> None:
    """Everything in one transaction: a fault leaves the database as it was."""
    emptied = _EMPTY if _holds_data() else ""
    with tempfile.TemporaryFile() as said:
        reader = subprocess.Popen(  # noqa: S603 - PostgreSQL's own program
            [_tool("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(dump)],
            stdout=subprocess.PIPE,
            stderr=said,
        )
        writer = subprocess.Popen(  # noqa: S603 - PostgreSQL's own program
            [
                _tool("psql"),
                "--no-psqlrc",
                "--quiet",
                "--single-transaction",
                "--set=ON_ERROR_STOP=1",
                "--file=-",
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=said,
            env=_environment(),
        )
        assert reader.stdout is not None and writer.stdin is not None
        try:
            writer.stdin.write(emptied.encode())
            for line in _lines(reader.stdout):
                writer.stdin.write(line)
            if reader.wait():
                writer.kill()  # before its COMMIT
            else:
                writer.stdin.close()
        except BrokenPipeError:
            reader.kill()
        finally:
            reader.stdout.close()
            failed = [process.wait() for process in (reader, writer)]
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]
        if any(failed):
            said.seek(0)
            raise StartError(f"The database was not restored: {_last(said.read().decode(errors='replace'))}")


def _lines(script: IO[bytes]) -> Iterator[bytes]:
    """The script without what an older server does not know, or a role that owns no extension may not do."""
    for line in script:
        if line.startswith(b"COPY "):  # rows follow, which are not looked into
            yield line
            break
        if not line.startswith(_LEFT_OUT):
            yield line
    yield from script


def _tool(name: str) -> str:
    """The newest-enough PostgreSQL program of this name: beside the embedded server, or on the PATH."""
    wanted = _server_major()
    found = []
    with contextlib.suppress(StartError):  # production has no embedded server
        found.append(str(binaries() / name))
    found.append(shutil.which(name) or "")
    for program in found:
        if program and Path(program).exists():
            said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603
            if int(re.findall(r"(\d+)\.", said)[0]) >= wanted:
                return program
    raise StartError(
        f"There is no {name} of PostgreSQL {wanted} or later on this machine (Debian: apt install postgresql-client)."
    )


def _server_major() -> int:
    connection.ensure_connection()
    return int(connection.pg_version) // 10000  # type: ignore[attr-defined]


def _environment() -> dict[str, str]:
    """How libpq finds the database of the settings; a password goes by the environment, never by a command line."""
    connection.ensure_connection()
    info: Any = connection.connection.info
    given = {key: str(value) for key, value in info.get_parameters().items()}
    names = {
        "host": "PGHOST",
        "port": "PGPORT",
        "user": "PGUSER",
        "dbname": "PGDATABASE",
        "sslmode": "PGSSLMODE",
        "sslrootcert": "PGSSLROOTCERT",
    }
    found = {variable: given[key] for key, variable in names.items() if given.get(key)}
    if info.password:
        found["PGPASSWORD"] = info.password
    connection.close()
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8", **found}


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, env=_environment(), check=False)  # noqa: S603
    if done.returncode:
        raise StartError(f"{Path(command[0]).name}: {_last(done.stderr.decode(errors='replace'))}")


def _last(text: str) -> str:
    errors = [line for line in text.splitlines() if "ERROR" in line or "error:" in line]
    return (errors or text.strip().splitlines() or ["no reason given"])[0]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Nothing of this machine's users in the file, and nothing for others to read."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member
