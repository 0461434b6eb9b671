"""The tallies of one slice as columns: half a million cells in a second."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from evaluations.models.tallies import FORMS, PRODUCTS
from evaluations.rating.style_tallies import StyleTallies
from evaluations.rating.tallies import OUTCOMES, Tallies

Slugs = Mapping[int, str]

# The second and the outcome in one number: less to put together for each cell.
_SECOND = 2
_PLAIN = [("first", ">i8"), ("second", ">i8"), ("count", ">i8")]
_CELL = np.dtype(_PLAIN)
# An array comes with its own measures, and each element after its length.
_ELEMENT = [("length", ">i4"), ("value", ">i8")]
_STYLED_CELL = np.dtype(
    [
        *_PLAIN,
        ("of_sums", "V20"),
        ("sums", _ELEMENT, FORMS),
        ("of_products", "V20"),
        ("products", _ELEMENT, PRODUCTS),
    ]
)
# All cells as one value: a row for each would cost ten times as much to receive.
_OUTCOMES = " ".join(f"WHEN '{name}' THEN {n}" for n, name in enumerate(OUTCOMES))
_READ = f"""
    SELECT string_agg(
        int8send(first_id)
        || int8send((second_id << {_SECOND}) | CASE outcome {_OUTCOMES} END)
        || int8send(count) {{style}}, ''
    )
    FROM evaluations_tally WHERE slice = %(slice)s AND count > 0
"""  # noqa: S608  built of the constants above  # nosec B608
_READ_PLAIN = _READ.format(style="")
_READ_STYLED = _READ.format(
    style="|| array_send(style_sums) || array_send(style_products)"
)


def read_tallies(name: str, slugs: Slugs) -> Tallies:
    """The tallies of a slice by slug: stable names, so anyone can check the digest.

    slugs: of all contestants, by their number.
    """
    return Tallies.from_columns(*_columns(_read(_READ_PLAIN, _CELL, name), slugs))


def read_style_tallies(name: str, slugs: Slugs) -> StyleTallies:
    """The same with how the answers differed in form."""
    cells = _read(_READ_STYLED, _STYLED_CELL, name)
    moments = (cells[name]["value"].astype(np.int64) for name in ("sums", "products"))
    return StyleTallies.from_columns(*_columns(cells, slugs), *moments)


def _read(statement: str, cell: np.dtype[np.void], name: str) -> NDArray[np.void]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"slice": name})
        taken = cursor.fetchone()[0]
    return np.frombuffer(taken or b"", dtype=cell)


def _columns(cells: NDArray[np.void], slugs: Slugs) -> tuple[Any, ...]:
    """Names, first, second, outcome and count."""
    ids = np.array(sorted(slugs), dtype=np.int64)
    second = cells["second"].astype(np.int64)
    return (
        tuple(slugs[number] for number in ids.tolist()),
        np.searchsorted(ids, cells["first"].astype(np.int64)),
        np.searchsorted(ids, second >> _SECOND),
        (second & ((1 << _SECOND) - 1)).astype(np.int8),
        cells["count"].astype(np.int64),
    )
