"""Services for one command: those of the arena that runs, else its own."""

import os
from collections.abc import Iterator
from contextlib import (
    AbstractContextManager,
    ExitStack,
    contextmanager,
    nullcontext,
)
from pathlib import Path

import django
from django.core.management import call_command

from arena import env
from arena.local.folder import claimed, keep_secrets, rotate_logs
from arena.local.postgres import Postgres
from arena.local.processes import Service, require_free_port
from arena.local.running import (
    NOTE,
    join_running,
    read_note,
    remove_note,
    use_local_settings,
    write_note,
)
from arena.local.steps import say, step
from arena.local.valkey import Valkey

# These read code and settings alone.
WITHOUT_SERVICES = {
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "vendor",
    "makemigrations",
    "verify_dump",
    "version",
}
PLACEHOLDERS = {
    "DATABASE_URL": "postgresql:///not-connected",
    "DB_POOL": "0",  # a pool would try to connect for seconds
    "REDIS_URL": "redis://not-connected",
    "SECRET_KEY": "no secret: reads code alone",
}

owned: list[Service] = []
"""The services that this process started, in that order."""


def use_placeholders() -> None:
    """Let the settings load where no service is needed."""
    for name, value in PLACEHOLDERS.items():
        os.environ.setdefault(name, value)


@contextmanager
def services_for(arguments: list[str]) -> Iterator[None]:
    """Have the services up while the command of this command line runs."""
    root = env.load_files()
    command = arguments[1] if len(arguments) > 1 else "help"
    with ExitStack() as stack:
        if command == "up":
            stack.enter_context(_arena(root))
        elif _reads_code_alone(command, arguments):
            join_running(root)
            use_placeholders()
        elif not (_all_set() or read_note(root)):
            stack.enter_context(_lent(root, command))
        yield


def _reads_code_alone(command: str, arguments: list[str]) -> bool:
    helps = {"-h", "--help", "--version"}
    return command in WITHOUT_SERVICES or bool(helps.intersection(arguments))


def _all_set() -> bool:
    return all(os.environ.get(name) for name in ("DATABASE_URL", "REDIS_URL"))


@contextmanager
def _arena(root: Path) -> Iterator[None]:
    """All that `up` needs before the settings can be read."""
    with claimed(root, patience_seconds=1):
        # After a kill -9 the old web process may take a moment to end.
        patience = 5 if (root / NOTE).exists() else 0
        require_free_port(
            env.number("PORT", 8000, at_least=1), patience_seconds=patience
        )
        rotate_logs(root)
        use_local_settings()
        keep_secrets(root)
        env.load_files()
        with _started(root, shown=True):
            write_note(root)
            try:
                yield
            finally:
                remove_note(root)
        say("  Stopped.")


@contextmanager
def _lent(root: Path, command: str) -> Iterator[None]:
    """Services for the length of one command."""
    with claimed(root, patience_seconds=30):
        use_local_settings()
        keep_secrets(root)
        env.load_files()
        with _started(root) as is_new:
            if is_new and command != "migrate":
                django.setup()
                call_command("migrate", verbosity=0)
            yield


@contextmanager
def _started(root: Path, *, shown: bool = False) -> Iterator[bool]:
    """Start what no variable names; yield whether the database is new."""
    is_new = False
    try:
        for service in _missing(root):
            owned.append(service)
            with _step(service, root) if shown else nullcontext():
                service.start()
                os.environ[service.variable] = service.url()
                if isinstance(service, Postgres):
                    is_new = service.create_database()
        yield is_new
    finally:
        while owned:
            owned.pop().stop()


def _step(service: Service, root: Path) -> AbstractContextManager[None]:
    remedy = f"Read {service.log}, or set {service.variable} to a server of your own."
    return step(service.name, remedy=remedy, log=root / "log" / "up.log")


def _missing(root: Path) -> list[Service]:
    services: list[Service] = []
    if not os.environ.get("DATABASE_URL"):
        services.append(Postgres(root))
    if not os.environ.get("REDIS_URL"):
        services.append(Valkey(root))
    return services
