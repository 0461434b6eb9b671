"""A dot plot with intervals: one line for each name."""

from collections.abc import Sequence
from dataclasses import dataclass

from evaluations.charts.scale import Scale, ticks
from evaluations.charts.svg import Svg, element

LINE = 28
FOOT = 24
PAD = 12
# Average width of a letter at 12 px, in px.
LETTER = 6.6


@dataclass(frozen=True)
class Dot:
    label: str
    value: float
    low: float
    high: float
    tip: str


@dataclass(frozen=True)
class _Frame:
    """The plot's measures in px, and where a value stands in it."""

    scale: Scale
    width: int
    left: float
    height: int

    def x(self, value: float) -> float:
        return round(
            self.left + self.scale.share(value) * (self.width - self.left - PAD), 1
        )


def dot_plot(
    dots: Sequence[Dot],
    *,
    scale: Scale,
    reference: float,
    title: str,
    description: str,
    width: int,
    style: str,
    unit: str = "",
) -> Svg:
    """Draw the dots from top to bottom; style is a class that also names the parts."""
    longest = max(len(dot.label) for dot in dots) * LETTER + 14
    frame = _Frame(
        scale, width, min(longest, width * 0.4), len(dots) * LINE + PAD + FOOT
    )
    return element(
        "svg",
        element("title", title, id=f"{style}-title"),
        element("desc", description, id=f"{style}-desc"),
        *_grid(frame, unit),
        _reference(frame, reference),
        *(_line(frame, number, dot) for number, dot in enumerate(dots)),
        class_=f"plot {style}",
        viewBox=f"0 0 {width} {frame.height}",
        role="img",
        aria_labelledby=f"{style}-title {style}-desc",
    )


def _grid(frame: _Frame, unit: str) -> list[Svg]:
    bottom = frame.height - FOOT
    parts = []
    for tick in ticks(frame.scale, 4):
        x = frame.x(tick)
        parts.append(element("line", class_="grid", x1=x, x2=x, y1=0, y2=bottom))
        parts.append(
            element("text", f"{tick:g}{unit}", x=x, y=bottom + 16, text_anchor="middle")
        )
    return parts


def _reference(frame: _Frame, value: float) -> Svg:
    x = frame.x(value)
    return element("line", class_="ref", x1=x, x2=x, y1=0, y2=frame.height - FOOT)


def _line(frame: _Frame, number: int, dot: Dot) -> Svg:
    y = PAD + number * LINE + LINE // 2 - 4
    room = int((frame.left - 14) / LETTER)
    label = dot.label if len(dot.label) <= room else dot.label[: room - 1] + "…"
    low, high = frame.x(dot.low), frame.x(dot.high)
    return element(
        "g",
        element("title", dot.tip),
        element(
            "text",
            label,
            class_="strong",
            x=frame.left - 14,
            y=y + 4,
            text_anchor="end",
        ),
        element("line", class_="err", x1=low, x2=high, y1=y, y2=y),
        element("circle", class_="pt", cx=frame.x(dot.value), cy=y, r=5),
    )
