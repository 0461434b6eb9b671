"""The single votes, out of the ledger and into columns."""

from collections.abc import Iterable
from typing import Final

import numpy as np

from evaluations.models import Contestant
from evaluations.models.ledger import SINGLE_VOTE_COLUMNS, stream_single_votes
from evaluations.rating.tallies import Integers
from evaluations.rating.votes import Votes

# PostgreSQL's documentation, "COPY", section "Binary Format": 19 bytes go before the
# rows, each of which is the number of its columns and, for each, length and value.
_HEADER: Final = 19
_TRAILER: Final = 2
_CELL: Final = [("bytes", ">i4"), ("value", ">i8")]


def read_votes() -> Votes:
    """Read all votes that count: the same ones as the tallies.

    Contestants go by their slugs, volunteers and prompts by their keys, days by their
    number since 1970.
    """
    columns = columns_of(stream_single_votes(), SINGLE_VOTE_COLUMNS)
    slugs = dict(Contestant.objects.order_by("pk").values_list("pk", "slug"))
    keys = np.array(list(slugs), dtype=np.int64)
    sides = (_places(keys, columns[side]) for side in (0, 1))
    return Votes.from_columns(list(slugs.values()), *sides, *columns[2:])


def columns_of(blocks: Iterable[bytes], columns: int) -> Integers:
    """(columns, rows) of a binary copy of so many numbers of eight bytes each."""
    copied = b"".join(blocks)
    row = np.dtype([("columns", ">i2"), ("cells", _CELL, (columns,))])
    number = (len(copied) - _HEADER - _TRAILER) // row.itemsize
    rows = np.frombuffer(copied, dtype=row, count=number, offset=_HEADER)
    return rows["cells"]["value"].astype(np.int64).T.copy()


def _places(keys: Integers, values: Integers) -> Integers:
    return np.searchsorted(keys, values).astype(np.int64)
