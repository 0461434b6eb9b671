import numpy as np
import pytest

from evaluations.rating.needed import votes_to_median_error, votes_to_separate
from evaluations.rating.ranks import critical_value
from evaluations.rating.tallies import Floats


def test_an_interval_twice_as_wide_needs_four_times_the_votes() -> None:
    votes, errors = np.array([100.0, 50.0, 400.0]), np.array([10.0, 20.0, 5.0])

    assert votes_to_median_error(votes, errors).tolist() == [0, 150, 0]


def test_where_no_rating_has_any_width_no_vote_is_needed() -> None:
    assert votes_to_median_error(np.ones(3), np.zeros(3)).tolist() == [0, 0, 0]


def test_a_contestant_is_held_against_the_next_better_one() -> None:
    strengths, votes = np.array([0.0, 1.0, 0.9]), np.array([100.0, 100.0, 200.0])
    bound = critical_value(3) * np.sqrt(2 * 0.04)

    needed = votes_to_separate(
        votes, strengths, np.eye(3) * 0.04, bound=critical_value(3)
    )

    assert needed[1] == np.ceil(100 * ((bound / 0.1) ** 2 - 1))
    assert needed[2] == pytest.approx(2 * needed[1], abs=1)
    assert needed[0] == 0 == np.ceil(max(0, 100 * ((bound / 0.9) ** 2 - 1)))


def test_that_many_votes_do_separate_them() -> None:
    strengths, covariance = np.array([0.3, 0.0]), np.eye(2) * 0.04
    votes = np.array([100.0, 100.0])

    more = votes_to_separate(votes, strengths, covariance, bound=2.0)

    shrunk = covariance * 100 / (100 + more[0])
    assert 2.0 * np.sqrt(2 * shrunk[0, 0]) <= 0.3
    again = votes_to_separate(votes + more, strengths, shrunk, bound=2.0)
    assert again.tolist() == [0, 0]


def test_who_is_alone_has_nobody_to_be_apart_from() -> None:
    alone = votes_to_separate(np.ones(1), np.zeros(1), np.eye(1), bound=2.0)

    assert alone.tolist() == [np.inf]


def test_equals_are_never_apart_and_what_moves_together_sooner() -> None:
    equal, apart = np.array([0.5, 0.5]), np.array([0.5, 0.2])
    votes, alone = np.full(2, 100.0), np.eye(2) * 0.05

    def needed(strengths: Floats, covariance: Floats) -> list[float]:
        found = votes_to_separate(votes, strengths, covariance, bound=2.0)
        return [float(each) for each in found]

    assert needed(equal, alone) == [np.inf, np.inf]
    assert needed(apart, alone + 0.04) == needed(apart, alone)
    related = np.array([[0.05, 0.04], [0.04, 0.05]])
    assert max(needed(apart, related)) < min(needed(apart, alone))
