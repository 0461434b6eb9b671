import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.charts.labels import Box, apart

PLACES = st.lists(st.floats(min_value=-50, max_value=450), min_size=1, max_size=12)


def test_labels_with_room_stay_where_they_are() -> None:
    assert apart([80, 20], gap=17, low=0, high=100) == [80, 20]


def test_two_labels_at_one_place_part_evenly() -> None:
    assert apart([50, 50], gap=20, low=0, high=100) == [40, 60]


def test_labels_do_not_leave_the_plot() -> None:
    assert apart([-10, 5], gap=20, low=0, high=100) == [0, 20]


def test_without_enough_room_they_stand_closer() -> None:
    assert apart([5, 5, 5], gap=20, low=0, high=10) == [0, 5, 10]


def test_nothing_needs_no_place() -> None:
    assert apart([], gap=20, low=0, high=10) == []


@given(PLACES)
def test_labels_keep_their_order_and_their_gap(wished: list[float]) -> None:
    placed = apart(wished, gap=17, low=0, high=300)

    assert all(-1e-6 <= place <= 300 + 1e-6 for place in placed)
    order = sorted(range(len(wished)), key=lambda number: wished[number])
    in_order = [placed[number] for number in order]
    gaps = [b - a for a, b in itertools.pairwise(in_order)]
    assert all(gap >= 17 - 1e-6 for gap in gaps)


@pytest.mark.parametrize(
    ("x", "meets"), [(0, True), (65, True), (67, False), (-67, False)]
)
def test_boxes_meet_where_they_cover_each_other(x: float, meets: bool) -> None:
    ten_letters = Box.of_text("0123456789", 0, 0, "start")

    assert Box.of_text("0123456789", x, 5, "start").meets([ten_letters]) is meets


def test_a_text_reaches_from_its_anchor() -> None:
    ends = {
        anchor: Box.of_text("0123456789", 100, 0, anchor)
        for anchor in ("start", "middle", "end")
    }

    assert [round(box.left) for box in ends.values()] == [100, 67, 34]
    assert [round(box.right) for box in ends.values()] == [166, 133, 100]
