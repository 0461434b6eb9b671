from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import conditional_page, require_safe

from evaluations.studies.agreement_report import Agreement, Pair, report
from evaluations.views.agreement_plots import (
    KENDALL,
    SPEARMAN,
    TITLES,
    lines,
    matrix,
    query_of,
    scatter,
)
from evaluations.views.agreement_words import apart, headline, named, sentences
from evaluations.views.plot_files import files_of
from evaluations.views.plots import Plot

# Of two yardsticks so many models are named.
NAMED = 5


@require_safe
@gzip_page
@conditional_page
def show(request: HttpRequest) -> HttpResponse:
    """Show how far people, judges and benchmarks put models in the same order."""
    agreement = report()
    if agreement is None or agreement.first_pair is None:
        return render(request, "agreement.html", {"agreement": agreement})
    by = _by(request.GET)
    pair = _pair(request.GET, agreement)
    context = {
        "agreement": agreement,
        "headline": headline(agreement.overall),
        "by": by,
        "statistics": [
            (title, f"{_query(pair, each)}#agreement-h", each == by)
            for each, title in TITLES.items()
        ],
        "matrix": matrix(agreement, by),
        "query": _query(pair, by),
        "lines": lines(agreement, by),
        "unknown": pair is None,
        **(_of_pair(pair, agreement) if pair else {}),
        "widest": named(agreement.widest, agreement),
        "outliers": apart(agreement.outliers, agreement),
    }
    return render(request, "agreement.html", context)


def _of_pair(pair: Pair, agreement: Agreement) -> dict[str, Any]:
    """What the page says of two yardsticks."""
    differ = [each for each in pair.disagreements if each.difference]
    return {
        "pair": pair,
        "sentences": sentences(pair, agreement.least_models),
        "plot": scatter(pair, agreement) if pair.is_compared else None,
        "differ": named(differ[:NAMED], agreement) if pair.is_compared else [],
    }


def _plot(request: HttpRequest, key: str) -> Plot:
    agreement = report()
    if agreement is not None and agreement.first_pair is not None:
        if key == "agreement":
            return matrix(agreement, _by(request.GET))
        pair = _pair(request.GET, agreement)
        if key == "pair" and pair is not None and pair.is_compared:
            return scatter(pair, agreement)
    raise Http404


drawing, figures = files_of(_plot)


def _by(given: Mapping[str, str]) -> str:
    return KENDALL if given.get("by") == KENDALL else SPEARMAN


def _pair(given: Mapping[str, str], agreement: Agreement) -> Pair | None:
    """The pair that is asked for; None where there is no such one."""
    if "x" not in given and "y" not in given:
        return agreement.first_pair
    return agreement.pair(given.get("x", ""), given.get("y", ""))


def _query(pair: Pair | None, by: str) -> str:
    if pair is not None:
        return query_of(pair.x.key, pair.y.key, by)
    return f"?by={by}" if by == KENDALL else "?"
