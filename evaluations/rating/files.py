"""Tallies straight from a file of votes, millions of rows in a fraction of a second.

The file is Parquet with text columns model_a, model_b and winner, as the field
publishes them: model_a, model_b, tie, and both_bad or tie (bothbad). Names are counted
by their place in the file's dictionaries, so that no text is compared row by row.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain, combinations_with_replacement
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from evaluations.rating.style_tallies import UNIT, StyleTallies
from evaluations.rating.tallies import (
    A_WINS,
    B_WINS,
    BOTH_BAD,
    OUTCOMES,
    TIE,
    Floats,
    Integers,
    SelfBattle,
    Tallies,
)

WINNERS: Final = {
    "model_a": A_WINS,
    "tie": TIE,
    "both_bad": BOTH_BAD,
    # So in the conversations that LMSYS published in 2023.
    "tie (bothbad)": BOTH_BAD,
    "model_b": B_WINS,
}
COLUMNS: Final = ("model_a", "model_b", "winner")
_KINDS: Final = len(OUTCOMES)
# Arrays pass by DLPack, because pyarrow's own way to NumPy imports pandas if it can.
_AT_ONCE: Final = 1 << 17  # rows that the processor's cache holds
_MOST_DENSE: Final = 1 << 23  # cells for which counting beats sorting


class UnreadableVotes(ValueError):
    """A column that is missing, or a row that holds no vote; the message says which."""


class UnknownWinner(UnreadableVotes):
    """A winner that no outcome stands for; counting it as a tie would lie."""


@dataclass(frozen=True, slots=True)
class _Votes:
    """All votes, in small numbers.

    names: (n,) sorted; a dictionary may hold some that no vote has
    first: (votes,) code of model_a; second: (votes,) code of model_b and the outcome
    of_first: (n,) and of_second: (4 n,) what a code adds to the number of a vote's cell
    """

    names: tuple[str, ...]
    first: NDArray[Any]
    second: NDArray[Any]
    of_first: Integers
    of_second: Integers

    def cells(self, part: slice = slice(None)) -> Integers:
        """(votes,) number of the ordered pair and outcome of each vote."""
        cell = self.of_first.take(self.first[part])
        return np.add(cell, self.of_second.take(self.second[part]), out=cell)

    def counted(self) -> tuple[Integers, Integers]:
        """Cells with votes, ascending, and votes of each; (k,) both."""
        size = len(self.names) ** 2 * _KINDS
        if size > _MOST_DENSE:
            cells, count = np.unique(self.cells(), return_counts=True)
            return cells, count.astype(np.int64)
        every = np.zeros(size, np.int64)
        for start in range(0, len(self.first), _AT_ONCE):
            np.add.at(every, self.cells(slice(start, start + _AT_ONCE)), 1)
        cells = np.flatnonzero(every)
        return cells, every[cells]


def read_tallies(path: Path) -> Tallies:
    """Count the votes of a Parquet file.

    Raises UnreadableVotes, UnknownWinner or SelfBattle with the row, the first being 1.
    """
    votes = _read(path, ())
    return _tallies(votes, *votes.counted())


def read_style_tallies(path: Path, differences: Sequence[str]) -> StyleTallies:
    """Count the votes of a Parquet file with columns of four differences in form.

    differences: the columns of FEATURES, numbers within -1 and 1, (a - b) / (a + b) of
    what was counted in the answers of model_a and model_b. Raises as read_tallies.
    """
    votes = _read(path, differences)
    cells, count = votes.counted()
    plain = _tallies(votes, cells, count)
    moments = _moments(path, differences, votes, cells)
    return StyleTallies(
        plain.names,
        plain.first,
        plain.second,
        plain.outcome,
        plain.count,
        sums=moments[:, : len(differences)].copy(),
        products=moments[:, len(differences) :].copy(),
    )


def _read(path: Path, differences: Sequence[str]) -> _Votes:
    missing = {*COLUMNS, *differences} - set(pq.read_schema(path).names)
    if missing:
        raise UnreadableVotes(f"no column {', '.join(sorted(missing))}")
    # Until glibc has freed an array as large, it fetches every array from the system
    # and gives it back, which costs more than the counting.
    np.empty(31 << 20, np.uint8)
    file = pq.ParquetFile(path, read_dictionary=list(COLUMNS), pre_buffer=False)
    codes = np.empty((2, file.metadata.num_rows), np.uint16)
    found: dict[str, int] = {}
    start = 0
    # Its threads would wait for each other longer than they work.
    for batch in file.iter_batches(_AT_ONCE, columns=COLUMNS, use_threads=False):
        first = _coded(batch["model_a"], found, "model_a", start)
        second = _coded(batch["model_b"], found, "model_b", start) * _KINDS
        second += _outcomes(batch["winner"], start)
        if len(found) * _KINDS > np.iinfo(codes.dtype).max:
            codes = codes.astype(np.uint32)
        codes[:, start : start + batch.num_rows] = first, second
        start += batch.num_rows
    names = tuple(sorted(found))
    standing = {name: number for number, name in enumerate(names)}
    place = np.array([standing[name] for name in found], np.int64) * _KINDS
    of_second = np.add.outer(place, np.arange(_KINDS)).ravel()
    return _Votes(names, codes[0], codes[1], place * len(names), of_second)


def _coded(column: Any, found: dict[str, int], name: str, start: int) -> Integers:
    """Number the names of one batch as in `found`, which learns the new ones."""
    texts, index = _dictionary(column, name, start)
    codes = [found.setdefault(text, len(found)) for text in texts]
    coded: Integers = np.array(codes, np.int64).take(index)
    return coded


def _outcomes(column: Any, start: int) -> Integers:
    texts, index = _dictionary(column, "winner", start)
    codes = np.array([WINNERS.get(text, -1) for text in texts], np.int64).take(index)
    if codes.min(initial=0) < 0:
        row = int(codes.argmin())
        known = ", ".join(WINNERS)
        raise UnknownWinner(
            f"row {start + row + 1}: {texts[index[row]]!r} is none of {known}"
        )
    return codes


def _dictionary(column: Any, name: str, start: int) -> tuple[list[str], NDArray[Any]]:
    """Texts of a batch's column, and the (rows,) index into them."""
    _refuse_gaps(column, name, start)
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    return column.dictionary.to_pylist(), np.from_dlpack(column.indices)


def _refuse_gaps(column: Any, name: str, start: int) -> None:
    if column.null_count:
        row = column.is_null().index(True).as_py()
        raise UnreadableVotes(f"row {start + row + 1}: no {name}")


def _tallies(votes: _Votes, cells: Integers, count: Integers) -> Tallies:
    n = len(votes.names)
    first, second, outcome = np.unravel_index(cells, (n, n, _KINDS))
    if (first == second).any():
        row = int(np.isin(votes.cells(), cells[first == second]).argmax())
        name = votes.names[votes.cells()[row] // (n * _KINDS)]
        raise SelfBattle(f"row {row + 1}: {name!r} against itself")
    voted = np.bincount(first, minlength=n) + np.bincount(second, minlength=n)
    place = np.cumsum(voted > 0) - 1
    return Tallies(
        tuple(votes.names[number] for number in np.flatnonzero(voted)),
        place[first],
        place[second],
        outcome.astype(np.int8),
        count,
    )


def _moments(
    path: Path, differences: Sequence[str], votes: _Votes, cells: Integers
) -> Integers:
    """(k, 4 + 10) sums of the differences and of their products in each cell.

    Thousandths and millionths: whole numbers far below 2^53, so that sums are exact.
    """
    file = pq.ParquetFile(path, pre_buffer=False)
    sums = np.zeros((len(differences) * (len(differences) + 3) // 2, len(cells)))
    place = _places(cells)
    start = 0
    for batch in file.iter_batches(_AT_ONCE, columns=differences, use_threads=False):
        x = [_thousandths(batch[name], name, start) for name in differences]
        at = place(votes.cells(slice(start, start + batch.num_rows)))
        products = (one * other for one, other in combinations_with_replacement(x, 2))
        for total, column in zip(sums, chain(x, products), strict=True):
            total += np.bincount(at, column, len(cells))
        start += batch.num_rows
    return sums.T.astype(np.int64, order="C")


def _places(cells: Integers) -> Callable[[Integers], Integers]:
    """Find the place of cells among the (k,) with votes."""
    if not len(cells) or cells[-1] > _MOST_DENSE:
        return cells.searchsorted
    places = np.zeros(cells[-1] + 1, np.int64)
    places[cells] = np.arange(len(cells))
    return places.take


def _thousandths(column: Any, name: str, start: int) -> Floats:
    if not (pa.types.is_floating(column.type) or pa.types.is_integer(column.type)):
        raise UnreadableVotes(f"{name} holds {column.type}, not numbers")
    _refuse_gaps(column, name, start)
    x = np.from_dlpack(column).astype(np.float64, copy=False)
    if not (x.min(initial=0) >= -1 and x.max(initial=0) <= 1):
        row = int((~(np.abs(x) <= 1)).argmax())
        raise UnreadableVotes(
            f"row {start + row + 1}: {name} is {x[row]}, not within -1 and 1"
        )
    thousandths: Floats = x * UNIT
    return np.rint(thousandths, out=thousandths)
