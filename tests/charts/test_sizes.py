from itertools import combinations

import pytest

from evaluations.charts import Scale, SizedDot, frontier, size_plot
from evaluations.charts.labels import Box
from evaluations.charts.sizes import size_ticks
from tests.charts.reading import NARROW, WIDE, parsed, parts, words


def dot(
    size: float, value: float, label: str = "", *, is_open: bool = True
) -> SizedDot:
    label = label or f"M{size:g}"
    return SizedDot(label, size, value, value - 10, value + 10, is_open, f"{label}!")


def test_the_frontier_holds_what_nothing_smaller_surpasses() -> None:
    dots = [dot(70, 1200), dot(1, 1000), dot(7, 1100), dot(8, 1050), dot(7, 1090)]

    assert [(d.size, d.value) for d in frontier(dots)] == [
        (1, 1000),
        (7, 1100),
        (70, 1200),
    ]


def test_the_frontier_is_drawn_in_steps_to_the_edge() -> None:
    drawn = size_plot([dot(1, 1000), dot(10, 1100)], face=WIDE)

    first, second = ((c.get("cx"), c.get("cy")) for c in parts(drawn, "pt"))
    (path,) = parts(drawn, "front")
    assert path.get("d") == f"M{first[0]},{first[1]}H{second[0]}V{second[1]}H600"


def test_equal_ratios_of_size_are_equal_distances() -> None:
    drawn = size_plot([dot(1, 1000), dot(10, 1010), dot(100, 1020)], face=WIDE)

    first, second, third = (float(c.get("cx", "")) for c in parts(drawn, "pt"))
    assert second - first == pytest.approx(third - second, abs=0.2)
    assert first < second


def test_open_and_closed_weights_have_marks_of_their_own() -> None:
    drawn = size_plot([dot(1, 1000), dot(2, 900, is_open=False)], face=WIDE)

    assert [p.get("aria-label") for p in parts(drawn, "open")] == ["M1!"]
    assert [p.get("aria-label") for p in parts(drawn, "closed")] == ["M2!"]


@pytest.mark.parametrize("face", [WIDE, NARROW])
def test_no_label_covers_another_or_a_dot(face: object) -> None:
    dots = [dot(1.1**n, 1000 + n, f"A model of some length {n}") for n in range(40)]

    drawn = size_plot(dots, face=face)

    labels = [
        Box.of_text(
            text.text,
            float(text.get("x")),
            float(text.get("y")),
            text.get("text-anchor"),
        )
        for text in parts(drawn, "strong")
    ]
    marks = [
        Box(x - 6, y - 6, x + 6, y + 6)
        for x, y in (
            (float(p.get("cx")), float(p.get("cy"))) for p in parts(drawn, "pt")
        )
    ]
    assert 2 <= len(labels) < 40
    assert not any(one.meets([other]) for one, other in combinations(labels, 2))
    assert not any(label.meets(marks) for label in labels)
    assert all(label.right <= face.width for label in labels)


def test_one_model_alone_is_drawn() -> None:
    assert words(size_plot([dot(7, 1000)], face=WIDE), "strong") == ["M7"]


def test_the_parts_are_read_one_by_one() -> None:
    assert parsed(size_plot([dot(7, 1000)], face=WIDE)).get("role") == "group"


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (-0.12, 2.7, [1, 3, 10, 30, 100, 300]),
        (0.8, 1.1, [7, 10]),
        (-1.2, -0.5, [0.07, 0.1, 0.2, 0.3]),
    ],
)
def test_sizes_on_the_axis_are_round(
    low: float, high: float, expected: list[float]
) -> None:
    assert size_ticks(Scale(low, high)) == pytest.approx(expected)
