"""Single votes, for what counts of votes cannot tell: who cast them, when, on what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import numpy as np

from evaluations.rating.tallies import (
    A_WINS,
    B_WINS,
    OUTCOMES,
    Booleans,
    ContestantKey,
    Floats,
    Integers,
    Pairs,
    SelfBattle,
    Tallies,
    UnknownOutcome,
)

# first, second, outcome, volunteer, day, prompt
VoteRow: TypeAlias = tuple[ContestantKey, ContestantKey, str, int, int, int]

UNKNOWN: Final = -1
TIED_SCORE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Votes:
    """Votes in any order, one a row of the (v,) columns.

    names: (n,) contestants with at least one vote, sorted
    first, second: index into names; outcome: index into OUTCOMES
    volunteer, day, prompt: whose vote it is, when it was cast and on what; any numbers
    from 0, the same for the same one, UNKNOWN where nothing is known
    """

    names: tuple[ContestantKey, ...]
    first: Integers
    second: Integers
    outcome: Integers
    volunteer: Integers
    day: Integers
    prompt: Integers

    @classmethod
    def from_rows(cls, rows: Iterable[VoteRow]) -> "Votes":
        """Take rows of (first, second, outcome, volunteer, day, prompt).

        Raises UnknownOutcome or SelfBattle.
        """
        codes = {outcome: code for code, outcome in enumerate(OUTCOMES)}
        taken = list(rows)
        for _, _, outcome, *_ in taken:
            if outcome not in codes:
                raise UnknownOutcome(f"{outcome!r} is none of {', '.join(OUTCOMES)}")
        keys = sorted({key for row in taken for key in row[:2]})
        place = {key: number for number, key in enumerate(keys)}
        coded = [(place[a], place[b], codes[o], *rest) for a, b, o, *rest in taken]
        columns = np.array(coded, dtype=np.int64).reshape(-1, 6).T.copy()
        return cls.from_columns(keys, *columns)

    @classmethod
    def from_columns(
        cls,
        keys: Sequence[ContestantKey],
        first: Integers,
        second: Integers,
        outcome: Integers,
        volunteer: Integers,
        day: Integers,
        prompt: Integers,
    ) -> "Votes":
        """Take (v,) columns; first and second are indices into keys, in any order.

        Raises UnknownOutcome or SelfBattle. Keys without a vote are left out.
        """
        if len(outcome) and not 0 <= outcome.min() <= outcome.max() < len(OUTCOMES):
            raise UnknownOutcome(f"codes from {outcome.min()} to {outcome.max()}")
        if (own := first[first == second]).size:
            raise SelfBattle(f"{keys[own[0]]!r} against itself")
        seen = np.unique(np.append(first, second))
        names = sorted(keys[number] for number in seen.tolist())
        place = {name: number for number, name in enumerate(names)}
        # Keys that no vote names need no place.
        places = np.array([place.get(key, UNKNOWN) for key in keys], dtype=np.int64)
        sides = (places[first], places[second]) if len(places) else (first, second)
        return cls(tuple(names), *sides, outcome, volunteer, day, prompt)

    def __len__(self) -> int:
        return len(self.first)

    @property
    def score(self) -> Floats:
        """(v,) points of the first: 1 for a win, a half for a tie of either kind."""
        won, lost = self.outcome == A_WINS, self.outcome == B_WINS
        score: Floats = np.where(won, 1.0, np.where(lost, 0.0, TIED_SCORE))
        return score

    def tallies(self) -> Tallies:
        """Count the votes; merging rows one by one gives the same."""
        n, kinds = len(self.names), len(OUTCOMES)
        cells = (self.first * n + self.second) * kinds + self.outcome
        cell, count = np.unique(cells, return_counts=True)
        pair, outcome = np.divmod(cell, kinds)
        first, second = np.divmod(pair, max(n, 1))
        return Tallies(self.names, first, second, outcome.astype(np.int8), count)

    def pairs(self, weight: Floats | None = None) -> Pairs:
        """Fold the votes, each counted (v,) weight times, or once."""
        n = len(self.names)
        lower = np.minimum(self.first, self.second)
        cells = lower * n + np.maximum(self.first, self.second)
        score = np.where(self.first == lower, self.score, 1 - self.score)

        def votes(where: Booleans) -> Floats:
            counted = where if weight is None else where * weight
            sums = np.bincount(cells, counted, n * n)
            return sums.astype(np.float64, copy=False)

        wins, ties, losses = (votes(score == points) for points in (1, TIED_SCORE, 0))
        pair = np.flatnonzero(wins + ties + losses)
        i, j = np.divmod(pair, max(n, 1))
        return Pairs(n, i, j, wins[pair], ties[pair], losses[pair])

    def among(self, members: Integers) -> "Votes":
        """Keep the votes within the sorted members, renumbered from 0."""
        place = np.full(len(self.names), UNKNOWN)
        place[members] = np.arange(len(members))
        kept = (place[self.first] >= 0) & (place[self.second] >= 0)
        return replace(
            self,
            names=tuple(self.names[member] for member in members.tolist()),
            first=place[self.first[kept]],
            second=place[self.second[kept]],
            outcome=self.outcome[kept],
            volunteer=self.volunteer[kept],
            day=self.day[kept],
            prompt=self.prompt[kept],
        )
