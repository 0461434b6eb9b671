"""Rank ranges that hold for all contestants at once."""

import numpy as np
from scipy.special import ndtri

from evaluations.rating.tallies import Floats, Integers

RESOLUTION = 1e-8  # logits; a smaller lead is the rounding of the fit


def critical_value(n: int, *, level: float = 0.95) -> float:
    """Standard errors by which two of n contestants must differ: Bonferroni's bound.

    n (n - 1) / 2 pairs, each tested on both sides at (1 - level) over their number.
    """
    return float(ndtri(1 - (1 - level) / max(n * (n - 1), 2)))


def rank_ranges(
    strengths: Floats, covariance: Floats, *, level: float = 0.95
) -> tuple[Integers, Integers]:
    """Give the best and the worst rank of each contestant, (n,) each, 1 the best.

    A contestant stands behind those that are surely better and before those that are
    surely worse; with probability `level` all n ranges hold the true ranks together.
    strengths: (n,) logits, covariance: (n, n) logit^2; any anchor gives the same.
    """
    lead = strengths[:, None] - strengths[None, :]
    variance = np.diag(covariance)
    spread = variance[:, None] + variance[None, :] - covariance - covariance.T
    bound = critical_value(len(strengths), level=level) * np.sqrt(spread.clip(min=0))
    bound = np.maximum(bound, RESOLUTION)
    surely_better = lead > bound
    surely_worse = -lead > bound
    return 1 + surely_worse.sum(axis=1), len(strengths) - surely_better.sum(axis=1)
