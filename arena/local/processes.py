"""Child processes that end with their parent, of root or of an ordinary user."""

import contextlib
import ctypes
import os
import pwd
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from signal import Signals
from typing import Protocol

LINUX = sys.platform == "linux"
CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1
NOBODY = 65534


class CannotStart(SystemExit):
    """The arena cannot start here; the text says why and what to do.

    A SystemExit, so that the person who typed the command reads the sentence alone.
    """


class Service(Protocol):
    """A database server that this process runs as its child."""

    name: str
    variable: str
    log: Path
    process: subprocess.Popen[bytes] | None

    def url(self) -> str: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...


def die_with_parent(signal: Signals) -> None:
    """Ask the kernel for this signal when the parent ends; after any change of uid."""
    if LINUX:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0)


def child(signal: Signals) -> Callable[[], None]:
    """What a child does before its program: own session, end with the parent.

    In a session of its own it does not get the Ctrl-C that is meant for the supervisor,
    which stops its children in order.
    """

    def prepare() -> None:
        os.setsid()
        die_with_parent(signal)

    return prepare


def _nothing() -> None:
    """Keep the user that runs the arena."""


def _enter_user_namespace() -> None:
    """Show our uid as NOBODY to this process: no chown, no chmod, same files."""
    uid, gid = os.geteuid(), os.getegid()
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"{NOBODY} {uid} 1", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"{NOBODY} {gid} 1", encoding="ascii")


def _become_nobody() -> None:
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


def _is_ordinary_user() -> bool:
    """initdb wants a uid that is not 0 and that has a name."""
    with contextlib.suppress(KeyError):
        return os.geteuid() != 0 and bool(pwd.getpwuid(os.geteuid()))
    return False


def _user_namespace_works() -> bool:
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        probe = [sys.executable, "-c", "import os; raise SystemExit(os.geteuid() == 0)"]
        ran = subprocess.run(  # noqa: S603
            probe, preexec_fn=_enter_user_namespace, check=False, capture_output=True
        )
        return LINUX and ran.returncode == 0
    return False


class UnprivilegedUser:
    """How PostgreSQL, which refuses root, is run by root: in a user namespace, else
    as `nobody`, who must own the data folder then."""

    def __init__(self) -> None:
        self.owns_files = False
        self._drop: Callable[[], None] = _nothing
        if _is_ordinary_user():
            return
        self.owns_files = not _user_namespace_works()
        self._drop = _become_nobody if self.owns_files else _enter_user_namespace

    def child(self, signal: Signals) -> Callable[[], None]:
        def prepare() -> None:
            os.setsid()
            self._drop()
            die_with_parent(signal)

        return prepare

    def give(self, path: Path) -> None:
        if self.owns_files:
            os.chown(path, NOBODY, NOBODY)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def require_free_port(port: int, *, patience_seconds: float = 0) -> None:
    """Refuse a port that somebody listens on."""
    deadline = time.monotonic() + patience_seconds
    while not _is_free(port):
        if time.monotonic() > deadline:
            raise CannotStart(
                f"Port {port} is in use by another program: end that one, or choose "
                f"another port with PORT={port + 1}."
            )
        time.sleep(0.1)


def _is_free(port: int) -> bool:
    with socket.socket() as probe, contextlib.suppress(OSError, OverflowError):
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
        return True
    return False


def tail(log: Path, lines: int = 12) -> str:
    with contextlib.suppress(OSError):
        text = log.read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.splitlines()[-lines:])
    return ""
