"""Measure live battles: how soon text is on the page, what many at once cost.

    python tests/bench/bench_live.py [--battles 250] [--seconds 60]

Starts everything as `make run` does, a model server that streams 200 tokens over 10 s,
and pages (WebSockets) of as many volunteers. First 100 people who all come within two
seconds: from the moment the pacer lets the first text of a turn out (unpaced: from the
provider's first token) to its arrival at the page. Then 100 battles that are under way
at once, their people having come one by one. Both paced and unpaced. Then many at once.
Who has read an answer asks further for as long as the time lasts. Client and provider
share the same cores. Writes var/bench/live.json.
"""

import argparse
import asyncio
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from arena.local.processes import free_port  # noqa: E402
from arena.local.programs import beat, web, worker  # noqa: E402
from tests.bench.bench_votes import (  # noqa: E402
    cpu_seconds,
    postgres_pid,
    prepare,
    start_services,
    stop,
    wait_until_served,
)

START_MS = 1500
CSRF = secrets.token_hex(16)
GOAL_FIRST_MS, GOAL_STALL_SECONDS, GOAL_MEMORY_MB = 150.0, 2.0, 2048


@dataclass(frozen=True)
class Step:
    """So many people, who come within so many seconds and ask for so many."""

    battles: int
    seconds: float
    coming: float
    environ: dict[str, str] = field(default_factory=dict)


@dataclass
class Page:
    """What one volunteer's page saw."""

    question: str
    first_texts: dict[str, float] = field(default_factory=dict)
    turns: int = 0
    longest_stall: float = 0.0
    state: str = ""
    frames: int = 0


@dataclass(frozen=True)
class Measured:
    battles: int
    seconds: float
    coming: float
    paced: bool
    turns_finished: int
    lost: int
    first_text_p50_ms: float
    first_text_p95_ms: float
    longest_stall_seconds: float
    stalled_over_2_seconds: int
    cpu_ms_per_turn: float
    memory_mb: float
    memory_kb_per_socket: float
    frames: int
    processes: dict[str, float] = field(default_factory=dict)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--battles", type=int, default=250)
    parser.add_argument("--seconds", type=float, default=60)
    unpaced = {"ARENA_LIVE_PACED": "off"}
    steps = {
        "first": Step(100, 12.0, coming=2.0),
        "first unpaced": Step(100, 12.0, coming=2.0, environ=unpaced),
        "steady": Step(100, 36.0, coming=12.0),
        "steady unpaced": Step(100, 36.0, coming=12.0, environ=unpaced),
    }
    parser.add_argument("--only", choices=[*steps, "many"])
    options = parser.parse_args()
    steps["many"] = Step(options.battles, options.seconds, coming=5.0)
    results = {}
    for name, step in steps.items():
        if options.only in (None, name):
            # Each in a process of its own: settings are read once.
            results[name] = in_a_process(step)
            told(name, results[name])
    target = Path(os.environ.get("BENCH_RESULTS", ROOT / "var" / "bench"))
    target.mkdir(parents=True, exist_ok=True)
    (target / "live.json").write_text(json.dumps(results, indent=2) + "\n")
    if any(result["lost"] for result in results.values()):
        raise SystemExit("Battles were lost.")


def in_a_process(step: Step) -> Any:
    numbers = map(str, (step.battles, step.seconds, step.coming))
    command = [sys.executable, __file__, "--step", *numbers]
    done = subprocess.run(
        command, env=os.environ | step.environ, check=True, stdout=subprocess.PIPE
    )
    return json.loads(done.stdout.splitlines()[-1])


def told(name: str, result: dict[str, Any]) -> None:
    since = "the pacer's release" if result["paced"] else "the provider's first token"
    print(
        f"{name}: {result['battles']} battles at once, "
        f"begun within {result['coming']:.0f} s, "
        f"{result['turns_finished']} turns, {result['lost']} lost\n"
        f"  first text after {since}: p50 {result['first_text_p50_ms']:.0f} ms, "
        f"p95 {result['first_text_p95_ms']:.0f} ms (goal {GOAL_FIRST_MS:.0f})\n"
        f"  longest stall {result['longest_stall_seconds']:.2f} s, "
        f"{result['stalled_over_2_seconds']} over 2 s\n"
        f"  {result['cpu_ms_per_turn']:.0f} ms CPU a turn, "
        f"{result['memory_mb']:.0f} MB in all (goal {GOAL_MEMORY_MB}), "
        f"{result['memory_kb_per_socket']:.0f} kB an open socket\n"
        f"  CPU by process (cores): {result['processes']}",
        flush=True,
    )


def run(step: Step) -> None:
    folder = Path(tempfile.mkdtemp(prefix="arena-bench-"))
    try:
        with running(folder) as arena:
            print(json.dumps(asdict(measure(arena, step))))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Arena:
    port: int
    provider: int
    processes: dict[str, int]


@contextmanager
def running(folder: Path) -> Iterator[Arena]:
    with ExitStack() as stack:
        valkey = start_services(
            folder,
            stack,
            ARENA_ALLOW_LOCAL_PROVIDERS="on",
            ARENA_LIVE_CALLS="2000",
            ARENA_LIVE_START_MS=str(START_MS),
        )
        prepare()
        port, provider = free_port(), free_port()
        log = stack.enter_context((folder / "bench.log").open("wb"))
        programs = {
            "web": web(port=port, processes=1),
            "work": worker(queue="work", slots=4),
            "live": worker(queue="live", slots=300),
            "beat": beat(),
        }
        children = {name: program.start(log) for name, program in programs.items()}
        stack.callback(stop, list(children.values()))
        fake = subprocess.Popen(
            [sys.executable, str(ROOT / "tests/bench/provider.py"), str(provider)]
        )
        stack.callback(stop, [fake])
        wait_until_served(port)
        wait_until_served(provider)
        time.sleep(4)  # the workers start more slowly than they listen
        pids = {name: child.pid for name, child in children.items()}
        pids["postgres"] = postgres_pid(folder)
        pids["valkey"] = valkey.process.pid if valkey.process else 0
        yield Arena(port, provider, pids)


def measure(arena: Arena, step: Step) -> Measured:
    from django.conf import settings

    make_contestants(arena.provider)
    visitors = make_visitors(step.battles)
    web = [arena.processes["web"]]
    idle = memory_mb(web)
    before = {name: cpu_seconds([pid]) for name, pid in arena.processes.items()}
    started = time.monotonic()
    pages, memory, of_web = asyncio.run(watch_all(arena, visitors, step))
    spent = time.monotonic() - started
    cpu = {n: cpu_seconds([p]) - before[n] for n, p in arena.processes.items()}
    turns = sum(page.turns for page in pages)
    waits = first_waits(arena, pages, paced=settings.ARENA_LIVE_PACED)
    return Measured(
        battles=step.battles,
        seconds=step.seconds,
        coming=step.coming,
        paced=settings.ARENA_LIVE_PACED,
        turns_finished=turns,
        lost=sum(page.state != "ready" for page in pages),
        first_text_p50_ms=waits[len(waits) // 2],
        first_text_p95_ms=waits[int(len(waits) * 0.95)],
        longest_stall_seconds=max(page.longest_stall for page in pages),
        stalled_over_2_seconds=sum(
            page.longest_stall > GOAL_STALL_SECONDS for page in pages
        ),
        cpu_ms_per_turn=1000 * sum(cpu.values()) / max(1, turns),
        memory_mb=memory,
        memory_kb_per_socket=1024 * (of_web - idle) / step.battles,
        frames=sum(page.frames for page in pages),
        processes={name: round(used / spent, 2) for name, used in cpu.items()},
    )


def make_contestants(port: int) -> None:
    from tests.factories import make_contestant

    for _ in range(4):
        make_contestant(
            provider="openai",
            base_url=f"http://127.0.0.1:{port}",
            api_model="bench",
            concurrency=10_000,
            requests_per_minute=1_000_000,
        )


def make_visitors(number: int) -> list[Any]:
    from tests.factories import make_visitor

    return [make_visitor() for _ in range(number)]


async def watch_all(
    arena: Arena, visitors: list[Any], step: Step
) -> tuple[list[Page], float, float]:
    began = time.monotonic()
    comes_after = step.coming / step.battles
    tasks = [
        asyncio.create_task(
            watch(arena, visitor, n, began + n * comes_after, began + step.seconds)
        )
        for n, visitor in enumerate(visitors)
    ]
    await asyncio.sleep(max(5.0, step.seconds * 0.7))
    memory = memory_mb(arena.processes.values())
    of_web = memory_mb([arena.processes["web"]])
    return list(await asyncio.gather(*tasks)), memory, of_web


async def watch(
    arena: Arena, visitor: Any, n: int, begins_at: float, ends_at: float
) -> Page:
    """Open a battle, read its frames, ask further until the time is over."""
    from websockets.asyncio.client import connect

    from tests.factories import cookie_of

    await asyncio.sleep(begins_at - time.monotonic())
    page = Page(question=f"Question {n}?")
    cookie = cookie_of(visitor)
    opened = await post(arena.port, "/battle", cookie, page.question)
    address = f"/battle/{opened['battle']}"
    url = f"ws://127.0.0.1:{arena.port}/ws{address}/"
    async with connect(
        url,
        origin=f"http://127.0.0.1:{arena.port}",
        additional_headers={"Cookie": cookie},
        compression=None,
        open_timeout=60,
    ) as socket:
        asked, last = page.question, 0.0
        try:
            async with asyncio.timeout(ends_at - time.monotonic() + 60):
                async for text in socket:
                    now = time.monotonic()
                    page.frames += 1
                    if text.startswith('{"type":"text"'):
                        page.first_texts.setdefault(asked, time.time())
                        if last:
                            page.longest_stall = max(page.longest_stall, now - last)
                        last = now
                        continue
                    frame = json.loads(text)
                    page.state = frame.get("state", page.state)
                    if frame["type"] != "state" or page.state != "ready":
                        continue
                    page.turns, last = page.turns + 1, 0.0
                    if now >= ends_at or not frame["turns_left"]:
                        return page
                    asked = f"{page.question} And {page.turns}?"
                    await post(arena.port, f"{address}/say", cookie, asked)
        except TimeoutError:
            return page
    return page


async def post(port: int, path: str, cookie: str, question: str) -> dict[str, Any]:
    """Send a question as the page's form does; come again where the arena is busy."""
    body = urlencode({"prompt": question})
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n"
        f"X-CSRFToken: {CSRF}\r\nCookie: {cookie}; csrftoken={CSRF}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    while True:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write((head + body).encode())
        reply = await reader.read()
        writer.close()
        told, _, said = reply.partition(b"\r\n\r\n")
        status = int(told.split(b" ", 2)[1])
        if status < 400:
            answer: dict[str, Any] = json.loads(said)
            return answer
        if status != 503:
            raise SystemExit(f"{path}: {status} {said[:300]!r}")
        await asyncio.sleep(1)


def first_waits(arena: Arena, pages: list[Page], *, paced: bool) -> list[float]:
    """Milliseconds from the release (or first token) to the page, sorted."""
    address = f"http://127.0.0.1:{arena.provider}/first"
    with urllib.request.urlopen(address) as reply:
        first = json.load(reply)
    waits = []
    for page in pages:
        for asked, arrived in page.first_texts.items():
            begun = first[asked]
            if len(begun) == 2:
                due = max(begun) + START_MS / 1000 if paced else min(begun)
                waits.append(1000 * (arrived - due))
    return sorted(waits) or [float("inf")]


def memory_mb(roots: Any) -> float:
    """Proportional memory of these processes and all their descendants."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)] = int(stat[1])
    family, grown = set(roots), True
    while grown:
        found = {pid for pid, parent in parents.items() if parent in family}
        grown = not found <= family
        family |= found
    return sum(map(pss_kb, family)) / 1024


def pss_kb(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(li.split()[1]) for li in lines if li.startswith("Pss:")), 0)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--step"]:
        battles, seconds, coming = sys.argv[2:]
        run(Step(int(battles), float(seconds), coming=float(coming)))
    else:
        main()
