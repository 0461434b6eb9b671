"""Draw pairs by their chances, and first those that are due."""

from dataclasses import dataclass
from random import Random

import numpy as np

from evaluations.matchmaking.guarantee import Guarantee
from evaluations.matchmaking.rules import pairs_of
from evaluations.rating.tallies import Booleans, Floats, Integers


@dataclass(frozen=True, slots=True)
class DrawnPair:
    """Two contestants by number, and the probability of this pair in this draw."""

    i: int
    j: int
    probability: float


class Chances:
    """The chances of all pairs of n contestants, made ready for many draws."""

    def __init__(self, n: int, weights: Floats) -> None:
        self.n = n
        self.matrix = np.zeros((n, n))
        i, j = pairs_of(n)
        self.matrix[i, j] = self.matrix[j, i] = weights
        self._weights, self._sums = weights, weights.cumsum()
        self._pairs = i, j

    def any_pair(self, random: Random) -> DrawnPair | None:
        place = _place(self._sums, random)
        if place is None:
            return None
        i, j = self._pairs
        return DrawnPair(int(i[place]), int(j[place]), _chance(self._weights, place))

    def pair_with(
        self, some: Integers, random: Random, *, both: bool = False
    ) -> DrawnPair | None:
        """A pair with one of these, or with two of them; None where all weigh nought.

        some: (k,) numbers of contestants, sorted
        """
        rows = np.zeros((len(some), self.n)) if both else self.matrix[some]
        # A pair of two of these stands in both their rows, and counts once.
        rows[:, some] = np.triu(self.matrix[np.ix_(some, some)])
        weights = rows.ravel()
        place = _place(weights.cumsum(), random)
        if place is None:
            return None
        row, j = divmod(place, self.n)
        return DrawnPair(int(some[row]), j, _chance(weights, place))

    def able(self) -> Booleans:
        """(n,) mask of those that a pair can be drawn with."""
        return np.asarray(self.matrix.any(axis=1))

    def where(self, allowed: Booleans) -> "Chances":
        """The same with no chance outside the (n, n) mask of allowed pairs."""
        i, j = self._pairs
        if allowed[i, j].all():
            return self
        return Chances(self.n, self.matrix[i, j] * allowed[i, j])

    def among(self, members: Integers) -> "Chances":
        """The chances of the sorted members alone, renumbered from 0."""
        i, j = pairs_of(len(members))
        return Chances(len(members), self.matrix[members[i], members[j]])


def _place(sums: Floats, random: Random) -> int | None:
    """A place drawn by weights, of which these are the running sums."""
    total = sums[-1] if len(sums) else 0.0
    if total <= 0:
        return None
    place = np.searchsorted(sums, random.random() * total, side="right")
    # Rounding may reach the total itself, behind which nothing weighs anything.
    return int(min(place, np.searchsorted(sums, total)))


def _chance(weights: Floats, place: int) -> float:
    return float(weights[place] / weights.sum())


def draw_due_first(
    chances: Chances, guarantee: Guarantee, random: Random
) -> DrawnPair | None:
    """Draw the next pair in a row of draws, and take note of it."""
    drawn = draw_with(chances, *guarantee.due(), random)
    if drawn:
        guarantee.record(drawn.i, drawn.j)
    return drawn


def draw_with(
    chances: Chances, due: Integers, behind: bool, random: Random
) -> DrawnPair | None:
    """Draw a pair with one who is due, or with two where the draws are behind.

    By the chances given that, and by all chances where nobody is due.
    """
    drawn = None
    if len(due):
        drawn = chances.pair_with(due, random, both=True) if behind else None
        drawn = drawn or chances.pair_with(due, random)
    return drawn or chances.any_pair(random)
