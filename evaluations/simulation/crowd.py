"""A made-up crowd: contestants whose strengths are known, volunteers who judge them.

All is drawn from one seed. Strengths are in logits, the expected score of i against j
is sigma = 1 / (1 + exp(s_j - s_i)).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, sqrt
from typing import Final, Literal, TypeAlias

import numpy as np
from scipy.special import expit

from evaluations.rating import bradley_terry
from evaluations.rating.tallies import Booleans, Floats, Pairs

Verdict: TypeAlias = Literal["a", "tie", "both_bad", "b"]
VERDICTS: Final[tuple[Verdict, ...]] = ("a", "tie", "both_bad", "b")
MIRRORED: Final[dict[Verdict, Verdict]] = dict(
    zip(VERDICTS, ("b", "tie", "both_bad", "a"), strict=True)
)

STRENGTH_SD: Final = 0.7
# P(tie) = 4 * TIES * sigma * (1 - sigma): this many ties between equals.
TIES: Final = 0.35
# Of the ties, how many are called both bad.
BOTH_BAD: Final = 0.25
# How many votes a volunteer casts follows a Pareto distribution with this tail.
TAIL: Final = 1.3
# Points and weights that integrate a normal density, exact for polynomials up to 63.
NODES: Final = 32


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a crowd is made of.

    newcomers: how many of the contestants join late; taste: standard deviation, in
    logits, of a volunteer's own liking for each contestant; careless: share of
    volunteers who click at random; left_bias: logits that the answer shown left gains
    """

    contestants: int
    volunteers: int
    seed: int
    newcomers: int = 0
    taste: float = 0.0
    careless: float = 0.0
    left_bias: float = 0.0


class Crowd:
    """The contestants 0 to n - 1, the last of them newcomers, and their judges.

    strengths: (n,) logits, mean zero; diligence: (v,) share of the votes that each
    volunteer casts; careless: (v,) who of them clicks at random
    """

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        made, judging = np.random.SeedSequence(recipe.seed).spawn(2)
        rng = np.random.default_rng(made)
        strengths = rng.normal(0, STRENGTH_SD, recipe.contestants)
        self.strengths: Floats = strengths - strengths.mean()
        shares = 1 + rng.pareto(TAIL, recipe.volunteers)
        self.diligence: Floats = shares / shares.sum()
        self.careless: Booleans = _some(rng, recipe.volunteers, recipe.careless)
        self._reached = np.cumsum(self.diligence)
        self._rng = np.random.default_rng(judging)
        self._tastes: dict[int, Floats] = {}

    def next_volunteer(self) -> int:
        """Say who comes to judge: each as often as they are diligent."""
        place = int(np.searchsorted(self._reached, self._rng.random(), side="right"))
        return min(place, self.recipe.volunteers - 1)

    def verdict(self, *, volunteer: int, x: int, y: int, x_left: bool) -> Verdict:
        """Judge a pair of contestants as it is shown; a is the one on the left.

        The chance drawn is for x, so that the arena's own choice of the sides, which no
        seed rules, changes who won only as far as there is a liking for the left.
        """
        chances = CLICKS
        if not self.careless[volunteer]:
            bias = self.recipe.left_bias if x_left else -self.recipe.left_bias
            chances = chances_at(self._liking(volunteer, x, y) + bias)
        of_x = self._drawn(chances)
        return of_x if x_left else MIRRORED[of_x]

    def _drawn(self, chances: Sequence[float]) -> Verdict:
        drawn = self._rng.random()
        for verdict, chance in zip(VERDICTS, chances, strict=True):
            drawn -= chance
            if drawn < 0:
                return verdict
        return VERDICTS[-1]

    def _liking(self, volunteer: int, x: int, y: int) -> float:
        """How far this volunteer prefers the answers of x to those of y, in logits."""
        liking = float(self.strengths[x] - self.strengths[y])
        if self.recipe.taste:
            taste = self._taste_of(volunteer)
            liking += float(taste[x] - taste[y])
        return liking

    def _taste_of(self, volunteer: int) -> Floats:
        if volunteer not in self._tastes:
            rng = np.random.default_rng([self.recipe.seed, volunteer])
            drawn = rng.normal(0, self.recipe.taste, self.recipe.contestants)
            self._tastes[volunteer] = drawn
        return self._tastes[volunteer]


def _some(rng: np.random.Generator, of: int, share: float) -> Booleans:
    """Mark this share of them, drawn at random; (of,)."""
    chosen = np.zeros(of, dtype=bool)
    chosen[rng.permutation(of)[: round(share * of)]] = True
    return chosen


def chances_at(difference: float) -> tuple[float, float, float, float]:
    """The chances of the VERDICTS where a is stronger by so many logits.

    A tie being half a win, the expected score is exactly sigma.
    """
    score = 1 / (1 + exp(-difference))
    ties = 4 * TIES * score * (1 - score)
    return (
        score - ties / 2,
        ties * (1 - BOTH_BAD),
        ties * BOTH_BAD,
        1 - score - ties / 2,
    )


# Of a random click: as often as between equals.
CLICKS: Final = chances_at(0.0)


def expected_scores(crowd: Crowd) -> Floats:
    """(n, n) score that the whole crowd gives i against j, over both sides.

    Tastes are averaged over by Gauss-Hermite quadrature: two of them differ by a
    normal variable of variance 2 taste^2.
    """
    recipe = crowd.recipe
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    weights = weights / weights.sum()
    difference = crowd.strengths[:, None] - crowd.strengths[None, :]
    scores = np.zeros_like(difference)
    for node, weight in zip(nodes, weights, strict=True):
        felt = difference + sqrt(2) * recipe.taste * node
        for bias in (recipe.left_bias, -recipe.left_bias):
            scores += weight / 2 * expit(felt + bias)
    random = float(crowd.diligence[crowd.careless].sum())
    blended: Floats = (1 - random) * scores + random / 2
    return blended


def truth(crowd: Crowd) -> Floats:
    """(n,) strengths, in logits, that a perfect table of this crowd would show.

    Tastes, random clicks and a liking for one side draw all scores towards a half:
    these are the Bradley-Terry strengths that fit the expected scores of all pairs
    best. With none of them they are the contestants' own.
    """
    scores = expected_scores(crowd)
    i, j = np.triu_indices(len(scores), 1)
    wins = scores[i, j]
    return bradley_terry.fit(
        Pairs(
            n=len(scores),
            i=i,
            j=j,
            wins=wins,
            ties=np.zeros_like(wins),
            losses=1 - wins,
        )
    )
