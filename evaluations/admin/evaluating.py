"""Open runs from a list: choose who is asked about what, and what may be spent."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from evaluations import runs
from evaluations.admin.base import SpendLimitField, user_of
from evaluations.admin.runs import page_of
from evaluations.models import Benchmark, Contestant, PromptSet, Run
from evaluations.runs import RunRefused

# Title and template of the page that asks.
EVALUATE = ("Evaluate with…", "admin/evaluate.html")
RUN_BENCHMARK = ("Run with…", "admin/run_benchmark.html")


class EvaluationForm(forms.Form):
    contestants = forms.ModelMultipleChoiceField(
        Contestant.objects.playing(), widget=forms.CheckboxSelectMultiple
    )
    spend_limit = SpendLimitField()


@admin.action(description=EVALUATE[0], permissions=["evaluate"])
def evaluate(
    model_admin: Any, request: HttpRequest, chosen: QuerySet[PromptSet]
) -> HttpResponse | None:
    """Ask who shall answer; then plan a run a set, whose page tells the price."""

    def plan(prompt_set: PromptSet, **asked: Any) -> Run:
        return runs.open_evaluation(prompt_set=prompt_set, **asked)

    return plan_runs(model_admin, request, chosen, plan, EVALUATE, EvaluationForm)


@admin.action(description=RUN_BENCHMARK[0], permissions=["evaluate"])
def run_benchmark(
    model_admin: Any, request: HttpRequest, chosen: QuerySet[Benchmark]
) -> HttpResponse | None:
    """Ask who shall take it; then plan a run a benchmark."""

    def plan(benchmark: Benchmark, **asked: Any) -> Run:
        return runs.open_benchmark(benchmark=benchmark, **asked)

    return plan_runs(model_admin, request, chosen, plan, RUN_BENCHMARK, EvaluationForm)


def plan_runs(
    model_admin: Any,
    request: HttpRequest,
    chosen: QuerySet[Any],
    plan: Callable[..., Run],
    page: tuple[str, str],
    asking: type[forms.Form],
) -> HttpResponse | None:
    """Show the form until it is filled in; then plan a run of each that was chosen.

    Where one of them is refused, none is planned.
    """
    is_sent = "plan" in request.POST
    form = asking(request.POST if is_sent else None)
    if not (is_sent and form.is_valid()):
        return _page(model_admin, request, chosen, form, page)
    asked = {**form.cleaned_data, "by": user_of(request)}
    try:
        with transaction.atomic():
            opened = [plan(each, **asked) for each in chosen]
    except RunRefused as refused:
        model_admin.message_user(request, str(refused), messages.ERROR)
        return None
    return HttpResponseRedirect(_where(opened))


def _where(opened: list[Run]) -> str:
    if len(opened) == 1:
        return page_of(opened[0])
    return reverse("admin:evaluations_run_changelist") + "?state__exact=planned"


def _page(
    model_admin: Any,
    request: HttpRequest,
    chosen: QuerySet[Any],
    form: forms.Form,
    page: tuple[str, str],
) -> HttpResponse:
    title, template = page
    context = {
        **model_admin.admin_site.each_context(request),
        "title": title,
        "opts": model_admin.model._meta,
        "form": form,
        "chosen": chosen,
        "checkbox_name": ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, template, context)
