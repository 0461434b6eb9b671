from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Solution:
    result: str
    steps: tuple[str, ...]


Solver = Callable[[str], Solution | None]


class Unsolvable(ValueError):
    """The text looks like a sum that stays out of reach, with the reason."""
