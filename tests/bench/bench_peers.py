"""Measure our ratings against arena-rank and evalica, in one interleaved run.

    python tests/bench/bench_peers.py
    python tests/bench/bench_peers.py --sizes 33k 1.8m 10m 1000 --repeats 3

From a Parquet file with text columns to ratings, each fit in a process of its own with
one BLAS thread, imports not counted; theirs compile as they go, which is. The peers are
installed once into var/bench/peers. Prints medians and writes var/bench/peers.json; the
large sizes take many minutes and some 7 GB, so a plain run measures 1.8 million votes.
"""

import argparse
import json
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from tests.bench.peer_votes import write_votes  # noqa: E402

PEERS = ("arena-rank==0.1.1", "evalica==0.4.2")
SIZES = {
    "33k": {"contestants": 130, "votes": 33_000},
    "1.8m": {"contestants": 130, "votes": 1_800_000},
    "10m": {"contestants": 130, "votes": 10_000_000},
    "1000": {"contestants": 1000, "votes": 1_800_000},
}
ENGINES = Path(__file__).resolve().parent / "engines"
# Name of each fit, in the order of a round: script and what it is asked for.
FITS = {
    "ours": ("our_engine.py", "ratings"),
    "arena-rank": ("arena_rank_engine.py", "ratings"),
    "evalica": ("evalica_engine.py", "ratings"),
    "ours, style": ("our_engine.py", "style"),
    "arena-rank, style": ("arena_rank_engine.py", "style"),
    "ours, 100 bootstraps": ("our_engine.py", "bootstrap"),
    "ours, refresh": ("our_engine.py", "refresh"),
}
# Their time over ours, our peak memory over theirs.
FASTER = {
    ("1.8m", "ours", "arena-rank"): 60,
    ("10m", "ours", "arena-rank"): 80,
    ("1.8m", "ours, style", "arena-rank, style"): 40,
}
SMALLER = {("1.8m", "ours", "arena-rank"): 1 / 3}
GOAL_S = {
    ("1.8m", "ours, refresh"): 0.01,
    ("1000", "ours, refresh"): 0.4,
    ("1.8m", "ours, 100 bootstraps"): 0.5,
}
AGREEMENT_ELO = 1e-6
AUDITED = ("1.8m", "10m")
Told = dict[str, object]
Figures = dict[str, dict[str, float]]


def main() -> None:
    asked = _asked()
    folder = Path(os.environ.get("ARENA_VAR", ROOT / "var")) / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        python = _peers(folder / "peers")
    except subprocess.CalledProcessError:
        print("Nothing is measured: the peers could not be installed.")
        return
    sizes = {size: _size(size, folder, python, asked.repeats) for size in asked.sizes}
    agreement = _agreement(_file(folder, "33k"), python)
    _report(sizes, agreement)
    results = {
        "cpus": os.cpu_count(),
        "peers": PEERS,
        "repeats": asked.repeats,
        "agreement_elo": agreement,
        "sizes": sizes,
        "ratios": _ratios(sizes),
    }
    (folder / "peers.json").write_text(json.dumps(results, indent=1) + "\n")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", nargs="+", choices=SIZES, default=["1.8m"])
    parser.add_argument("--repeats", type=int, default=3)
    return parser.parse_args()


def _peers(folder: Path) -> Path:
    """Install the peers beside nothing else, once; give their Python."""
    python = folder / "bin" / "python"
    stamp = folder / "installed"
    if not stamp.exists() or stamp.read_text() != "\n".join(PEERS):
        print("Installing", *PEERS, flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        install = [python, "-m", "pip", "install", "-q", *PEERS]
        subprocess.run([*install, "--disable-pip-version-check"], check=True)
        stamp.write_text("\n".join(PEERS))
    return python


def _file(folder: Path, size: str) -> Path:
    path = folder / f"votes-{size}.parquet"
    if not path.exists():
        print(f"Drawing {path.name}", flush=True)
        part = path.with_suffix(".part")
        write_votes(part, **SIZES[size])
        part.rename(path)
    return path


def _size(size: str, folder: Path, python: Path, repeats: int) -> Figures:
    path = _file(folder, size)
    told: dict[str, list[Told]] = defaultdict(list)
    # In a small or spread table some resamples leave a model without a win.
    fits = [name for name in FITS if "bootstraps" not in name or size in AUDITED]
    for number in range(repeats):
        for name in fits:
            told[name].append(_run(name, path, python))
            wall = told[name][-1]["wall_s"]
            print(f"{size:5} {number + 1} {name:22} {wall:9.4f} s", flush=True)
    return {name: _figures(each) for name, each in told.items()}


def _run(name: str, path: Path, peers: Path) -> Told:
    script, task = FITS[name]
    return _told(script, task, path, peers)


def _told(script: str, task: str, path: Path, peers: Path) -> Told:
    python = sys.executable if script == "our_engine.py" else peers
    one = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    ended = subprocess.run(
        [python, ENGINES / script, task, path],
        env={**os.environ, **one},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(ended.stdout.splitlines()[-1])


def _figures(told: list[Told]) -> dict[str, float]:
    wall = [each["wall_s"] for each in told]
    figures = {
        "wall_s": median(wall),
        "wall_p95_s": float(np.percentile(wall, 95)),
        "wall_least_s": min(wall),
        "cpu_s": median(each["cpu_s"] for each in told),
        "peak_mb": median(each["peak_mb"] for each in told),
    }
    found = told[0]["found"]
    if isinstance(found, float):
        figures["error_over_sandwich"] = found
    elif "p95_s" in found:
        figures["wall_p95_s"] = median(each["found"]["p95_s"] for each in told)
    return figures


def _agreement(path: Path, python: Path) -> float:
    """Largest difference from evalica's ratings, both about the mean, Elo."""
    ours = _told("our_engine.py", "likeliest", path, python)["found"]
    theirs = _told("evalica_engine.py", "tight", path, python)["found"]
    assert ours.keys() == theirs.keys()
    return max(abs(ours[name] - theirs[name]) for name in ours)


def _ratios(sizes: dict[str, Figures]) -> list[dict[str, object]]:
    ratios = []
    for size, fits in sizes.items():
        for ours, theirs in (
            ("ours", "arena-rank"),
            ("ours", "evalica"),
            ("ours, style", "arena-rank, style"),
        ):
            one, other = fits[ours], fits[theirs]
            pair = (size, ours, theirs)
            ratios.append(
                {
                    "size": size,
                    "fit": ours,
                    "peer": theirs,
                    "faster": other["wall_s"] / one["wall_s"],
                    "faster_goal": FASTER.get(pair),
                    "faster_cpu": other["cpu_s"] / one["cpu_s"],
                    "memory": one["peak_mb"] / other["peak_mb"],
                    "memory_goal": SMALLER.get(pair),
                }
            )
    return ratios


def _report(sizes: dict[str, Figures], agreement: float) -> None:
    for size, fits in sizes.items():
        for name, figures in fits.items():
            goal = GOAL_S.get((size, name))
            print(
                f"{size:5} {name:22} median {figures['wall_s']:9.4f} s"
                f"   p95 {figures['wall_p95_s']:9.4f} s   cpu {figures['cpu_s']:9.4f} s"
                f"   peak {figures['peak_mb']:6.0f} MB"
                + (f"   goal {goal:g} s" if goal else "")
            )
    for ratio in _ratios(sizes):
        goals = [
            f"{name} goal {ratio[name + '_goal']:.3g}"
            for name in ("faster", "memory")
            if ratio[name + "_goal"]
        ]
        print(
            f"{ratio['size']:5} {ratio['fit']} against {ratio['peer']}:"
            f" {ratio['faster']:.0f} times faster, {ratio['faster_cpu']:.0f} in CPU,"
            f" {ratio['memory']:.2f} of the memory   {', '.join(goals)}"
        )
    print(f"evalica agrees to {agreement:.1e} Elo   goal {AGREEMENT_ELO:g}")


if __name__ == "__main__":
    main()
