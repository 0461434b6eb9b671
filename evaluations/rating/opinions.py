"""What people, or one judge, said of battles: one opinion a row, as seen from x."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from evaluations.rating.tallies import Booleans, Floats, Integers, Pairs, sums_at

X_WINS, TIED, Y_WINS = range(3)
CHOICES: Final = 3
POINTS: Final = np.array([1.0, 0.5, 0.0])


@dataclass(frozen=True, slots=True)
class Opinions:
    """Opinions in any order on battles among n contestants.

    battle: (v,) any numbers, the same for the same battle; x, y: (v,) contestants
    first: (v,) 1 where x was shown first, -1 where y was, 0 where that is not known
    choice: (v,) X_WINS, TIED or Y_WINS, both_bad being a tie, as in the ratings
    weight: (v,) votes that the row stands for
    """

    n: int
    battle: Integers
    x: Integers
    y: Integers
    first: Integers
    choice: Integers
    weight: Floats

    def __len__(self) -> int:
        return len(self.battle)

    @property
    def score(self) -> Floats:
        """(v,) points of x, a tie being half a win."""
        return POINTS[self.choice]

    def placed(self) -> "Opinions":
        """Those of which it is known who was shown first."""
        return self.where(self.first != 0)

    def where(self, kept: Booleans) -> "Opinions":
        return Opinions(
            self.n,
            self.battle[kept],
            self.x[kept],
            self.y[kept],
            self.first[kept],
            self.choice[kept],
            self.weight[kept],
        )

    def among(self, members: Integers) -> "Opinions":
        """Keep the opinions on the sorted members alone, renumbered from 0."""
        place = np.full(self.n, -1)
        place[members] = np.arange(len(members))
        kept = self.where((place[self.x] >= 0) & (place[self.y] >= 0))
        return replace(kept, n=len(members), x=place[kept.x], y=place[kept.y])

    def shared(self) -> "Opinions":
        """One vote a battle, in equal parts among all that was said of it.

        So a judge asked in both orders has two votes of a half on the battle.
        """
        _, place, times = np.unique(
            self.battle, return_inverse=True, return_counts=True
        )
        parts: Floats = 1 / times[place]
        columns = (self.battle, self.x, self.y, self.first, self.choice)
        return Opinions(self.n, *columns, parts)

    def choices(self, battles: Integers) -> Floats:
        """(b, 3) votes for each choice on these battles, sorted and without repeats.

        What was said of others is left out.
        """
        place = np.searchsorted(battles, self.battle)
        known = battles[np.minimum(place, len(battles) - 1)] if len(battles) else place
        kept = (place < len(battles)) & (known == self.battle)
        cells = place[kept] * CHOICES + self.choice[kept]
        counted = sums_at(cells, self.weight[kept], len(battles) * CHOICES)
        return counted.reshape(-1, CHOICES)

    def pairs(self) -> Pairs:
        """Votes per pair of contestants, whoever was x."""
        lower = np.minimum(self.x, self.y)
        cells = lower * self.n + np.maximum(self.x, self.y)
        score = np.where(self.x == lower, self.score, 1 - self.score)
        sums = [
            sums_at(cells, np.where(score == p, self.weight, 0), self.n**2)
            for p in (1, 0.5, 0)
        ]
        pair = np.flatnonzero(sums[0] + sums[1] + sums[2])
        i, j = np.divmod(pair, max(self.n, 1))
        return Pairs(self.n, i, j, *(each[pair] for each in sums))


def both_judged(people: Opinions, judge: Opinions) -> Integers:
    """(b,) battles that both have an opinion of, sorted."""
    return np.intersect1d(people.battle, judge.battle)
