"""Past the fixed set: what its questions say beside the open pool's."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import conditional_page, require_safe

from evaluations.models import Contestant, PromptSet, Study
from evaluations.models.tallies import SET
from evaluations.studies import beyond
from evaluations.views.beyond_plots import (
    Line,
    by_model,
    few_questions,
    lines_of,
    of_uncertainty,
)
from evaluations.views.plot_files import files_of
from evaluations.views.plots import Plot


@dataclass(frozen=True)
class Missing:
    """What a set has, and needs, before it is studied."""

    questions: int
    votes: int
    least_questions: int = beyond.LEAST_QUESTIONS
    least_votes: int = beyond.LEAST_VOTES

    @property
    def is_due(self) -> bool:
        """It has all; the figures are on their way."""
        enough = self.questions >= self.least_questions
        return enough and self.votes >= self.least_votes


@require_safe
@conditional_page
def show(request: HttpRequest, slug: str) -> HttpResponse:
    prompt_set = get_object_or_404(PromptSet, slug=slug)
    study = _study(slug)
    results: Mapping[str, Any] = study.results if study else {}
    lines, curves = _lines(results), results.get("curves")
    context = {
        "prompt_set": prompt_set,
        "study": study,
        "missing": None if study else _missing(slug),
        "results": results,
        "lines": lines,
        "differing": [line for line in lines if line.differs],
        "rating_plot": by_model(lines),
        "curve_plots": of_uncertainty(curves),
        "few": few_questions(curves) if curves else 0,
    }
    return render(request, "beyond.html", context)


def _study(slug: str) -> Study | None:
    return Study.objects.newest_of(f"{beyond.NAME}{slug}")


def _lines(results: Mapping[str, Any]) -> list[Line]:
    comparison = results.get("comparison")
    slugs = [model["slug"] for model in comparison["models"]] if comparison else []
    published = Contestant.objects.published().filter(slug__in=slugs)
    known = {one.slug: one for one in published.defer("key_token", "description")}
    return lines_of(comparison, known)


def _missing(slug: str) -> Missing:
    votes = beyond.votes_of_slices().get(f"{SET}{slug}", 0)
    return Missing(beyond.judged_prompts().get(slug, 0), votes)


def _plot(request: HttpRequest, slug: str, key: str) -> Plot:
    study = _study(slug)
    results = study.results if study else {}
    plots = [by_model(_lines(results)), *of_uncertainty(results.get("curves"))]
    for plot in plots:
        if plot and plot.key == key:
            return plot
    raise Http404


drawing, figures = files_of(_plot)
