"""What a drawing says of itself, and the screen that it is made for."""

from dataclasses import dataclass
from typing import Literal

from evaluations.charts.svg import Svg, element

# Average width of a letter at 12 px, in px.
LETTER = 6.6


@dataclass(frozen=True)
class Face:
    """`name` begins the drawing's ids: no other on the page may have it."""

    name: str
    title: str
    description: str
    width: int
    style: Literal["wide", "narrow"] = "wide"

    @property
    def is_narrow(self) -> bool:
        return self.style == "narrow"


def drawing(face: Face, height: float, *parts: str, role: str = "img") -> Svg:
    """The whole drawing; its role is a group where its parts are read one by one."""
    title, description = (f"{face.name}-{face.style}-{end}" for end in ("t", "d"))
    return element(
        "svg",
        element("title", face.title, id=title),
        element("desc", face.description, id=description),
        *parts,
        class_=f"plot {face.style}",
        viewBox=f"0 0 {face.width} {height:g}",
        role=role,
        aria_labelledby=f"{title} {description}",
    )


def shortened(label: str, room: float) -> str:
    """The label, cut to so many px."""
    # A label's own width, measured in letters, must not lose one to rounding.
    letters = max(2, int(room / LETTER + 1e-6))
    return label if len(label) <= letters else f"{label[: letters - 1]}…"
