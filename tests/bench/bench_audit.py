"""Time an audit of the rating table: reading the single votes, and going through them.

    python tests/bench/bench_audit.py [--votes 1800000]

Fills a ledger of 130 contestants as bench_refresh.py does and makes one audit of it,
step by step. Writes audit.json.
"""

import argparse
import json
import os
import platform
import resource
import shutil
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
# Read once, when it is loaded: as a worker runs.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

from tests.bench.bench_refresh import PLAYERS, add_votes, execute  # noqa: E402
from tests.bench.bench_votes import start_services  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--votes", type=int, default=1_800_000)
    votes = parser.parse_args().votes
    folder = Path(tempfile.mkdtemp(prefix="arena-bench-"))
    try:
        with ExitStack() as stack:
            start_services(folder, stack)
            report(measure(votes))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure(votes: int) -> dict[str, object]:
    import django

    django.setup()
    from django.core.management import call_command

    from evaluations import auditing

    call_command("migrate", verbosity=0)
    execute(PLAYERS)
    add_votes(votes, state="counted")
    execute("ANALYZE")
    before, steps = peak_mb(), Steps()
    audit = auditing.run_audit(progress=steps)
    figures = {
        "votes": audit.votes,
        "steps": steps.seconds | {"rest": round(steps.rest(), 2)},
        "cpu_seconds": round(steps.cpu_seconds(), 2),
        "stored_bytes": len(json.dumps(audit.results)),
        "peak_mb_before": before,
        "peak_mb": peak_mb(),
    }
    print(figures, flush=True)
    return figures


class Steps:
    """Seconds on the clock between the reports of an audit, by their labels."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last, self._cpu = time.perf_counter(), time.process_time()

    def __call__(self, label: str, done: int, total: int) -> None:
        self.seconds[label] = round(self.seconds.get(label, 0.0) + self.rest(), 2)
        self._last = time.perf_counter()

    def rest(self) -> float:
        return time.perf_counter() - self._last

    def cpu_seconds(self) -> float:
        return time.process_time() - self._cpu


def peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def report(figures: dict[str, object]) -> None:
    folder = Path(os.environ.get("BENCH_RESULTS", ROOT / "var/bench"))
    folder.mkdir(parents=True, exist_ok=True)
    machine = {"machine": platform.processor() or platform.machine()}
    figures = {**machine, "cores": os.cpu_count(), **figures}
    (folder / "audit.json").write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
