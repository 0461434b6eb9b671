"""Rating by size: what one gets at most from so many parameters."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10

from evaluations.charts.face import Face, drawing
from evaluations.charts.frame import Frame
from evaluations.charts.labels import Box
from evaluations.charts.scale import Scale
from evaluations.charts.svg import Svg, element

HEIGHT = 330
DOT = 6
# Where a label may stand: from the dot's middle, and which end of it is there.
PLACES = ((-10, -9, "end"), (0, -13, "middle"), (10, 16, "start"), (11, 4, "start"))
FEW, MANY = (1, 3), (1, 2, 3, 5, 7)


@dataclass(frozen=True)
class SizedDot:
    """`size` in billions of parameters, above zero."""

    label: str
    size: float
    value: float
    low: float
    high: float
    is_open: bool
    tip: str


def frontier(dots: Sequence[SizedDot]) -> list[SizedDot]:
    """Those that nothing of their size or smaller surpasses, the smallest first."""
    best: list[SizedDot] = []
    for dot in sorted(dots, key=lambda dot: (dot.size, -dot.value)):
        if not best or dot.value > best[-1].value:
            best.append(dot)
    return best


def size_plot(dots: Sequence[SizedDot], *, face: Face) -> Svg:
    """Draw the dots over a logarithmic axis, the frontier as a line of steps."""
    frame = _frame(dots, face)
    best = frontier(dots)
    return drawing(
        face,
        HEIGHT,
        *frame.grid(),
        *(
            frame.below(frame.x(log10(size)), f"{size:g}B")
            for size in size_ticks(frame.across)
        ),
        element(
            "text",
            "Parameters (logarithmic scale)",
            x=(frame.left + frame.edge) / 2,
            y=HEIGHT - 4,
            text_anchor="middle",
        ),
        element("path", class_="front", d=_steps(best, frame)),
        *(_mark(dot, frame) for dot in dots),
        *_labels(best, dots, frame),
        role="group",
    )


def _frame(dots: Sequence[SizedDot], face: Face) -> Frame:
    sizes = [log10(dot.size) for dot in dots]
    return Frame(
        across=Scale(min(sizes) - 0.12, max(sizes) + 0.18),
        up=Scale.over(end for dot in dots for end in (dot.low, dot.high)).widened(0.05),
        width=face.width,
        height=HEIGHT,
        bottom=44,
    )


def size_ticks(across: Scale) -> list[float]:
    """Round sizes on an axis of powers of ten: 1, 3, 10, closer on a short one."""
    digits = FEW if across.high - across.low > 1 else MANY
    powers = range(int(across.low) - 2, int(across.high) + 2)
    sizes = [digit * 10.0**power for power in powers for digit in digits]
    return [size for size in sizes if across.low <= log10(size) <= across.high]


def _steps(best: Sequence[SizedDot], frame: Frame) -> str:
    first, *others = best
    start = f"M{frame.x(log10(first.size))},{frame.y(first.value)}"
    steps = "".join(
        f"H{frame.x(log10(dot.size))}V{frame.y(dot.value)}" for dot in others
    )
    return f"{start}{steps}H{frame.edge}"


def _mark(dot: SizedDot, frame: Frame) -> Svg:
    x = frame.x(log10(dot.size))
    return element(
        "g",
        element(
            "line",
            class_="whisker",
            x1=x,
            x2=x,
            y1=frame.y(dot.low),
            y2=frame.y(dot.high),
        ),
        element(
            "circle",
            class_="pt open" if dot.is_open else "pt closed",
            cx=x,
            cy=frame.y(dot.value),
            r=DOT,
            role="img",
            aria_label=dot.tip,
            data_tip=dot.tip,
        ),
    )


def _labels(
    best: Sequence[SizedDot], dots: Sequence[SizedDot], frame: Frame
) -> list[Svg]:
    """Names of the frontier from the top down; one without room is left out."""
    taken = [_around(dot, frame) for dot in dots]
    paper = Box(frame.left, 0, frame.width - 2, frame.floor)
    parts = []
    for dot in sorted(best, key=lambda dot: -dot.value):
        for dx, dy, anchor in PLACES:
            x, y = frame.x(log10(dot.size)) + dx, frame.y(dot.value) + dy
            box = Box.of_text(dot.label, x, y, anchor)
            if box.within(paper) and not box.meets(taken):
                taken.append(box)
                place = {"x": round(x, 1), "y": round(y, 1), "text_anchor": anchor}
                parts.append(element("text", dot.label, class_="strong", **place))
                break
    return parts


def _around(dot: SizedDot, frame: Frame) -> Box:
    x, y, reach = frame.x(log10(dot.size)), frame.y(dot.value), DOT + 2
    return Box(x - reach, y - reach, x + reach, y + reach)
