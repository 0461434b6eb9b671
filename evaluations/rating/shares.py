"""Shares and means of cases that come in clusters, with 95 % intervals.

Opinions on one battle lean together, so that the battle is the unit that varies: a
figure's variance is that of its influence, summed over each battle first (K.-Y. Liang
and S. L. Zeger, "Longitudinal data analysis using generalized linear models", 1986).
Few battles tell little of how they vary, so that Student's t takes the place of the
normal distribution; where they do not vary at all, Wilson's interval remains.
"""

from dataclasses import dataclass
from math import inf, sqrt
from typing import Final

import numpy as np
from scipy.special import stdtrit

from evaluations.rating.table import LEVEL, REACH
from evaluations.rating.tallies import Floats, Integers, sums_at

# Of fewer questions, the spread of their means is itself hardly known.
FEWEST_QUESTIONS: Final = 5
# A variance below this is rounding.
NOUGHT: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with its 95 % interval, and how many battles it rests on."""

    value: float
    low: float
    high: float
    battles: int


def variance(influence: Floats) -> float:
    """Of a sum of (b,) influences of independent battles, the mean being nought."""
    b = len(influence)
    return float(influence @ influence) * b / (b - 1) if b > 1 else np.inf


def reach(cases: float) -> float:
    """So many standard errors on either side, their size known from so many cases."""
    return float(stdtrit(cases - 1, (1 + LEVEL) / 2)) if cases > 1 else inf


def about(value: float, influence: Floats, *, least: float, most: float) -> Figure:
    """The value with its interval on either side, cut at least and most."""
    half = reach(len(influence)) * sqrt(variance(influence))
    low, high = max(least, value - half), min(most, value + half)
    return Figure(value, low, high, len(influence))


def share(hits: Floats, cases: Floats) -> Figure | None:
    """Share of hits among cases, both (b,) by battle; None without a case.

    The interval is Wilson's (E. B. Wilson, "Probable inference, the law of succession,
    and statistical inference", 1927), for as many independent cases as would give the
    variance between battles; where that is nought, for as many as there are battles.
    More than those are fewer by the squares of Student's t (E. L. Korn and
    B. I. Graubard, "Confidence intervals for proportions with small expected number of
    positive counts estimated from survey data", 1998).
    """
    seen = cases > 0
    hits, cases = hits[seen], cases[seen]
    if not len(cases):
        return None
    p = float(hits.sum() / cases.sum())
    spread = variance((hits - p * cases) / cases.sum())
    battles = independent = float(len(cases))
    if NOUGHT < spread < np.inf and 0 < p < 1:
        independent = p * (1 - p) / spread
        if independent > battles:
            independent *= (reach(independent) / reach(battles)) ** 2
    return Figure(p, *_wilson(p, independent), len(cases))


def mean(values: Floats) -> Figure | None:
    """Mean of (b,) values, one a battle, each between -1 and 1; None without any.

    It is taken as the share of the way from -1 to 1.
    """
    found = share((1 + values) / 2, np.ones(len(values)))
    if found is None:
        return None
    value, low, high = (2 * end - 1 for end in (found.value, found.low, found.high))
    return Figure(value, low, high, found.battles)


@dataclass(frozen=True, slots=True)
class Score:
    """A mean over questions with its 95 % interval, in the unit of the values.

    low, high: None with fewer than FEWEST_QUESTIONS, or where all have one mean;
    values: how many there were
    """

    value: float
    low: float | None
    high: float | None
    questions: int
    values: int


def score(values: Floats, question: Integers) -> Score:
    """Mean of the questions' means, of (v,) values and any numbers of questions, v > 0.

    What was said on one question leans together, so that it is the questions that vary.
    """
    known, place = np.unique(question, return_inverse=True)
    means = sums_at(place, values, len(known)) / np.bincount(place)
    value, number = float(means.mean()), len(known)
    if number < FEWEST_QUESTIONS or float(np.ptp(means)) < NOUGHT:
        return Score(value, None, None, number, len(values))
    found = about(value, (means - value) / number, least=-inf, most=inf)
    return Score(value, found.low, found.high, number, len(values))


def _wilson(p: float, cases: float) -> tuple[float, float]:
    z2 = REACH**2
    middle = (p + z2 / (2 * cases)) / (1 + z2 / cases)
    half = REACH * sqrt(p * (1 - p) / cases + z2 / (4 * cases**2)) / (1 + z2 / cases)
    return max(0.0, middle - half), min(1.0, middle + half)
