"""Shares and means of cases that come in clusters, with 95 % intervals.

Opinions on one battle lean together, so that the battle is the unit that varies: a
figure's variance is that of its influence, summed over each battle first (K.-Y. Liang
and S. L. Zeger, "Longitudinal data analysis using generalized linear models", 1986).
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from evaluations.rating.table import REACH
from evaluations.rating.tallies import Floats


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


def about(value: float, influence: Floats, *, least: float, most: float) -> Figure:
    """The value with REACH standard errors on either side, cut at least and most."""
    reach = REACH * sqrt(variance(influence))
    low, high = max(least, value - reach), min(most, value + reach)
    return Figure(value, low, high, len(influence))


def share(hits: Floats, cases: Floats) -> Figure | None:
    """Share of hits among cases, both (b,) by battle; None without a case.

    The interval is Wilson's (E. B. Wilson, "Probable inference, the law of succession,
    and statistical inference", 1927), for as many independent cases as would give the
    variance between battles; where that is nought, for as many as there are battles.
    """
    seen = cases > 0
    hits, cases = hits[seen], cases[seen]
    if not len(cases):
        return None
    p = float(hits.sum() / cases.sum())
    spread = variance((hits - p * cases) / cases.sum())
    independent = float(len(cases))
    if 0 < spread < np.inf and 0 < p < 1:
        independent = p * (1 - p) / spread
    return Figure(p, *_wilson(p, independent), len(cases))


def mean(values: Floats) -> Figure | None:
    """Mean of (b,) values, one a battle, each between -1 and 1; None without any."""
    if not len(values):
        return None
    middle = float(values.mean())
    return about(middle, (values - middle) / len(values), least=-1, most=1)


def _wilson(p: float, cases: float) -> tuple[float, float]:
    z2 = REACH**2
    middle = (p + z2 / (2 * cases)) / (1 + z2 / cases)
    half = REACH * sqrt(p * (1 - p) / cases + z2 / (4 * cases**2)) / (1 + z2 / cases)
    return max(0.0, middle - half), min(1.0, middle + half)
