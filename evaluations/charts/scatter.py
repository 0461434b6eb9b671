"""Two values of each model at right angles: how far two yardsticks agree."""

from collections.abc import Sequence
from dataclasses import dataclass

from evaluations.charts.face import Face, drawing, shortened
from evaluations.charts.frame import Frame
from evaluations.charts.labels import Box
from evaluations.charts.scale import Scale, ticks
from evaluations.charts.svg import Svg, element

HEIGHT = 440
DOT = 5
# Where a label may stand: from the dot's middle, off the lines of its intervals.
PLACES = ((7, -7, "start"), (-7, -7, "end"), (7, 15, "start"), (-7, 15, "end"))


@dataclass(frozen=True)
class Axis:
    """turned: the less, the better, so that better is still right and up."""

    title: str
    turned: bool = False

    def at(self, value: float) -> float:
        return -value if self.turned else value

    def scale(self, values: Sequence[float]) -> Scale:
        return Scale.over(map(self.at, values)).widened(0.05)

    def written(self, place: float) -> str:
        return f"{self.at(place) + 0.0:g}"


@dataclass(frozen=True)
class Spot:
    """The ends of an interval are its value where it is unknown."""

    label: str
    x: float
    y: float
    x_ends: tuple[float, float]
    y_ends: tuple[float, float]
    tip: str
    is_hollow: bool = False


def scatter_plot(spots: Sequence[Spot], *, across: Axis, up: Axis, face: Face) -> Svg:
    """Draw at least one spot; the first ones get their names sooner."""
    frame = Frame(
        across=across.scale([end for spot in spots for end in (spot.x, *spot.x_ends)]),
        up=up.scale([end for spot in spots for end in (spot.y, *spot.y_ends)]),
        width=face.width,
        height=HEIGHT,
        top=30,
        bottom=48,
    )
    placed = [(spot, _at(spot, frame, across, up)) for spot in spots]
    return drawing(
        face,
        HEIGHT,
        *_rows(frame, up),
        *_columns(frame, across, 4 if face.is_narrow else 8),
        *_titles(frame, across, up),
        *(_whiskers(spot, frame, across, up) for spot in spots),
        *(_mark(spot, x, y) for spot, (x, y) in placed),
        *_labels(placed, frame),
        role="group",
    )


def _at(spot: Spot, frame: Frame, across: Axis, up: Axis) -> tuple[float, float]:
    return frame.x(across.at(spot.x)), frame.y(up.at(spot.y))


def _rows(frame: Frame, up: Axis) -> list[Svg]:
    parts = []
    for tick in ticks(frame.up, 5):
        y = frame.y(tick)
        line = element("line", class_="grid", x1=frame.left, x2=frame.edge, y1=y, y2=y)
        at = {"x": frame.left - 8, "y": round(y + 4, 1), "text_anchor": "end"}
        parts += [line, element("text", up.written(tick), **at)]
    return parts


def _columns(frame: Frame, across: Axis, wanted: int) -> list[Svg]:
    parts = []
    for tick in ticks(frame.across, wanted):
        x = frame.x(tick)
        line = element("line", class_="grid", x1=x, x2=x, y1=frame.top, y2=frame.floor)
        parts += [line, frame.below(x, across.written(tick))]
    return parts


def _titles(frame: Frame, across: Axis, up: Axis) -> list[Svg]:
    """Of the upward axis above it, not along it: nobody has to turn the head."""
    room = frame.width - 20
    below = {"x": frame.edge, "y": frame.height - 8, "text_anchor": "end"}
    return [
        element("text", shortened(f"↑ {up.title}", room), x=0, y=14),
        element("text", shortened(f"{across.title} →", room), **below),
    ]


def _whiskers(spot: Spot, frame: Frame, across: Axis, up: Axis) -> Svg:
    x, y = _at(spot, frame, across, up)
    left, right = (frame.x(across.at(end)) for end in spot.x_ends)
    low, high = (frame.y(up.at(end)) for end in spot.y_ends)
    return element(
        "g",
        element("line", class_="whisker", x1=left, x2=right, y1=y, y2=y),
        element("line", class_="whisker", x1=x, x2=x, y1=low, y2=high),
    )


def _mark(spot: Spot, x: float, y: float) -> Svg:
    return element(
        "circle",
        class_="pt closed" if spot.is_hollow else "pt",
        cx=x,
        cy=y,
        r=DOT,
        role="img",
        aria_label=spot.tip,
        data_tip=spot.tip,
    )


def _labels(
    placed: Sequence[tuple[Spot, tuple[float, float]]], frame: Frame
) -> list[Svg]:
    """Each where it covers nothing; one without room is left out."""
    taken = [_around(x, y) for _, (x, y) in placed]
    paper = Box(frame.left, frame.top, frame.width, frame.floor)
    parts = []
    for spot, (x, y) in placed:
        for dx, dy, anchor in PLACES:
            box = Box.of_text(spot.label, x + dx, y + dy, anchor)
            if box.within(paper) and not box.meets(taken):
                taken.append(box)
                at: dict[str, object] = {"x": round(x + dx, 1), "y": round(y + dy, 1)}
                at |= {"class_": "strong", "text_anchor": anchor}
                parts.append(element("text", spot.label, **at))
                break
    return parts


def _around(x: float, y: float) -> Box:
    return Box(x - DOT, y - DOT, x + DOT, y + DOT)
