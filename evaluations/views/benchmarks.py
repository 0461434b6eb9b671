"""Traditional test sets: what they are, who reached what, and each item measured."""

from dataclasses import dataclass
from functools import partial

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import conditional_page, require_safe

from evaluations.benchmarks.reading import (
    lines_of,
    listed,
    results_of,
    standing,
    waiting,
)
from evaluations.charts import Dot, Face, Scale, Svg, dot_plot, wilson
from evaluations.models import Benchmark, BenchmarkScore
from evaluations.templatetags.figures import score as written
from evaluations.views.plot_files import files_of
from evaluations.views.plots import Column, Plot

AT_ONCE = 50
# More lines crowd the drawing; the table and the file have all.
MOST_DOTS = 40


@dataclass(frozen=True)
class Line:
    """A score with the interval of what was measured here."""

    score: BenchmarkScore
    place: int = 0

    @property
    def is_measured(self) -> bool:
        return self.score.origin == BenchmarkScore.Origin.RUN

    @property
    def interval(self) -> tuple[float, float] | None:
        """95 %, in per cent; None where the items are not known (Wilson, 1927)."""
        score = self.score
        if not score.items or score.correct is None:
            return None
        low, high = wilson(score.correct / score.items, score.items)
        return 100 * low, 100 * high


@require_safe
@conditional_page
def show_all(request: HttpRequest) -> HttpResponse:
    benchmarks = listed()
    context = {
        "own": [one for one in benchmarks if one.kind != Benchmark.Kind.REPORTED],
        "reported": [one for one in benchmarks if one.kind == Benchmark.Kind.REPORTED],
    }
    return render(request, "benchmarks.html", context)


@require_safe
@conditional_page
def show(request: HttpRequest, slug: str) -> HttpResponse:
    benchmark = get_object_or_404(Benchmark, slug=slug)
    scores = standing(benchmark)
    is_measured = any(score.run_id for score in scores)
    # What a right answer is stays untold until somebody has given one.
    items = benchmark.items.all() if is_measured else benchmark.items.none()
    items_page = Paginator(items, AT_ONCE).get_page(request.GET.get("page"))
    models_page = Paginator(_lines(scores), AT_ONCE).get_page(request.GET.get("models"))
    context = {
        "benchmark": benchmark,
        "lines": models_page,
        "plot": plot_of(benchmark, scores) if scores else None,
        "waiting": waiting(benchmark),
        "is_measured": is_measured,
        "items_page": items_page,
        "items": lines_of(list(items_page), scores),
        "most_dots": MOST_DOTS,
    }
    return render(request, "benchmark.html", context)


@require_safe
@conditional_page
def show_results(request: HttpRequest, slug: str, model: str) -> HttpResponse:
    """Item by item, the newest run of one model."""
    benchmark = get_object_or_404(Benchmark, slug=slug)
    found = [
        line
        for line in _lines(standing(benchmark))
        if line.is_measured
        and line.score.contestant
        and line.score.contestant.slug == model
    ]
    if not found:
        raise Http404
    results = Paginator(results_of(found[0].score), AT_ONCE)
    context = {
        "benchmark": benchmark,
        "line": found[0],
        "contestant": found[0].score.contestant,
        "results": results.get_page(request.GET.get("page")),
    }
    return render(request, "benchmark_results.html", context)


def _plot(request: HttpRequest, slug: str) -> Plot:
    benchmark = get_object_or_404(Benchmark, slug=slug)
    scores = standing(benchmark)
    if not scores:
        raise Http404
    return plot_of(benchmark, scores)


drawing, figures = files_of(_plot)


def _lines(scores: list[BenchmarkScore]) -> list[Line]:
    return [Line(score, place) for place, score in enumerate(scores, start=1)]


def plot_of(benchmark: Benchmark, scores: list[BenchmarkScore]) -> Plot:
    """The best scores as dots, with intervals where they were measured here."""
    lines = _lines(scores)
    dots = [_dot(line) for line in lines[:MOST_DOTS]]
    has_bars = any(line.interval for line in lines)
    few = f" The first {MOST_DOTS} are drawn." if len(lines) > MOST_DOTS else ""
    bars = " The bar is its 95 % interval (Wilson)." if has_bars else ""
    mean = " The dotted line is the mean of those drawn."
    return Plot(
        key=benchmark.slug,
        title=f"Scores in {benchmark}",
        reading=f"The dot is the score: {benchmark.metric}.{bars}{mean}{few}",
        description="; ".join(dot.tip for dot in dots),
        columns=(
            Column("name", "Model"),
            Column("score", "Score", written),
            Column("score_low", "95 % from"),
            Column("score_high", "to"),
            Column("items", "Items"),
            Column("failed", "Without reply"),
            Column("source", "Source"),
        ),
        rows=[_row(line) for line in lines],
        draw=partial(_draw, dots),
    )


def _row(line: Line) -> tuple[object, ...]:
    low, high = line.interval or ("", "")
    score = line.score
    items, failed = ("", "") if score.items is None else (score.items, score.failed)
    return _name(score), score.value, low, high, items, failed, score.source


def _name(score: BenchmarkScore) -> str:
    return score.contestant.name if score.contestant else score.reported_as


def _dot(line: Line) -> Dot:
    value = line.score.value
    low, high = line.interval or (value, value)
    tip = f"{_name(line.score)}: {written(value)}"
    if line.interval:
        tip += f" ({written(low)} to {written(high)})"
    return Dot(_name(line.score), value, low, high, tip, note=written(value))


def _draw(dots: list[Dot], *, face: Face) -> Svg:
    ends = [end for dot in dots for end in (dot.low, dot.high)]
    mean = sum(dot.value for dot in dots) / len(dots)
    return dot_plot(
        dots, scale=Scale.over(ends).widened(0.04), reference=mean, face=face
    )
