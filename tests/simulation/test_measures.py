from dataclasses import replace
from math import log

import numpy as np
import pytest

from evaluations.simulation.measures import (
    Checkpoint,
    Published,
    measure,
    votes_until,
)

PER_LOGIT = 400 / log(10)


def published(*truth: float, newcomers: int = 0) -> Published:
    """A table that knows the truth to ten points; all its ranks are three wide."""
    n = len(truth)
    rating = 1000 + np.array(truth) * PER_LOGIT
    return Published(
        truth=np.array(truth) + 5,
        rating=rating,
        low=rating - 10,
        high=rating + 10,
        error=np.full(n, 5.0),
        rank_low=np.full(n, 2),
        rank_high=np.full(n, 4),
        anchors=np.ones(n, dtype=bool),
        newcomers=np.arange(n) >= n - newcomers,
        battles=np.arange(10, 10 + n),
    )


def test_a_perfect_table_has_all_the_truth_whatever_its_centre() -> None:
    found = measure(published(-1, 0, 1), votes=12)

    assert found == Checkpoint(
        votes=12,
        rated=3,
        tau=1.0,
        coverage=1.0,
        rank_width=3.0,
        exposure=10 / 11,
        newcomers_error=None,
    )


def test_wrong_orders_and_intervals_that_miss_are_counted() -> None:
    table = published(-1, 0, 1)
    shifted = np.array([0.0, 300.0, 0.0])
    wrong = replace(
        table,
        rating=table.rating + shifted,
        low=table.low + shifted,
        high=table.high + shifted,
        anchors=np.array([True, False, True]),
    )

    found = measure(wrong, votes=12)

    assert found.tau == pytest.approx(1 / 3)
    assert found.coverage == pytest.approx(2 / 3)


def test_newcomers_count_for_their_error_and_not_for_exposure() -> None:
    table = published(0, 1, 2, 3, newcomers=2)

    found = measure(replace(table, error=np.array([1.0, 1, 20, 40])), votes=9)

    assert found.newcomers_error == 30
    assert found.exposure == pytest.approx(10 / 10.5)


def test_a_level_is_reached_where_it_is_not_lost_again() -> None:
    def at(votes: int, tau: float) -> Checkpoint:
        return Checkpoint(votes, 3, tau, 1, 1, 1, None)

    points = [at(10, 0.96), at(20, 0.9), at(30, 0.95), at(40, 0.97)]

    assert votes_until(points, tau=0.95) == 30
    assert votes_until(points, tau=0.99) is None
