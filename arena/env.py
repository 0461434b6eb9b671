"""The environment, typed; a bad or missing variable ends the start in one sentence."""

import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

BASE = Path(__file__).resolve().parent.parent
TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}


class BadVariable(SystemExit):
    """A variable that the arena cannot start with.

    A SystemExit, so that every program (manage.py, uvicorn, celery) prints the sentence
    alone and ends with status 1.
    """


def load(path: Path) -> None:
    """Take NAME=value lines of a file for what the environment does not set."""
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        name, separator, value = line.strip().partition("=")
        if separator and not name.startswith("#"):
            os.environ.setdefault(name.strip(), value.strip().strip("\"'"))


def load_files() -> Path:
    """Take what .env and the generated secrets say; return the folder of all data."""
    load(BASE / ".env")
    root = folder("ARENA_VAR", BASE / "var")
    load(root / "secrets.env")
    return root


def text(name: str, default: str | None = None) -> str:
    """An empty value counts as not set, as compose files leave it."""
    value = os.environ.get(name, "") or default
    if value is None:
        raise BadVariable(f"{name} is not set; .env.example says what it is for.")
    return value


def flag(name: str, default: bool) -> bool:
    value = text(name, "on" if default else "off").lower()
    if value not in TRUE | FALSE:
        raise BadVariable(f"{name} must be on or off, not {value!r}.")
    return value in TRUE


def number(name: str, default: int, *, at_least: int = 0) -> int:
    value = text(name, str(default))
    if not value.isdecimal() or int(value) < at_least:
        wanted = f"a whole number of {at_least} or more"
        raise BadVariable(f"{name} must be {wanted}, not {value!r}.")
    return int(value)


def share(name: str, default: float) -> float:
    value = text(name, str(default))
    part = _fraction(value)
    if part is None:
        raise BadVariable(f"{name} must be a number from 0 to 1, not {value!r}.")
    return part


def _fraction(value: str) -> float | None:
    try:
        part = float(value)
    except ValueError:
        return None
    return part if 0.0 <= part <= 1.0 else None


def shares(name: str) -> dict[str, float]:
    """Parts of a whole by name, as coding=0.2,writing=0.1; none where it is empty."""
    found: dict[str, float] = {}
    for part in names(name):
        key, separator, value = (word.strip() for word in part.partition("="))
        amount = _fraction(value)
        if not separator or not key or amount is None or key in found:
            raise BadVariable(
                f"{name} must be shares from 0 to 1 by name, as coding=0.2,writing=0.1."
            )
        found[key] = amount
    if sum(found.values()) > 1 + 1e-9:
        raise BadVariable(f"{name} must not add up to more than 1.")
    return found


def names(name: str, default: str = "") -> list[str]:
    """A list with commas between."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def folder(name: str, default: Path) -> Path:
    return Path(text(name, str(default))).expanduser().resolve()


def url(name: str, *schemes: str) -> SplitResult:
    value = text(name)
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in schemes:
        # The value may hold a password: it is not repeated.
        raise BadVariable(f"{name} must be a URL that begins with {schemes[0]}://.")
    return parts


def database(name: str, *, pool: int, statement_seconds: int) -> dict[str, object]:
    """Django's settings for a PostgreSQL URL; `?host=/folder` means a unix socket.

    ARENA_DATABASE names another database of the same server, as a simulation's.
    """
    parts = url(name, "postgresql", "postgres")
    query = dict(parse_qsl(parts.query))
    host = query.pop("host", None) or unquote(parts.hostname or "")
    timeouts = {
        "statement_timeout": statement_seconds * 1000,
        "lock_timeout": min(statement_seconds, 5) * 1000,
        "idle_in_transaction_session_timeout": statement_seconds * 1000,
    }
    options: dict[str, object] = {
        "connect_timeout": 5,
        "options": " ".join(f"-c {name}={ms}" for name, ms in timeouts.items()),
        **query,
    }
    if pool:
        options["pool"] = {"min_size": 1, "max_size": pool, "timeout": 5}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": text("ARENA_DATABASE", unquote(parts.path.lstrip("/"))),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        # The pool keeps the connections; Django must not keep them as well.
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def code_version() -> str:
    """The revision checked out, so that a published table names what computed it."""
    git = shutil.which("git")
    if git is None or not (BASE / ".git").exists():
        return "unknown"
    run = subprocess.run(  # noqa: S603  fixed words
        [git, "-C", str(BASE), "rev-parse", "--short=12", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
    )
    return run.stdout.strip() or "unknown"


def redis_database(url: str, number: int) -> str:
    """The same server's other database."""
    return urlsplit(url)._replace(path=f"/{number}").geturl()
