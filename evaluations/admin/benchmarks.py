"""Benchmarks, and whose the scores are that others reported."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget

from evaluations.admin.base import ModelAdmin, user_of
from evaluations.admin.evaluating import run_benchmark
from evaluations.benchmarks import matching
from evaluations.benchmarks.matching import MatchRefused
from evaluations.models import Benchmark, BenchmarkItem, BenchmarkScore, Contestant
from evaluations.templatetags.figures import score as written

CONFIRMED, SUGGESTED, UNMATCHED = "confirmed", "suggested", "unmatched"
COLOURS = {CONFIRMED: "success", SUGGESTED: "warning", UNMATCHED: "info"}


@admin.register(Benchmark)
class BenchmarkAdmin(ModelAdmin):
    """What a benchmark asks stays as it came; what is said of it may change."""

    list_display = ("name", "version", "metric", "kind", "items_", "licence")
    list_filter = ("kind",)
    search_fields = ("name", "version", "slug")
    fields = (
        ("name", "version"),
        ("slug", "kind"),
        "metric",
        ("higher_is_better", "is_yardstick"),
        "description",
        ("licence", "source"),
        "prompt_template",
        "extraction",
    )
    readonly_fields = ("slug", "kind", "prompt_template", "extraction")
    actions = (run_benchmark,)

    def has_evaluate_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("evaluations.change_run")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """They come by an import, with their items or scores."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Benchmark]:
        found: QuerySet[Benchmark] = super().get_queryset(request)
        items = BenchmarkItem.objects.filter(benchmark=OuterRef("pk")).order_by()
        counted = items.values("benchmark").annotate(n=Count("pk")).values("n")
        return found.annotate(item_count=Coalesce(Subquery(counted), 0))

    @display(description="Items", ordering="item_count")
    def items_(self, benchmark: Any) -> int:
        return int(benchmark.item_count)


class MatchFilter(admin.SimpleListFilter):
    """How far it is known whom a name means."""

    title = "match"
    parameter_name = "match"

    def lookups(
        self, request: HttpRequest, model_admin: Any
    ) -> Iterable[tuple[str, str]]:
        return ((name, name) for name in COLOURS)

    def queryset(
        self, request: HttpRequest, names: QuerySet[BenchmarkScore]
    ) -> QuerySet[BenchmarkScore]:
        waiting = names.filter(contestant=None)
        by_value = {
            CONFIRMED: names.exclude(contestant=None),
            SUGGESTED: waiting.exclude(suggested=None),
            UNMATCHED: waiting.filter(suggested=None),
        }
        return by_value.get(self.value() or "", names)


class MatchForm(forms.ModelForm):  # type: ignore[type-arg]
    contestant = forms.ModelChoiceField(
        Contestant.objects.filter(judge_only=False),
        required=False,
        widget=UnfoldAdminSelectWidget,
        help_text="All scores of this name become this model's; the name becomes an "
        "alias of it where it is none yet. Empty takes that back.",
    )

    class Meta:
        model = BenchmarkScore
        fields = ("contestant",)


@admin.register(BenchmarkScore)
class ReportedNameAdmin(ModelAdmin):
    """One line a reported name: a match is of the name, and so of all its scores."""

    form = MatchForm
    list_display = ("reported_as", "shown_match", "suggested", "contestant", "scores")
    list_filter = (MatchFilter, "source")
    list_select_related = ("suggested", "contestant")
    search_fields = ("reported_as", "contestant__name")
    ordering = ("reported_as",)
    actions = ("confirm_suggestion", "undo", "suggest_again")
    fields = ("reported_as", "source", "suggested", "contestant", "all_scores", "said")
    readonly_fields = ("reported_as", "source", "suggested", "all_scores", "said")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[BenchmarkScore]:
        found: QuerySet[BenchmarkScore] = super().get_queryset(request)
        reported = BenchmarkScore.objects.reported().order_by()
        firsts = reported.values("reported_as").annotate(first=Min("pk"))
        same = reported.filter(reported_as=OuterRef("reported_as"))
        counted = same.values("reported_as").annotate(n=Count("pk")).values("n")
        return found.filter(pk__in=firsts.values("first")).annotate(
            score_count=Subquery(counted)
        )

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        kwargs["extra_context"] = {"title": "Names that benchmark scores came under"}
        return super().changelist_view(request, *args, **kwargs)

    def save_model(
        self, request: HttpRequest, obj: BenchmarkScore, form: Any, change: bool
    ) -> None:
        if "contestant" not in form.changed_data:
            return
        chosen = form.cleaned_data["contestant"]
        name = obj.reported_as
        if chosen is None:
            self._say(request, matching.undo(reported_as=name), "taken back")
            return
        number = matching.confirm(
            reported_as=name, contestant=chosen, by=user_of(request)
        )
        self._say(request, number, f"given to {chosen.name}")

    def response_change(
        self, request: HttpRequest, obj: BenchmarkScore
    ) -> HttpResponse:
        """The list again, without the plain admin's own word of success."""
        response: HttpResponse = self.response_post_save_change(request, obj)
        return response

    # --- what is shown

    @display(description="Match", label=COLOURS)
    def shown_match(self, name: BenchmarkScore) -> str:
        if name.contestant_id:
            return CONFIRMED
        return SUGGESTED if name.suggested_id else UNMATCHED

    @display(description="Scores", ordering="score_count")
    def scores(self, name: Any) -> int:
        return int(name.score_count)

    @display(description="Scores")
    def all_scores(self, name: BenchmarkScore) -> SafeString:
        same = BenchmarkScore.objects.reported().filter(reported_as=name.reported_as)
        lines = (
            (f"{each.benchmark}, {each.benchmark.metric}", written(each.value))
            for each in same.select_related("benchmark")
        )
        return format_html_join("", "<div>{}: {}</div>", lines)

    @display(description="Confirmed")
    def said(self, name: BenchmarkScore) -> str:
        if name.confirmed_at is None:
            return "not yet"
        return f"{name.confirmed_at:%Y-%m-%d %H:%M} UTC by {name.confirmed_by}"

    # --- actions of the list

    @admin.action(description="Confirm the suggestion", permissions=["change"])
    def confirm_suggestion(
        self, request: HttpRequest, chosen: QuerySet[BenchmarkScore]
    ) -> None:
        by = user_of(request)
        self._for_each(
            request,
            chosen,
            lambda name: matching.confirm_suggestion(reported_as=name, by=by),
            "confirmed",
        )

    @admin.action(description="Undo the confirmation", permissions=["change"])
    def undo(self, request: HttpRequest, chosen: QuerySet[BenchmarkScore]) -> None:
        self._for_each(
            request,
            chosen,
            lambda name: matching.undo(reported_as=name),
            "taken back",
        )

    @admin.action(description="Look for suggestions again", permissions=["change"])
    def suggest_again(
        self, request: HttpRequest, chosen: QuerySet[BenchmarkScore]
    ) -> None:
        matching.suggest_again()
        messages.success(request, "Every name that is not confirmed was looked at.")

    def _for_each(
        self,
        request: HttpRequest,
        chosen: QuerySet[BenchmarkScore],
        act: Callable[[str], int],
        done: str,
    ) -> None:
        number, refusals = 0, []
        for name in chosen.values_list("reported_as", flat=True):
            try:
                number += act(name)
            except MatchRefused as refused:
                refusals.append(str(refused))
        if refusals:
            left = f"Names left as they are: {len(refusals)}."
            messages.error(request, f"{left} {refusals[0]}")
        if number:
            self._say(request, number, done)

    def _say(self, request: HttpRequest, number: int, done: str) -> None:
        messages.success(request, f"Scores {done}: {number}.")
