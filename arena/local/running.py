"""The note that a running arena leaves, so that other commands use its services."""

import contextlib
import json
import os
from pathlib import Path

from arena.local.folder import is_claimed

NOTE = Path("run") / "services.json"
# What differs on one machine, without HTTPS and with model servers beside the arena.
LOCAL_SETTINGS = {
    "ARENA_SECURE": "off",
    "ARENA_ALLOW_LOCAL_PROVIDERS": "on",
    "ARENA_DUMP_HOLD_DAYS": "0",
}


def use_local_settings() -> None:
    for name, value in LOCAL_SETTINGS.items():
        os.environ.setdefault(name, value)


def write_note(root: Path) -> None:
    """Private, because the URLs hold passwords."""
    path = root / NOTE
    path.unlink(missing_ok=True)
    note = {
        "pid": os.getpid(),
        "DATABASE_URL": os.environ["DATABASE_URL"],
        "REDIS_URL": os.environ["REDIS_URL"],
    }
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
        json.dump(note, file)


def remove_note(root: Path) -> None:
    (root / NOTE).unlink(missing_ok=True)


def read_note(root: Path) -> dict[str, str]:
    """The URLs of the services that run now; nothing if their owner has ended."""
    with contextlib.suppress(OSError, ValueError, KeyError):
        note = json.loads((root / NOTE).read_text(encoding="utf-8"))
        if is_claimed(root):
            return {name: note[name] for name in ("DATABASE_URL", "REDIS_URL")}
    return {}


def join_running(root: Path) -> None:
    """Use the running arena's services for what the environment does not set."""
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        return
    if note := read_note(root):
        use_local_settings()
        for name, url in note.items():
            os.environ.setdefault(name, url)
