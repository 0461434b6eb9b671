from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import conditional_page, require_safe

from evaluations.studies.judge_report import (
    JudgeReport,
    ModelLine,
    report,
    reports,
)
from evaluations.views import judge_words
from evaluations.views.agreement_words import number
from evaluations.views.judge_plots import beside_people, by_kind, by_score
from evaluations.views.plot_files import files_of
from evaluations.views.plots import Plot

# Rows of a table that are open at once; the others are folded away.
SHOWN = 12


@dataclass(frozen=True)
class Line:
    """One judge in the table of all."""

    report: JudgeReport
    agreement: str
    kappa: str
    people: str
    first: str
    worth: int | None
    ceiling: int | None

    @classmethod
    def of(cls, report: JudgeReport) -> "Line":
        results, found = report.results or {}, report.agreement
        people = found["people"] if found else None
        first, both = results["position"]["share"], report.combined
        return cls(
            report=report,
            agreement=judge_words.share(found["votes"]["share"]) if found else "",
            kappa=judge_words.kappa(found["votes"]) if found else "",
            people=judge_words.share(people["share"]) if people else "",
            first=judge_words.share(first) if first else "",
            worth=round(both["worth"]) if both else None,
            ceiling=round(both["ceiling"]) if both else None,
        )


@require_safe
@gzip_page
@conditional_page
def show_all(request: HttpRequest) -> HttpResponse:
    """Show all judge models and how far each can be relied on."""
    found = reports()
    context = {
        "lines": [Line.of(each) for each in found if each.results],
        "waiting": [each.judge for each in found if not each.results],
    }
    return render(request, "judges.html", context)


@require_safe
@gzip_page
@conditional_page
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one judge; `?combined=1` adds the column with people's votes and its own."""
    found = _report(slug)
    context = {
        "report": found,
        "judge": found.judge,
        "is_combined": request.GET.get("combined") == "1",
        **(_figures(found) if found.results else {}),
    }
    return render(request, "judge_model.html", context)


def _figures(found: JudgeReport) -> dict[str, Any]:
    results = found.results or {}
    lines: list[ModelLine] = list(found.models)
    return {
        "agreement": judge_words.agreement(found),
        "plot": by_kind(found),
        "position": judge_words.position(results["position"]),
        "length": judge_words.length(results["length"]),
        "own_maker": judge_words.own_maker(results["own_maker"], found.judge.maker),
        "correlation": _correlation(results["correlation"]),
        "scores": by_score(found),
        "pairs": found.pairs[:SHOWN],
        "more_pairs": found.pairs[SHOWN:],
        "score_correlation": _correlation(results["scores"]["correlation"]),
        "ratings": beside_people(found),
        "worth": judge_words.worth(found.combined),
        "can_combine": any(line.together for line in lines),
        "models": lines[:SHOWN],
        "more_models": lines[SHOWN:],
    }


def _correlation(found: dict[str, Any] | None) -> dict[str, str | int] | None:
    if found is None:
        return None
    return {"models": found["models"]} | {
        name: _with_interval(found[name]) for name in ("spearman", "kendall")
    }


def _with_interval(figure: dict[str, float | None]) -> str:
    low, high, value = figure["low"], figure["high"], figure["value"] or 0.0
    if low is None or high is None:
        return number(value)
    return f"{number(value)} ({number(low)} to {number(high)})"


def _plot(request: HttpRequest, slug: str, key: str) -> Plot:
    found = _report(slug)
    made = {"agreement": by_kind, "ratings": beside_people, "scores": by_score}
    plot = made[key](found) if key in made else None
    if plot is None:
        raise Http404
    return plot


drawing, figures = files_of(_plot)


def _report(slug: str) -> JudgeReport:
    found = report(slug)
    if found is None:
        raise Http404
    return found
