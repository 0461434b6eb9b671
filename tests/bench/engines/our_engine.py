"""Our own way from a Parquet file to ratings with intervals.

    python our_engine.py ratings|style|likeliest|bootstrap|refresh FILE

likeliest: without priors, as the peers are; bootstrap: 100 resamples; refresh: from
tallies to strengths, intervals and Bonferroni ranks, again and again.
"""

import sys
from pathlib import Path
from time import perf_counter, process_time

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import numpy as np
from measuring import measured, tell

from evaluations.rating import bradley_terry
from evaluations.rating.bootstrap import resampled_strengths
from evaluations.rating.estimate import Estimate, estimate
from evaluations.rating.files import read_style_tallies, read_tallies
from evaluations.rating.ranks import critical_value, rank_ranges
from evaluations.rating.style import style_estimate
from evaluations.rating.style_tallies import FEATURES
from evaluations.rating.table import in_elo, standard_errors
from evaluations.rating.tallies import Pairs, Tallies, fold

REFRESHES = {"repeats": 200, "seconds": 10.0}


def ratings(path: Path) -> dict[str, float]:
    tallies = read_tallies(path)
    return _named(tallies, _estimated(fold(tallies)))


def style(path: Path) -> dict[str, float]:
    tallies = read_style_tallies(path, FEATURES)
    plain = _estimated(fold(tallies.plain))
    return _named(tallies.plain, style_estimate(tallies, plain).estimate)


def likeliest(path: Path) -> dict[str, float]:
    tallies = read_tallies(path)
    strengths = bradley_terry.fit(fold(tallies))
    return dict(zip(tallies.names, in_elo(strengths).tolist(), strict=True))


def bootstrap(path: Path) -> dict[str, object]:
    """100 resamples; their errors over the sandwich's, mean of all models."""
    pairs = fold(read_tallies(path))
    theta = bradley_terry.fit(pairs)
    told = measured(lambda: resampled_strengths(pairs, theta, resamples=100))
    sandwich = bradley_terry.sandwich_covariance(pairs, theta)
    weights = np.full(pairs.n, 1 / pairs.n)
    variance = np.diag(bradley_terry.anchored(sandwich, weights))
    told["found"] = float((told["found"].std(axis=0) / np.sqrt(variance)).mean())
    return told


def refresh(path: Path) -> dict[str, object]:
    tallies = read_tallies(path)
    times: list[float] = []
    began, spent = perf_counter(), process_time()
    while len(times) < REFRESHES["repeats"]:
        start = perf_counter()
        found = _estimated(fold(tallies))
        bound = critical_value(len(tallies.names))
        rank_ranges(found.strengths, found.covariance, bound=bound)
        times.append(perf_counter() - start)
        if start - began > REFRESHES["seconds"]:
            break
    cpu = (process_time() - spent) / len(times)
    told = {**measured(lambda: None), "wall_s": float(np.median(times)), "cpu_s": cpu}
    return {**told, "found": {"p95_s": float(np.percentile(times, 95))}}


def _estimated(pairs: Pairs) -> Estimate:
    return estimate(pairs, established_votes=100, few_votes=50)


def _named(tallies: Tallies, found: Estimate) -> dict[str, float]:
    assert len(standard_errors(found.covariance)) == len(tallies.names)
    ratings = in_elo(found.strengths - found.strengths.mean())
    return dict(zip(tallies.names, ratings.tolist(), strict=True))


if __name__ == "__main__":
    task, path = sys.argv[1], Path(sys.argv[2])
    if task in ("bootstrap", "refresh"):
        tell({"bootstrap": bootstrap, "refresh": refresh}[task](path))
    else:
        act = {"ratings": ratings, "style": style, "likeliest": likeliest}[task]
        tell(measured(lambda: act(path)))
