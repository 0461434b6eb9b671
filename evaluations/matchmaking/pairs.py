"""Draw pairs by their chances, and first those that are due."""

from dataclasses import dataclass
from functools import cached_property
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
    """The chances of all pairs of n contestants, made ready for many draws.

    matrix: (n, n) symmetric, nought on the diagonal; need not add up to one
    """

    def __init__(self, matrix: Floats) -> None:
        self.matrix = matrix
        self.n = len(matrix)

    @classmethod
    def of_pairs(cls, n: int, weights: Floats) -> "Chances":
        """Of (m,) weights of the pairs i < j."""
        i, j = pairs_of(n)
        matrix = np.zeros((n, n))
        matrix[i, j] = matrix[j, i] = weights
        return cls(matrix)

    @cached_property
    def _sums(self) -> Floats:
        """Running sums over the pairs i < j, by rows; (n * n,)."""
        return np.triu(self.matrix).ravel().cumsum()

    def any_pair(self, random: Random) -> DrawnPair | None:
        place = _place(self._sums, random)
        if place is None:
            return None
        i, j = divmod(place, self.n)
        return DrawnPair(i, j, float(self.matrix[i, j] / self._sums[-1]))

    def pair_with(
        self, some: Integers, random: Random, *, both: bool = False
    ) -> DrawnPair | None:
        """A pair with one of these, or with two of them; None where all weigh nought.

        some: (k,) numbers of contestants, sorted
        """
        others = some if both else np.arange(self.n)
        rows = self.matrix[np.ix_(some, others)]
        # A pair of two of these stands in both their rows, and counts once.
        inner = slice(None) if both else some
        rows[:, inner] = np.triu(rows[:, inner])
        sums = rows.ravel().cumsum()
        place = _place(sums, random)
        if place is None:
            return None
        i, j = divmod(place, len(others))
        return DrawnPair(int(some[i]), int(others[j]), float(rows[i, j] / sums[-1]))

    def able(self) -> Booleans:
        """(n,) mask of those that a pair can be drawn with."""
        return np.asarray(self.matrix.any(axis=1))

    def where(self, allowed: Booleans) -> "Chances":
        """The same with no chance outside the (n, n) mask of allowed pairs."""
        return self if allowed.all() else Chances(self.matrix * allowed)

    def among(self, members: Integers) -> "Chances":
        """The chances of the sorted members alone, renumbered from 0."""
        if len(members) == self.n:
            return self
        return Chances(self.matrix[np.ix_(members, members)])


def _place(sums: Floats, random: Random) -> int | None:
    """A place drawn by weights, of which these are the running sums."""
    total = sums[-1] if len(sums) else 0.0
    if total <= 0:
        return None
    place = int(np.searchsorted(sums, random.random() * total, side="right"))
    # Rounding may reach the total itself, behind which nothing weighs anything.
    return place if place < len(sums) else int(np.searchsorted(sums, total))


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
    # Where all are due, all pairs are open.
    if 0 < len(due) < chances.n:
        drawn = chances.pair_with(due, random, both=True) if behind else None
        drawn = drawn or chances.pair_with(due, random)
    return drawn or chances.any_pair(random)
