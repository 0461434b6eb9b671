"""Rank correlations against SciPy's, and what their intervals hold."""

from math import asin, pi, sqrt

import numpy as np
import pytest
from scipy import stats

from evaluations.rating.correlation import (
    Comparison,
    Outcome,
    Values,
    compare,
    compare_all,
    disagreements,
    outliers,
    places_of,
    widest_by_model,
)


def named(values: list[float], *, first: int = 0) -> Values:
    return {f"m{number:02}": value for number, value in enumerate(values, start=first)}


def compared(x: list[float], y: list[float], **options: int) -> Comparison:
    return compare(("x", named(x)), ("y", named(y)), **options)


@pytest.mark.parametrize("levels", [2, 4, 12, 1000])
@pytest.mark.parametrize("models", [5, 17, 60])
def test_correlations_with_ties_are_those_of_scipy(models: int, levels: int) -> None:
    random = np.random.default_rng(models * levels)
    for _ in range(5):
        x, y = random.integers(0, levels, size=(2, models)).astype(float).tolist()
        if len(set(x)) == 1 or len(set(y)) == 1:
            continue

        found = compared(x, y, resamples=20)

        assert found.spearman and found.kendall
        expected = stats.spearmanr(x, y).statistic, stats.kendalltau(x, y).statistic
        assert (found.spearman.value, found.kendall.value) == pytest.approx(expected)


def test_the_interval_is_that_of_resampled_models() -> None:
    """Each resample drawn again, and correlated by SciPy."""
    random = np.random.default_rng(5)
    x, y = random.integers(0, 8, size=(2, 12)).astype(float)
    draws = np.random.default_rng(3).multinomial(12, np.full(12, 1 / 12), size=200)

    found = compared(x.tolist(), y.tolist(), resamples=200, seed=3)

    for own, each in (
        (stats.spearmanr, found.spearman),
        (stats.kendalltau, found.kendall),
    ):
        again = [own(np.repeat(x, d), np.repeat(y, d)).statistic for d in draws]
        assert each is not None
        assert (each.low, each.high) == pytest.approx(
            np.quantile(again, [0.025, 0.975])
        )


def test_only_models_in_common_count() -> None:
    x = named([1, 2, 3, 4, 5, 6, 7])
    y = named([5, 4, 3, 2, 1, 9], first=2)

    found = compare(("x", x), ("y", y))

    assert (found.models, found.outcome) == (5, Outcome.COMPARED)
    assert found.spearman is not None
    assert found.spearman.value == -1


def test_too_few_models_are_a_result_of_its_own() -> None:
    found = compared([1, 2, 3, 4], [1, 2, 3, 4])

    assert found == Comparison("x", "y", 4, Outcome.TOO_FEW)


def test_a_level_yardstick_is_a_result_of_its_own() -> None:
    found = compared([1, 2, 3, 4, 5], [7, 7, 7, 7, 7])

    assert found == Comparison("x", "y", 5, Outcome.LEVEL)


def test_an_equal_order_has_no_interval() -> None:
    """Every resample of it is in the same order: one to one would flatter."""
    found = compared([1, 2, 3, 4, 5], [10, 20, 30, 40, 50])

    assert found.spearman and found.kendall
    assert (found.spearman.value, found.spearman.low) == (1, None)
    assert (found.kendall.value, found.kendall.high) == (1, None)


def test_hardly_any_differences_leave_no_interval() -> None:
    """Without the one model that differs nothing is left to correlate."""
    found = compared([1, 1, 1, 1, 1, 2], [1, 2, 3, 4, 6, 5])

    assert found.spearman is not None
    assert (found.spearman.low, found.spearman.high) == (None, None)


def test_the_same_input_has_the_same_interval() -> None:
    x, y = np.random.default_rng(0).normal(size=(2, 20)).tolist()

    assert compared(x, y) == compared(x, y)
    assert compared(x, y, seed=1) != compared(x, y)


def test_each_pair_is_compared_once_in_order() -> None:
    values = named([1, 2, 3, 4, 5])

    found = compare_all({"a": values, "b": values, "c": values}, resamples=10)

    assert [(each.first, each.second) for each in found] == [
        ("a", "b"),
        ("a", "c"),
        ("b", "c"),
    ]


def test_places_are_the_shares_of_others_that_are_surpassed() -> None:
    assert places_of([3.0, 1.0, 2.0]).tolist() == [1, 0, 0.5]
    assert places_of([1.0, 1.0, 2.0]).tolist() == [0.25, 0.25, 1]


def test_disagreements_begin_with_the_largest() -> None:
    x, y = named([1, 2, 3, 4, 5, 9]), named([4, 1, 2, 3, 5])

    found = disagreements(("x", x), ("y", y))

    assert [(each.model, each.difference) for each in found[:2]] == [
        ("m00", -0.75),
        ("m01", 0.25),
    ]
    assert {each.models for each in found} == {5}


def test_each_model_is_named_with_the_pair_that_disagrees_most() -> None:
    yardsticks = {
        "a": named([1, 2, 3, 4, 5]),
        "b": named([2, 1, 3, 4, 5]),
        "c": named([5, 1, 2, 3, 4]),
        "few": named([9, 1, 2]),
    }
    comparisons = compare_all(yardsticks, resamples=10)

    found = widest_by_model(yardsticks, comparisons)

    first = found[0]
    assert (first.model, first.first, first.second) == ("m00", "a", "c")
    assert first.difference == -1
    assert len(found) == 5


def test_an_outlier_is_averaged_over_all_that_can_be_compared() -> None:
    yardsticks = {
        "b": named([2, 1, 3, 4, 5]),
        "people": named([1, 2, 3, 4, 5]),
        "c": named([5, 1, 2, 3, 4]),
        "few": named([9, 1, 2]),
    }
    comparisons = compare_all(yardsticks, resamples=10)

    found = outliers("people", yardsticks, comparisons)

    assert (found[0].model, found[0].yardsticks) == ("m00", 2)
    assert found[0].difference == pytest.approx((-0.25 - 1) / 2)


@pytest.mark.slow
@pytest.mark.parametrize("rho", [0.0, 0.5, 0.9])
@pytest.mark.parametrize("models", [8, 20, 60])
def test_intervals_hold_the_truth(models: int, rho: float) -> None:
    """Of normal pairs both figures are known (M. G. Kendall, 1949)."""
    random, cases = np.random.default_rng(models), 400
    truth = 6 / pi * asin(rho / 2), 2 / pi * asin(rho)
    held, known = np.zeros(2), 0
    for _ in range(cases):
        x, noise = random.normal(size=(2, models))
        y = rho * x + sqrt(1 - rho**2) * noise
        found = compared(x.tolist(), y.tolist(), resamples=400)
        assert found.spearman and found.kendall
        if found.spearman.low is None or found.spearman.high is None:
            continue
        assert found.kendall.low is not None
        assert found.kendall.high is not None
        known += 1
        held += (
            found.spearman.low <= truth[0] <= found.spearman.high,
            found.kendall.low <= truth[1] <= found.kendall.high,
        )

    assert known > 0.95 * cases
    assert (held / known >= 0.92).all()
