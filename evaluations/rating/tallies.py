"""Counts of votes, by ordered pair of contestants and outcome."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import index
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

ContestantKey: TypeAlias = str | int
TallyRow: TypeAlias = tuple[ContestantKey, ContestantKey, str, int]
Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]
Booleans: TypeAlias = NDArray[np.bool_]

OUTCOMES: Final = ("a", "tie", "both_bad", "b")
A_WINS, TIE, BOTH_BAD, B_WINS = range(len(OUTCOMES))


class UnknownOutcome(ValueError):
    """An outcome outside a, tie, both_bad and b; counting it as a tie would lie."""


class NegativeCount(ValueError):
    """A count of votes below zero: the tallies disagree with the ledger."""


class SelfBattle(ValueError):
    """A contestant against itself says nothing about its rating."""


@dataclass(frozen=True, slots=True)
class Tallies:
    """Count votes per (first, second, outcome), merged, in canonical order.

    names: (n,) contestants with at least one vote, sorted
    first, second: (k,) index into names; outcome: (k,) index into OUTCOMES
    count: (k,) votes, all positive
    """

    names: tuple[ContestantKey, ...]
    first: Integers
    second: Integers
    outcome: NDArray[np.int8]
    count: Integers

    @classmethod
    def from_rows(cls, rows: Iterable[TallyRow]) -> "Tallies":
        """Merge rows of (first, second, outcome, count) in any order.

        Raises UnknownOutcome, NegativeCount or SelfBattle, whatever the count. Rows
        of one cell add up; a cell of zero votes leaves no trace.
        """
        cells = _merged(rows)
        names = tuple(sorted({key for cell in cells for key in cell[:2]}))
        place = {name: number for number, name in enumerate(names)}
        coded = sorted(
            (place[first], place[second], outcome, count)
            for (first, second, outcome), count in cells.items()
        )
        columns = np.array(coded, dtype=np.int64).reshape(-1, 4).T.copy()
        return cls(
            names, columns[0], columns[1], columns[2].astype(np.int8), columns[3]
        )

    @classmethod
    def from_columns(
        cls,
        names: tuple[ContestantKey, ...],
        first: Integers,
        second: Integers,
        outcome: NDArray[np.int8],
        count: Integers,
    ) -> "Tallies":
        """Take (k,) columns as they are stored, each cell once; names in any order.

        Gives the same as from_rows and refuses the same.
        """
        return arranged(names, first, second, outcome, count)[0]

    @property
    def votes(self) -> int:
        return int(self.count.sum())

    def rows(self) -> Iterator[TallyRow]:
        """Give the rows back in canonical order: by names, then by outcome."""
        columns = (self.first, self.second, self.outcome, self.count)
        for first, second, outcome, count in zip(
            *(column.tolist() for column in columns), strict=True
        ):
            yield self.names[first], self.names[second], OUTCOMES[outcome], count


def arranged(
    names: tuple[ContestantKey, ...],
    first: Integers,
    second: Integers,
    outcome: NDArray[np.int8],
    count: Integers,
) -> tuple[Tallies, Integers]:
    """The tallies in canonical order, and the (k,) rows that their cells came from."""
    _check(names, first, second, outcome, count)
    rows = np.flatnonzero(count > 0)
    used, members = np.unique(
        np.concatenate([first[rows], second[rows]]), return_inverse=True
    )
    chosen = sorted((names[old], new) for new, old in enumerate(used.tolist()))
    place = np.empty(len(used), dtype=np.int64)
    place[[new for _, new in chosen]] = np.arange(len(used))
    one, other = place[members].reshape(2, -1)
    order = np.lexsort((outcome[rows], other, one))
    rows = rows[order]
    tallies = Tallies(
        names=tuple(name for name, _ in chosen),
        first=one[order],
        second=other[order],
        outcome=outcome[rows].astype(np.int8),
        count=count[rows].astype(np.int64),
    )
    return tallies, rows


def _check(
    names: tuple[ContestantKey, ...],
    first: Integers,
    second: Integers,
    outcome: NDArray[np.int8],
    count: Integers,
) -> None:
    unknown = (outcome < 0) | (outcome >= len(OUTCOMES))
    if unknown.any():
        code = int(outcome[unknown][0])
        raise UnknownOutcome(f"{code} is no place in {', '.join(OUTCOMES)}")
    negative = np.flatnonzero(count < 0)
    if len(negative):
        cell = int(negative[0])
        pair = f"{names[first[cell]]!r} against {names[second[cell]]!r}"
        raise NegativeCount(f"{int(count[cell])} votes for {pair}")
    alone = np.flatnonzero(first == second)
    if len(alone):
        raise SelfBattle(f"{names[first[alone[0]]]!r} against itself")


def _merged(
    rows: Iterable[TallyRow],
) -> dict[tuple[ContestantKey, ContestantKey, int], int]:
    codes = {outcome: code for code, outcome in enumerate(OUTCOMES)}
    cells: Counter[tuple[ContestantKey, ContestantKey, int]] = Counter()
    for first, second, outcome, count in rows:
        if outcome not in codes:
            raise UnknownOutcome(f"{outcome!r} is none of {', '.join(OUTCOMES)}")
        if index(count) < 0:
            raise NegativeCount(f"{count} votes for {first!r} against {second!r}")
        if first == second:
            raise SelfBattle(f"{first!r} against itself")
        cells[first, second, codes[outcome]] += index(count)
    return {cell: count for cell, count in cells.items() if count}


def digest(tallies: Tallies) -> str:
    """Name the tallies by a SHA-256, in hex, that anyone can take again.

    Of the names as compact JSON and a line end, then of first, second, outcome and
    count of all cells, column after column, as little-endian 64-bit integers.
    """
    names = json.dumps(tallies.names, ensure_ascii=False, separators=(",", ":"))
    taken = hashlib.sha256(names.encode() + b"\n")
    for column in (tallies.first, tallies.second, tallies.outcome, tallies.count):
        taken.update(column.astype("<i8").tobytes())
    return taken.hexdigest()


@dataclass(frozen=True, slots=True)
class Pairs:
    """Votes per unordered pair of n contestants, i < j, ordered by (i, j).

    i, j: (m,) contestants; wins, ties, losses: (m,) votes as seen from i
    """

    n: int
    i: Integers
    j: Integers
    wins: Floats
    ties: Floats
    losses: Floats

    @property
    def battles(self) -> Floats:
        """(m,) votes of each pair."""
        return self.wins + self.ties + self.losses

    @property
    def score(self) -> Floats:
        """(m,) points of i, where a tie gives half a point."""
        return self.wins + self.ties / 2

    @property
    def votes(self) -> Floats:
        """(n,) votes in which each contestant took part."""
        battles = self.battles
        return self.sum_at_i(battles) + self.sum_at_j(battles)

    @property
    def decided(self) -> Floats:
        """(n,) votes that each contestant won or lost."""
        decided = self.wins + self.losses
        return self.sum_at_i(decided) + self.sum_at_j(decided)

    def sum_at_i(self, values: Floats) -> Floats:
        """Add (m,) values of the pairs up at their contestant i, giving (n,)."""
        return sums_at(self.i, values, self.n)

    def sum_at_j(self, values: Floats) -> Floats:
        """Add (m,) values of the pairs up at their contestant j, giving (n,)."""
        return sums_at(self.j, values, self.n)

    def among(self, members: Integers) -> "Pairs":
        """Keep the pairs within the sorted members, renumbered from 0."""
        place = np.full(self.n, -1)
        place[members] = np.arange(len(members))
        kept = (place[self.i] >= 0) & (place[self.j] >= 0)
        return Pairs(
            n=len(members),
            i=place[self.i[kept]],
            j=place[self.j[kept]],
            wins=self.wins[kept],
            ties=self.ties[kept],
            losses=self.losses[kept],
        )


def fold(tallies: Tallies) -> Pairs:
    """Forget who stood first; both_bad is a tie here, as the field counts it."""
    n = len(tallies.names)
    lower = np.minimum(tallies.first, tallies.second)
    cell = lower * n + np.maximum(tallies.first, tallies.second)
    tied = (tallies.outcome == TIE) | (tallies.outcome == BOTH_BAD)
    first_won = tallies.outcome == A_WINS
    lower_won = ~tied & (first_won == (tallies.first == lower))

    def votes(where: Booleans) -> Floats:
        return sums_at(cell, np.where(where, tallies.count, 0), n * n)

    wins, ties, losses = votes(lower_won), votes(tied), votes(~tied & ~lower_won)
    pair = np.flatnonzero(wins + ties + losses)
    i, j = np.divmod(pair, max(n, 1))
    return Pairs(n=n, i=i, j=j, wins=wins[pair], ties=ties[pair], losses=losses[pair])


def sums_at(places: Integers, values: Integers | Floats, length: int) -> Floats:
    """(length,) sums of the values at each place, (v,) places counting from 0."""
    # The stubs of NumPy promise integers here, which is only so without weights.
    sums: Floats = np.bincount(places, values, length).astype(np.float64, copy=False)
    return sums
