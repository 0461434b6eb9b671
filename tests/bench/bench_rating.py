"""Time a refresh of the rating table from tallies: fit, intervals and rank ranges.

    python tests/bench/bench_rating.py

Prints median and 95th percentile and writes var/bench/rating.json. The votes are drawn
from known strengths with a fixed seed; no database is touched.
"""

import json
import os
import platform
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from evaluations.rating.table import rate  # noqa: E402
from evaluations.rating.tallies import (  # noqa: E402
    OUTCOMES,
    Tallies,
    TallyRow,
    digest,
)

GOAL_MS = {"refresh, 130 models": 10.0, "refresh, 1000 models": 400.0}
TIE_RATE = 0.3
NEWCOMER_VOTES = 20


def main() -> None:
    rerun_with_one_blas_thread()
    settled = Tallies.from_rows(draw(contestants=130, votes=1_800_000))
    rows = list(draw(contestants=130, votes=1_800_000, newcomers=6))
    mixed = Tallies.from_rows(rows)
    large = Tallies.from_rows(draw(contestants=1000, votes=1_800_000))
    report(
        [
            timed("refresh, 130 models", lambda: rate(settled), repeats=200),
            timed("refresh, 130 and 6 new", lambda: rate(mixed), repeats=200),
            timed("refresh, 1000 models", lambda: rate(large), repeats=7),
            timed("tallies from rows", lambda: Tallies.from_rows(rows), repeats=10),
            timed("digest of tallies", lambda: digest(mixed), repeats=10),
        ]
    )


def rerun_with_one_blas_thread() -> None:
    """Start over as a worker runs: BLAS reads its setting once, when it is loaded."""
    if os.environ.get("OPENBLAS_NUM_THREADS") != "1":
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
        os.execve(sys.executable, [sys.executable, *sys.argv], environment)  # noqa: S606


def draw(*, contestants: int, votes: int, newcomers: int = 0) -> Iterator[TallyRow]:
    """Draw votes between contestants of strengths N(0, 0.7) and unequal popularity."""
    random = np.random.default_rng(20240229)
    n = contestants + newcomers
    strengths = random.normal(0, 0.7, n)
    popularity = random.lognormal(0, 0.6, contestants)
    popularity /= popularity.sum()
    first = random.choice(contestants, votes, p=popularity)
    second = (first + random.integers(1, contestants, votes)) % contestants
    seen = np.repeat(np.arange(contestants, n), NEWCOMER_VOTES)
    first = np.append(first, seen)
    second = np.append(second, random.choice(contestants, len(seen), p=popularity))
    outcome = judge(random, strengths[first] - strengths[second])
    cells, counts = np.unique((first * n + second) * 4 + outcome, return_counts=True)
    for cell, count in zip(cells.tolist(), counts.tolist(), strict=True):
        pair, code = divmod(cell, 4)
        yield f"m{pair // n:04}", f"m{pair % n:04}", OUTCOMES[code], count


def judge(random: np.random.Generator, lead: np.ndarray) -> np.ndarray:
    """Draw outcomes whose expected score is Bradley-Terry's, ties among equals."""
    score = 1 / (1 + np.exp(-lead))
    ties = 4 * TIE_RATE * score * (1 - score)
    chance = np.stack([score - ties / 2, 0.8 * ties, 0.2 * ties])
    return (random.random(len(lead)) > chance.cumsum(axis=0)).sum(axis=0)


def timed(
    name: str, act: Callable[[], object], *, repeats: int
) -> dict[str, str | float | int | None]:
    act()
    times = []
    for _ in range(repeats):
        start = perf_counter()
        act()
        times.append(1000 * (perf_counter() - start))
    return {
        "name": name,
        "repeats": repeats,
        "median_ms": float(np.median(times)),
        "p95_ms": float(np.percentile(times, 95)),
        "goal_ms": GOAL_MS.get(name),
    }


def report(results: list[dict[str, str | float | int | None]]) -> None:
    for result in results:
        goal = result["goal_ms"]
        aim = f"   goal {goal:g} ms" if goal else ""
        print(
            f"{result['name']:24} median {result['median_ms']:8.2f} ms"
            f"   p95 {result['p95_ms']:8.2f} ms{aim}"
        )
    folder = Path(os.environ.get("ARENA_VAR", ROOT / "var")) / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    facts = {"python": platform.python_version(), "numpy": np.__version__}
    text = json.dumps({**facts, "cpus": os.cpu_count(), "results": results}, indent=1)
    (folder / "rating.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
