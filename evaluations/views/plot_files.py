"""A plot to take away: its drawing, and the figures behind it."""

from collections.abc import Callable
from typing import Any, TypeAlias

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import conditional_page, require_safe

from evaluations.charts import standalone
from evaluations.dumps.formats import csv_text
from evaluations.views.plots import Plot

View: TypeAlias = Callable[..., HttpResponse]


def files_of(plot_of: Callable[..., Plot]) -> tuple[View, View]:
    """The two views of a plot: as a drawing that needs no page around it, as figures.

    plot_of: from the request and what stands in the address; raises Http404
    """

    @require_safe
    @conditional_page
    def drawing(request: HttpRequest, **where: Any) -> HttpResponse:
        plot = plot_of(request, **where)
        return _file(plot, "svg", "image/svg+xml", standalone(plot.alone))

    @require_safe
    @conditional_page
    def figures(request: HttpRequest, **where: Any) -> HttpResponse:
        plot = plot_of(request, **where)
        text = csv_text([column.name for column in plot.columns], plot.rows)
        return _file(plot, "csv", "text/csv; charset=utf-8", text)

    return drawing, figures


def _file(plot: Plot, ending: str, kind: str, content: str) -> HttpResponse:
    named = f'attachment; filename="{plot.key}.{ending}"'
    return HttpResponse(
        content, content_type=kind, headers={"Content-Disposition": named}
    )
