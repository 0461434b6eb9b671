"""From rating points to places in a drawing."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Self

# Drawings leave this much free at either end, so that a dot is never cut.
MARGIN_PERCENT = 2.0
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True)
class Scale:
    """One linear scale that all intervals of a table share."""

    low: float
    high: float

    @classmethod
    def over(cls, values: Iterable[float]) -> Self:
        """The scale from the least to the greatest value; both are finite."""
        seen = list(values)
        low, high = min(seen), max(seen)
        return cls(low, high) if high > low else cls(low - 1, high + 1)

    def widened(self, part: float) -> Self:
        """The scale with so much of its length more at either end."""
        more = (self.high - self.low) * part
        return type(self)(self.low - more, self.high + more)

    def share(self, value: float) -> float:
        """0 at the low end, 1 at the high end; values beyond stay at the end."""
        share = (value - self.low) / (self.high - self.low)
        return min(1.0, max(0.0, share))

    def percent(self, value: float) -> str:
        """A place along the drawing that stretches with it."""
        place = MARGIN_PERCENT + self.share(value) * (100 - 2 * MARGIN_PERCENT)
        return f"{place:.1f}%"


def ticks(scale: Scale, wanted: int) -> list[float]:
    """Round numbers within the scale, about as many as wanted."""
    rough = (scale.high - scale.low) / wanted
    power = 10.0 ** floor(log10(rough))
    step = next(s * power for s in STEPS if s * power >= rough * (1 - 1e-9))
    first, last = ceil(scale.low / step - 1e-9), floor(scale.high / step + 1e-9)
    return [step * number for number in range(first, last + 1)]
