"""The note that a running arena leaves, so that other commands use its services."""

import contextlib
import json
import os
from pathlib import Path

NOTE = Path("run") / "services.json"


def write_note(root: Path, urls: dict[str, str]) -> None:
    path = root / NOTE
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(json.dumps({"pid": os.getpid(), **urls}), encoding="utf-8")


def remove_note(root: Path) -> None:
    (root / NOTE).unlink(missing_ok=True)


def read_note(root: Path) -> dict[str, str]:
    """The URLs of the services that run now; nothing if their owner has ended."""
    with contextlib.suppress(OSError, ValueError, KeyError):
        note = json.loads((root / NOTE).read_text(encoding="utf-8"))
        os.kill(note.pop("pid"), 0)
        return {str(name): str(url) for name, url in note.items()}
    return {}


def join_running(root: Path) -> None:
    """Use the running arena's services for what the environment does not set."""
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        return
    for name, url in read_note(root).items():
        os.environ.setdefault(name, url)
