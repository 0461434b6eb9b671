"""Strengths with the form of the answers and their place held equal.

Contextual Bradley-Terry: the log odds that the left answer is preferred are
theta_left - theta_right + coefficients' x, where x holds the differences in length,
headings, list items and bold, each (left - right) / (left + right), and a last 1 for
the place on the left; a tie is half a win (T. Li, A. Angelopoulos and W.-L. Chiang,
"Does style matter? Disentangling style and substance in Chatbot Arena", 2024). The
likelihood is that of style_likelihood.py, which knows the votes by their moments only,
so that a fit takes as long however many there are.

Who is provisional, the anchor and the prior are those of the plain estimate, and the
covariance is put together in the same way (estimate.py), over n + 5 parameters.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy.linalg import LinAlgError, block_diag, cho_factor, cho_solve

from evaluations.rating import style_likelihood
from evaluations.rating.bradley_terry import (
    MAX_STEPS,
    NotConverged,
    anchored,
    is_last,
)
from evaluations.rating.estimate import Estimate, prior_matrix
from evaluations.rating.style_likelihood import COVARIATES, Cells, Slopes, Votes
from evaluations.rating.style_tallies import StyleTallies
from evaluations.rating.tallies import Booleans, Floats

EVERY: Final = np.ones(len(COVARIATES), dtype=bool)
# A prior N(0, 1 logit) on each coefficient, against the sum of the votes: weighed
# against their mean it would grow with them and shrink what they plainly show.
RIDGE: Final = 1.0
_LONG_STEP: Final = 0.5


@dataclass(frozen=True, slots=True)
class StyleEstimate:
    """estimate: strengths and covariance, form and place held equal.

    coefficients, errors: (5,) log odds per unit of each of COVARIATES with standard
    errors. One that no vote speaks of is 0, with the ridge's own error of 1.
    """

    estimate: Estimate
    coefficients: Floats
    errors: Floats


def style_estimate(
    tallies: StyleTallies,
    plain: Estimate,
    *,
    controlled: Booleans = EVERY,
) -> StyleEstimate:
    """Estimate a group once more, with form and place held equal.

    plain: the estimate of the same contestants in the same order; controlled: (5,)
    mask of COVARIATES, the others' coefficients being held at 0. Raises NotConverged
    where nothing is finite.
    """
    cells = style_likelihood.cells(tallies, controlled)
    votes = style_likelihood.pooled(cells)
    pull = _pull(plain)
    point = _fit(votes, pull, start=plain.strengths)
    covariance = _covariance(cells, votes, point, plain)
    n, weights = cells.n, plain.anchors / plain.anchors.sum()
    return StyleEstimate(
        estimate=replace(
            plain,
            strengths=point[:n] - weights @ point[:n],
            covariance=anchored(covariance[:n, :n], weights),
        ),
        coefficients=point[n:],
        errors=np.sqrt(np.diag(covariance)[n:]),
    )


def _pull(plain: Estimate, *, tempered: bool = False) -> Floats:
    """Precision of the priors, (n + 5, n + 5), 1 / logit^2.

    tempered: times the dispersion where a prior was set against votes counted as
    coins, which gives the prior's own share of the score's variance
    """
    n = len(plain.strengths)
    strengths = np.zeros((n, n))
    if plain.prior is not None:
        strengths = prior_matrix(~plain.provisional, plain.prior)
        if tempered:
            strengths = plain.prior.dispersion * strengths
    matrix: Floats = block_diag(strengths, RIDGE * np.eye(len(COVARIATES)))
    return matrix


def _fit(votes: Votes, pull: Floats, *, start: Floats) -> Floats:
    """Find the (n + 5,) point of greatest posterior by damped Newton steps."""
    point, before = np.append(start, np.zeros(len(COVARIATES))), np.inf
    for _ in range(MAX_STEPS):
        slopes = style_likelihood.slopes(votes, point)
        gradient = style_likelihood.gradient(votes, slopes) - pull @ point
        factor = _factor(votes, slopes, pull)
        step = cho_solve(factor, gradient, check_finite=False)
        point = point + _damped(votes, point, step, pull)
        length = float(np.abs(step).max())
        if is_last(length, before=before):
            return point
        before = length
    raise NotConverged(f"still moving after {MAX_STEPS} steps")


def _damped(votes: Votes, point: Floats, step: Floats, pull: Floats) -> Floats:
    if np.abs(step).max() <= _LONG_STEP:
        return step
    before = _log_posterior(votes, point, pull)
    while _log_posterior(votes, point + step, pull) < before:
        step = step / 2
    return step


def _log_posterior(votes: Votes, point: Floats, pull: Floats) -> float:
    prior = float(point @ pull @ point) / 2
    return style_likelihood.log_likelihood(votes, point) - prior


def _factor(votes: Votes, slopes: Slopes, pull: Floats) -> tuple[Floats, bool]:
    """Factor the curvature with the common shift, which it ignores, pinned.

    Far from the top the expansion may curve the wrong way somewhere; without what
    bends it, it never does.
    """
    pinned = pull.copy()
    pinned[: votes.n, : votes.n] += 1 / votes.n
    for each in (slopes, style_likelihood.unbent(votes, slopes)):
        curvature = style_likelihood.information(votes, each) + pinned
        try:
            factor: tuple[Floats, bool] = cho_factor(curvature, check_finite=False)
        except LinAlgError:
            continue
        return factor
    raise NotConverged("the likelihood has become flat")


def _covariance(cells: Cells, votes: Votes, point: Floats, plain: Estimate) -> Floats:
    """Sandwich over the (n + 5, n + 5), logit^2; only the ridge has no dispersion."""
    slopes = style_likelihood.slopes(votes, point)
    factor = _factor(votes, slopes, _pull(plain))
    phi = 1.0 if plain.prior is None else plain.prior.dispersion
    meat = style_likelihood.score_variance(cells, point, plain.provisional, phi)
    meat += _pull(plain, tempered=True)
    half = cho_solve(factor, meat, check_finite=False)
    covariance: Floats = cho_solve(factor, half.T, check_finite=False)
    return covariance
