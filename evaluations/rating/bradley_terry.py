"""Bradley-Terry strengths from pair counts, a tie being half a win.

The model: the expected score of i against j is p = 1 / (1 + exp(theta_j - theta_i)).
Strengths (theta) are in logits and only their differences mean anything; every
strength here is centred on zero and every covariance is meant to pass `anchored`.
Maximum likelihood: R. A. Bradley and M. E. Terry, "Rank analysis of incomplete block
designs" (1952). A prior enters as a precision matrix (n, n), in 1 / logit^2, that
does not see a common shift: its rows add up to zero.
"""

import numpy as np
from scipy.linalg import LinAlgError, cho_factor, cho_solve
from scipy.special import expit

from evaluations.rating.tallies import Floats, Integers, Pairs

TOLERANCE = 1e-10
NEAR = 1e-3
MAX_STEPS = 100


class NotConverged(ArithmeticError):
    """No finite maximum was found: the win graph is not strongly connected."""


def laplacian(n: int, i: Integers, j: Integers, weight: Floats) -> Floats:
    """Add weight * x x' over pairs, with x = e_i - e_j; (m,) weights give (n, n)."""
    matrix = np.zeros((n, n))
    matrix[i, j] = matrix[j, i] = -weight
    np.fill_diagonal(matrix, -matrix.sum(axis=1))
    return matrix


def expected_score(pairs: Pairs, theta: Floats) -> Floats:
    """(m,) expected points of i per battle of each pair."""
    expected: Floats = expit(theta[pairs.i] - theta[pairs.j])
    return expected


def information(pairs: Pairs, theta: Floats) -> Floats:
    """Fisher information of the strengths, (n, n), in 1 / logit^2."""
    p = expected_score(pairs, theta)
    return laplacian(pairs.n, pairs.i, pairs.j, pairs.battles * p * (1 - p))


def score_variance(pairs: Pairs, theta: Floats) -> Floats:
    """(m,) sum over each pair's battles of the squared residual, points^2."""
    p = expected_score(pairs, theta)
    squares = pairs.wins * (1 - p) ** 2 + pairs.ties * (0.5 - p) ** 2
    return squares + pairs.losses * p**2


def fit(
    pairs: Pairs,
    *,
    prior: Floats | None = None,
    start: Floats | None = None,
    tolerance: float = TOLERANCE,
) -> Floats:
    """Find the (n,) strengths of greatest likelihood, or posterior under a prior.

    Damped Newton: a long step is halved until the likelihood grows, and the last step
    moves no strength by more than the tolerance (logits), or than rounding does.
    Raises NotConverged where nothing is finite: without a prior the win graph must be
    strongly connected.
    """
    theta = _guess(pairs) if start is None else start
    before = np.inf
    for _ in range(MAX_STEPS):
        step = _damped(pairs, theta, _newton_step(pairs, theta, prior), prior)
        theta = theta + step
        length = float(np.abs(step).max(initial=0.0))
        if is_last(length, before=before, tolerance=tolerance):
            return theta - theta.mean() if pairs.n else theta
        before = length
    raise NotConverged(f"still moving after {MAX_STEPS} steps")


def is_last(length: float, *, before: float, tolerance: float = TOLERANCE) -> bool:
    """Whether a Newton step of this length (logits), after one of that, is the last.

    Near the top each step is about the square of the one before. One that is not even
    half as long is the rounding of a direction that thousands of unanimous votes have
    left nearly flat, and no further one would be shorter.
    """
    return length < tolerance or before / 2 <= length < NEAR


def _guess(pairs: Pairs) -> Floats:
    """Log odds of each one's share of points, a point added to both sides."""
    gained = pairs.sum_at_i(pairs.score) + pairs.sum_at_j(pairs.battles - pairs.score)
    odds: Floats = (gained + 1) / (pairs.votes - gained + 1)
    return np.log(odds)


def _newton_step(pairs: Pairs, theta: Floats, prior: Floats | None) -> Floats:
    p, battles = expected_score(pairs, theta), pairs.battles
    surplus = pairs.score - battles * p
    gradient = pairs.sum_at_i(surplus) - pairs.sum_at_j(surplus)
    curvature = laplacian(pairs.n, pairs.i, pairs.j, battles * p * (1 - p))
    if prior is not None:
        gradient = gradient - prior @ theta
        curvature = curvature + prior
    try:
        step: Floats = cho_solve(pinned_factor(curvature), gradient, check_finite=False)
    except LinAlgError as error:
        raise NotConverged("the likelihood has become flat") from error
    return step


def _damped(pairs: Pairs, theta: Floats, step: Floats, prior: Floats | None) -> Floats:
    if np.abs(step).max(initial=0.0) <= 0.5:
        return step
    before = log_posterior(pairs, theta, prior)
    while log_posterior(pairs, theta + step, prior) < before:
        step = step / 2
    return step


def log_posterior(pairs: Pairs, theta: Floats, prior: Floats | None) -> float:
    """Log likelihood, a tie counting as half of each outcome, less the prior's pull."""
    difference = theta[pairs.i] - theta[pairs.j]
    likelihood = pairs.score @ difference
    likelihood -= pairs.battles @ np.logaddexp(0, difference)
    pull = 0.0 if prior is None else theta @ prior @ theta / 2
    return float(likelihood - pull)


def pinned_factor(curvature: Floats) -> tuple[Floats, bool]:
    """Factor a singular curvature after pinning the common shift, which it ignores."""
    factor: tuple[Floats, bool] = cho_factor(
        curvature + 1 / len(curvature), check_finite=False
    )
    return factor


def sandwich_covariance(pairs: Pairs, theta: Floats) -> Floats:
    """Covariance of the unpenalised strengths, (n, n), in logit^2.

    H^-1 G H^-1 with G the sum of squared residuals: right however ties are spread
    (P. J. Huber, "The behavior of maximum likelihood estimates under nonstandard
    conditions", 1967). No term grows with the number of votes, so that a contestant
    with few votes in a large table keeps its wide interval.
    """
    meat = laplacian(pairs.n, pairs.i, pairs.j, score_variance(pairs, theta))
    return between(information(pairs, theta), meat)


def between(curvature: Floats, meat: Floats) -> Floats:
    """Put the meat between two slices: curvature^-1 meat curvature^-1, all (n, n)."""
    factor = pinned_factor(curvature)
    half = cho_solve(factor, meat, check_finite=False)
    covariance: Floats = cho_solve(factor, half.T, check_finite=False)
    return covariance


def posterior_covariance(
    pairs: Pairs, theta: Floats, *, prior: Floats, dispersion: float = 1.0
) -> Floats:
    """Quasi-posterior covariance, dispersion * (H + prior)^-1; (n, n), logit^2."""
    factor = pinned_factor(information(pairs, theta) + prior)
    covariance: Floats = cho_solve(factor, np.eye(pairs.n), check_finite=False)
    return dispersion * covariance


def dispersion(pairs: Pairs, theta: Floats) -> float:
    """Pearson dispersion phi: variance seen over the variance p (1 - p) of a coin.

    Below 1 where ties are many, since half a point is near what was expected
    (P. McCullagh and J. A. Nelder, "Generalized Linear Models", 1989, section 4.5).
    """
    p = expected_score(pairs, theta)
    expected = pairs.battles @ (p * (1 - p))
    return float(score_variance(pairs, theta).sum() / expected)


def anchored(covariance: Floats, weights: Floats) -> Floats:
    """Covariance of theta - weights' theta, for weights (n,) that add up to one."""
    shared = covariance @ weights
    return covariance - shared[:, None] - shared[None, :] + weights @ shared
