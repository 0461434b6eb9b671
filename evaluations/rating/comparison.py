"""One standard error for each contestant, from which that of any difference follows.

The error of a rating tells of its distance to the mean, and two such errors do not add
up to that of a difference: both ratings lean on the same opponents. Quasi-variances
q_i^2 are made so that q_i^2 + q_j^2 is close to var(theta_i - theta_j) for all pairs
(D. Firth and R. X. de Menezes, "Quasi-variances", 2004). Here they minimise the sum of
squared log ratios of the two.
"""

from typing import Final

import numpy as np

from evaluations.rating.tallies import Floats

MAX_STEPS: Final = 50
TOLERANCE: Final = 1e-9
# A quasi-variance is at least this part of the typical one.
LEAST: Final = 1e-4
_DAMPING: Final = 1e-9
_LONGEST: Final = 2.0


def difference_variances(covariance: Floats) -> Floats:
    """(n, n) variances of theta_i - theta_j, in the unit of the covariance."""
    variance = np.diag(covariance)
    spread: Floats = variance[:, None] + variance[None, :] - 2 * covariance
    return spread.clip(min=0)


def quasi_errors(covariance: Floats) -> Floats:
    """(n,) quasi standard errors from a covariance (n, n), any anchor, in its root.

    Gauss-Newton on the logs of the quasi-variances, so that all are positive. Two
    contestants share their variance in halves; one alone has none.
    """
    n = len(covariance)
    if n < 2:
        return np.zeros(n)
    wanted = difference_variances(covariance)
    typical = float(np.median(wanted[~np.eye(n, dtype=bool)]))
    if typical <= 0:
        return np.zeros(n)
    # A difference without any width would ask for the log of nought.
    target = np.log(np.maximum(wanted, LEAST * typical))
    floor = np.log(LEAST * typical)
    place = np.log(_start(wanted).clip(min=LEAST * typical))
    for _ in range(MAX_STEPS):
        step = _step(place, target).clip(-_LONGEST, _LONGEST)
        moved = np.maximum(place + step, floor)
        change, place = np.abs(moved - place).max(), moved
        if change < TOLERANCE:
            break
    errors: Floats = np.exp(place / 2)
    return errors


def _start(wanted: Floats) -> Floats:
    """(n,) quasi-variances by least squares on the variances themselves."""
    n = len(wanted)
    if n == 2:
        return np.full(n, wanted[0, 1] / 2)
    sums = wanted.sum(axis=1)
    start: Floats = (sums - sums.sum() / (2 * (n - 1))) / (n - 2)
    return start


def _step(place: Floats, target: Floats) -> Floats:
    q = np.exp(place)
    both = q[:, None] + q[None, :]
    share = q[:, None] / both
    excess = np.log(both) - target
    np.fill_diagonal(excess, 0)
    slope = share * share.T
    np.fill_diagonal(slope, 0)
    own = (share**2).sum(axis=1) - np.diag(share) ** 2
    # Two contestants alone leave one direction flat, hence the damping.
    np.fill_diagonal(slope, own * (1 + _DAMPING) + _DAMPING)
    step: Floats = np.linalg.solve(slope, -(share * excess).sum(axis=1))
    return step
