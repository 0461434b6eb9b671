import numpy as np
import pytest

from evaluations.rating.ranks import critical_value, rank_ranges


def test_the_critical_value_is_that_of_bonferroni() -> None:
    # Two-sided normal quantiles at 0.05 / 1, 0.05 / 3 and 0.05 / 1711 (59 models).
    assert critical_value(2) == pytest.approx(1.959964, abs=1e-6)
    assert critical_value(3) == pytest.approx(2.393980, abs=1e-6)
    assert critical_value(59) == pytest.approx(4.179441, abs=1e-6)


def test_far_apart_contestants_have_one_rank_each() -> None:
    low, high = rank_ranges(np.array([0.0, 9.0, 5.0]), np.eye(3) * 0.01)

    assert low.tolist() == high.tolist() == [3, 1, 2]


def test_the_range_opens_to_those_not_surely_apart() -> None:
    # The bound of three is 2.394 * sqrt(2 * 0.01) = 0.3386.
    low, high = rank_ranges(np.array([0.338, 0.0, -0.339]), np.eye(3) * 0.01)

    assert low.tolist() == [1, 1, 3]
    assert high.tolist() == [2, 2, 3]


def test_what_moves_together_is_told_apart_more_easily() -> None:
    strengths = np.array([0.2, 0.0])
    together = np.array([[1.0, 0.999], [0.999, 1.0]])

    assert rank_ranges(strengths, together)[0].tolist() == [1, 2]
    assert rank_ranges(strengths, np.eye(2))[0].tolist() == [1, 1]


def test_the_anchor_makes_no_difference() -> None:
    random = np.random.default_rng(5)
    root = random.normal(size=(8, 8))
    covariance, strengths = root @ root.T / 20, random.normal(size=8)
    projection = np.eye(8) - np.full((8, 8), 1 / 8)

    moved = projection @ covariance @ projection.T

    for one, other in zip(
        rank_ranges(strengths, covariance),
        rank_ranges(strengths + 3, moved),
        strict=True,
    ):
        assert one.tolist() == other.tolist()


def test_no_spread_and_no_lead_leave_the_rank_open() -> None:
    low, high = rank_ranges(np.array([1e-15, 0.0, -1e-15]), np.zeros((3, 3)))

    assert (low.tolist(), high.tolist()) == ([1, 1, 1], [3, 3, 3])
