"""Lines over a number, as tau over votes; each in colour with its name at the end."""

from collections.abc import Sequence
from dataclasses import dataclass

from evaluations.charts.face import Face, drawing
from evaluations.charts.frame import Frame
from evaluations.charts.line_ends import LineEnd, named, room_for
from evaluations.charts.scale import Scale, ticks
from evaluations.charts.svg import Svg, element

HEIGHT = 345
# The classes of a style sheet know so many hues.
HUES = 5


@dataclass(frozen=True)
class Curve:
    """Points (x, y) in the order of x; there is at least one."""

    label: str
    points: Sequence[tuple[float, float]]


def curve_plot(
    curves: Sequence[Curve],
    *,
    face: Face,
    up: Scale,
    reference: float | None = None,
    unit: str = "",
) -> Svg:
    """Draw at least one curve; the unit is that of the numbers below."""
    xs = [x for curve in curves for x, _ in curve.points]
    frame = Frame(
        across=Scale.over([0.0, *xs]),
        up=up,
        width=face.width,
        height=HEIGHT,
        right=room_for((curve.label for curve in curves), face),
    )
    return drawing(
        face,
        HEIGHT,
        *frame.grid(),
        *_numbers(frame, 3 if face.is_narrow else 5, unit),
        *([] if reference is None else [_reference(frame, reference)]),
        *(_line(curve, frame, hue) for hue, curve in _hued(curves)),
        *named(_ends(curves), frame),
    )


def _hued(curves: Sequence[Curve]) -> list[tuple[str, Curve]]:
    return [(f"c{number % HUES + 1}", curve) for number, curve in enumerate(curves)]


def _numbers(frame: Frame, wanted: int, unit: str) -> list[Svg]:
    return [
        frame.below(frame.x(tick), f"{tick:,.0f}{unit if tick else ''}")
        for tick in ticks(frame.across, wanted)
    ]


def _reference(frame: Frame, value: float) -> Svg:
    y = frame.y(value)
    return element("line", class_="ref", x1=frame.left, x2=frame.edge, y1=y, y2=y)


def _line(curve: Curve, frame: Frame, hue: str) -> Svg:
    places = (f"{frame.x(x):g},{frame.y(y):g}" for x, y in curve.points)
    path = element("path", class_="line", d=f"M{'L'.join(places)}")
    return element("g", path, class_=hue)


def _ends(curves: Sequence[Curve]) -> list[LineEnd]:
    return [
        LineEnd(curve.label, curve.points[-1][1], hue) for hue, curve in _hued(curves)
    ]
