import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.charts import Scale, ticks

RATINGS = st.floats(min_value=-5000, max_value=5000)


def test_the_ends_keep_a_margin_of_two_per_cent() -> None:
    scale = Scale.over([1000, 1200, 1100])

    assert [scale.percent(v) for v in (1000, 1100, 1200)] == ["2.0%", "50.0%", "98.0%"]


def test_a_single_value_stands_in_the_middle() -> None:
    assert Scale.over([1000.0]).percent(1000.0) == "50.0%"


def test_values_beyond_the_scale_stay_at_its_end() -> None:
    scale = Scale(1000, 1200)

    assert (scale.share(900), scale.share(1300)) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (960, 1240, [1000, 1100, 1200]),
        (1000, 1100, [1000, 1025, 1050, 1075, 1100]),
        (-30, 30, [-20, 0, 20]),
    ],
)
def test_ticks_are_round_numbers(low: int, high: int, expected: list[int]) -> None:
    assert ticks(Scale(low, high), 4) == expected


@given(RATINGS, st.floats(min_value=0.01, max_value=5000))
def test_ticks_stay_within_the_scale(low: float, width: float) -> None:
    scale = Scale(low, low + width)

    found = ticks(scale, 4)

    assert 1 <= len(found) <= 6
    slack = width * 1e-6
    assert all(scale.low - slack <= tick <= scale.high + slack for tick in found)
