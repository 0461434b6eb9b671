"""Chances of a win, a tie and a loss.

Two contestants whose strengths differ by d logits, seen by people who notice no lead
smaller than a threshold delta (P. V. Rao and L. L. Kupper, "Ties in paired-comparison
experiments: a generalization of the Bradley-Terry model", 1967):

    P(win) = s(d - delta), P(loss) = s(-d - delta), P(tie) = 1 - P(win) - P(loss),

with s the logistic function. both_bad counts as a tie here.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from scipy.linalg import LinAlgError, cho_factor, cho_solve
from scipy.special import expit

from evaluations.rating.bradley_terry import (
    MAX_STEPS,
    NotConverged,
    is_last,
    laplacian,
)
from evaluations.rating.tallies import Floats, Pairs

START: Final = 0.5


class Chances(NamedTuple):
    win: float
    tie: float
    loss: float


@dataclass(frozen=True, slots=True)
class TieModel:
    """strengths: (n,) logits about zero; threshold: logits, positive."""

    strengths: Floats
    threshold: float


def chances(lead: float, threshold: float) -> Chances:
    """What comes of one battle for the contestant that leads by so many logits."""
    win, loss = float(expit(lead - threshold)), float(expit(-lead - threshold))
    return Chances(win, 1 - win - loss, loss)


def fit(
    pairs: Pairs, *, prior: Floats | None = None, equal_votes: float = 0.0
) -> TieModel:
    """Find the strengths and the threshold of greatest likelihood, by damped Newton.

    prior: precision (n, n) of the strengths, 1 / logit^2, as for bradley_terry.fit;
    equal_votes: so many wins, ties and losses each between equals are supposed, which
    keep the threshold from nought and from growing without end where no vote, or every
    vote, is a tie. Raises NotConverged where some strength is not finite.
    """
    problem = _Problem(pairs, prior, equal_votes)
    place, before = np.append(np.zeros(pairs.n), START), np.inf
    for _ in range(MAX_STEPS):
        step = problem.damped(place, problem.newton_step(place))
        place = place + step
        length = float(np.abs(step).max())
        if is_last(length, before=before):
            strengths = place[:-1]
            return TieModel(strengths - strengths.mean(), float(place[-1]))
        before = length
    raise NotConverged(f"still moving after {MAX_STEPS} steps")


@dataclass(frozen=True, slots=True)
class _Problem:
    """A place is (n + 1,): the strengths, then the threshold."""

    pairs: Pairs
    prior: Floats | None
    equal_votes: float

    @property
    def _upper(self) -> Floats:
        """(m + 1,) votes in which i was not beaten; last the supposed ones."""
        return np.append(self.pairs.wins + self.pairs.ties, 2 * self.equal_votes)

    @property
    def _lower(self) -> Floats:
        """(m + 1,) votes in which j was not beaten."""
        return np.append(self.pairs.losses + self.pairs.ties, 2 * self.equal_votes)

    @property
    def _ties(self) -> float:
        return float(self.pairs.ties.sum()) + self.equal_votes

    def _lead(self, place: Floats) -> Floats:
        """(m + 1,) leads of i over j; of the supposed equals none."""
        strengths = place[:-1]
        return np.append(strengths[self.pairs.i] - strengths[self.pairs.j], 0.0)

    def log_posterior(self, place: Floats) -> float:
        """With a tie's chance as s(d - delta) s(-d - delta) (exp(2 delta) - 1)."""
        lead, threshold = self._lead(place), place[-1]
        likelihood = -(self._upper @ np.logaddexp(0, threshold - lead))
        likelihood -= self._lower @ np.logaddexp(0, threshold + lead)
        # The log of exp(2 delta) - 1, however large delta is.
        likelihood += self._ties * (2 * threshold + np.log(-np.expm1(-2 * threshold)))
        if self.prior is None:
            return float(likelihood)
        return float(likelihood - place[:-1] @ self.prior @ place[:-1] / 2)

    def newton_step(self, place: Floats) -> Floats:
        lead, threshold = self._lead(place), place[-1]
        up, down = expit(lead - threshold), expit(-lead - threshold)
        upper, lower = self._upper * (1 - up), self._lower * (1 - down)
        gradient = np.append(
            self._at_contestants((upper - lower)[:-1]),
            self._ties * 2 / -np.expm1(-2 * threshold) - (upper + lower).sum(),
        )
        curvature = self._curvature(upper * up, lower * down, threshold)
        if self.prior is not None:
            gradient[:-1] -= self.prior @ place[:-1]
            curvature[:-1, :-1] += self.prior
        # Pins the common shift, which the likelihood ignores.
        curvature[:-1, :-1] += 1 / self.pairs.n
        try:
            factor = cho_factor(curvature, check_finite=False)
        except LinAlgError as error:
            raise NotConverged("the likelihood has become flat") from error
        step: Floats = cho_solve(factor, gradient, check_finite=False)
        return step

    def _curvature(self, upper: Floats, lower: Floats, threshold: float) -> Floats:
        """(n + 1, n + 1), from (m + 1,) curvatures of both sides of each pair."""
        n, pairs = self.pairs.n, self.pairs
        both, apart = upper + lower, (lower - upper)[:-1]
        curvature = np.empty((n + 1, n + 1))
        curvature[:n, :n] = laplacian(n, pairs.i, pairs.j, both[:-1])
        curvature[:n, n] = curvature[n, :n] = self._at_contestants(apart)
        # The ties' share is 1 / sinh(delta)^2, however large delta is.
        share = 4 * np.exp(-2 * threshold) / np.expm1(-2 * threshold) ** 2
        curvature[n, n] = both.sum() + self._ties * share
        return curvature

    def _at_contestants(self, values: Floats) -> Floats:
        """(m,) values that i gains and j loses, added up to (n,)."""
        return self.pairs.sum_at_i(values) - self.pairs.sum_at_j(values)

    def damped(self, place: Floats, step: Floats) -> Floats:
        """Halve the step until it keeps the threshold positive and leads upwards."""
        while place[-1] + step[-1] <= 0:
            step = step / 2
        if np.abs(step).max() <= START:
            return step
        before = self.log_posterior(place)
        while self.log_posterior(place + step) < before:
            step = step / 2
        return step
