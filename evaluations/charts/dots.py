"""A dot plot with intervals: one line for each name."""

from collections.abc import Sequence
from dataclasses import dataclass

from evaluations.charts.face import LETTER, Face, drawing, shortened
from evaluations.charts.scale import Scale, ticks
from evaluations.charts.svg import Svg, element

LINE = 28
FOOT = 24
PAD = 12


@dataclass(frozen=True)
class Dot:
    """A hollow dot is one that may still move far; the note stands at the far end."""

    label: str
    value: float
    low: float
    high: float
    tip: str
    is_hollow: bool = False
    note: str = ""


@dataclass(frozen=True)
class _Frame:
    """The plot's measures in px, and where a value stands in it."""

    scale: Scale
    width: int
    left: float
    right: float
    height: int

    def x(self, value: float) -> float:
        room = self.width - self.left - self.right
        return round(self.left + self.scale.share(value) * room, 1)


def dot_plot(
    dots: Sequence[Dot],
    *,
    scale: Scale,
    reference: float,
    face: Face,
    unit: str = "",
) -> Svg:
    """Draw the dots from top to bottom."""
    longest = max(len(dot.label) for dot in dots) * LETTER + 14
    frame = _Frame(
        scale=scale,
        width=face.width,
        left=min(longest, face.width * 0.4),
        right=PAD + max(len(dot.note) for dot in dots) * LETTER,
        height=len(dots) * LINE + PAD + FOOT,
    )
    return drawing(
        face,
        frame.height,
        *_grid(frame, unit),
        _reference(frame, reference),
        *(_line(frame, number, dot) for number, dot in enumerate(dots)),
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
    low, high = frame.x(dot.low), frame.x(dot.high)
    return element(
        "g",
        element("title", dot.tip),
        element(
            "text",
            shortened(dot.label, frame.left - 14),
            class_="strong",
            x=frame.left - 14,
            y=y + 4,
            text_anchor="end",
        ),
        element("line", class_="err", x1=low, x2=high, y1=y, y2=y),
        element(
            "circle",
            class_="pt closed" if dot.is_hollow else "pt",
            cx=frame.x(dot.value),
            cy=y,
            r=5,
        ),
        *_note(frame, dot, y),
    )


def _note(frame: _Frame, dot: Dot, y: float) -> list[Svg]:
    if not dot.note:
        return []
    return [element("text", dot.note, x=frame.width, y=y + 4, text_anchor="end")]
