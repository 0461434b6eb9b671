"""Find the highest rate of votes over HTTP that this machine holds.

    python tests/bench/bench_votes.py [--seconds 30] [--web-processes 2]

Starts PostgreSQL (durable), Valkey, the web processes, a worker and beat as `make run`
does, and sends votes at a fixed rate, whether or not the earlier ones are answered,
each timed from the moment it was due. The client shares the same cores. Afterwards
every acknowledged vote must stand in the ledger once, and the tallies must equal a
recount. Writes var/bench/votes.json.
"""

import argparse
import json
import math
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from arena.local.postgres import Postgres  # noqa: E402
from arena.local.processes import free_port  # noqa: E402
from arena.local.programs import beat, web, worker  # noqa: E402
from arena.local.valkey import Valkey  # noqa: E402
from tests.bench.open_loop import Load, Outcome, send_votes  # noqa: E402

GOAL_RATE, GOAL_P99_MS = 150, 150.0
VOLUNTEERS, BATTLES = 300, 400
PROBE_SECONDS = 6
# A rate is given up when it was missed so often in a row: machines hiccup.
TRIES = 2


@dataclass(frozen=True)
class Step:
    """One rate held for a while; times in milliseconds, from when a vote was due."""

    rate: float
    seconds: float
    sent: int
    accepted: int
    shed: int
    failed: int
    p50_ms: float
    p99_ms: float
    cpu_ms_per_vote: float

    @property
    def holds(self) -> bool:
        return self.accepted == self.sent and self.p99_ms <= GOAL_P99_MS


def main() -> None:
    options = parse()
    folder = Path(tempfile.mkdtemp(prefix="arena-bench-"))
    try:
        with running(folder, options.web_processes) as (port, processes):
            report(options, *measure(port, processes, options.seconds))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--web-processes", type=int, default=os.cpu_count() or 1)
    return parser.parse_args()


@contextmanager
def running(folder: Path, web_processes: int) -> Iterator[tuple[int, list[int]]]:
    """The arena's real parts; yields the port and the process ids to be measured."""
    with ExitStack() as stack:
        start_services(folder, stack)
        prepare()
        port = free_port()
        log = stack.enter_context((folder / "bench.log").open("wb"))
        programs = [
            web(port=port, processes=web_processes),
            worker(queue="work", slots=4),
            beat(),
        ]
        children = [program.start(log) for program in programs]
        stack.callback(stop, children)
        wait_until_served(port)
        yield port, [child.pid for child in children] + [postgres_pid(folder)]


def start_services(folder: Path, stack: ExitStack, **environ: str) -> Valkey:
    """PostgreSQL and Valkey until the stack ends, and the settings that name them."""
    postgres, valkey = Postgres(folder), Valkey(folder)
    for service in (postgres, valkey):
        service.start()
        stack.callback(service.stop)
    postgres.create_database("arena")
    os.environ |= {
        "DATABASE_URL": postgres.url("arena"),
        "REDIS_URL": valkey.url(),
        "ARENA_VAR": str(folder),
        "SECRET_KEY": secrets.token_urlsafe(40),
        "ARENA_FIELD_KEYS": "RL0L1Sc2Hwbnv2xkt3oDSNYqx0SjXHT4dPV3zNKgL4c=",
        "ARENA_SECURE": "off",
        "ARENA_STATIC_HASHES": "off",
        "DJANGO_SETTINGS_MODULE": "arena.settings",
        **environ,
    }
    return valkey


def stop(children: list["subprocess.Popen[bytes]"]) -> None:
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(8)
        except subprocess.TimeoutExpired:
            child.kill()


def postgres_pid(folder: Path) -> int:
    pidfile = next(folder.glob("pg*/postmaster.pid"))
    return int(pidfile.read_text().splitlines()[0])


def prepare() -> None:
    """Migrate, and make pairs to judge and volunteers to judge them."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    connection.close()


def wait_until_served(port: int) -> None:
    import socket

    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 0.5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("The web process did not come up.")


def make_load() -> Load:
    from evaluations.volunteers import left_side
    from tests.factories import make_battle, make_contestant, make_visitor

    contestants = [make_contestant() for _ in range(10)]
    battles = [
        make_battle(
            contestants[n % 10],
            contestants[(n + 1 + n // 10 % 9) % 10],
            judgements_wanted=30_000,
        ).public_id
        for n in range(BATTLES)
    ]
    tokens = [make_visitor().token for _ in range(VOLUNTEERS)]
    return Load(
        tokens=tokens,
        battles=battles,
        side=lambda token, battle: left_side(token=token, battle_id=battle),
    )


def measure(
    port: int, processes: list[int], seconds: float
) -> tuple[list[Step], Step, Step, dict[str, int]]:
    load = make_load()
    steps = [run_step(port, processes, load, 40, 5)]  # warms everything up
    rate, held, misses = 40.0, 0.0, 0
    while misses < TRIES:
        step = run_step(port, processes, load, rate, PROBE_SECONDS)
        steps.append(step)
        if step.holds:
            held, rate, misses = rate, rate * 1.25, 0
        else:
            misses += 1
    best = run_step(port, processes, load, max(held, 10), seconds)
    while not best.holds and best.rate > 10:
        best = run_step(port, processes, load, best.rate * 0.9, seconds)
    flood = run_step(port, processes, load, best.rate * 4, 10)
    return steps, best, flood, ledger(load)


def run_step(
    port: int, processes: list[int], load: Load, rate: float, seconds: float
) -> Step:
    before = cpu_seconds(processes)
    outcomes = send_votes(port=port, load=load, rate=rate, seconds=seconds)
    cpu = cpu_seconds(processes) - before
    step = summed_up(outcomes, rate, seconds, cpu)
    print(
        f"{step.rate:6.0f}/s  {step.accepted}/{step.sent} accepted, {step.shed} shed, "
        f"{step.failed} failed, p50 {step.p50_ms:.0f} ms, p99 {step.p99_ms:.0f} ms, "
        f"{step.cpu_ms_per_vote:.1f} ms CPU a vote",
        flush=True,
    )
    time.sleep(1)
    return step


def summed_up(outcomes: list[Outcome], rate: float, seconds: float, cpu: float) -> Step:
    accepted = sorted(o.ms for o in outcomes if o.status == 200) or [math.inf]
    count = sum(o.status == 200 for o in outcomes)
    return Step(
        rate=round(rate, 1),
        seconds=seconds,
        sent=len(outcomes),
        accepted=count,
        shed=sum(o.status == 503 for o in outcomes),
        failed=sum(o.status not in (200, 503) for o in outcomes),
        p50_ms=accepted[len(accepted) // 2],
        p99_ms=accepted[min(len(accepted) - 1, math.ceil(len(accepted) * 0.99) - 1)],
        cpu_ms_per_vote=1000 * cpu / max(1, count),
    )


def cpu_seconds(processes: list[int]) -> float:
    """User and system time of these processes and of all their descendants so far."""
    ticks = os.sysconf("SC_CLK_TCK")
    stats = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            stats[int(entry.name)] = (int(fields[1]), sum(map(int, fields[11:15])))
    family = set(processes)
    grown = True
    while grown:
        found = {pid for pid, (parent, _) in stats.items() if parent in family}
        grown = not found <= family
        family |= found
    return sum(stats[pid][1] for pid in family if pid in stats) / ticks


def ledger(load: Load) -> dict[str, int]:
    """Compare what was acknowledged with what is stored, once all has settled."""
    from django.conf import settings

    from evaluations import leaderboard, voting
    from evaluations.models import Tally, Vote

    time.sleep(settings.ARENA_UNDO_SECONDS + 3)
    voting.settle_votes()
    leaderboard.roll_up()
    keys = set(Vote.objects.values_list("idempotency_key", flat=True))
    pairs = list(Vote.objects.values_list("battle", "volunteer"))
    rolled = dict_of_tallies(Tally.objects.all())
    leaderboard.rebuild_tallies()
    recounted = dict_of_tallies(Tally.objects.all())
    return {
        "acknowledged": len(load.acknowledged),
        "stored": len(pairs),
        "lost": len(load.acknowledged - keys),
        "doubled": len(pairs) - len(set(pairs)),
        "tallied": sum(n for cell, n in rolled.items() if cell[0] == "all"),
        "cells_unlike_recount": len(rolled.items() ^ recounted.items()),
    }


def dict_of_tallies(tallies: object) -> dict[tuple[str, int, int, str], int]:
    names = ("slice", "first", "second", "outcome", "count")
    rows = tallies.values_list(*names)  # type: ignore[attr-defined]
    return {row[:4]: row[4] for row in rows if row[4]}


def report(
    options: argparse.Namespace,
    steps: list[Step],
    best: Step,
    flood: Step,
    books: dict[str, int],
) -> None:
    print(
        f"\nholds {best.rate:.0f} votes/s for {best.seconds:.0f} s "
        f"(goal {GOAL_RATE}): p50 {best.p50_ms:.0f} ms, p99 {best.p99_ms:.0f} ms, "
        f"{best.cpu_ms_per_vote:.1f} ms CPU a vote"
    )
    print(
        f"at {flood.rate:.0f}/s: {flood.accepted} accepted, p99 {flood.p99_ms:.0f} ms, "
        f"{flood.shed} turned away with 503, {flood.failed} failed"
    )
    print("books:", ", ".join(f"{name} {count}" for name, count in books.items()))
    target = Path(os.environ.get("BENCH_RESULTS", ROOT / "var" / "bench"))
    target.mkdir(parents=True, exist_ok=True)
    result = {
        "web_processes": options.web_processes,
        "cores": os.cpu_count(),
        "best": asdict(best),
        "flood": asdict(flood),
        "probes": [asdict(step) for step in steps],
        "books": books,
    }
    (target / "votes.json").write_text(json.dumps(result, indent=2) + "\n")
    if books["lost"] or books["doubled"] or books["cells_unlike_recount"]:
        raise SystemExit("Votes were lost, doubled or counted wrongly.")
    if flood.failed or best.failed:
        raise SystemExit("Some votes got neither a result nor a 503.")


if __name__ == "__main__":
    main()
