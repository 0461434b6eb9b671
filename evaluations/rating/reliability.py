"""Ratings that know how sharply each volunteer tells answers apart.

Volunteer v sees a lead of d logits as s d and notices none below t (Rao and Kupper, as
in rao_kupper.py, with two numbers of the volunteer's own):

    P(win) = s(s d - t), P(loss) = s(-s d - t), P(tie) = the rest.

Sharpness 1 is the crowd's; a random clicker has nearly 0. That annotators differ in
quality and can be told apart by their agreement goes back to A. P. Dawid and A. M.
Skene, "Maximum likelihood estimation of observer error-rates using the EM algorithm"
(1979); for pairs X. Chen et al., "Pairwise ranking aggregation in a crowdsourced
setting" (2013). Few votes tell little about a volunteer, so both numbers are
log-normal in the crowd, with a spread estimated from all of them, and everyone's are
posterior means: on a grid of values, with no shape taken for granted but the prior's.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.special import expit, log_expit

from evaluations.rating import bradley_terry, rao_kupper
from evaluations.rating.clusters import residuals
from evaluations.rating.refit import Fitted
from evaluations.rating.tallies import Floats, Integers
from evaluations.rating.votes import TIED_SCORE, Votes

SHARPNESS: Final = np.linspace(-3.0, 2.0, 21)  # logs
THRESHOLDS: Final = np.linspace(-2.5, 2.5, 15)  # logs, about the crowd's threshold
SWEEPS: Final = 4
NEWTON_STEPS: Final = 2
EM_STEPS: Final = 200
EM_TOLERANCE: Final = 1e-6
LEAST_SPREAD: Final = 1e-3
# No volunteer counts for less or more than so many others.
LIGHTEST, HEAVIEST = 0.25, 4.0
# A crowd that never ties, or only ties, still gets a threshold.
EQUAL_VOTES: Final = 1.0


@dataclass(frozen=True, slots=True)
class Reliability:
    """What is known of each volunteer, (u,), in the order of their numbers.

    sharpness: against the crowd's 1; error: of its log; tie_rate: share of ties this
    volunteer gives between equals; spread: standard deviation of log sharpness in the
    crowd, tie_spread: of log thresholds
    """

    volunteers: Integers
    votes: Integers
    sharpness: Floats
    error: Floats
    tie_rate: Floats
    spread: float
    tie_spread: float

    def weights(self) -> Floats:
        """(u,) weights of the votes: shrunken sharpness, mean 1 over votes, bounded.

        The best weight of a vote is the slope of its expected score over its variance
        (V. P. Godambe, "An optimum property of regular maximum likelihood estimation",
        1960). Between near equals the slope is the sharpness and the variance is
        everyone's.
        """
        shares = self.votes / self.votes.sum()
        relative = self.sharpness / (shares @ self.sharpness)
        bounded = relative.clip(LIGHTEST, HEAVIEST)
        weights: Floats = bounded / (shares @ bounded)
        return weights


@dataclass(frozen=True, slots=True)
class Weighted:
    """strengths: (n,) logits about the anchors' mean; covariance: (n, n), logit^2."""

    strengths: Floats
    covariance: Floats


def reliability(votes: Votes, fit: Fitted) -> Reliability:
    """Estimate every volunteer together with the strengths, in turns.

    fit: of the same group of contestants, as a start and for its prior.
    """
    volunteers, who = np.unique(votes.volunteer, return_inverse=True)
    crowd = rao_kupper.fit(votes.pairs(), prior=fit.prior, equal_votes=EQUAL_VOTES)
    ballots = _Ballots(votes, who, len(volunteers))
    strengths = crowd.strengths
    log_sharpness = np.zeros(len(volunteers))
    threshold = np.full(len(volunteers), np.log(crowd.threshold))
    for _ in range(SWEEPS):
        ties = ballots.thresholds(strengths, log_sharpness, np.log(crowd.threshold))
        threshold = np.log(crowd.threshold) + ties.mean
        sharp = ballots.sharpness(strengths, threshold)
        log_sharpness = sharp.mean
        for _ in range(NEWTON_STEPS):
            strengths = ballots.newton(strengths, log_sharpness, threshold, fit.prior)
    return Reliability(
        volunteers=volunteers,
        votes=np.bincount(who, minlength=len(volunteers)),
        sharpness=np.exp(log_sharpness),
        error=sharp.error,
        tie_rate=np.tanh(np.exp(threshold) / 2),
        spread=sharp.spread,
        tie_spread=ties.spread,
    )


def weighted(votes: Votes, fit: Fitted, known: Reliability) -> Weighted:
    """Rate with each vote counted by its volunteer's weight.

    The sandwich K (sum of w^2 r^2 x x') K, K = (sum of w p (1 - p) x x' + prior)^-1,
    knows that a weight is no second vote. With weights of 1 it is the plain one.
    """
    places = np.searchsorted(known.volunteers, votes.volunteer)
    weight = known.weights()[places]
    pairs = votes.pairs(weight)
    refitted = fit.among(pairs)
    squares = (weight * residuals(votes, refitted.strengths)) ** 2
    meat = bradley_terry.laplacian(pairs.n, *_summed(votes, squares))
    inverse = refitted.inverse()
    covariance = bradley_terry.anchored(inverse @ meat @ inverse, fit.anchors)
    strengths = refitted.strengths - fit.anchors @ refitted.strengths
    return Weighted(strengths, covariance)


def _summed(votes: Votes, values: Floats) -> tuple[Integers, Integers, Floats]:
    """Pairs i < j, (m,) each, with the sum of (v,) values over their votes."""
    n = len(votes.names)
    lower = np.minimum(votes.first, votes.second)
    cells = lower * n + np.maximum(votes.first, votes.second)
    sums = np.bincount(cells, values, n * n).astype(np.float64, copy=False)
    cell = np.flatnonzero(np.bincount(cells, minlength=n * n))
    i, j = np.divmod(cell.astype(np.int64), n)
    return i, j, sums[cell]


@dataclass(frozen=True, slots=True)
class _Posterior:
    """mean, error: (u,) of a log; spread: standard deviation of the prior."""

    mean: Floats
    error: Floats
    spread: float


@dataclass(frozen=True, slots=True)
class _Ballots:
    """Votes with their volunteers as (v,) numbers `who` from 0 to size - 1."""

    votes: Votes
    who: Integers
    size: int

    def _lead(self, strengths: Floats) -> Floats:
        return strengths[self.votes.first] - strengths[self.votes.second]

    def _log_chance(self, lead: Floats, threshold: Floats) -> Floats:
        """(v,) log chance of what was said, leads and thresholds as the voter sees."""
        score = self.votes.score
        tied = score == TIED_SCORE
        winning = np.where(tied | (score == 1), log_expit(lead - threshold), 0.0)
        losing = np.where(tied | (score == 0), log_expit(-lead - threshold), 0.0)
        # A tie's chance is s(d - t) s(-d - t) (exp(2 t) - 1).
        even = np.where(tied, 2 * threshold + np.log(-np.expm1(-2 * threshold)), 0.0)
        chance: Floats = winning + losing + even
        return chance

    def _grid(self, values: Floats, chance: Callable[[float], Floats]) -> Floats:
        """(u, g) log likelihood of each volunteer at each of (g,) values."""
        columns = [np.bincount(self.who, chance(v), self.size) for v in values.tolist()]
        return np.stack(columns, axis=1)

    def sharpness(self, strengths: Floats, threshold: Floats) -> _Posterior:
        """Logs of the sharpness; strengths: (n,) logits, threshold: (u,) logs."""
        lead, bar = self._lead(strengths), np.exp(threshold)[self.who]

        def chance(log_sharpness: float) -> Floats:
            return self._log_chance(np.exp(log_sharpness) * lead, bar)

        return _posterior(SHARPNESS, self._grid(SHARPNESS, chance))

    def thresholds(
        self, strengths: Floats, log_sharpness: Floats, crowd: float
    ) -> _Posterior:
        """Logs of the thresholds less the crowd's."""
        lead = self._lead(strengths) * np.exp(log_sharpness)[self.who]

        def chance(log_threshold: float) -> Floats:
            bar = np.full(len(lead), np.exp(crowd + log_threshold))
            return self._log_chance(lead, bar)

        return _posterior(THRESHOLDS, self._grid(THRESHOLDS, chance))

    def newton(
        self, strengths: Floats, log_sharpness: Floats, threshold: Floats, prior: Floats
    ) -> Floats:
        """One step up the likelihood of the strengths, volunteers as they are."""
        sharp: Floats = np.exp(log_sharpness)[self.who]
        lead, bar = self._lead(strengths) * sharp, np.exp(threshold)[self.who]
        up, down = expit(lead - bar), expit(-lead - bar)
        score = self.votes.score
        not_lost, not_won = score > 0, score < 1
        push = sharp * (not_lost * (1 - up) - not_won * (1 - down))
        bend = sharp**2 * (not_lost * up * (1 - up) + not_won * down * (1 - down))
        n = len(strengths)
        gradient = np.bincount(self.votes.first, push, n)
        gradient = gradient - np.bincount(self.votes.second, push, n)
        curvature = bradley_terry.laplacian(n, *_summed(self.votes, bend)) + prior
        factor = cho_factor(curvature + 1 / n, check_finite=False)
        step = cho_solve(factor, gradient - prior @ strengths, check_finite=False)
        moved: Floats = strengths + step.clip(-1, 1)
        centred: Floats = moved - moved.mean()
        return centred


def _posterior(values: Floats, likelihood: Floats) -> _Posterior:
    """Posterior of logs on a grid (g,), the prior's variance by EM; (u, g) logs in.

    The prior is normal about 0, so that the crowd's is 1.
    """
    variance = 0.25
    for _ in range(EM_STEPS):
        logs = likelihood - values**2 / (2 * variance)
        share = np.exp(logs - logs.max(axis=1, keepdims=True))
        share /= share.sum(axis=1, keepdims=True)
        found = max(float((share @ values**2).mean()), LEAST_SPREAD**2)
        change, variance = abs(found - variance), found
        if change < EM_TOLERANCE:
            break
    mean = share @ values
    error = np.sqrt((share @ values**2 - mean**2).clip(min=0))
    return _Posterior(mean, error, float(np.sqrt(variance)))
