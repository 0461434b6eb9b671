"""Two scales at right angles: where a pair of values stands in a drawing."""

from dataclasses import dataclass

from evaluations.charts.scale import Scale, ticks
from evaluations.charts.svg import Svg, element


@dataclass(frozen=True)
class Frame:
    """The plot's measures in px; the margins hold the numbers and the labels."""

    across: Scale
    up: Scale
    width: float
    height: float
    left: float = 44
    right: float = 20
    top: float = 12
    bottom: float = 28

    def x(self, value: float) -> float:
        room = self.width - self.left - self.right
        return round(self.left + self.across.share(value) * room, 1)

    def y(self, value: float) -> float:
        room = self.height - self.top - self.bottom
        return round(self.top + (1 - self.up.share(value)) * room, 1)

    @property
    def floor(self) -> float:
        return self.height - self.bottom

    @property
    def edge(self) -> float:
        return self.width - self.right

    def grid(self) -> list[Svg]:
        """Lines across at round values, with their numbers on the left."""
        parts = []
        for tick in ticks(self.up, 5):
            y = self.y(tick)
            line = element(
                "line", class_="grid", x1=self.left, x2=self.edge, y1=y, y2=y
            )
            number = element(
                "text",
                f"{tick:g}",
                x=self.left - 8,
                y=round(y + 4, 1),
                text_anchor="end",
            )
            parts += [line, number]
        return parts

    def below(self, x: float, text: str) -> Svg:
        """A word under the floor."""
        return element("text", text, x=x, y=self.floor + 18, text_anchor="middle")
