"""Strengths, covariance and standing of one group of contestants, in one fit.

Every contestant of a group is either settled (enough votes, one of them decided, and
inside the strongly connected core, where the likelihood has a maximum) or provisional:
the sandwich of one who only ever tied would have no width. One posterior is
maximised over all: the provisional are drawn to the mean of the settled by the
empirical-Bayes prior, the settled by nothing. So every vote counts, no undefeated
newcomer runs away, and all strengths and differences share one scale.

One covariance serves intervals and ranks, K M K with K = (H + prior)^-1 and
    M = dispersion * prior + sum over pairs of m x x',   x = e_i - e_j,
where m is the sum of squared residuals between two settled contestants and the
dispersion times battles * p (1 - p) where a provisional one takes part, whose own
residuals are fitted away. Without provisional contestants this is exactly the maximum
of the likelihood with its sandwich; without settled ones, exactly the empirical-Bayes
point with the interval of phi (H + phi / s^2)^-1.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from evaluations.rating import bradley_terry, graph
from evaluations.rating.empirical_bayes import (
    Prior,
    estimate_prior,
    towards_common_mean,
    towards_mean,
)
from evaluations.rating.tallies import Booleans, Floats, Pairs

QUORUM: Final = 3
YOUNG_PRIOR: Final = Prior(dispersion=1.0, variance=1.0)
ALL, ESTABLISHED = "all", "established"


@dataclass(frozen=True, slots=True)
class Estimate:
    """strengths: (n,) logits about the anchor; covariance: (n, n), logit^2.

    provisional, anchors: (n,) masks; the mean of the anchors is zero, which are
    `established` or `all`; prior: None where no contestant needed one
    """

    strengths: Floats
    covariance: Floats
    provisional: Booleans
    anchors: Booleans
    anchor: str
    prior: Prior | None


def estimate(pairs: Pairs, *, established_votes: int, few_votes: int) -> Estimate:
    """Estimate a group of contestants that votes connect."""
    well_seen = pairs.votes >= few_votes
    if well_seen.sum() < QUORUM:
        return _young(pairs)
    settled = _settled(pairs, well_seen)
    established = settled & (pairs.votes >= established_votes)
    anchors, anchor = _anchor(established)
    if settled.all():
        strengths = bradley_terry.fit(pairs)
        covariance = bradley_terry.sandwich_covariance(pairs, strengths)
        return _anchored(strengths, covariance, ~settled, anchors, anchor, None)
    prior, start = estimate_prior(pairs, well_seen)
    strengths, covariance = _shrunk(pairs, settled, prior, start)
    return _anchored(strengths, covariance, ~settled, anchors, anchor, prior)


def _young(pairs: Pairs) -> Estimate:
    """Rate a group with too few votes to estimate even a prior: N(0, 1) for everyone.

    The interval is that of the posterior, (H + I)^-1, ties counted as coins: of the
    priors tried on newcomers with five votes the one that covers (0.98 at 95 %).
    """
    everyone = np.ones(pairs.n, dtype=bool)
    strengths, covariance = _shrunk(pairs, ~everyone, YOUNG_PRIOR)
    return _anchored(strengths, covariance, everyone, everyone, ALL, YOUNG_PRIOR)


def _settled(pairs: Pairs, well_seen: Booleans) -> Booleans:
    """Mark the well seen, once decided, of the strong component with most of them.

    Fewer than three there, and none is settled: nothing to measure the others by.
    """
    eligible = well_seen & (pairs.decided > 0)
    groups = graph.strong_components(pairs)
    core = max(groups, key=lambda group: int(eligible[group].sum()))
    settled = np.zeros(pairs.n, dtype=bool)
    if eligible[core].sum() >= QUORUM:
        settled[core] = eligible[core]
    return settled


def _anchor(established: Booleans) -> tuple[Booleans, str]:
    """Choose whose mean is zero; one or two alone would get an interval near nought."""
    if established.sum() >= QUORUM:
        return established, ESTABLISHED
    return np.ones_like(established), ALL


def _shrunk(
    pairs: Pairs, settled: Booleans, prior: Prior, start: Floats | None = None
) -> tuple[Floats, Floats]:
    """Strengths (n,) and covariance (n, n) with all but the settled under the prior."""
    matrix = prior_matrix(settled, prior)
    theta = bradley_terry.fit(pairs, prior=matrix, start=start)
    curvature = bradley_terry.information(pairs, theta) + matrix
    meat = _meat(pairs, theta, settled, prior) + prior.dispersion * matrix
    return theta, bradley_terry.between(curvature, meat)


def prior_matrix(settled: Booleans, prior: Prior) -> Floats:
    """Precision (n, n) that draws all but the settled, (n,), to their mean."""
    if settled.any():
        return towards_mean(~settled, settled, prior.precision)
    return towards_common_mean(len(settled), prior.precision)


def _meat(pairs: Pairs, theta: Floats, settled: Booleans, prior: Prior) -> Floats:
    """Variance of the score, (n, n): seen between settled, supposed elsewhere."""
    p = bradley_terry.expected_score(pairs, theta)
    supposed = prior.dispersion * pairs.battles * p * (1 - p)
    seen = bradley_terry.score_variance(pairs, theta)
    weight = np.where(settled[pairs.i] & settled[pairs.j], seen, supposed)
    return bradley_terry.laplacian(pairs.n, pairs.i, pairs.j, weight)


def _anchored(
    strengths: Floats,
    covariance: Floats,
    provisional: Booleans,
    anchors: Booleans,
    anchor: str,
    prior: Prior | None,
) -> Estimate:
    weights = anchors / anchors.sum()
    return Estimate(
        strengths=strengths - weights @ strengths,
        covariance=bradley_terry.anchored(covariance, weights),
        provisional=provisional,
        anchors=anchors,
        anchor=anchor,
        prior=prior,
    )
