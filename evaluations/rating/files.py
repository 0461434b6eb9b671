"""Tallies straight from a file of votes, millions of rows in a fraction of a second.

The file is Parquet with text columns model_a, model_b and winner, as the field
publishes them: model_a, model_b, tie, and both_bad or tie (bothbad). Names are counted
by their place in the file's dictionaries, so that no text is compared row by row.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from evaluations.rating.style_tallies import UNIT, UPPER, StyleTallies
from evaluations.rating.tallies import (
    A_WINS,
    B_WINS,
    BOTH_BAD,
    OUTCOMES,
    TIE,
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
# Arrays pass by DLPack, because pyarrow's own way to NumPy imports pandas if it can.
_AT_ONCE: Final = 1 << 15  # rows in memory as text
_MOST_DENSE: Final = 1 << 23  # cells for which counting beats sorting


class UnreadableVotes(ValueError):
    """A column that is missing, or a row that holds no vote; the message says which."""


class UnknownWinner(UnreadableVotes):
    """A winner that no outcome stands for; counting it as a tie would lie."""


@dataclass(frozen=True, slots=True)
class _Rows:
    """All votes, in small numbers.

    names: (n,) sorted; first, second: (votes,) index into names; outcome: (votes,)
    index into OUTCOMES; differences: (c, votes) thousandths
    """

    names: tuple[str, ...]
    first: NDArray[np.int32]
    second: NDArray[np.int32]
    outcome: NDArray[np.int8]
    differences: NDArray[np.int16]


def read_tallies(path: Path) -> Tallies:
    """Count the votes of a Parquet file.

    Raises UnreadableVotes, UnknownWinner or SelfBattle with the row, the first being 1.
    """
    rows = _read(path, ())
    cells, count = _counted(_cell_of_each(rows), len(rows.names))
    return Tallies(rows.names, *_taken_apart(cells, len(rows.names)), count)


def read_style_tallies(path: Path, differences: Sequence[str]) -> StyleTallies:
    """Count the votes of a Parquet file with columns of four differences in form.

    differences: the columns of FEATURES, numbers within -1 and 1, (a - b) / (a + b) of
    what was counted in the answers of model_a and model_b. Raises as read_tallies.
    """
    rows = _read(path, differences)
    cell = _cell_of_each(rows)
    cells, count = _counted(cell, len(rows.names))
    place = _places(cell, cells)
    x = rows.differences
    pairs = zip(*UPPER, strict=True)
    products = (np.multiply(x[a], x[b], dtype=np.int32) for a, b in pairs)
    return StyleTallies(
        rows.names,
        *_taken_apart(cells, len(rows.names)),
        count,
        sums=_sums(place, x, len(cells)),
        products=_sums(place, products, len(cells)),
    )


def _read(path: Path, differences: Sequence[str]) -> _Rows:
    columns = [*COLUMNS, *differences]
    missing = set(columns) - set(pq.read_schema(path).names)
    if missing:
        raise UnreadableVotes(f"no column {', '.join(sorted(missing))}")
    file = pq.ParquetFile(path, read_dictionary=list(COLUMNS), pre_buffer=False)
    votes = file.metadata.num_rows
    models = np.empty((2, votes), np.int32)
    outcome = np.empty(votes, np.int8)
    x = np.empty((len(differences), votes), np.int16)
    found: dict[str, int] = {}
    start = 0
    # Its threads would wait for each other longer than they work.
    for batch in file.iter_batches(_AT_ONCE, columns=columns, use_threads=False):
        part = slice(start, start + batch.num_rows)
        for side, name in enumerate(COLUMNS[:2]):
            models[side, part] = _coded(batch[name], found, name, start)
        outcome[part] = _outcomes(batch["winner"], start)
        for number, name in enumerate(differences):
            x[number, part] = _thousandths(batch[name], name, start)
        start = part.stop
    _refuse_self_battles(models, tuple(found))
    names = tuple(sorted(found))
    standing = {name: number for number, name in enumerate(names)}
    place = np.array([standing[name] for name in found], np.int32)
    return _Rows(names, place[models[0]], place[models[1]], outcome, x)


def _coded(
    column: Any, found: dict[str, int], name: str, start: int
) -> NDArray[np.int32]:
    """Number the names of one batch as in `found`, which learns the new ones."""
    texts, index = _dictionary(column, name, start)
    seen = np.bincount(index, minlength=len(texts)) > 0
    codes = np.full(len(texts), -1, np.int32)
    for text in np.flatnonzero(seen).tolist():
        codes[text] = found.setdefault(texts[text], len(found))
    return codes[index]


def _outcomes(column: Any, start: int) -> NDArray[np.int8]:
    texts, index = _dictionary(column, "winner", start)
    codes = np.array([WINNERS.get(text, -1) for text in texts], np.int8)[index]
    if len(codes) and codes.min() < 0:
        row = int(codes.argmin())
        known = ", ".join(WINNERS)
        raise UnknownWinner(
            f"row {start + row + 1}: {texts[index[row]]!r} is none of {known}"
        )
    return codes


def _dictionary(
    column: Any, name: str, start: int
) -> tuple[list[str], NDArray[np.int32]]:
    """Texts of a batch's column, and the (rows,) index into them."""
    _refuse_gaps(column, name, start)
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    index = np.from_dlpack(column.indices).astype(np.int32, copy=False)
    return column.dictionary.to_pylist(), index


def _refuse_gaps(column: Any, name: str, start: int) -> None:
    if column.null_count:
        row = column.is_null().index(True).as_py()
        raise UnreadableVotes(f"row {start + row + 1}: no {name}")


def _thousandths(column: Any, name: str, start: int) -> NDArray[np.int16]:
    if not (pa.types.is_floating(column.type) or pa.types.is_integer(column.type)):
        raise UnreadableVotes(f"{name} holds {column.type}, not numbers")
    _refuse_gaps(column, name, start)
    x = np.from_dlpack(column).astype(np.float64, copy=False)
    wrong = ~(np.abs(x) <= 1)
    if wrong.any():
        row = int(wrong.argmax())
        raise UnreadableVotes(
            f"row {start + row + 1}: {name} is {x[row]}, not within -1 and 1"
        )
    thousandths: NDArray[np.int16] = np.rint(x * UNIT).astype(np.int16)
    return thousandths


def _refuse_self_battles(models: NDArray[np.int32], names: tuple[str, ...]) -> None:
    same = models[0] == models[1]
    if same.any():
        row = int(same.argmax())
        raise SelfBattle(f"row {row + 1}: {names[models[0, row]]!r} against itself")


def _cell_of_each(rows: _Rows) -> NDArray[Any]:
    """(votes,) number of the ordered pair and outcome of each vote."""
    n, kinds = len(rows.names), len(OUTCOMES)
    cell = rows.first.astype(np.int32 if n**2 * kinds < 2**31 else np.int64)
    for times, part in ((n, rows.second), (kinds, rows.outcome)):
        np.multiply(cell, times, out=cell)
        np.add(cell, part, out=cell)
    return cell


def _counted(cell: NDArray[Any], n: int) -> tuple[Integers, Integers]:
    """Cells with votes, ascending, and votes of each; (k,) both."""
    if n**2 * len(OUTCOMES) > _MOST_DENSE:
        cells, count = np.unique(cell, return_counts=True)
        return cells.astype(np.int64), count.astype(np.int64)
    every = np.bincount(cell, minlength=1)
    cells = np.flatnonzero(every)
    return cells, every[cells]


def _places(cell: NDArray[Any], cells: Integers) -> Integers:
    """(votes,) place of each vote's cell among the (k,) with votes."""
    if len(cells) and cells[-1] > _MOST_DENSE:
        found: Integers = np.searchsorted(cells, cell)
        return found
    place: Integers = np.zeros(cells[-1] + 1 if len(cells) else 0, np.int64)
    place[cells] = np.arange(len(cells))
    placed: Integers = place[cell]
    return placed


def _taken_apart(
    cells: Integers, n: int
) -> tuple[Integers, Integers, NDArray[np.int8]]:
    """First, second and outcome of each cell, (k,) each."""
    pair, outcome = np.divmod(cells, len(OUTCOMES))
    first, second = np.divmod(pair, max(n, 1))
    return first, second, outcome.astype(np.int8)


def _sums(place: Integers, columns: Iterable[NDArray[Any]], cells: int) -> Integers:
    """(cells, columns) exact sums over the votes: whole numbers far below 2^53."""
    sums = [np.bincount(place, column, cells) for column in columns]
    return np.column_stack(sums).astype(np.int64)
