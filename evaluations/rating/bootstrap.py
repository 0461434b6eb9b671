"""Strengths refitted to resampled votes: an audit of the sandwich's intervals.

Votes are drawn with replacement, all at once as a multinomial over the pairs and
outcomes (B. Efron, "Bootstrap methods: another look at the jackknife", 1979). A
resample is so near to the votes that one curvature, factored once, serves all refits:
chord steps, each a small part of the one before.
"""

from typing import Final

import numpy as np
from scipy.linalg import cho_solve
from scipy.sparse import csr_array
from scipy.special import expit

from evaluations.rating.bradley_terry import NotConverged, information, pinned_factor
from evaluations.rating.style_likelihood import incidence
from evaluations.rating.tallies import Floats, Pairs

TOLERANCE: Final = 1e-7
MAX_STEPS: Final = 40
SEED: Final = 0
_AT_ONCE: Final = 4_000_000  # pairs times resamples in memory


def resampled_strengths(
    pairs: Pairs, theta: Floats, *, resamples: int = 100, seed: int = SEED
) -> Floats:
    """Strengths of each resample, (resamples, n) logits about their mean.

    theta: (n,) of greatest likelihood for all votes. Raises NotConverged where a
    resample has none, as happens to contestants with few votes.
    """
    random = np.random.default_rng(seed)
    factor = pinned_factor(information(pairs, theta))
    turned = incidence(pairs.i, pairs.j, pairs.n)
    size = max(1, _AT_ONCE // max(len(pairs.i), 1))
    parts = []
    for start in range(0, resamples, size):
        drawn = min(size, resamples - start)
        score, battles = _resampled(pairs, random, drawn)
        parts.append(_refitted(turned, factor, score, battles, theta))
    return np.concatenate(parts)


def _resampled(
    pairs: Pairs, random: np.random.Generator, resamples: int
) -> tuple[Floats, Floats]:
    """Points of i and battles of each pair, (m, resamples) each."""
    counts = np.concatenate([pairs.wins, pairs.ties, pairs.losses])
    seen = np.flatnonzero(counts)
    share = counts[seen] / counts.sum()
    drawn = np.zeros((len(counts), resamples))
    drawn[seen] = random.multinomial(round(counts.sum()), share, resamples).T
    wins, ties, losses = np.split(drawn, 3)
    return wins + ties / 2, wins + ties + losses


def _refitted(
    turned: csr_array,
    factor: tuple[Floats, bool],
    score: Floats,
    battles: Floats,
    start: Floats,
) -> Floats:
    """(resamples, n) strengths about their mean, by chord steps from one start."""
    theta = np.repeat(start[:, None], score.shape[1], axis=1)
    for _ in range(MAX_STEPS):
        surplus = score - battles * expit(turned @ theta)
        step = cho_solve(factor, turned.T @ surplus, check_finite=False)
        theta += step
        if np.abs(step).max(initial=0.0) < TOLERANCE:
            strengths: Floats = (theta - theta.mean(axis=0)).T
            return strengths
    raise NotConverged(f"a resample still moves after {MAX_STEPS} steps")
