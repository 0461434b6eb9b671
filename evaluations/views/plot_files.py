"""A plot to take away: its drawing, and the figures behind it."""

from django.http import HttpResponse

from evaluations.charts import standalone
from evaluations.dumps.formats import csv_text
from evaluations.views.plots import Plot


def drawing_of(plot: Plot) -> HttpResponse:
    """Hand it out as a drawing that needs no page around it."""
    return HttpResponse(
        standalone(plot.alone),
        content_type="image/svg+xml",
        headers={"Content-Disposition": f'attachment; filename="{plot.key}.svg"'},
    )


def figures_of(plot: Plot) -> HttpResponse:
    return HttpResponse(
        csv_text([column.name for column in plot.columns], plot.rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{plot.key}.csv"'},
    )
