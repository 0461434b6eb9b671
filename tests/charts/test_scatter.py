from dataclasses import replace

from evaluations.charts import Axis, Spot, scatter_plot
from tests.charts.reading import NARROW, WIDE, parsed, parts

PEOPLE, JUDGE = Axis("People, Elo points"), Axis("Judge, points")


def spot(label: str, x: float, y: float, **values: object) -> Spot:
    plain = Spot(label, x, y, (x, x), (y, y), f"{label}: {x:g} and {y:g}")
    return replace(plain, **values)  # type: ignore[arg-type]


def drawn(*spots: Spot, across: Axis = PEOPLE, up: Axis = JUDGE, face=WIDE) -> str:
    return scatter_plot(spots, across=across, up=up, face=face)


def centres(plot: str) -> list[tuple[float, float]]:
    return [(float(p.get("cx", 0)), float(p.get("cy", 0))) for p in parts(plot, "pt")]


def written(plot: str) -> list[str | None]:
    return [text.text for text in parsed(plot).iter("text")]


def test_more_is_right_and_up() -> None:
    low, high = centres(drawn(spot("A", 1000, 2), spot("B", 1200, 9)))

    assert low[0] < high[0]
    assert low[1] > high[1]


def test_where_less_is_better_less_is_right_and_has_its_own_numbers() -> None:
    plot = drawn(spot("A", 2, 2), spot("B", 9, 9), across=Axis("Errors", turned=True))

    fewer, more = centres(plot)
    assert fewer[0] > more[0]
    assert "4" in written(plot)
    assert not any(str(text).startswith("-") for text in written(plot))


def test_intervals_reach_from_end_to_end() -> None:
    plot = drawn(spot("A", 10, 5, x_ends=(0, 20), y_ends=(4, 6)), spot("B", 10, 5))

    across, up, *_ = parts(plot, "whisker")
    assert float(across.get("x1", 0)) < 300 < float(across.get("x2", 0))
    assert up.get("x1") == up.get("x2")
    assert float(up.get("y1", 0)) > float(up.get("y2", 0))


def test_each_dot_says_what_it_is_and_a_marked_one_is_hollow() -> None:
    plot = drawn(spot("A", 1, 1), spot("B", 2, 2, is_hollow=True))

    assert [dot.get("aria-label") for dot in parts(plot, "pt")] == [
        "A: 1 and 1",
        "B: 2 and 2",
    ]
    assert [dot.get("class") for dot in parts(plot, "pt")] == ["pt", "pt closed"]
    assert parsed(plot).get("role") == "group"


def test_names_that_would_cover_others_are_left_out() -> None:
    crowd = [spot(f"Model {n}", 1 + n / 1000, 1 + n / 1000) for n in range(20)]
    far = spot("Far", 9, 9)

    names = [str(text) for text in written(drawn(*crowd, far)) if "Model" in str(text)]

    assert "Model 0" in names
    assert len(names) < 5


def test_both_axes_have_their_titles_also_where_it_is_narrow() -> None:
    long = Axis("A yardstick with a name far longer than any telephone is wide, points")

    for face in (WIDE, NARROW):
        plot = drawn(spot("A", 1, 1), up=long, face=face)

        [upward] = [str(text) for text in written(plot) if "↑" in str(text)]
        assert upward.startswith("↑ A yardstick with")
        assert len(upward) * 6.6 <= face.width
        assert "People, Elo points →" in written(plot)
