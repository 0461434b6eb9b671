"""The programs of the arena, as `make run` and the tests start them."""

import os
import subprocess
import sys
from dataclasses import dataclass, field
from signal import SIGKILL, SIGTERM, Signals
from typing import IO

from arena.env import BASE
from arena.local.processes import child

# A task's numerics may not take every core from the web process.
ONE_THREAD_EACH = {
    f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "OMP", "MKL")
}
# Django's checks read every page; `make check` has run them.
NO_CHECKS = {"CELERY_SKIP_CHECKS": "1"}


@dataclass(frozen=True, kw_only=True)
class Program:
    name: str
    command: list[str]
    stop_seconds: float
    start_after_seconds: float = 0
    when_orphaned: Signals = SIGTERM
    environ: dict[str, str] = field(default_factory=dict)

    def start(self, output: IO[bytes]) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(  # noqa: S603
            [sys.executable, *self.command],
            cwd=BASE,
            env=os.environ | self.environ,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            preexec_fn=child(self.when_orphaned),
        )


def web(*, port: int, processes: int) -> Program:
    options = {
        "host": "127.0.0.1",
        "port": port,
        "workers": processes,
        "ws": "websockets-sansio",
        "ws-per-message-deflate": "false",
        "ws-max-size": 16384,
        "lifespan": "off",
        "timeout-graceful-shutdown": 3,
        "log-level": "warning",
    }
    arguments = [part for name, v in options.items() for part in (f"--{name}", str(v))]
    # Whoever can reach the port could else choose the address that limits count by.
    arguments += ["--no-proxy-headers", "--no-server-header", "--no-access-log"]
    return Program(
        name="web",
        command=["-m", "uvicorn", "arena.asgi:application", *arguments],
        stop_seconds=6,
        environ=ONE_THREAD_EACH,
    )


def worker(*, queue: str, slots: int, start_after_seconds: float = 0) -> Program:
    # A live turn waits in three places at once, many times a second: hundreds of
    # threads would spend their time on handing the interpreter's lock on.
    pool = "gevent" if queue == "live" else "threads"
    arguments = ["-P", pool, "-c", str(slots), "-Q", queue, "-n", f"{queue}@%h"]
    arguments += ["-l", "WARNING", "--without-gossip", "--without-mingle"]
    return Program(
        name=queue,
        command=["-m", "celery", "-q", "-A", "arena", "worker", *arguments],
        # An answer may take minutes: what is cut off is asked again after its lease.
        stop_seconds=5,
        start_after_seconds=start_after_seconds,
        when_orphaned=SIGKILL,
        environ=ONE_THREAD_EACH | NO_CHECKS,
    )


def workers(*, fetch_slots: int, live_slots: int) -> list[Program]:
    """Calls that wait for model servers never delay the counting, nor live battles.

    What the first page needs starts first; the rest would only take its processor.
    """
    fetch = worker(queue="fetch", slots=fetch_slots, start_after_seconds=2)
    live = worker(queue="live", slots=live_slots, start_after_seconds=3)
    return [worker(queue="work", slots=4), fetch, live]


def beat() -> Program:
    arguments = ["-l", "WARNING", "--pidfile="]
    return Program(
        name="beat",
        command=["-m", "celery", "-q", "-A", "arena", "beat", *arguments],
        stop_seconds=5,
        start_after_seconds=4,
        environ=NO_CHECKS,
    )


def model_search(*, own_port: int) -> Program:
    command = ["manage.py", "find_local_models", "--own-port", str(own_port)]
    return Program(name="find_local_models", command=command, stop_seconds=1)
