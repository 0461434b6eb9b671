"""PostgreSQL and Valkey as child processes: started, killed, recovered, refused."""

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from arena.env import BASE
from arena.local import folder, running
from arena.local.postgres import Postgres
from arena.local.processes import CannotStart, free_port, require_free_port
from arena.local.valkey import Valkey

HOLDER = """
import sys, time
from pathlib import Path
from arena.local.folder import claimed
from arena.local.postgres import Postgres
root = Path(sys.argv[1])
with claimed(root, patience_seconds=0):
    postgres = Postgres(root)
    postgres.start()
    print(postgres.process.pid, flush=True)
    time.sleep(60)
"""


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    service = Postgres(tmp_path_factory.mktemp("postgres"))
    service.start()
    yield service
    service.stop()


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").split()[2]
    except OSError:
        return False
    return state != "Z"


def test_postgres_keeps_what_was_written_over_a_kill_of_its_server(postgres: Postgres):
    postgres.create_database("kept")
    with psycopg.connect(postgres.url("kept"), autocommit=True) as connection:
        connection.execute("create table votes as select generate_series(1, 1000) id")

    os.kill(postgres.process.pid, signal.SIGKILL)
    postgres.process.wait()
    postgres.start()

    with psycopg.connect(postgres.url("kept")) as connection:
        assert connection.execute("select count(*) from votes").fetchone() == (1000,)


def test_a_database_is_created_once(postgres: Postgres):
    assert postgres.create_database("once")
    assert not postgres.create_database("once")


def test_a_stale_note_costs_another_server_nothing(postgres: Postgres):
    postgres.stop()
    note = next(postgres.log.parents[1].glob("pg*")) / "postmaster.pid"
    foreign = [sys.executable, "-c", "import time; time.sleep(60)", "postgres"]
    with subprocess.Popen(foreign) as other:
        lines = [str(other.pid), str(note.parent), "0", "0", "", "", "0", "ready"]
        note.write_text("\n".join(lines))

        postgres.start()

        assert other.poll() is None
        other.kill()
    with psycopg.connect(postgres.url("postgres")) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def test_nobody_else_reaches_the_socket_of_postgres(postgres: Postgres):
    sockets = Path(postgres.url().partition("host=")[2])

    assert stat.S_IMODE(sockets.stat().st_mode) == 0o700


def test_postgres_ends_with_its_supervisor_and_the_next_one_starts(tmp_path: Path):
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    with subprocess.Popen(command, cwd=BASE, stdout=subprocess.PIPE) as supervisor:
        pid = int(supervisor.stdout.readline())
        supervisor.kill()
    deadline = time.monotonic() + 20
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)

    assert not is_alive(pid)
    with folder.claimed(tmp_path, patience_seconds=0):
        service = Postgres(tmp_path)
        service.start()
        service.stop()


def test_valkey_answers_only_to_its_password(tmp_path: Path):
    service = Valkey(tmp_path)
    service.start()
    try:
        with redis.Redis.from_url(service.url()) as client:
            assert client.ping()
        bare = service.url().replace(service.url().split("@")[0], "redis://x:y")
        with (
            pytest.raises(redis.AuthenticationError),
            redis.Redis.from_url(bare) as stranger,
        ):
            stranger.ping()
    finally:
        service.stop()

    assert service.process.returncode == 0
    configuration = tmp_path / "run" / "valkey" / "valkey.conf"
    assert stat.S_IMODE(configuration.stat().st_mode) == 0o600


def test_a_busy_port_is_refused_in_one_sentence():
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]

        with pytest.raises(CannotStart) as refusal:
            require_free_port(port)

    assert str(refusal.value).startswith(f"Port {port} is in use")
    assert f"PORT={port + 1}" in str(refusal.value)


def test_a_port_that_comes_free_in_time_is_taken():
    require_free_port(free_port())


def test_a_folder_is_claimed_by_one_at_a_time(tmp_path: Path):
    with (
        folder.claimed(tmp_path, patience_seconds=0),
        pytest.raises(CannotStart, match=f"process {os.getpid()}"),
        folder.claimed(tmp_path, patience_seconds=0),
    ):
        pass

    assert not folder.is_claimed(tmp_path)


@pytest.mark.parametrize("place", ["/proc/arena", "/dev/null/arena"])
def test_a_folder_that_cannot_be_written_is_refused_in_one_sentence(place):
    with (
        pytest.raises(CannotStart) as refusal,
        folder.claimed(Path(place), patience_seconds=0),
    ):
        pass

    sentence = str(refusal.value)
    assert sentence.startswith(f"The folder {place} cannot be written")
    assert "ARENA_VAR" in sentence
    assert "\n" not in sentence


def test_secrets_are_made_once_and_kept_private(tmp_path: Path):
    folder.keep_secrets(tmp_path)
    first = (tmp_path / "secrets.env").read_text(encoding="utf-8")
    folder.keep_secrets(tmp_path)

    assert (tmp_path / "secrets.env").read_text(encoding="utf-8") == first
    assert stat.S_IMODE((tmp_path / "secrets.env").stat().st_mode) == 0o600
    assert {"SECRET_KEY", "ARENA_FIELD_KEYS"} <= {
        line.partition("=")[0] for line in first.splitlines()
    }


def test_a_note_counts_only_while_its_arena_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with folder.claimed(tmp_path, patience_seconds=0):
        running.write_note(tmp_path)
        assert running.read_note(tmp_path)["REDIS_URL"] == os.environ["REDIS_URL"]
        assert stat.S_IMODE((tmp_path / running.NOTE).stat().st_mode) == 0o600

    assert running.read_note(tmp_path) == {}


def test_a_log_that_has_grown_long_is_put_aside(tmp_path: Path):
    logs = tmp_path / "log"
    logs.mkdir()
    (logs / "web.log").write_bytes(b"x" * (folder.LOG_BYTES + 1))
    (logs / "work.log").write_bytes(b"x")

    folder.rotate_logs(tmp_path)

    assert sorted(path.name for path in logs.iterdir()) == ["web.log.1", "work.log"]


def test_a_folder_with_a_long_name_has_its_socket_elsewhere(tmp_path: Path):
    root = tmp_path / ("x" * 90)
    root.mkdir()
    service = Postgres(root, durable=False)
    service.start()
    sockets = Path(service.url().partition("host=")[2])
    with psycopg.connect(service.url("postgres")) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
    service.stop()

    assert not sockets.is_relative_to(tmp_path)
    assert not sockets.exists()
