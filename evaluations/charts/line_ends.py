"""Names at the right ends of lines, one above the other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evaluations.charts.face import LETTER, Face, shortened
from evaluations.charts.frame import Frame
from evaluations.charts.labels import apart
from evaluations.charts.svg import Svg, element

LINE_HEIGHT = 17
LABEL_SHARE = 0.28


@dataclass(frozen=True)
class LineEnd:
    """The last value of a line; hue: the class that colours it."""

    label: str
    value: float
    hue: str


def room_for(labels: Iterable[str], face: Face) -> float:
    """Margin in px for the longest label, at most a share of the drawing."""
    longest = max(len(label) for label in labels)
    return min(longest * LETTER + 14, face.width * LABEL_SHARE)


def named(ends: Sequence[LineEnd], frame: Frame) -> list[Svg]:
    """Each name as near to its line as the others leave room."""
    wished = [frame.y(end.value) for end in ends]
    places = apart(wished, gap=LINE_HEIGHT, low=frame.top + 6, high=frame.floor - 2)
    return [
        element(
            "g",
            element(
                "text",
                shortened(end.label, frame.right - 9),
                class_="lab",
                x=round(frame.edge + 9, 1),
                y=round(place + 4, 1),
            ),
            class_=end.hue,
        )
        for end, place in zip(ends, places, strict=True)
    ]
