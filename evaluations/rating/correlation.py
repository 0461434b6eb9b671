"""How far yardsticks put the same models in the same order.

A yardstick gives some models a value each, the more the better, in a unit of its own:
only the order counts. Two of them are compared over the models that both have, by
Spearman's rho (C. Spearman, 1904) and Kendall's tau-b (M. G. Kendall, 1945), equal
values sharing their rank. Intervals are percentiles of a bootstrap over the models
(B. Efron, 1979): what the figure could have been with other models of the same kind.
They take the values as given. For normal pairs of 8 to 60 models they hold the truth
93 to 99.5 % of the time (tests/rating/test_correlation.py).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import combinations
from typing import Final, TypeAlias

import numpy as np

from evaluations.rating.tallies import Floats

# Model and value, the more the better.
Values: TypeAlias = Mapping[str, float]

LEAST_MODELS: Final = 5
RESAMPLES: Final = 1000
SEED: Final = 0
LEVEL: Final = 0.95
# An interval that leaves out more of the resamples than this would flatter.
MOST_UNDEFINED: Final = 0.05


class Outcome(StrEnum):
    """What came of a comparison; level: one has the same value for all models."""

    COMPARED = "compared"
    TOO_FEW = "too few"
    LEVEL = "level"


@dataclass(frozen=True, slots=True)
class Correlation:
    """From -1 to 1, with its 95 % interval.

    The bounds are None where resampling shows nothing: the order is quite the same or
    quite reversed, so it is in each resample, or most models have equal values.
    """

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two yardsticks over so many models in common; without figures unless compared."""

    first: str
    second: str
    models: int
    outcome: Outcome
    spearman: Correlation | None = None
    kendall: Correlation | None = None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Where two yardsticks place a model among those they share: 0 last, 1 first."""

    model: str
    first: str
    second: str
    first_place: float
    second_place: float
    models: int

    @property
    def difference(self) -> float:
        """Above zero where the first places it higher."""
        return self.first_place - self.second_place


@dataclass(frozen=True, slots=True)
class Outlier:
    """By how much one yardstick places a model higher than others do, on average."""

    model: str
    difference: float
    yardsticks: int


def compare(
    first: tuple[str, Values],
    second: tuple[str, Values],
    *,
    least: int = LEAST_MODELS,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Comparison:
    """Compare two yardsticks, each its name and its values."""
    (name, values), (other_name, other_values) = first, second
    shared = in_common(values, other_values)
    if len(shared) < least:
        return Comparison(name, other_name, len(shared), Outcome.TOO_FEW)
    x = _signs(np.array([values[model] for model in shared]))
    y = _signs(np.array([other_values[model] for model in shared]))
    if not (x.any() and y.any()):
        return Comparison(name, other_name, len(shared), Outcome.LEVEL)
    once, drawn = np.ones((1, len(shared))), _drawn(len(shared), resamples, seed)
    return Comparison(
        name,
        other_name,
        len(shared),
        Outcome.COMPARED,
        spearman=_with_interval(_spearman(x, y, once), _spearman(x, y, drawn)),
        kendall=_with_interval(_kendall(x, y, once), _kendall(x, y, drawn)),
    )


def compare_all(
    yardsticks: Mapping[str, Values],
    *,
    least: int = LEAST_MODELS,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> list[Comparison]:
    """Compare each pair once, in the order of the yardsticks."""
    return [
        compare(first, second, least=least, resamples=resamples, seed=seed)
        for first, second in combinations(yardsticks.items(), 2)
    ]


def in_common(values: Mapping[str, object], others: Mapping[str, object]) -> list[str]:
    """The models that both have, sorted."""
    return sorted(values.keys() & others.keys())


def disagreements(
    first: tuple[str, Values], second: tuple[str, Values]
) -> list[Disagreement]:
    """All models that both yardsticks have, those they disagree on most first."""
    (name, values), (other_name, other_values) = first, second
    shared = in_common(values, other_values)
    if not shared:
        return []
    places = places_of([values[model] for model in shared]).tolist()
    others = places_of([other_values[model] for model in shared]).tolist()
    found = [
        Disagreement(model, name, other_name, place, other, len(shared))
        for model, place, other in zip(shared, places, others, strict=True)
    ]
    return sorted(found, key=lambda each: (-abs(each.difference), each.model))


def places_of(values: Sequence[float]) -> Floats:
    """(n,) shares of the others that each of (n,) values surpasses, ties being half."""
    surpassed: Floats = _signs(np.asarray(values, dtype=np.float64)).sum(axis=1)
    return (1 + surpassed / max(1, len(values) - 1)) / 2


def widest_by_model(
    yardsticks: Mapping[str, Values], comparisons: Iterable[Comparison]
) -> list[Disagreement]:
    """Of each model the compared pair that disagrees on it most, the widest first."""
    widest: dict[str, Disagreement] = {}
    for each in _compared(comparisons):
        pair = [(name, yardsticks[name]) for name in (each.first, each.second)]
        for found in disagreements(*pair):
            known = widest.get(found.model)
            if known is None or abs(found.difference) > abs(known.difference):
                widest[found.model] = found
    return sorted(widest.values(), key=lambda each: (-abs(each.difference), each.model))


def outliers(
    name: str, yardsticks: Mapping[str, Values], comparisons: Iterable[Comparison]
) -> list[Outlier]:
    """How one yardstick places each model beside all it is compared with.

    The differences in place are averaged over those, the largest first.
    """
    differences: dict[str, list[float]] = {}
    own = name, yardsticks[name]
    for each in _compared(comparisons):
        if name in (each.first, each.second):
            other = each.second if each.first == name else each.first
            for found in disagreements(own, (other, yardsticks[other])):
                differences.setdefault(found.model, []).append(found.difference)
    found_all = [
        Outlier(model, sum(each) / len(each), len(each))
        for model, each in differences.items()
    ]
    return sorted(found_all, key=lambda each: (-abs(each.difference), each.model))


def _compared(comparisons: Iterable[Comparison]) -> list[Comparison]:
    return [each for each in comparisons if each.outcome == Outcome.COMPARED]


def _signs(values: Floats) -> Floats:
    """(n, n) of 1, 0 and -1: whether the value of the row is above the column's."""
    return np.sign(values[:, None] - values[None, :])


@lru_cache(maxsize=128)
def _drawn(models: int, resamples: int, seed: int) -> Floats:
    """(resamples, models): how often each model is drawn with replacement."""
    random = np.random.default_rng(seed)
    shares = np.full(models, 1 / models)
    return random.multinomial(models, shares, size=resamples).astype(np.float64)


def _spearman(x: Floats, y: Floats, weights: Floats) -> Floats:
    """(b,) from signs (n, n) and weights (b, n), nan where one is level.

    Twice the distance of a model's middle rank from the mean rank is the sum of its
    signs against all that were drawn; rho is Pearson's correlation of these.
    """
    own, other = weights @ x.T, weights @ y.T
    both = (weights * own * other).sum(axis=1)
    scale = (weights * own**2).sum(axis=1) * (weights * other**2).sum(axis=1)
    return _ratio(both, scale)


def _kendall(x: Floats, y: Floats, weights: Floats) -> Floats:
    """(b,) tau-b from signs (n, n) and weights (b, n), nan where one is level."""
    both = (weights * (weights @ (x * y))).sum(axis=1)
    untied = (weights * (weights @ np.abs(x))).sum(axis=1)
    other_untied = (weights * (weights @ np.abs(y))).sum(axis=1)
    return _ratio(both, untied * other_untied)


def _ratio(both: Floats, scale: Floats) -> Floats:
    """(b,) within -1 and 1; rounding is no reason to be beyond."""
    found = np.full(len(both), np.nan)
    known = scale > 0
    found[known] = both[known] / np.sqrt(scale[known])
    clipped: Floats = found.clip(-1, 1)
    return clipped


def _with_interval(value: Floats, resampled: Floats) -> Correlation:
    known = resampled[~np.isnan(resampled)]
    if len(known) < (1 - MOST_UNDEFINED) * len(resampled):
        return Correlation(float(value[0]), None, None)
    ends = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
    low, high = np.quantile(known, ends).tolist()
    if low == high:
        return Correlation(float(value[0]), None, None)
    return Correlation(float(value[0]), low, high)
