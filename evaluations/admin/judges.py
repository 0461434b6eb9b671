"""Judges, what they are asked, and what they said."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.text import normalize_newlines
from unfold.decorators import display
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldBooleanWidget,
)

from evaluations import judging, runs
from evaluations.admin.base import (
    ModelAdmin,
    ReadOnlyAdmin,
    SpendLimitField,
    raw_text,
)
from evaluations.admin.evaluating import plan_runs
from evaluations.models import (
    Contestant,
    Judge,
    JudgeScore,
    JudgeTemplate,
    JudgeVerdict,
    PromptSet,
    Run,
)

# Title and template of the page that asks.
JUDGE = ("Have it judge…", "admin/judge.html")


def _usual_template() -> JudgeTemplate | None:
    return JudgeTemplate.objects.filter(slug="pair").first()


class JudgingForm(forms.Form):
    """What a judge is asked about."""

    template = forms.ModelChoiceField(
        JudgeTemplate.objects.all(),
        initial=_usual_template,
        widget=UnfoldAdminSelectWidget,
        help_text="One that compares pairs asks of each in both orders; one that "
        "scores marks every answer to a set.",
    )
    prompt_set = forms.ModelChoiceField(
        PromptSet.objects.all(),
        required=False,
        label="Question set",
        widget=UnfoldAdminSelectWidget,
        help_text="Only pairs, or answers, of this set. Scores need one.",
    )
    voted_only = forms.BooleanField(
        required=False,
        label="Only pairs that people voted on",
        widget=UnfoldBooleanWidget,
    )
    battle_limit = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=judging.MOST_BATTLES,
        label="Pairs at most",
        widget=UnfoldAdminIntegerFieldWidget,
        help_text="Those that people voted on come first where a set is chosen.",
    )
    spend_limit = SpendLimitField()


class JudgeForm(forms.ModelForm):  # type: ignore[type-arg]
    contestant = forms.ModelChoiceField(
        Contestant.objects.all(),
        required=False,
        widget=UnfoldAdminSelectWidget,
        label="Connection",
        help_text="Any contestant, or one that is ticked as a judge's connection and "
        "never plays. Empty for verdicts made elsewhere.",
    )


@admin.register(Judge)
class JudgeAdmin(ModelAdmin):
    form = JudgeForm
    list_display = ("name", "maker", "contestant", "verdicts", "licence")
    list_select_related = ("contestant",)
    search_fields = ("name", "slug", "maker")
    prepopulated_fields = {"slug": ("name",)}
    fields = (
        ("name", "slug"),
        ("maker", "contestant"),
        "description",
        ("licence", "source"),
    )
    actions = ("ask",)

    def has_ask_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("evaluations.change_run")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Judge]:
        found: QuerySet[Judge] = super().get_queryset(request)
        return found.annotate(verdict_count=Count("verdicts"))

    @display(description="Verdicts", ordering="verdict_count")
    def verdicts(self, judge: Any) -> str:
        return f"{judge.verdict_count:,}"

    @admin.action(description=JUDGE[0], permissions=["ask"])
    def ask(self, request: HttpRequest, chosen: QuerySet[Judge]) -> HttpResponse | None:
        """Ask what is to be judged; then plan a run a judge."""

        def plan(judge: Judge, **asked: Any) -> Run:
            return runs.open_judging(judge=judge, **asked)

        judges = chosen.select_related("contestant")
        return plan_runs(self, request, judges, plan, JUDGE, JudgingForm)


TEXTS = ("system", "text", "reference_text")


class TemplateForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        help_texts = {
            "system": "Who the judge is; nothing is put in here.",
            "text": "With {question}, and {answer_a} and {answer_b} or, for a score, "
            "{answer}: each is put in between marked lines. {reference} stands where a "
            "prompt's reference answer comes in. A verdict is read off the last line: "
            "[[A]], [[B]], [[tie]] or [[both bad]]; a score as [[7]].",
            "reference_text": "Put in for {reference} where the prompt has one, with "
            "{reference} in the place of that answer.",
        }

    def clean(self) -> dict[str, Any]:
        """Refuse what a judge could not be asked with, field by field."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        # A browser ends lines in its own way; a judge is sent one and the same.
        cleaned |= {name: normalize_newlines(cleaned.get(name, "")) for name in TEXTS}
        if not self.errors and self.fields:
            named = {name: cleaned[name] for name in self.fields if name in cleaned}
            judging.check_template(JudgeTemplate(**named))
        return cleaned


@admin.register(JudgeTemplate)
class JudgeTemplateAdmin(ModelAdmin):
    form = TemplateForm
    list_display = ("slug", "version", "kind", "created_at")
    list_filter = ("kind",)
    fields = (
        ("slug", "version"),
        "kind",
        "system",
        "text",
        "reference_text",
        "parameters",
    )
    actions = ("new_version",)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """What is measured shall come out the same again."""
        return {"parameters": {"temperature": 0}}

    def has_change_permission(
        self, request: HttpRequest, obj: JudgeTemplate | None = None
    ) -> bool:
        """One that was used is only looked at: a new version is made of it."""
        used = obj is not None and judging.was_used(obj)
        return not used and super().has_change_permission(request, obj)

    def has_delete_permission(
        self, request: HttpRequest, obj: JudgeTemplate | None = None
    ) -> bool:
        used = obj is not None and judging.was_used(obj)
        return not used and super().has_delete_permission(request, obj)

    @admin.action(description="Make a new version of it", permissions=["add"])
    def new_version(
        self, request: HttpRequest, chosen: QuerySet[JudgeTemplate]
    ) -> None:
        for template in chosen:
            newer = judging.next_version(template=template)
            said = f"{newer} is a copy of {template}, which stays as it is: edit it."
            self.message_user(request, said, messages.SUCCESS)


class Said(ReadOnlyAdmin):
    list_filter = ("state", "judge", "template")
    ordering = ("-id",)

    @display(description="Reason")
    def said(self, one: JudgeVerdict | JudgeScore) -> SafeString:
        return raw_text(one.reason)

    @display(description="Reply")
    def replied(self, one: JudgeVerdict | JudgeScore) -> SafeString:
        return raw_text(one.reply.text if one.reply else "")


@admin.register(JudgeVerdict)
class JudgeVerdictAdmin(Said):
    list_display = ("id", "judge", "template", "battle", "left", "state", "verdict")
    list_select_related = ("judge", "template", "battle")
    fields = (
        *("judge", "template", "battle", "left", "order_known", "state", "verdict"),
        *("orders", "own", "score_a", "score_b", "said", "replied", "given_at"),
    )
    readonly_fields = ("orders", "own", "said", "replied")

    @display(description="Both orders")
    def orders(self, one: JudgeVerdict) -> str:
        same = JudgeVerdict.objects.filter(
            judge=one.judge, template=one.template, battle=one.battle
        )
        for both in judging.both_orders(same):
            if both.place:
                return f"{both.place} in both: the place decided"
            return both.combined
        return "not read in both"

    @display(description="Own or its maker's model on side")
    def own(self, one: JudgeVerdict) -> str:
        sides = judging.own_sides(judge=one.judge, battle=one.battle)
        return " and ".join(sorted(sides)) or "–"


@admin.register(JudgeScore)
class JudgeScoreAdmin(Said):
    list_display = ("id", "judge", "template", "answer", "state", "score")
    list_select_related = ("judge", "template", "answer")
    fields = (
        *("judge", "template", "answer", "state", "score"),
        *("said", "replied", "given_at"),
    )
    readonly_fields = ("said", "replied")
