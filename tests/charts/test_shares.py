from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.charts import wilson


def test_the_ends_solve_the_score_equation() -> None:
    for end in wilson(0.7, 50):
        assert abs(0.7 - end) / sqrt(end * (1 - end) / 50) == pytest.approx(1.959964)


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_the_share_lies_in_its_interval(cases: int, share: float) -> None:
    low, high = wilson(share, cases)

    assert 0 <= low <= share + 1e-12
    assert share - 1e-12 <= high <= 1
