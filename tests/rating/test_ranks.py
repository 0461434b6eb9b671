import numpy as np
import pytest

from evaluations.rating.ranks import MOST_DRAWN, critical_value, rank_ranges


def test_the_critical_value_is_that_of_bonferroni() -> None:
    # Two-sided normal quantiles at 0.05 / 1, 0.05 / 3 and 0.05 / 1711 (59 models).
    assert critical_value(2) == pytest.approx(1.959964, abs=1e-6)
    assert critical_value(3) == pytest.approx(2.393980, abs=1e-6)
    assert critical_value(59) == pytest.approx(4.179441, abs=1e-6)


def test_far_apart_contestants_have_one_rank_each() -> None:
    low, high = rank_ranges(np.array([0.0, 9.0, 5.0]), np.eye(3) * 0.01)

    assert low.tolist() == high.tolist() == [3, 1, 2]


@pytest.mark.parametrize(("n", "bound"), [(3, 2.344), (10, 3.164), (40, 3.888)])
def test_the_bound_is_that_of_the_studentised_range(n: int, bound: float) -> None:
    # scipy.stats.studentized_range.ppf(0.95, n, inf) / sqrt(2): independent errors of
    # one size. Nine of ten stand together; the first one leads all by so much.
    def first_is_alone(lead: float) -> bool:
        strengths = np.zeros(n)
        strengths[0] = lead * np.sqrt(2)
        low, high = rank_ranges(strengths, np.eye(n))
        return bool(high[0] == 1 and (low[1:] == 2).all())

    assert not first_is_alone(bound * 0.97)
    assert first_is_alone(bound * 1.03)


def test_what_is_surely_apart_leaves_more_to_the_others() -> None:
    # One pair alone needs 1.96 standard errors of the difference, three pairs 2.34.
    near, far = np.array([0.0, 2.1 * np.sqrt(2), 2.0]), np.array([0.0, 2.97, 99.0])

    assert rank_ranges(near, np.eye(3))[1].tolist() == [3, 3, 3]
    assert rank_ranges(far, np.eye(3))[1].tolist() == [3, 2, 1]


def test_a_large_table_has_bonferronis_bound() -> None:
    n = MOST_DRAWN + 1
    bound = critical_value(n) * np.sqrt(2)
    strengths = np.zeros(n)

    strengths[0] = bound - 0.01
    assert rank_ranges(strengths, np.eye(n))[1][0] == n
    strengths[0] = bound + 0.01
    assert rank_ranges(strengths, np.eye(n))[1][0] == 1


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
