"""Bars from the left: one for each name."""

from collections.abc import Sequence
from dataclasses import dataclass

from evaluations.charts.face import LETTER, Face, drawing, shortened
from evaluations.charts.svg import Svg, element

LINE = 22
PAD = 4


@dataclass(frozen=True)
class Bar:
    """`value` is not below zero; `text` says it at the bar's end."""

    label: str
    value: float
    text: str


def bar_plot(bars: Sequence[Bar], *, face: Face, greatest: float | None = None) -> Svg:
    """Draw at least one bar, from top to bottom.

    The longest bar there is room for is that of the greatest value, or of one given,
    with which several drawings can be compared.
    """
    labels = max(len(bar.label) for bar in bars) * LETTER + 10
    left = min(labels, face.width * 0.36)
    room = face.width - left - max(len(bar.text) for bar in bars) * LETTER - 16
    greatest = greatest or max(bar.value for bar in bars) or 1
    lines = [
        _line(bar, PAD + number * LINE, left, room * bar.value / greatest)
        for number, bar in enumerate(bars)
    ]
    return drawing(face, len(bars) * LINE + 2 * PAD, *lines)


def _line(bar: Bar, top: float, left: float, length: float) -> Svg:
    base = top + 15
    return element(
        "g",
        element(
            "text",
            shortened(bar.label, left - 10),
            class_="strong",
            x=round(left - 10, 1),
            y=base,
            text_anchor="end",
        ),
        element(
            "rect",
            class_="bar",
            x=round(left, 1),
            y=top + PAD,
            width=round(length, 1),
            height=LINE - 2 * PAD,
            rx=3,
        ),
        element("text", bar.text, x=round(left + length + 8, 1), y=base),
    )
