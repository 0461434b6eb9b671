import numpy as np
import pytest

from evaluations.rating.bradley_terry import anchored
from evaluations.rating.comparison import difference_variances, quasi_errors
from evaluations.rating.tallies import Floats
from tests.rating.crowds import SPREAD, drawn, fitted_to


def worst_relative_error(covariance: Floats, errors: Floats) -> float:
    """Largest |quasi over true error of a difference - 1| among all pairs."""
    i, j = np.triu_indices(len(errors), 1)
    true = np.sqrt(difference_variances(covariance)[i, j])
    quasi = np.hypot(errors[i], errors[j])
    wide = true > 0
    return float(np.abs(quasi[wide] / true[wide] - 1).max(initial=0.0))


def test_independent_ratings_keep_their_own_errors() -> None:
    errors = np.array([1.0, 2.0, 3.0, 0.5])

    covariance = anchored(np.diag(errors**2), np.full(4, 0.25))

    assert quasi_errors(covariance) == pytest.approx(errors, rel=1e-6)


@pytest.mark.parametrize("n", [3, 30, 130, 300])
def test_differences_follow_from_one_number_each(n: int) -> None:
    random = np.random.default_rng(n)
    strengths = random.normal(0, SPREAD, n)
    votes = drawn(random, strengths, np.zeros(n * 400, dtype=np.int64))
    covariance = fitted_to(votes)[0].covariance

    errors = quasi_errors(covariance)

    assert worst_relative_error(covariance, errors) < 0.05


def test_two_contestants_share_their_variance() -> None:
    covariance = np.array([[2.0, 0.5], [0.5, 3.0]])

    errors = quasi_errors(covariance)

    assert errors == pytest.approx(np.sqrt([2.0, 2.0]))
    assert worst_relative_error(covariance, errors) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("n", [0, 1])
def test_nobody_to_compare_with_is_no_error(n: int) -> None:
    assert quasi_errors(np.ones((n, n))).tolist() == [0.0] * n


def test_errors_are_positive_where_the_best_variance_would_not_be() -> None:
    # The first differs from the others by far less than they do from one another.
    wanted = np.full((4, 4), 4.0)
    wanted[0, 1:] = wanted[1:, 0] = 1.1
    np.fill_diagonal(wanted, 0)
    centre = np.eye(4) - 0.25

    errors = quasi_errors(-centre @ wanted @ centre / 2)

    assert (errors > 0).all()
    assert errors[0] < errors[1:].min() / 3


def test_the_anchor_does_not_matter() -> None:
    root = np.random.default_rng(1).normal(size=(6, 6))
    covariance = root @ root.T

    moved = anchored(covariance, np.array([0.5, 0.5, 0, 0, 0, 0]))

    assert difference_variances(moved) == pytest.approx(
        difference_variances(covariance)
    )
    assert quasi_errors(moved) == pytest.approx(quasi_errors(covariance))


def test_no_other_numbers_come_closer() -> None:
    """Closer in the sum of squared log ratios, over all pairs."""
    random = np.random.default_rng(2)
    root = random.normal(size=(6, 6)) * np.array([1, 1, 2, 2, 5, 9])
    covariance = root @ root.T
    i, j = np.triu_indices(6, 1)
    wanted = difference_variances(covariance)[i, j]

    def distance(errors: Floats) -> float:
        ratios = np.log((errors[i] ** 2 + errors[j] ** 2) / wanted)
        return float((ratios**2).sum())

    errors = quasi_errors(covariance)

    assert errors.min() > 0.1
    for _ in range(200):
        other = errors * np.exp(random.normal(0, 0.02, 6))
        assert distance(other) > distance(errors)
