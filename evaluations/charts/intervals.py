"""The interval column of a rating table; it says nothing the table does not."""

from evaluations.charts.scale import Scale, ticks
from evaluations.charts.svg import Svg, element


def interval_cell(
    scale: Scale, *, low: float, rating: float, high: float, reference: float
) -> Svg:
    """The interval as a bar, the rating as a dot, the reference as a dotted line."""
    at = scale.percent
    line = at(reference)
    return element(
        "svg",
        element("line", class_="ax", x2="100%", y1=12, y2=12),
        # Longer than any row is high: cells cut it, and rows make one line of it.
        element("line", class_="ref", x1=line, x2=line, y1=-99, y2=123),
        element("line", class_="rg", x1=at(low), x2=at(high), y1=12, y2=12),
        element("circle", class_="pt", cx=at(rating), cy=12, r=5),
        class_="ci",
        aria_hidden="true",
    )


def axis(scale: Scale) -> Svg:
    """The numbers above the interval column."""
    numbers = [
        element("text", f"{tick:g}", x=scale.percent(tick), y=12, text_anchor="middle")
        for tick in ticks(scale, 5)
    ]
    return element("svg", *numbers, class_="scale", aria_hidden="true")
