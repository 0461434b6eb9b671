"""Two values with their intervals for each name, one below the other."""

from collections.abc import Sequence
from dataclasses import dataclass

from evaluations.charts.face import LETTER, Face, drawing, shortened
from evaluations.charts.scale import Scale, ticks
from evaluations.charts.svg import Svg, element

LINE = 34
FOOT = 24
PAD = 12
# How far the two stand above and below the middle of their line.
APART = 6
# A full dot and a hollow one: told by form as well as by colour.
MARKS = (("c1", "spot"), ("c2", "ring"))

# Value, low and high end.
Bounded = tuple[float, float, float]


@dataclass(frozen=True)
class Pair:
    label: str
    first: Bounded
    second: Bounded
    tip: str


def pair_plot(pairs: Sequence[Pair], *, face: Face) -> Svg:
    """Draw the pairs from top to bottom."""
    ends = [end for pair in pairs for part in (pair.first, pair.second) for end in part]
    scale = Scale.over(ends).widened(0.02)
    longest = max(len(pair.label) for pair in pairs) * LETTER + 14
    left = min(longest, face.width * 0.4)
    height = len(pairs) * LINE + PAD + FOOT
    return drawing(
        face,
        height,
        *_grid(scale, left, face, height - FOOT),
        *(_pair(pair, n, scale, left, face) for n, pair in enumerate(pairs)),
    )


def _x(value: float, scale: Scale, left: float, face: Face) -> float:
    return round(left + scale.share(value) * (face.width - left - PAD), 1)


def _grid(scale: Scale, left: float, face: Face, bottom: float) -> list[Svg]:
    parts = []
    for tick in ticks(scale, 4):
        x = _x(tick, scale, left, face)
        parts.append(element("line", class_="grid", x1=x, x2=x, y1=0, y2=bottom))
        parts.append(
            element("text", f"{tick:g}", x=x, y=bottom + 16, text_anchor="middle")
        )
    return parts


def _pair(pair: Pair, number: int, scale: Scale, left: float, face: Face) -> Svg:
    y = PAD + number * LINE + LINE // 2 - 4
    parts = []
    for (hue, mark), bounded, at in zip(
        MARKS, (pair.first, pair.second), (y - APART, y + APART), strict=True
    ):
        value, low, high = (_x(each, scale, left, face) for each in bounded)
        line = element("path", class_="line", d=f"M{low:g},{at:g}L{high:g},{at:g}")
        dot = element("circle", class_=mark, cx=value, cy=at, r=4.5)
        parts.append(element("g", line, dot, class_=hue))
    name = element(
        "text",
        shortened(pair.label, left - 14),
        class_="strong",
        x=left - 14,
        y=y + 4,
        text_anchor="end",
    )
    return element("g", element("title", pair.tip), name, *parts)
