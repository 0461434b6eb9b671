"""The tallies of one slice as columns: half a million cells in a second."""

from collections.abc import Mapping

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from evaluations.rating.tallies import OUTCOMES, Tallies

_FIELDS = ("first", "second", "outcome", "count")
_CELL = np.dtype([(name, ">i8") for name in _FIELDS])
# All cells as one value: a row for each would cost ten times as much to receive.
_READ = """
    SELECT string_agg(
        int8send(first_id) || int8send(second_id)
        || int8send(array_position(%(outcomes)s::text[], outcome::text) - 1)
        || int8send(count), ''
    )
    FROM evaluations_tally WHERE slice = %(slice)s AND count > 0
"""


def read_tallies(name: str, slugs: Mapping[int, str]) -> Tallies:
    """The tallies of a slice by slug: stable names, so anyone can check the digest.

    slugs: of all contestants, by their number.
    """
    cells = _read(name)
    ids = np.array(sorted(slugs), dtype=np.int64)
    return Tallies.from_columns(
        tuple(slugs[number] for number in ids.tolist()),
        np.searchsorted(ids, cells["first"].astype(np.int64)),
        np.searchsorted(ids, cells["second"].astype(np.int64)),
        cells["outcome"].astype(np.int8),
        cells["count"].astype(np.int64),
    )


def _read(name: str) -> NDArray[np.void]:
    with connection.cursor() as cursor:
        cursor.execute(_READ, {"slice": name, "outcomes": list(OUTCOMES)})
        taken = cursor.fetchone()[0]
    return np.frombuffer(taken or b"", dtype=_CELL)
