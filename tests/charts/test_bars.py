import pytest

from evaluations.charts import Bar, bar_plot
from tests.charts.reading import NARROW, WIDE, parsed, parts, words


def test_bars_are_as_long_as_their_values() -> None:
    drawn = bar_plot([Bar("A", 200, "200"), Bar("B", 50, "50")], face=WIDE)

    first, second = (float(bar.get("width")) for bar in parts(drawn, "bar"))
    assert first == pytest.approx(4 * second, abs=0.1)
    assert words(drawn, "strong") == ["A", "B"]


@pytest.mark.parametrize("face", [WIDE, NARROW])
def test_the_longest_bar_leaves_room_for_its_number(face: object) -> None:
    name = "A name that is far too long " * 3
    drawn = bar_plot([Bar(name, 9, "1 234 567 judgements")], face=face)

    (bar,) = parts(drawn, "bar")
    number = parsed(drawn).findall("g/text")[1]
    assert float(bar.get("width")) > 0
    assert float(number.get("x")) + 20 * 6.6 <= face.width


def test_bars_of_nothing_are_drawn() -> None:
    (bar,) = parts(bar_plot([Bar("A", 0, "0")], face=WIDE), "bar")

    assert bar.get("width") == "0.0"


def test_drawings_of_one_greatest_value_can_be_compared() -> None:
    long, short = (
        bar_plot([Bar("A", value, "1")], face=WIDE, greatest=8) for value in (8, 4)
    )

    lengths = [float(parts(drawn, "bar")[0].get("width")) for drawn in (long, short)]
    assert lengths[0] == pytest.approx(2 * lengths[1], abs=0.1)
