"""`make run`, seen from outside: start, join, kill -9, start again, Ctrl-C."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from arena.env import BASE
from arena.local.processes import free_port
from tests.live import wait_until

SET_BY_TESTS = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "ARENA_FIELD_KEYS")


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    kept = {name: v for name, v in os.environ.items() if name not in SET_BY_TESTS}
    return kept | {
        "ARENA_VAR": str(tmp_path / "var"),
        "ARENA_STATIC_HASHES": "on",
        "PORT": str(free_port()),
    }


@pytest.fixture
def started(environ: dict[str, str]) -> Iterator[list["Arena"]]:
    arenas: list[Arena] = []
    yield arenas
    for each in arenas:
        each.end(signal.SIGKILL)


class Arena:
    """One run of `manage.py up`; what it says is kept."""

    def __init__(self, environ: dict[str, str], output: Path) -> None:
        self._output = output
        with output.open("wb") as file:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up"],
                cwd=BASE,
                env=environ,
                stdout=file,
                stderr=file,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        return self._output.read_text(encoding="utf-8")

    def wait_until_ready(self) -> None:
        wait_until(self._says_it_is_ready, seconds=180)

    def _says_it_is_ready(self) -> bool:
        assert self.process.poll() is None, self.said
        return "Ctrl-C stops everything" in self.said

    def end(self, how: signal.Signals) -> int:
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(60)


def processes_of(folder: str) -> list[str]:
    """Command lines of the processes that live on this folder."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            environ = (process / "environ").read_bytes()
            command = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if command and folder.encode() in environ + command:
            found.append(command.replace(b"\0", b" ").decode(errors="replace"))
    return found


def manage(*arguments: str, environ: dict[str, str]) -> str:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command, cwd=BASE, env=environ, capture_output=True, text=True, check=True
    ).stdout


def status_of(path: str, port: str) -> int:
    connection = HTTPConnection("127.0.0.1", int(port), timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def test_an_arena_starts_is_joined_dies_starts_again_and_stops(
    environ: dict[str, str], started: list[Arena], tmp_path: Path
):
    first = Arena(environ, tmp_path / "first")
    started.append(first)
    first.wait_until_ready()
    assert "user admin, password " in first.said
    assert status_of("/leaderboard", environ["PORT"]) == 200

    note = json.loads((tmp_path / "var/run/services.json").read_text())
    joined = "from django.db import connection as c; print(c.settings_dict['HOST'])"
    assert (
        manage("shell", "-v0", "-c", joined, environ=environ).strip()
        == (note["DATABASE_URL"].partition("host=")[2])
    )

    second = Arena(environ | {"PORT": str(free_port())}, tmp_path / "second")
    started.append(second)
    assert second.process.wait(60) == 1
    assert f"process {first.process.pid}" in second.said

    first.end(signal.SIGKILL)
    wait_until(lambda: processes_of(environ["ARENA_VAR"]) == [], seconds=30)

    third = Arena(environ, tmp_path / "third")
    started.append(third)
    third.wait_until_ready()
    assert "password" not in third.said
    assert status_of("/readyz", environ["PORT"]) == 200

    assert third.end(signal.SIGINT) == 0
    assert third.said.rstrip().endswith("Stopped.")
    assert processes_of(environ["ARENA_VAR"]) == []


def test_a_command_has_its_own_services_when_no_arena_runs(environ: dict[str, str]):
    count = "from evaluations.models import Vote; print(Vote.objects.count())"

    assert manage("shell", "-v0", "-c", count, environ=environ).strip() == "0"
    assert processes_of(environ["ARENA_VAR"]) == []
