"""The single votes, out of the ledger and into columns."""

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
_ROW: Final = np.dtype(
    [
        ("columns", ">i2"),
        ("cells", [("bytes", ">i4"), ("value", ">i8")], (SINGLE_VOTE_COLUMNS,)),
    ]
)


def read_votes() -> Votes:
    """Read all votes that count: the same ones as the tallies.

    Contestants go by their slugs, volunteers and prompts by their keys, days by their
    number since 1970.
    """
    copied = b"".join(stream_single_votes())
    number = (len(copied) - _HEADER - _TRAILER) // _ROW.itemsize
    rows = np.frombuffer(copied, dtype=_ROW, count=number, offset=_HEADER)
    columns = rows["cells"]["value"].astype(np.int64).T.copy()
    slugs = dict(Contestant.objects.order_by("pk").values_list("pk", "slug"))
    keys = np.array(list(slugs), dtype=np.int64)
    sides = (_places(keys, columns[side]) for side in (0, 1))
    return Votes.from_columns(list(slugs.values()), *sides, *columns[2:])


def _places(keys: Integers, values: Integers) -> Integers:
    return np.searchsorted(keys, values).astype(np.int64)
