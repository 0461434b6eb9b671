"""Counts of votes with the sums of how the two answers differed in form.

A difference is (left - right) / (left + right) of what was counted in the answers, in
whole thousandths, so that sums are exact whatever the order of adding and taking back.
Per ordered pair and outcome it is enough to keep the votes, the sums of the
differences and the sums of their products: what a fit needs does not grow with the
number of votes.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from evaluations.rating.tallies import (
    ContestantKey,
    Integers,
    Tallies,
    arranged,
    digest,
)

Whole: TypeAlias = tuple[int, ...]
StyleRow: TypeAlias = tuple[ContestantKey, ContestantKey, str, int, Whole, Whole]

FEATURES: Final = ("length", "headings", "list_items", "bold")
# Places of the products in the upper triangle, row by row: (10,) each.
UPPER: Final = np.triu_indices(len(FEATURES))
UNIT: Final = 1000  # a difference of 1


class ImpossibleSums(ValueError):
    """Sums that no differences between -1 and 1 of so many votes add up to."""


def difference(left: int, right: int) -> int:
    """Compare two counts that are not negative: (l - r) / (l + r) in thousandths.

    Swapping the sides turns the sign; nothing on either side is no difference.
    """
    if not left + right:
        return 0
    thousandths, rest = divmod(UNIT * abs(left - right), left + right)
    rounded = thousandths + (2 * rest >= left + right)
    return rounded if left > right else -rounded


def products(differences: Whole) -> Whole:
    """Multiply the four differences of one vote with each other: (10,), millionths."""
    return tuple(
        differences[a] * differences[b]
        for a in range(len(FEATURES))
        for b in range(a, len(FEATURES))
    )


@dataclass(frozen=True, slots=True)
class StyleTallies:
    """Votes per (first, second, outcome) with the sums of their differences in form.

    names: (n,) contestants with at least one vote, sorted
    first, second: (k,) index into names; outcome: (k,) index into OUTCOMES; all in
    canonical order, each cell once; count: (k,) votes, all positive
    sums: (k, 4) of the differences in FEATURES, first less second, thousandths
    products: (k, 10) of their products, upper triangle row by row, millionths
    """

    names: tuple[ContestantKey, ...]
    first: Integers
    second: Integers
    outcome: NDArray[np.int8]
    count: Integers
    sums: Integers
    products: Integers

    @classmethod
    def from_rows(cls, rows: Iterable[StyleRow]) -> "StyleTallies":
        """Merge rows of (first, second, outcome, count, sums, products) in any order.

        Refuses what Tallies.from_rows refuses, and raises ImpossibleSums. Rows of one
        cell add up; a cell of zero votes leaves no trace.
        """
        kept = list(rows)
        plain = Tallies.from_rows(row[:4] for row in kept)
        count = _matrix([(row[3],) for row in kept], 1)[:, 0]
        sums = _matrix([row[4] for row in kept], len(FEATURES))
        squares = _matrix([row[5] for row in kept], len(UPPER[0]))
        _refuse_impossible(count, sums, squares)
        cell = _cells(plain, kept)
        moments = np.zeros((len(plain.count), sums.shape[1] + squares.shape[1]), int)
        np.add.at(moments, cell, np.hstack([sums, squares])[count > 0])
        split = sums.shape[1]
        return cls._of(plain, moments[:, :split].copy(), moments[:, split:].copy())

    @classmethod
    def from_columns(
        cls,
        names: tuple[ContestantKey, ...],
        first: Integers,
        second: Integers,
        outcome: NDArray[np.int8],
        count: Integers,
        sums: Integers,
        products: Integers,
    ) -> "StyleTallies":
        """Take columns as they are stored, each cell once; names in any order.

        Gives the same as from_rows and refuses the same.
        """
        _refuse_impossible(count, sums, products)
        plain, rows = arranged(names, first, second, outcome, count)
        return cls._of(plain, sums[rows], products[rows])

    @classmethod
    def _of(cls, plain: Tallies, sums: Integers, squares: Integers) -> "StyleTallies":
        return cls(
            plain.names,
            plain.first,
            plain.second,
            plain.outcome,
            plain.count,
            sums,
            squares,
        )

    @property
    def plain(self) -> Tallies:
        """The same votes without their form."""
        return Tallies(self.names, self.first, self.second, self.outcome, self.count)

    def among(self, members: Integers) -> "StyleTallies":
        """Keep the cells within the sorted members, renumbered from 0."""
        place = np.full(len(self.names), -1)
        place[members] = np.arange(len(members))
        kept = (place[self.first] >= 0) & (place[self.second] >= 0)
        return StyleTallies(
            names=tuple(self.names[member] for member in members.tolist()),
            first=place[self.first[kept]],
            second=place[self.second[kept]],
            outcome=self.outcome[kept],
            count=self.count[kept],
            sums=self.sums[kept],
            products=self.products[kept],
        )

    def rows(self) -> Iterator[StyleRow]:
        """Give the rows back in canonical order: by names, then by outcome."""
        moments = zip(self.sums.tolist(), self.products.tolist(), strict=True)
        for row, (sums, squares) in zip(self.plain.rows(), moments, strict=True):
            yield *row, tuple(sums), tuple(squares)


def _matrix(rows: list[Whole], columns: int) -> Integers:
    """(k, columns) whole numbers; a row of another length or a fraction is refused."""
    matrix = np.array(rows or np.empty((0, columns), int))
    if matrix.shape != (len(rows), columns) or matrix.dtype.kind != "i":
        raise ImpossibleSums(f"not {columns} whole numbers in every row")
    return matrix


def _refuse_impossible(count: Integers, sums: Integers, squares: Integers) -> None:
    own = squares[:, UPPER[0] == UPPER[1]]
    wrong = (np.abs(sums) > UNIT * count[:, None]).any(axis=1)
    wrong |= (np.abs(squares) > UNIT**2 * count[:, None]).any(axis=1)
    wrong |= (own < 0).any(axis=1)
    if wrong.any():
        row = int(wrong.argmax())
        raise ImpossibleSums(f"row {row}: {sums[row]} over {count[row]} votes")


def _cells(plain: Tallies, rows: list[StyleRow]) -> Integers:
    """Place of each row with votes among the cells of the merged tallies."""
    place = {row[:3]: number for number, row in enumerate(plain.rows())}
    return np.array([place[row[:3]] for row in rows if row[3]], dtype=np.int64)


def style_digest(tallies: StyleTallies) -> str:
    """Name the tallies by a SHA-256, in hex, that anyone can take again.

    Of the digest of the plain tallies in hex, then of the sums and the products, cell
    after cell, as little-endian 64-bit integers.
    """
    taken = hashlib.sha256(digest(tallies.plain).encode())
    for moments in (tallies.sums, tallies.products):
        taken.update(np.ascontiguousarray(moments, dtype="<i8").tobytes())
    return taken.hexdigest()
