"""Rows as CSV (RFC 4180) that a spreadsheet does not run."""

import csv
import io
from collections.abc import Sequence

from django.http import HttpResponse
from ninja import Schema

# A cell that begins so may be taken for a formula; full-width signs too.
SIGNS = tuple("=+-@|%＝＋－＠")
CONTROLS = ("\t", "\r", "\n")


def guarded(cell: object) -> object:
    """The cell, with an apostrophe before a text that looks like a formula."""
    if not isinstance(cell, str):
        return cell
    risky = cell.startswith(CONTROLS) or cell.lstrip().startswith(SIGNS)
    return f"'{cell}" if risky else cell


def csv_response(
    name: str, columns: Sequence[str], rows: Sequence[Schema]
) -> HttpResponse:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows(
        [guarded(getattr(row, column)) for column in columns] for row in rows
    )
    return HttpResponse(
        text.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )
