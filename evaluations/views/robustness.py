from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import conditional_page, require_safe

from evaluations import auditing
from evaluations.question_sets.reading import volunteers
from evaluations.views.noise import noise_lines


@require_safe
@conditional_page
def show(request: HttpRequest) -> HttpResponse:
    values = {
        "report": auditing.report(),
        "noise": noise_lines(),
        "agreement": volunteers()["all"],
    }
    return render(request, "robustness.html", values)
