"""What form and place are worth, in sentences."""

from collections.abc import Mapping, Sequence
from typing import Any

# An answer with twice as much differs by (2 - 1) / (2 + 1) from the other; left from
# right by a whole unit.
UNITS = {"position": 1.0}
TWICE = 1 / 3
# Said of an answer with twice as much of it as the other, and of the one on the left.
WORDS = {
    "length": "An answer twice as long as the other",
    "headings": "An answer with twice as many headings",
    "lists": "An answer with twice as many list items",
    "bold": "An answer with twice as much in bold",
    "position": "The answer on the left",
}


def effect_sentences(coefficients: Sequence[Mapping[str, Any]]) -> list[str]:
    """One for each coefficient, which is in Elo points a unit, with its interval."""
    return [
        _sentence(
            WORDS[each["name"]],
            *(
                each[end] * UNITS.get(each["name"], TWICE)
                for end in ("elo", "low", "high")
            ),
        )
        for each in coefficients
        if each["name"] in WORDS
    ]


def _sentence(words: str, elo: float, low: float, high: float) -> str:
    verb = "gains" if elo >= 0 else "loses"
    ends = (low, high) if elo >= 0 else (-high, -low)
    amount = f"{abs(elo):.0f}"
    worth = f"{words} {verb} {amount} point{'' if amount == '1' else 's'}"
    interval = f"95 % interval {_signed(ends[0])} to {_signed(ends[1])}"
    surely = "" if low > 0 or high < 0 else "; it may make no difference"
    return f"{worth} ({interval}){surely}."


def _signed(value: float) -> str:
    return f"{value:.0f}".replace("-", "−")
