"""Rows as CSV that a spreadsheet does not run."""

from collections.abc import Sequence

from django.http import HttpResponse
from ninja import Schema

from evaluations.dumps.formats import csv_text


def csv_response(
    name: str, columns: Sequence[str], rows: Sequence[Schema]
) -> HttpResponse:
    cells = ([getattr(row, column) for column in columns] for row in rows)
    return HttpResponse(
        csv_text(columns, cells),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )
