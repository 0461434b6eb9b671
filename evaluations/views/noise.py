"""The noise floor in words: what was measured, in how many votes."""

from collections.abc import Iterable
from dataclasses import dataclass

from evaluations.battles import NoiseFloor, Share, recent_noise_floor

LEFT = "The left one, of the votes that preferred one"
NEITHER = "Neither answer preferred"


@dataclass(frozen=True)
class Line:
    words: str
    share: Share


@dataclass(frozen=True)
class Measured:
    """Lines under one heading, or a sentence in their place."""

    heading: str
    lines: list[Line]
    empty: str


def noise_lines() -> list[Measured]:
    """What the section on the noise floor shows, in its order."""
    floor = recent_noise_floor()
    return [_same_model(floor), _repeats(floor), _ordinary(floor), _agreement(floor)]


def _same_model(floor: NoiseFloor) -> Measured:
    lines = [(NEITHER, floor.same_model_undecided), (LEFT, floor.same_model_left)]
    return Measured(
        "One model against itself",
        _lines(lines),
        "No control battle has been judged yet.",
    )


def _repeats(floor: NoiseFloor) -> Measured:
    lines = [
        ("The same choice as the first time", floor.repeats_same),
        ("The opposite choice", floor.repeats_opposite),
        ("An answer preferred one time only", floor.repeats_one_tie),
    ]
    return Measured(
        "The same pair again, sides exchanged",
        _lines(lines),
        "No pair has been judged again yet.",
    )


def _ordinary(floor: NoiseFloor) -> Measured:
    lines = [(NEITHER, floor.ordinary_undecided), (LEFT, floor.ordinary_left)]
    return Measured(
        "All votes of the table, to compare",
        _lines(lines),
        "No vote has counted yet.",
    )


def _agreement(floor: NoiseFloor) -> Measured:
    lines = [("Two of them chose the same; cases are pairs", floor.agreement)]
    return Measured(
        "Several volunteers on one pair",
        _lines(lines),
        "No pair has been judged by two volunteers yet.",
    )


def _lines(shares: Iterable[tuple[str, Share | None]]) -> list[Line]:
    return [Line(words, share) for words, share in shares if share]
