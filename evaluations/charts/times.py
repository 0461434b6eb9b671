"""Values over time: a few lines in colour with their intervals, all others in grey."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from evaluations.charts.face import Face, drawing
from evaluations.charts.frame import Frame
from evaluations.charts.line_ends import LineEnd, named, room_for
from evaluations.charts.scale import Scale
from evaluations.charts.svg import Svg, element

HEIGHT = 345
# So many hues can be told apart, and named at the end of their lines.
COLOURS = 5
# The last date stands half beyond the edge.
ROOM_FOR_DATE = 44


@dataclass(frozen=True)
class Moment:
    on: date
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class History:
    """One line; the moments are in order of time, and there is at least one."""

    label: str
    moments: Sequence[Moment]

    @property
    def moved(self) -> float:
        """From its least to its greatest value."""
        values = [moment.value for moment in self.moments]
        return max(values) - min(values)


def movers(histories: Sequence[History], wanted: int = COLOURS) -> list[History]:
    """Those that moved most, the highest at their end first."""
    most = sorted(histories, key=lambda history: -history.moved)[:wanted]
    return sorted(most, key=lambda history: -history.moments[-1].value)


def thinned(moments: Sequence[Moment], most: int) -> list[Moment]:
    """At most so many, evenly chosen, the first and the last among them."""
    if len(moments) <= most:
        return list(moments)
    step = (len(moments) - 1) / (most - 1)
    return [moments[round(number * step)] for number in range(most)]


def time_plot(
    coloured: Sequence[History], others: Sequence[History], *, face: Face
) -> Svg:
    """Draw at least one line, from the first moment of all to the last."""
    frame = _frame(coloured, others, face)
    return drawing(
        face,
        HEIGHT,
        *frame.grid(),
        *_dates(frame, 4 if face.is_narrow else 6),
        *(_grey(history, frame, 24 if face.is_narrow else 48) for history in others),
        *(
            _band(history, number, frame)
            for number, history in enumerate(coloured, start=1)
        ),
        *named(_ends(coloured), frame),
    )


def _frame(coloured: Sequence[History], others: Sequence[History], face: Face) -> Frame:
    every = [*coloured, *others]
    days = [m.on.toordinal() for history in every for m in history.moments]
    shown = [end for h in coloured for m in h.moments for end in (m.low, m.high)]
    shown += [moment.value for history in others for moment in history.moments]
    return Frame(
        across=Scale.over(days),
        up=Scale.over(shown),
        width=face.width,
        height=HEIGHT,
        right=max(ROOM_FOR_DATE, room_for((h.label for h in coloured), face)),
    )


def _dates(frame: Frame, wanted: int) -> list[Svg]:
    first, last = date.fromordinal(int(frame.across.low)), int(frame.across.high)
    days = last - first.toordinal()
    step = max(1, days / (wanted - 1))
    places = [round(number * step) for number in range(int(days / step + 1e-9) + 1)]
    form = "%b %Y" if days > 360 else "%-d %b"
    return [
        frame.below(
            frame.x(first.toordinal() + place),
            (first + timedelta(days=place)).strftime(form),
        )
        for place in places
    ]


def _grey(history: History, frame: Frame, most: int) -> Svg:
    """A line in whole px and small steps: there may be hundreds of them."""
    places = [
        (round(frame.x(moment.on.toordinal())), round(frame.y(moment.value)))
        for moment in thinned(history.moments, most)
    ]
    (x, y), *others = places
    path = f"M{x} {y}"
    for next_x, next_y in others:
        path += f"l{next_x - x} {next_y - y}"
        x, y = next_x, next_y
    return element("path", class_="line bg", d=path)


def _band(history: History, number: int, frame: Frame) -> Svg:
    moments = thinned(history.moments, 120)
    xs = [frame.x(moment.on.toordinal()) for moment in moments]
    values, lows, highs = (
        [f"{x:g},{frame.y(value):g}" for x, value in zip(xs, of, strict=True)]
        for of in (
            [moment.value for moment in moments],
            [moment.low for moment in moments],
            [moment.high for moment in moments],
        )
    )
    return element(
        "g",
        element("path", class_="band", d=f"M{'L'.join(highs + lows[::-1])}Z"),
        element("path", class_="line", d=f"M{'L'.join(values)}"),
        class_=f"c{number}",
    )


def _ends(coloured: Sequence[History]) -> list[LineEnd]:
    return [
        LineEnd(history.label, history.moments[-1].value, f"c{number}")
        for number, history in enumerate(coloured, start=1)
    ]
