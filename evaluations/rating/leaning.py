"""What a voice leans to besides the better model: the first place, the longer answer.

The log odds that x is preferred are theta_x - theta_y + coefficients' c, a tie being
half a win, with c what may sway the voice: 1 where x is shown first and -1 where y is,
or the difference in length. Models that are good and happen to stand first, or to be
long, are so told apart from a habit. The equations are those of style.py, with the
single opinions in place of their moments, since few are a judge's.
"""

from dataclasses import dataclass
from math import sqrt
from typing import Final

import numpy as np
from scipy.linalg import LinAlgError, cho_factor, cho_solve
from scipy.special import expit

from evaluations.rating.bradley_terry import (
    MAX_STEPS,
    NotConverged,
    is_last,
    laplacian,
)
from evaluations.rating.opinions import Opinions
from evaluations.rating.shares import reach, variance
from evaluations.rating.tallies import Floats, Integers, sums_at

# Keeps what no opinion tells finite, and moves no other strength or coefficient.
WEAK: Final = 1e-6
# A coefficient of a habit without exception has no maximum.
FARTHEST: Final = 12.0
# Of a coefficient's variance, in units of 1 / WEAK: what only the penalty holds comes
# near 1, what a few votes hold is of order WEAK.
HELD: Final = 0.01


@dataclass(frozen=True, slots=True)
class Leaning:
    """A coefficient: log odds per unit of its covariate, with a 95 % interval."""

    value: float
    low: float
    high: float
    battles: int


@dataclass(frozen=True, slots=True)
class Leanings:
    """strengths: (n,) logits; coefficients: (k,), log odds per unit

    battles: (b,) sorted; influence: (b, k) of each battle on the coefficients
    """

    strengths: Floats
    coefficients: Floats
    battles: Integers
    influence: Floats

    def leaning(self, k: int) -> Leaning:
        return _leaning(float(self.coefficients[k]), self.influence[:, k])

    def beyond(self, other: "Leanings", k: int) -> Leaning:
        """By how much the coefficient is above that of another voice.

        A battle that both judged counts as one piece: what sways both alike takes
        nothing from the difference.
        """
        battles = np.union1d(self.battles, other.battles)
        influence = np.zeros(len(battles))
        influence[np.searchsorted(battles, self.battles)] += self.influence[:, k]
        influence[np.searchsorted(battles, other.battles)] -= other.influence[:, k]
        apart = float(self.coefficients[k] - other.coefficients[k])
        return _leaning(apart, influence)


def _leaning(value: float, influence: Floats) -> Leaning:
    half = reach(len(influence)) * sqrt(variance(influence))
    return Leaning(value, value - half, value + half, len(influence))


def leanings(opinions: Opinions, covariates: Floats) -> Leanings | None:
    """Fit strengths and coefficients of (v, k) covariates, x less y.

    None where a covariate never varies, or where nothing finite fits: a voice that
    always says the same thing has no odds. None too where a covariate cannot be told
    from the models: one that always stood first may be better, or well placed.
    """
    few = len(np.unique(opinions.battle)) < 2
    if few or not (covariates != 0).any(axis=0).all():
        return None
    try:
        theta, beta, factor = _fit(opinions, covariates)
    except NotConverged:
        return None
    if np.abs(beta).max() > FARTHEST or not _tells_apart(factor, opinions.n, len(beta)):
        return None
    return _with_influence(opinions, covariates, theta, beta, factor)


def _tells_apart(factor: tuple[Floats, bool], n: int, k: int) -> bool:
    """Whether the votes alone hold each coefficient, and not the penalty."""
    wanted = np.eye(n + k)[:, n:]
    variances = np.diag(cho_solve(factor, wanted, check_finite=False)[n:])
    return bool((WEAK * variances < HELD).all())


def _fit(
    opinions: Opinions, covariates: Floats
) -> tuple[Floats, Floats, tuple[Floats, bool]]:
    """Damped Newton steps to the maximum; the factor is that of the curvature there."""
    n, k = opinions.n, covariates.shape[1]
    point, before = np.zeros(n + k), np.inf
    for _ in range(MAX_STEPS):
        p = _expected(opinions, covariates, point)
        gradient = _push(opinions, covariates, opinions.weight * (opinions.score - p))
        factor = _factor(opinions, covariates, opinions.weight * p * (1 - p))
        step = cho_solve(factor, gradient - WEAK * point, check_finite=False)
        # Along a direction without a maximum, steps of the logits stay this short.
        step = step / max(1.0, np.abs(step).max())
        point = point + step
        length = float(np.abs(step).max())
        if is_last(length, before=before):
            return point[:n] - point[:n].mean(), point[n:], factor
        before = length
    raise NotConverged(f"still moving after {MAX_STEPS} steps")


def _expected(opinions: Opinions, covariates: Floats, point: Floats) -> Floats:
    lead = point[opinions.x] - point[opinions.y] + covariates @ point[opinions.n :]
    expected: Floats = expit(lead)
    return expected


def _push(opinions: Opinions, covariates: Floats, surplus: Floats) -> Floats:
    """(n + k,) sum over opinions of (v,) surplus times what it depends on."""
    n = opinions.n
    gained = sums_at(opinions.x, surplus, n) - sums_at(opinions.y, surplus, n)
    return np.append(gained, covariates.T @ surplus)


def _factor(
    opinions: Opinions, covariates: Floats, weight: Floats
) -> tuple[Floats, bool]:
    n, k = opinions.n, covariates.shape[1]
    x, y = opinions.x, opinions.y
    sums = sums_at(np.minimum(x, y) * n + np.maximum(x, y), weight, n * n)
    pair = np.flatnonzero(sums)
    curvature = np.zeros((n + k, n + k))
    curvature[:n, :n] = laplacian(n, pair // n, pair % n, sums[pair]) + 1 / n
    for column in range(k):
        mixed = _push(opinions, covariates, weight * covariates[:, column])
        curvature[:, n + column] = curvature[n + column, :] = mixed
    curvature[np.diag_indices(n + k)] += WEAK
    try:
        factor: tuple[Floats, bool] = cho_factor(curvature, check_finite=False)
    except LinAlgError as error:
        raise NotConverged("the likelihood has become flat") from error
    return factor


def _with_influence(
    opinions: Opinions,
    covariates: Floats,
    theta: Floats,
    beta: Floats,
    factor: tuple[Floats, bool],
) -> Leanings:
    n, k = opinions.n, len(beta)
    battles, place = np.unique(opinions.battle, return_inverse=True)
    p = _expected(opinions, covariates, np.append(theta, beta))
    surplus = opinions.weight * (opinions.score - p)
    # Only the rows of the coefficients are wanted of curvature^-1 times the pushes.
    wanted = np.zeros((n + k, k))
    wanted[n:] = np.eye(k)
    rows = cho_solve(factor, wanted, check_finite=False)
    lever = rows[opinions.x] - rows[opinions.y] + covariates @ rows[n:]
    influence = np.zeros((len(battles), k))
    np.add.at(influence, place, surplus[:, None] * lever)
    return Leanings(theta, beta, battles, influence)
