"""Votes that form and place sway, from known strengths and coefficients."""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from evaluations.rating.style_tallies import UNIT, UPPER, StyleTallies
from evaluations.rating.tallies import Floats, Integers

SWAY = np.array([0.25, 0.05, 0.05, 0.03, 0.09])
TIE_RATE = 0.35


@dataclass(frozen=True)
class StyledVotes:
    """One row a vote. strengths: (n,); differences: (votes, 4) in thousandths."""

    strengths: Floats
    first: Integers
    second: Integers
    outcome: Integers
    differences: Integers

    @property
    def n(self) -> int:
        return len(self.strengths)

    def tallied(self) -> StyleTallies:
        cell = (self.first * self.n + self.second) * 4 + self.outcome
        cells, place, count = np.unique(cell, return_inverse=True, return_counts=True)
        x = self.differences
        moments = np.zeros((len(cells), 14), dtype=np.int64)
        np.add.at(moments, place, np.hstack([x, x[:, UPPER[0]] * x[:, UPPER[1]]]))
        return StyleTallies(
            names=tuple(range(self.n)),
            first=cells // 4 // self.n,
            second=cells // 4 % self.n,
            outcome=(cells % 4).astype(np.int8),
            count=count,
            sums=moments[:, :4].copy(),
            products=moments[:, 4:].copy(),
        )


def styled_votes(
    *,
    contestants: int,
    votes: int,
    seed: int,
    sway: Floats = SWAY,
    popularity: float = 0.6,
) -> StyledVotes:
    """Draw votes, some contestants wordier than others, some seen more often.

    sway: (5,) true log odds per unit of difference and for the place on the left. The
    expected score is Bradley-Terry's exactly; ties are most frequent among equals.
    """
    random = np.random.default_rng(seed)
    strengths = random.normal(0, 0.7, contestants)
    weight = random.lognormal(0, popularity, contestants)
    first = random.choice(contestants, votes, p=weight / weight.sum())
    second = (first + random.integers(1, contestants, votes)) % contestants
    own = random.normal(0, 0.5, (contestants, 4))
    together = np.linalg.cholesky(0.6 * np.eye(4) + 0.4)
    noise = random.normal(size=(votes, 4)) @ together.T
    x = np.tanh(0.6 * (own[first] - own[second] + noise))
    differences = np.rint(UNIT * x).astype(np.int64)
    eta = strengths[first] - strengths[second] + sway[4]
    score = expit(eta + differences / UNIT @ sway[:4])
    ties = 4 * TIE_RATE * score * (1 - score)
    chance = np.stack([score - ties / 2, 0.8 * ties, 0.2 * ties]).cumsum(axis=0)
    outcome = (random.random(votes) > chance).sum(axis=0)
    return StyledVotes(strengths, first, second, outcome, differences)
