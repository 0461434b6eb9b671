"""Rows as CSV (RFC 4180) that a spreadsheet does not run."""

import csv
import io
from collections.abc import Sequence

from django.http import HttpResponse
from ninja import Schema

from evaluations.dumps.formats import guarded


def csv_response(
    name: str, columns: Sequence[str], rows: Sequence[Schema]
) -> HttpResponse:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows(
        [_cell(getattr(row, column)) for column in columns] for row in rows
    )
    return HttpResponse(
        text.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


def _cell(value: object) -> object:
    return guarded(value) if isinstance(value, str) else value
