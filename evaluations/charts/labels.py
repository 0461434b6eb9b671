"""Places for labels where none covers another."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evaluations.charts.face import LETTER


def apart(
    wished: Sequence[float], *, gap: float, low: float, high: float
) -> list[float]:
    """Places between low and high, at least gap apart, in the order wished for.

    The nearest ones in squares: with the gaps taken off, what is out of order shares
    its mean (pool adjacent violators; Ayer and others, 1955). Where there is too
    little room, the gap shrinks.
    """
    if not wished:
        return []
    gap = min(gap, (high - low) / max(1, len(wished) - 1))
    order = sorted(range(len(wished)), key=lambda number: wished[number])
    last = high - gap * (len(order) - 1)
    pools: list[tuple[float, int]] = []
    for place, number in enumerate(order):
        mean, size = wished[number] - place * gap, 1
        while pools and pools[-1][0] > mean:
            before, others = pools.pop()
            mean = (mean * size + before * others) / (size + others)
            size += others
        pools.append((mean, size))
    levels = [min(last, max(low, mean)) for mean, size in pools for _ in range(size)]
    placed = [0.0] * len(wished)
    for place, number in enumerate(order):
        placed[number] = levels[place] + place * gap
    return placed


@dataclass(frozen=True)
class Box:
    """A rectangle in px, y growing downwards."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def of_text(cls, text: str, x: float, y: float, anchor: str) -> "Box":
        """What a line of text at 12 px covers, its baseline at y."""
        width = LETTER * len(text)
        left = x - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
        return cls(left, y - 11, left + width, y + 3)

    def meets(self, others: Iterable["Box"]) -> bool:
        return any(
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
            for other in others
        )

    def within(self, outer: "Box") -> bool:
        return (
            outer.left <= self.left
            and self.right <= outer.right
            and outer.top <= self.top
            and self.bottom <= outer.bottom
        )
