from xml.etree import ElementTree

import pytest

from evaluations.charts import (
    Bar,
    Cell,
    Curve,
    Dot,
    Pair,
    Scale,
    SizedDot,
    Svg,
    bar_plot,
    curve_plot,
    dot_plot,
    heat_plot,
    pair_plot,
    size_plot,
    standalone,
    time_plot,
)
from tests.charts.reading import WIDE
from tests.charts.test_times import history

SVG = "{http://www.w3.org/2000/svg}"
DRAWN = {
    "bars": bar_plot([Bar("A", 1, "1")], face=WIDE),
    "curves": curve_plot([Curve("A", [(1, 2)])], face=WIDE, up=Scale(0, 3)),
    "dots": dot_plot(
        [Dot("A", 1, 0, 2, "A: 1")],
        scale=Scale(0, 2),
        reference=1,
        face=WIDE,
    ),
    "heat": heat_plot(["A", "B"], {(0, 1): Cell(0.7, "70", "")}, face=WIDE),
    "pairs": pair_plot([Pair("A", (1, 0, 2), (2, 1, 3), "A")], face=WIDE),
    "sizes": size_plot([SizedDot("A", 7, 1, 0, 2, False, "A")], face=WIDE),
    "times": time_plot([history("A", 1, 2)], [history("B", 1, 2)], face=WIDE),
}


def tree(drawn: Svg) -> ElementTree.Element:
    return ElementTree.fromstring(standalone(drawn))  # noqa: S314  our own drawing


@pytest.mark.parametrize("name", DRAWN)
def test_all_that_is_drawn_has_its_colour_in_itself(name: str) -> None:
    root = tree(DRAWN[name])

    assert root.tag == f"{SVG}svg"
    assert not any("class" in part.attrib for part in root.iter())
    for part in root.iter():
        if part.tag.removeprefix(SVG) in {"text", "rect", "circle"}:
            assert part.get("fill", "").startswith("#")
        if part.tag.removeprefix(SVG) == "line":
            assert part.get("stroke", "").startswith("#")
        if part.tag.removeprefix(SVG) == "path":
            assert "#" in part.get("stroke", "") + part.get("fill", "")


def test_it_has_a_size_and_lies_on_paper() -> None:
    root = tree(DRAWN["bars"])

    assert (root.get("width"), root.get("height")) == ("620", "30")
    paper = root.find(f"{SVG}rect")
    assert (paper.get("width"), paper.get("fill")) == ("100%", "#ffffff")
    assert root.findtext(f"{SVG}title") == "Title"


def test_a_group_gives_its_hue_to_line_band_and_name() -> None:
    root = tree(time_plot([history("A", 1, 2), history("B", 3, 4)], [], face=WIDE))

    band, line = root.findall(f"{SVG}g")[1].findall(f"{SVG}path")
    assert (band.get("fill"), line.get("stroke")) == ("#a8470c", "#a8470c")
    assert line.get("fill") == "none"
