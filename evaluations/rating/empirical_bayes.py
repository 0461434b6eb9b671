"""Strengths of contestants with few votes, drawn towards the others as far as needed.

The prior's variance is estimated from the contestants with enough votes (B. Efron and
C. Morris, "Stein's estimation rule and its competitors", 1973), and the likelihood is
tempered by the dispersion, a quasi-posterior: ties make votes agree more than coins do.
"""

from dataclasses import dataclass

import numpy as np

from evaluations.rating import bradley_terry
from evaluations.rating.tallies import Booleans, Floats, Pairs

PILOT_PRECISION = 0.5
EM_STEPS = 6
EM_CHANGE = 0.02
EM_TOLERANCE = 1e-4
MIN_VARIANCE = 0.05
# Fewer say too little of how far strengths lie apart: three that happen to stand
# together would draw all others to themselves.
MIN_WELL_SEEN = 10


@dataclass(frozen=True, slots=True)
class Prior:
    """dispersion: phi of the votes; variance: of strengths, logit^2."""

    dispersion: float
    variance: float

    @property
    def precision(self) -> float:
        """Weight of the prior against votes counted as coins, 1 / logit^2."""
        return self.dispersion / self.variance


def towards_mean(drawn: Booleans, towards: Booleans, precision: float) -> Floats:
    """Precision matrix (n, n) that draws some to the mean of others: rows sum to zero.

    drawn, towards: (n,) masks, `towards` not empty; precision in 1 / logit^2.
    """
    pull = np.eye(len(drawn))[drawn] - towards / towards.sum()
    matrix: Floats = precision * pull.T @ pull
    return matrix


def towards_common_mean(n: int, precision: float) -> Floats:
    """Precision matrix (n, n) that draws all n to their own mean."""
    everyone = np.ones(n, dtype=bool)
    return towards_mean(everyone, everyone, precision)


def estimate_prior(pairs: Pairs, well_seen: Booleans) -> tuple[Prior, Floats]:
    """Estimate the prior from the contestants marked by the (n,) mask well_seen.

    A few EM steps from variance 1: variance of the posterior means plus the mean of
    the posterior variances. Fewer than MIN_WELL_SEEN leave it at 1. The strengths
    (n,) last tried come along, as a start for the fit.
    """
    pilot = towards_common_mean(pairs.n, PILOT_PRECISION)
    theta = bradley_terry.fit(pairs, prior=pilot, tolerance=EM_TOLERANCE)
    prior = Prior(_dispersion(pairs, theta), 1.0)
    if well_seen.sum() < MIN_WELL_SEEN:
        return prior, theta
    for _ in range(EM_STEPS):
        theta, covariance = posterior(pairs, prior, start=theta, tolerance=EM_TOLERANCE)
        noise = np.diag(covariance)[well_seen].mean()
        variance = max(MIN_VARIANCE, float(theta[well_seen].var() + noise))
        if abs(variance / prior.variance - 1) < EM_CHANGE:
            break
        prior = Prior(prior.dispersion, variance)
    return prior, theta


def _dispersion(pairs: Pairs, theta: Floats) -> float:
    # Ties alone would leave no width at all: as if the next vote were decided.
    least = 1 / (float(pairs.battles.sum()) + 1)
    return max(bradley_terry.dispersion(pairs, theta), least)


def posterior(
    pairs: Pairs,
    prior: Prior,
    *,
    start: Floats | None = None,
    tolerance: float = bradley_terry.TOLERANCE,
) -> tuple[Floats, Floats]:
    """Strengths (n,) and covariance (n, n) about their mean, all under the prior."""
    matrix = towards_common_mean(pairs.n, prior.precision)
    theta = bradley_terry.fit(pairs, prior=matrix, start=start, tolerance=tolerance)
    covariance = bradley_terry.posterior_covariance(
        pairs, theta, prior=matrix, dispersion=prior.dispersion
    )
    weights = np.full(pairs.n, 1 / pairs.n)
    return theta, bradley_terry.anchored(covariance, weights)
