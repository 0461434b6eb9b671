"""The folder of all data: claimed by one process, with its secrets and logs."""

import base64
import fcntl
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path

from arena.local.processes import CannotStart

LOG_BYTES = 5_000_000


@contextmanager
def claimed(root: Path, *, patience_seconds: float) -> Iterator[None]:
    """Hold the folder alone; two database servers on one folder would ruin it."""
    with _open_lock(root) as lock:
        deadline = time.monotonic() + patience_seconds
        while not _take(lock):
            if time.monotonic() > deadline:
                lock.seek(0)
                raise CannotStart(
                    f"Another arena or command (process {lock.read().strip()}) uses "
                    f"{root}: end it first, or set ARENA_VAR to another folder."
                )
            time.sleep(0.1)
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def is_claimed(root: Path) -> bool:
    """Tell whether a living process holds the folder; the kernel knows, no pid does."""
    if not (root / "run" / "lock").exists():
        return False
    with _open_lock(root) as lock:
        return not _take(lock)


def _open_lock(root: Path) -> TextIOWrapper:
    try:
        for folder in (root, root / "run", root / "log"):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return (root / "run" / "lock").open("a+", encoding="ascii")
    except OSError as error:
        raise CannotStart(
            f"The folder {root} cannot be written ({error.strerror}): give it to the "
            "user who runs the arena, or set ARENA_VAR to another folder."
        ) from error


def _take(lock: TextIOWrapper) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def keep_secrets(root: Path) -> None:
    """Generate the secrets of this machine once; what the environment sets wins.

    The keys decrypt what the database holds, so the file is on the disk before any of
    them is used.
    """
    path = root / "secrets.env"
    if path.exists():
        return
    lines = [
        f"SECRET_KEY={secrets.token_urlsafe(50)}",
        f"ARENA_FIELD_KEYS={base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()}",
    ]
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
        file.write("# Made by the first start. Without it stored keys are lost.\n")
        file.write("\n".join(lines) + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)


def rotate_logs(root: Path) -> None:
    for log in (root / "log").glob("*.log"):
        if log.stat().st_size > LOG_BYTES:
            log.replace(log.with_suffix(".log.1"))
