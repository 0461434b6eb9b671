"""Strengths from people's votes and a judge's verdicts on more battles.

Prediction-powered inference (A. N. Angelopoulos, S. Bates, C. Fannjiang, M. I. Jordan
and T. Zrnic, "Prediction-powered inference", 2023) with the weight of PPI++ (the same
without Fannjiang: A. N. Angelopoulos, J. C. Duchi and T. Zrnic, 2311.01453), for the
score equations of Bradley and Terry, a tie being half a win. With x = e_i - e_j for a
pair of contestants i and j, people's votes alone solve

    sum over pairs of  x w (h - p(theta)) = 0,

w votes of mean score h on the battles of that pair. The judge corrects each h:

    h - weight * (w' / w) * f * (r' - r''),     f = N'' / (N' + N''),

r' being the judge's mean residual on N' battles of the pair that people judged too, by
their w' votes, and r'' that on N'' battles which only the judge has seen. If the
judge was kinder to i where people voted than elsewhere, so, to the degree of `weight`,
were the people. The two means are of the same pair, so that their difference is nought
on average whatever the judge thinks of i and j: a biased judge moves no strength, and a
random one only adds noise, against which `weight` goes to nought. (Means over all pairs
at once, as for a sample of one population, would need pairs drawn alike for people and
judge. Strata as in A. Fisch and others, "Stratified prediction-powered inference",
2024.) f is for each pair the best use of N' and N'' battles, so that one weight serves
all. What has to hold: which battles of a pair people judge has nothing to do with what
would be said of them.

A residual is a verdict less what the judge's own strengths and its bent for a place
foretell; a judge asked in both orders has half a voice in each. Scores are summed over
each battle before they are squared, so that votes on one battle count as one piece:

    M = sum over people's battles of u u' + sum over the judge's own of v v',
    u = x (s - weight * f w_b r),   s = sum of (h - p),   v = x weight w' f r / N'',

and the covariance is K M K, K = (H + prior)^-1 with H of people's votes. `weight` makes
the trace of that least, between 0 and 1; at 0 it is the covariance of people alone.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy.special import expit

from evaluations.rating import bradley_terry
from evaluations.rating.estimate import Estimate
from evaluations.rating.leaning import leanings
from evaluations.rating.opinions import Opinions
from evaluations.rating.refit import Fitted, fitted
from evaluations.rating.tallies import Booleans, Floats, Integers, Pairs, sums_at

MOST: Final = 1.0


@dataclass(frozen=True, slots=True)
class Combined:
    """strengths, alone: (n,) logits about the anchor, with the judge and without

    covariance, alone_covariance: (n, n), logit^2; counted: (n,) those not provisional,
    over whom variances are pooled; weight: of the judge, 0 to 1
    votes: of people; worth: how many votes more would narrow intervals as much
    ceiling: the same with verdicts on endlessly many more battles
    both: battles that people and judge have judged; more: battles of the judge alone,
    between pairs that have some of the former
    """

    strengths: Floats
    covariance: Floats
    alone: Floats
    alone_covariance: Floats
    counted: Booleans
    weight: float
    votes: float
    worth: float
    ceiling: float
    both: int
    more: int


@dataclass(frozen=True, slots=True)
class _Judged:
    """Battles of a pair of contestants with the numbers of the cells i * n + j, i < j.

    cell: (b,); votes: (b,) of people; surplus: (b,) points of i that they gave beyond
    those expected, in all; has_votes, has_verdict: (b,); residual: (b,) points of i
    from the judge beyond those expected
    """

    cell: Integers
    votes: Floats
    surplus: Floats
    has_votes: Booleans
    has_verdict: Booleans
    residual: Floats


@dataclass(frozen=True, slots=True)
class _Parts:
    """(m,) by pair of the fit: squares of people's surplus, its products with the
    judge's part and the squares of that; shift: points of i that the judge corrects by;
    endless_...: of a judge with endlessly many battles of its own"""

    squares: Floats
    products: Floats
    noise: Floats
    shift: Floats
    endless_products: Floats
    endless_noise: Floats


def combined(people: Opinions, judge: Opinions, estimated: Estimate) -> Combined | None:
    """Combine people's votes with one judge's verdicts.

    Both are among the n contestants of the estimate, which is that of people's votes;
    None where all of these are provisional.
    """
    counted = ~estimated.provisional
    if not counted.any():
        return None
    pairs = people.pairs()
    fit = fitted(pairs, estimated)
    judged = _judged(people, judge, fit.strengths)
    parts = _parts(judged, pairs)
    spread = _Spread(fit, estimated, counted)
    weight = spread.best(parts.products, parts.noise)
    meat = _mixed(parts.squares, parts.products, parts.noise, weight)
    most = spread.best(parts.endless_products, parts.endless_noise)
    least = _mixed(parts.squares, parts.endless_products, parts.endless_noise, most)
    votes = float(pairs.battles.sum())
    plain = spread.pooled(parts.squares)
    strengths = fit.among(_moved(pairs, -weight * parts.shift)).strengths
    return Combined(
        strengths=strengths - fit.anchors @ strengths,
        covariance=spread.covariance(meat),
        alone=fit.strengths - fit.anchors @ fit.strengths,
        alone_covariance=spread.covariance(parts.squares),
        counted=counted,
        weight=weight,
        votes=votes,
        worth=(plain / spread.pooled(meat) - 1) * votes,
        ceiling=(plain / spread.pooled(least) - 1) * votes,
        both=int((judged.has_votes & judged.has_verdict).sum()),
        more=_more(judged),
    )


class _Spread:
    """From (m,) variances of the pairs' scores to those of the strengths."""

    def __init__(self, fit: Fitted, estimated: Estimate, counted: Booleans) -> None:
        self._fit, self._counted = fit, counted
        self._inverse = fit.inverse()
        dispersion = 1.0 if estimated.prior is None else estimated.prior.dispersion
        self._of_prior = dispersion * fit.prior

    def covariance(self, weights: Floats) -> Floats:
        return self._between(self._meat(weights) + self._of_prior)

    def pooled(self, weights: Floats) -> float:
        return self._trace(self.covariance(weights))

    def best(self, products: Floats, noise: Floats) -> float:
        """The weight of least variance; none for a judge that only adds noise."""
        gain, cost = (
            self._trace(self._between(self._meat(weights)))
            for weights in (products, noise)
        )
        return float(np.clip(gain / cost, 0, MOST)) if cost > 0 else 0.0

    def _meat(self, weights: Floats) -> Floats:
        pairs = self._fit.pairs
        return bradley_terry.laplacian(pairs.n, pairs.i, pairs.j, weights)

    def _between(self, meat: Floats) -> Floats:
        whole = self._inverse @ meat @ self._inverse
        return bradley_terry.anchored(whole, self._fit.anchors)

    def _trace(self, covariance: Floats) -> float:
        return float(np.diag(covariance)[self._counted].sum())


def _mixed(squares: Floats, products: Floats, noise: Floats, weight: float) -> Floats:
    return squares - 2 * weight * products + weight**2 * noise


def _moved(pairs: Pairs, points: Floats) -> Pairs:
    """The same votes with so many points more for i; a fit asks for no whole wins."""
    return replace(pairs, wins=pairs.wins + points, losses=pairs.losses - points)


def _judged(people: Opinions, judge: Opinions, strengths: Floats) -> _Judged:
    judge = judge.shared()
    numbers = np.union1d(people.battle, judge.battle)
    voted = np.searchsorted(numbers, people.battle)
    ruled = np.searchsorted(numbers, judge.battle)
    cell = np.zeros(len(numbers), dtype=np.int64)
    for opinions, place in ((people, voted), (judge, ruled)):
        lower = np.minimum(opinions.x, opinions.y)
        cell[place] = lower * opinions.n + np.maximum(opinions.x, opinions.y)

    def added(place: Integers, opinions: Opinions, of_x: Floats) -> Floats:
        signed = np.where(opinions.x < opinions.y, of_x, -of_x) * opinions.weight
        return sums_at(place, signed, len(numbers))

    expected = expit(strengths[people.x] - strengths[people.y])
    votes = sums_at(voted, people.weight, len(numbers))
    return _Judged(
        cell=cell,
        votes=votes,
        surplus=added(voted, people, people.score - expected),
        has_votes=votes > 0,
        has_verdict=np.bincount(ruled, minlength=len(numbers)) > 0,
        residual=added(ruled, judge, judge.score - _foretold(judge)),
    )


def _foretold(judge: Opinions) -> Floats:
    """(v,) points of x to be expected of the judge; any guess is valid, if less useful.

    Where no strengths and bent fit, the judge's mean bent for the first place.
    """
    first = judge.first.astype(np.float64)
    found = leanings(judge, first[:, None])
    if found is None:
        bent = first @ (judge.score - 0.5) / max(len(first), 1)
        return 0.5 + bent * first
    lead = found.strengths[judge.x] - found.strengths[judge.y]
    foretold: Floats = expit(lead + found.coefficients[0] * first)
    return foretold


def _parts(judged: _Judged, pairs: Pairs) -> _Parts:
    """Sums over the battles of each pair that people know; others tell nothing."""
    cells = pairs.i * pairs.n + pairs.j
    place = np.searchsorted(cells, judged.cell).clip(max=len(cells) - 1)
    known = cells[place] == judged.cell

    def added(values: Floats) -> Floats:
        return sums_at(place[known], values[known], len(cells))

    both = np.where(judged.has_votes & judged.has_verdict, 1.0, 0.0)
    more = np.where(judged.has_verdict, 1.0, 0.0) - both
    n_both, n_more = added(both), added(more)
    of_more = n_more / np.maximum(n_both + n_more, 1) * (n_both > 0)
    each = added(both * judged.votes) * of_more / np.maximum(n_more, 1)
    on_votes = both * judged.votes * judged.residual
    own = on_votes * of_more[place]
    beside = more * judged.residual * each[place]
    return _Parts(
        squares=added(judged.surplus**2),
        products=added(judged.surplus * own),
        noise=added(own**2) + added(beside**2),
        shift=added(own) - added(beside),
        endless_products=added(judged.surplus * on_votes),
        endless_noise=added(on_votes**2),
    )


def _more(judged: _Judged) -> int:
    both = np.unique(judged.cell[judged.has_votes & judged.has_verdict])
    more = judged.cell[judged.has_verdict & ~judged.has_votes]
    return int(np.isin(more, both).sum())
