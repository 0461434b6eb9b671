from evaluations.charts import Curve, Scale, curve_plot
from tests.charts.reading import NARROW, WIDE, parts, words

UP = Scale(0, 1)


def test_curves_share_their_scales_and_end_in_their_names() -> None:
    drawn = curve_plot(
        [Curve("uniform", [(0, 0), (100, 0.5)]), Curve("other", [(50, 1)])],
        face=WIDE,
        up=UP,
    )

    one, other = (part.get("d") for part in parts(drawn, "line"))
    assert (one, other) == ("M44,317L559.8,164.5", "M301.9,12")
    assert words(drawn, "lab") == ["uniform", "other"]
    assert [len(parts(drawn, hue)) for hue in ("c1", "c2", "c3")] == [2, 2, 0]


def test_a_reference_lies_across_and_numbers_have_their_unit() -> None:
    drawn = curve_plot(
        [Curve("one", [(20_000, 0.5)])], face=NARROW, up=UP, reference=0.95, unit=" x"
    )

    (line,) = parts(drawn, "ref")
    assert line.get("y1") == line.get("y2") == "27.3"
    assert "20,000 x" in drawn
    assert ">0<" in drawn


def test_a_sixth_curve_takes_the_first_hue_again() -> None:
    curves = [Curve(str(number), [(1, number / 10)]) for number in range(6)]

    drawn = curve_plot(curves, face=WIDE, up=UP)

    assert len(parts(drawn, "c1")) == 4
