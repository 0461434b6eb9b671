"""The whole arena as real processes, started as `make run` starts them."""

import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import psycopg
from celery import Celery
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.backends.base.creation import TEST_DATABASE_PREFIX
from psycopg import sql

from arena.env import BASE
from arena.local import programs
from arena.local.processes import free_port, tail
from arena.local.programs import Program
from arena.local.valkey import Valkey
from arena.readiness import missing

PROGRAMS = ("web", "beat", "work", "fetch", "live")
START_SECONDS = 60
PRISTINE = f"arena_pristine_{os.environ.get('PYTEST_XDIST_WORKER', '')}"


class LiveArena:
    """Processes that can be killed and started again; the web answers at `url`.

    `names` says which are started: to start one costs seconds of processor time.
    """

    def __init__(
        self, folder: Path, environ: Mapping[str, str], names: Collection[str]
    ) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.valkey = Valkey(folder)
        self.environ = {
            "ARENA_VAR": str(folder),
            "ARENA_STATIC_HASHES": "on",
            "REDIS_URL": self.valkey.url(),
            "DATABASE_URL": database_url(),
            **environ,
        }
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self._programs = {
            program.name: self._with_environ(program)
            for program in (
                programs.web(port=self.port, processes=1),
                programs.beat(),
                *programs.workers(
                    fetch_slots=int(environ.get("ARENA_FETCH_SLOTS", 16)),
                    live_slots=int(environ.get("ARENA_LIVE_SLOTS", 16)),
                ),
            )
            if program.name in names
        }

    def start_all(self) -> None:
        self.valkey.start()
        for name in self._programs:
            self.start(name)
        if "work" in self._programs:
            self.send_task("evaluations.beat_heart")
        wait_until(self._is_up)

    def stop_all(self) -> None:
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(3)
            process.kill()
            process.wait()
        self.valkey.stop()

    def start(self, name: str) -> None:
        """Start one of PROGRAMS."""
        with self._log(name).open("ab") as output:
            self.processes[name] = self._programs[name].start(output)

    def kill(self, name: str) -> None:
        """kill -9, as a machine that runs out of memory does."""
        self.processes[name].kill()
        self.processes[name].wait()

    def log(self, name: str) -> str:
        return self._log(name).read_text(encoding="utf-8")

    def send_task(self, name: str, *arguments: Any) -> None:
        with Celery(broker=self.valkey.url(), set_as_current=False) as sender:
            queue = "fetch" if "fetch" in name else "work"
            sender.send_task(name, arguments, queue=queue, ignore_result=True)

    def manage(self, *arguments: str, seconds: float = 120) -> str:
        """Run a command of manage.py as an operator would; return what it prints."""
        ran = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=BASE,
            env=os.environ | self.environ,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout

    def _is_up(self) -> bool:
        ended = [name for name, p in self.processes.items() if p.poll() is not None]
        assert not ended, ended
        awaited = set(missing(self.port)) - {"a battle to judge"}
        no_work = "work" not in self._programs
        return awaited <= ({"a worker's heartbeat"} if no_work else set())

    def _with_environ(self, program: Program) -> Program:
        return replace(program, environ=program.environ | self.environ)

    def _log(self, name: str) -> Path:
        return self.folder / "log" / f"{name}.log"

    def last_words(self) -> str:
        return "\n".join(f"{n}:\n{tail(self._log(n))}" for n in self.processes)


def wait_until(
    holds: Callable[[], object], *, seconds: float = START_SECONDS, pause: float = 0.1
) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(pause)


def collect_static(folder: Path) -> None:
    environ = os.environ | {"ARENA_VAR": str(folder), "ARENA_STATIC_HASHES": "on"}
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
    subprocess.run(command, cwd=BASE, env=environ, check=True)


@contextmanager
def live_arena(
    folder: Path, static: Path, environ: Mapping[str, str], names: Collection[str]
) -> Iterator[LiveArena]:
    for name in ("log", "run"):
        (folder / name).mkdir()
    (folder / "static").symlink_to(static)
    arena = LiveArena(folder, environ, names)
    try:
        arena.start_all()
        yield arena
    except BaseException:
        print(arena.last_words())
        raise
    finally:
        arena.stop_all()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def own_database() -> Iterator[None]:
    """Let the tests and the arena share a fresh copy of the migrated database."""
    original, name = connection.settings_dict["NAME"], f"live_{secrets.token_hex(6)}"
    copy_database(PRISTINE, name)
    _turn_to(name)
    try:
        yield
    finally:
        _turn_to(original)
        drop_database(name)


def _turn_to(name: str) -> None:
    let_go()
    connection.settings_dict["NAME"] = name
    # Flushed tables get their content types back under other ids.
    ContentType.objects.clear_cache()


def make_pristine() -> None:
    original, creation = connection.settings_dict["NAME"], connection.creation
    drop_database(PRISTINE)
    # pytest-django makes no database where no test collected asks for one itself.
    alone = not original.startswith(TEST_DATABASE_PREFIX)
    if alone:
        creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    copy_database(connection.settings_dict["NAME"], PRISTINE)
    if alone:
        let_go()
        creation.destroy_test_db(original, verbosity=0)


def copy_database(original: str, copy: str) -> None:
    let_go()
    _maintain("CREATE DATABASE {} TEMPLATE {}", copy, original)


def drop_database(name: str) -> None:
    _maintain("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def let_go() -> None:
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]


def _maintain(statement: str, *names: str) -> None:
    with psycopg.connect(database_url("postgres"), autocommit=True) as maintenance:
        maintenance.execute(
            sql.SQL(statement).format(*(sql.Identifier(name) for name in names))
        )


def database_url(name: str = "") -> str:
    """The URL of the test database, or of another one on the same server."""
    known = connection.settings_dict
    query = urlencode({"host": known["HOST"]}) if known["HOST"] else ""
    user = quote(known["USER"])
    password = f":{quote(known['PASSWORD'])}" if known["PASSWORD"] else ""
    host = f"{user}{password}@" if user else ""
    port = f":{known['PORT']}" if known["PORT"] else ""
    return f"postgresql://{host}{port}/{name or known['NAME']}?{query}"
