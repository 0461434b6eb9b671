"""Rank ranges that hold for all contestants at once.

Two contestants are surely apart when their lead is more standard errors of itself than
a bound that chance passes for no pair of the whole group, `level` of the time. What
are surely apart need no more protection, so the bound is found again for the others,
until nothing changes: the step-down of J. P. Romano and M. Wolf, "Exact and approximate
stepdown methods for multiple hypothesis testing" (2005), on normal draws.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import ndtri

from evaluations.rating.tallies import Booleans, Floats, Integers

RESOLUTION: Final = 1e-8  # logits; a smaller lead is the rounding of the fit
DRAWS: Final = 2000
SEED: Final = 0
# Beyond so many the draws take seconds, and Bonferroni's bound is hardly wider.
MOST_DRAWN: Final = 300
_AT_ONCE: Final = 1_000_000  # differences in memory


@dataclass(frozen=True, slots=True)
class _Leads:
    """first, second: (m,) contestants of all pairs; lead, error: (m,) logits."""

    first: Integers
    second: Integers
    lead: Floats
    error: Floats

    def beyond(self, bound: float) -> Booleans:
        """(m,) pairs whose lead is more than so many standard errors."""
        least = np.maximum(bound * self.error, RESOLUTION)
        beyond: Booleans = np.abs(self.lead) > least
        return beyond


def critical_value(n: int, *, level: float = 0.95) -> float:
    """Standard errors by which two of n contestants must differ: Bonferroni's bound.

    n (n - 1) / 2 pairs, each tested on both sides at (1 - level) over their number.
    """
    return float(ndtri(1 - (1 - level) / max(n * (n - 1), 2)))


def careful_bound(
    strengths: Floats, covariance: Floats, *, level: float = 0.95
) -> float:
    """Standard errors by which two must differ: the step-down's, or Bonferroni's.

    strengths: (n,) logits, covariance: (n, n) logit^2; any anchor gives the same.
    """
    n = len(strengths)
    if n > MOST_DRAWN:
        return critical_value(n, level=level)
    leads = _leads(strengths, covariance)
    return _step_down(leads, _draws(strengths, covariance), level)


def rank_ranges(
    strengths: Floats, covariance: Floats, *, bound: float | None = None
) -> tuple[Integers, Integers]:
    """Give the best and the worst rank of each contestant, (n,) each, 1 the best.

    A contestant stands behind those that are surely better and before those that are
    surely worse, by so many standard errors; all n ranges hold the true ranks together
    with the probability that the bound was made for, by default 95 % and made here.
    """
    if bound is None:
        bound = careful_bound(strengths, covariance)
    n = len(strengths)
    leads = _leads(strengths, covariance)
    apart, ahead = leads.beyond(bound), leads.lead > 0
    better = np.where(ahead, leads.first, leads.second)[apart]
    worse = np.where(ahead, leads.second, leads.first)[apart]
    low = 1 + np.bincount(worse, minlength=n)
    high = n - np.bincount(better, minlength=n)
    return low, high


def _leads(strengths: Floats, covariance: Floats) -> _Leads:
    first, second = np.triu_indices(len(strengths), 1)
    variance = np.diag(covariance)
    spread = variance[first] + variance[second] - 2 * covariance[first, second]
    lead = strengths[first] - strengths[second]
    return _Leads(first, second, lead, np.sqrt(spread.clip(min=0)))


def _draws(strengths: Floats, covariance: Floats) -> Floats:
    """(DRAWS, n) errors of the strengths, normal with this covariance.

    The same whatever the contestants are called: they are drawn in order of strength.
    """
    order = np.lexsort((np.diag(covariance), strengths))
    values, vectors = np.linalg.eigh(covariance[np.ix_(order, order)])
    root = vectors * np.sqrt(values.clip(min=0))
    normal = np.random.default_rng(SEED).standard_normal((DRAWS, len(strengths)))
    draws = np.empty_like(normal)
    draws[:, order] = normal @ root.T
    return draws


def _step_down(leads: _Leads, draws: Floats, level: float) -> float:
    """Lower the bound until it finds no more pairs apart; the last one finds them all.

    It never rises, being taken over fewer pairs each time.
    """
    apart, bound = np.zeros(len(leads.lead), dtype=bool), 0.0
    while not apart.all():
        bound = float(np.quantile(_largest(leads, ~apart, draws), level))
        found = leads.beyond(bound) & ~apart
        if not found.any():
            break
        apart |= found
    return bound


def _largest(leads: _Leads, among: Booleans, draws: Floats) -> Floats:
    """(DRAWS,) largest difference by chance alone, in standard errors."""
    wide = among & (leads.error > 0)
    first, second, error = leads.first[wide], leads.second[wide], leads.error[wide]
    largest = np.zeros(len(draws))
    if not len(error):
        return largest
    size = max(1, _AT_ONCE // len(error))
    for start in range(0, len(draws), size):
        some = draws[start : start + size]
        differences = np.abs(some[:, first] - some[:, second]) / error
        largest[start : start + size] = differences.max(axis=1)
    return largest
