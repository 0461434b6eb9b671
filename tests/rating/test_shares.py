import numpy as np
import pytest

from evaluations.charts import wilson
from evaluations.rating.shares import about, mean, share


def test_one_case_a_battle_gives_wilsons_interval() -> None:
    hits = np.repeat([1.0, 0.0], [30, 70])

    found = share(hits, np.ones(100))

    # The variance between battles is that of a coin but for 100 / 99.
    assert (found.low, found.high) == pytest.approx(wilson(0.3, 99), abs=1e-9)


def test_cases_that_lean_together_count_for_less() -> None:
    hits, cases = np.repeat([10.0, 0.0], [30, 70]), np.full(100, 10.0)

    found = share(hits, cases)

    assert (found.low, found.high) == pytest.approx(wilson(0.3, 99), abs=1e-9)
    assert found.battles == 100


def test_a_share_without_exception_still_has_an_interval() -> None:
    found = share(np.full(8, 3.0), np.full(8, 3.0))

    assert (found.value, found.high) == (1, 1)
    assert found.low == pytest.approx(wilson(1.0, 8)[0])


def test_without_a_case_there_is_no_share_and_no_mean() -> None:
    assert share(np.zeros(3), np.zeros(3)) is None
    assert mean(np.zeros(0)) is None


def test_one_battle_tells_nothing_of_how_they_vary() -> None:
    assert (mean(np.array([0.3])).low, mean(np.array([0.3])).high) == (-1, 1)
    assert about(0.5, np.array([0.1]), least=-np.inf, most=1).low == -np.inf
