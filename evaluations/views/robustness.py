from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import conditional_page, require_safe

from evaluations import auditing


@require_safe
@conditional_page
def show(request: HttpRequest) -> HttpResponse:
    return render(request, "robustness.html", {"report": auditing.report()})
