from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import conditional_page, require_safe
from django.views.decorators.vary import vary_on_cookie

from evaluations.benchmarks.reading import of_contestant
from evaluations.models import Contestant, Volunteer
from evaluations.views.benchmarks import Line
from evaluations.views.plot_files import files_of
from evaluations.views.plots import Plot
from evaluations.views.profile import profile
from evaluations.views.records import MOST_DOTS
from evaluations.views.samples import samples
from evaluations.views.visitors import token_of
from evaluations.volunteers import visitor_with

# How answers are drawn is public; anything else in the parameters may be the
# provider's own business.
PUBLIC_PARAMETERS = (
    "temperature",
    "top_p",
    "top_k",
    "min_p",
    "max_tokens",
    "max_completion_tokens",
    "seed",
    "frequency_penalty",
    "presence_penalty",
    "repetition_penalty",
    "reasoning_effort",
)


@require_safe
@conditional_page
@vary_on_cookie
def show(request: HttpRequest, slug: str) -> HttpResponse:
    contestant = _published(slug)
    context = {
        "contestant": contestant,
        "parameters": _public_parameters(contestant),
        "changes": contestant.changes.all(),
        "profile": profile(contestant),
        "most_dots": MOST_DOTS,
        "benchmarks": [Line(score) for score in of_contestant(contestant)],
        "samples": samples(contestant, _volunteer(request)),
    }
    return render(request, "contestant.html", context)


def _published(slug: str) -> Contestant:
    published = Contestant.objects.published().select_related("variant_of")
    return get_object_or_404(published, slug=slug)


def _plot(request: HttpRequest, slug: str, key: str) -> Plot:
    plot = profile(_published(slug)).plot(key)
    if plot is None:
        raise Http404
    return plot


drawing, figures = files_of(_plot)


def _volunteer(request: HttpRequest) -> Volunteer | None:
    token = token_of(request)
    return visitor_with(token=token).volunteer if token else None


def _public_parameters(contestant: Contestant) -> dict[str, Any]:
    given = contestant.parameters
    return {name: given[name] for name in PUBLIC_PARAMETERS if name in given}
