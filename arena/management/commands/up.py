"""Bring up the whole arena on this machine; `make run` calls this."""

import secrets
import signal
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from arena.celery import app
from arena.local import command, programs
from arena.local.programs import Program
from arena.local.steps import say, step
from arena.local.supervisor import Supervisor
from arena.readiness import missing
from arena.static_files import collect_if_changed

LOOK_SECONDS = 0.1
READY_SECONDS = 120
REPORT_SECONDS = 5
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Command(BaseCommand):
    help = "Start the whole arena on this machine; Ctrl-C stops it."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        for each in STOPPING:
            signal.signal(each, signal.default_int_handler)
        logs: Path = settings.ARENA_VAR / "log"
        logs.mkdir(parents=True, exist_ok=True, mode=0o700)
        supervisor = Supervisor(groups=_programs(), services=command.owned, logs=logs)
        try:
            password = _prepare(logs / "up.log")
            _start(supervisor, logs / "up.log")
            _wait_until_ready(supervisor)
            _say_where(password)
            supervisor.run_once(programs.model_search(own_port=settings.PORT))
            while True:
                time.sleep(LOOK_SECONDS)
                supervisor.look()
        except KeyboardInterrupt:
            say("\n  Stopping ...")
        finally:
            # A second Ctrl-C must not leave anything running.
            for each in STOPPING:
                signal.signal(each, signal.SIG_IGN)
            supervisor.stop()


def _programs() -> list[list[Program]]:
    """In the order of their end: who makes work before who does it."""
    return [
        [programs.web(port=settings.PORT, processes=settings.WEB_PROCESSES)],
        [programs.beat()],
        programs.workers(
            fetch_slots=settings.ARENA_FETCH_SLOTS, live_slots=settings.ARENA_LIVE_SLOTS
        ),
    ]


def _prepare(log: Path) -> str | None:
    """Bring database and files up to date; return the new admin's password, if any."""
    with step("Database", remedy="Is DATABASE_URL right, the server up?", log=log):
        _migrate()
    with step("Static files", remedy="Is the disk full?", log=log):
        collect_if_changed()
    with step("Admin account", remedy="Try again.", log=log):
        password = _make_first_admin()
    with step("Starter pack", remedy="Try again.", log=log):
        call_command("load_starter_pack", verbosity=0)
    connections.close_all()
    return password


def _migrate() -> None:
    executor = MigrationExecutor(connections["default"])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)


def _make_first_admin() -> str | None:
    accounts = get_user_model()._default_manager
    if accounts.filter(is_superuser=True).exists():
        return None
    password = secrets.token_urlsafe(12)
    accounts.create_superuser(username="admin", password=password)
    return password


def _start(supervisor: Supervisor, log: Path) -> None:
    with step("Web, workers and beat", remedy="Try again.", log=log):
        # Beat's first round comes only after its interval.
        with app.connection_for_write() as connection:
            for name in ("beat_heart", "fill_queue"):
                app.send_task(f"evaluations.{name}", connection=connection)
        supervisor.start()


def _wait_until_ready(supervisor: Supervisor) -> None:
    begun = reported_at = time.monotonic()
    while waits_for := missing(settings.PORT):
        supervisor.look()
        now = time.monotonic()
        if now - reported_at > REPORT_SECONDS:
            say(f"  · waiting for {', '.join(waits_for)}")
            reported_at = now
        if now - begun > READY_SECONDS:
            say(f"  ! not ready after {READY_SECONDS} s; the logs may say why")
            return
        time.sleep(LOOK_SECONDS)
    say(f"  ✓ Ready  {time.monotonic() - begun:.1f} s")


def _say_where(password: str | None) -> None:
    say(f"\n  Open Arena: http://127.0.0.1:{settings.PORT}/")
    if password:
        say(f"  Admin:      http://127.0.0.1:{settings.PORT}/admin/")
        say(f"              user admin, password {password} (shown this once)")
    say("  Ctrl-C stops everything.\n")
