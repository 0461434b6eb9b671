"""How far several raters of the same things agree, beyond what chance would give.

Krippendorff's alpha for nominal values, any number of raters and any of them missing
(K. Krippendorff, "Computing Krippendorff's Alpha-Reliability", 2011, section E), from
the coincidences of values within units:

    o[c, k] = sum over units of n[u, c] (n[u, k] - [c = k]) / (n[u] - 1)
    alpha = 1 - (n - 1) sum over c <> k of o[c, k] / sum over c <> k of n[c] n[k]

with n[u, c] raters who gave unit u the value c, n[u] >= 2 of them in all, n[c] the sum
of o[c, :] and n that of n[c]. The interval is a bootstrap over units, as A. Zapf, S.
Castell, L. Morawietz and A. Karch ("Measuring inter-rater reliability for nominal
data", 2016) advise.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from evaluations.rating.correlation import MOST_UNDEFINED
from evaluations.rating.tallies import Floats, Integers

DRAWS: Final = 1000
# Fewer units make no interval: drawn again, they hardly differ.
FEWEST_UNITS: Final = 10
_SEED: Final = 20_240_517


@dataclass(frozen=True, slots=True)
class InterRater:
    """Agreement on the units that several rated.

    raw: mean over units of the share of pairs of raters that gave the same value;
    alpha: None where all ever gave one value, so that chance would agree as well. The
    95 % intervals are None with too few units, or where the draws show nothing: each is
    the same, or too many have no alpha.
    """

    units: int
    ratings: int
    raw: float
    raw_low: float | None
    raw_high: float | None
    alpha: float | None
    alpha_low: float | None
    alpha_high: float | None


def inter_rater(
    counts: Integers, times: Integers, *, draws: int = DRAWS
) -> InterRater | None:
    """Measure agreement; None where no unit was rated twice.

    counts: (p, k) raters of a unit by the value they gave; times: (p,) how many units
    were rated just so
    """
    several = (counts.sum(axis=1) > 1) & (times > 0)
    patterns, times = _merged(counts[several], times[several])
    units = int(times.sum())
    if not units:
        return None
    raters = patterns.sum(axis=1)
    raw, alpha = _measured(patterns, times[None, :].astype(np.float64))
    raw_ends: tuple[float | None, float | None] = (None, None)
    alpha_ends = raw_ends
    if units >= FEWEST_UNITS:
        random = np.random.default_rng(_SEED)
        again = random.multinomial(units, times / units, size=draws)
        raws, alphas = _measured(patterns, again.astype(np.float64))
        raw_ends, alpha_ends = _ends(raws), _ends(alphas)
    return InterRater(
        units,
        int(raters @ times),
        float(raw[0]),
        *raw_ends,
        float(alpha[0]) if np.isfinite(alpha[0]) else None,
        *alpha_ends,
    )


def _merged(counts: Integers, times: Integers) -> tuple[Integers, Integers]:
    """Equal patterns as one, in order: the draws depend on nothing else."""
    patterns, place = np.unique(counts, axis=0, return_inverse=True)
    together = np.bincount(place.ravel(), weights=times, minlength=len(patterns))
    return patterns, together.astype(np.int64)


def _measured(patterns: Integers, times: Floats) -> tuple[Floats, Floats]:
    """Raw agreement and alpha, both (d,), for d draws of how often each pattern was.

    patterns: (p, k); times: (d, p). Alpha is not a number where it is not defined.
    """
    raters = patterns.sum(axis=1)
    alike = (patterns * (patterns - 1)).sum(axis=1) / (raters - 1)
    raw: Floats = times @ (alike / raters) / times.sum(axis=1)
    of_value = times @ patterns
    n = of_value.sum(axis=1)
    observed = n - times @ alike
    by_chance = n**2 - (of_value**2).sum(axis=1)
    alpha = np.full(len(times), np.nan)
    defined = by_chance > 0
    alpha[defined] = 1 - ((n - 1) * observed)[defined] / by_chance[defined]
    return raw, alpha


def _ends(values: Floats) -> tuple[float | None, float | None]:
    known = values[np.isfinite(values)]
    if len(known) < (1 - MOST_UNDEFINED) * len(values):
        return None, None
    low, high = np.quantile(known, (0.025, 0.975)).tolist()
    return (low, high) if low < high else (None, None)
