"""Contestants: enter, try, let play, pause, retire."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import action, display

from evaluations import fetching, judging
from evaluations.admin.base import (
    ModelAdmin,
    ReadOnlyAdmin,
    ReadOnlyInline,
    raw_text,
    user_of,
)
from evaluations.admin.contestant_form import ContestantForm
from evaluations.contestants import StateRefused, change_state
from evaluations.judging import JudgingRefused
from evaluations.models import Answer, ConnectionTest, Contestant, ContestantChange

State = Contestant.State
COLOURS = {"active": "success", "paused": "warning", "retired": "info"}


class ChangeInline(ReadOnlyInline):
    model = ContestantChange
    verbose_name_plural = "life"
    fields = ("changed_at", "from_state", "to_state", "note", "by")
    readonly_fields = fields
    show_change_link = False


class ConnectionTestInline(ReadOnlyInline):
    model = ConnectionTest
    verbose_name_plural = "connection tests"
    fields = ("requested_at", "state", "first_token_ms", "completion_tokens", "error")
    readonly_fields = fields
    max_num = 5


class SavesOwnColumns(admin.ModelAdmin):  # type: ignore[type-arg]
    """What the plain admin does last: save, here no more than the form asks for."""

    def save_model(
        self, request: HttpRequest, obj: Contestant, form: Any, change: bool
    ) -> None:
        obj.save(update_fields=form.columns() if change else None)


@admin.register(Contestant)
class ContestantAdmin(ModelAdmin, SavesOwnColumns):
    form = ContestantForm
    list_display = ("name", "maker", "shown_state", "provider", "ready", "failed")
    list_filter = ("state", "provider", "open_weights")
    search_fields = ("name", "slug", "maker", "aliases")
    prepopulated_fields = {"slug": ("name",)}
    readonly_fields = ("shown_state", "failures", "key_state")
    inlines = (ChangeInline, ConnectionTestInline)
    actions = ("activate", "pause", "retire", "test", "retry_failed", "make_judges")
    actions_submit_line = ("save_and_test", "save_and_activate", "save_and_pause")
    warn_unsaved_form = True
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("name", "slug"),
                    ("maker", "licence"),
                    "shown_state",
                    "failures",
                    "aliases",
                    "description",
                )
            },
        ),
        (
            "Connection",
            {
                "fields": (
                    ("provider", "api_model"),
                    "base_url",
                    "key_state",
                    ("key", "remove_key"),
                    "key_variable",
                    "parameters",
                    ("concurrency", "requests_per_minute"),
                    ("price_in", "price_out"),
                    "judge_only",
                ),
            },
        ),
        (
            "Size and origin",
            {
                "fields": (
                    ("open_weights", "variant_of"),
                    ("parameters_b", "active_parameters_b"),
                    ("context_tokens", "release_date"),
                    "homepage",
                ),
            },
        ),
    )

    def get_inlines(self, request: HttpRequest, obj: Contestant | None) -> Any:
        return self.inlines if obj else ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Contestant]:
        contestants: QuerySet[Contestant] = super().get_queryset(request)
        return contestants.annotate(
            ready=Count("answers", filter=Q(answers__state=Answer.State.READY)),
            failed=Count("answers", filter=Q(answers__state=Answer.State.FAILED)),
        )

    @display(description="State", ordering="state", label=COLOURS)
    def shown_state(self, contestant: Contestant) -> str:
        return contestant.state

    @display(description="Ready answers", ordering="ready")
    def ready(self, contestant: Any) -> int:
        return int(contestant.ready)

    @display(description="Failed answers", ordering="failed")
    def failed(self, contestant: Any) -> SafeString | int:
        if not contestant.failed:
            return 0
        where = reverse("admin:evaluations_answer_changelist")
        return format_html(
            '<a href="{}?contestant__id__exact={}&state__exact=failed">{}</a>',
            where,
            contestant.pk,
            contestant.failed,
        )

    @display(description="Failures in a row")
    def failures(self, contestant: Contestant) -> str:
        limit = fetching.PAUSED_AFTER_FAILURES
        return f"{contestant.failures_in_row} (paused by itself at {limit})"

    @display(description="Stored key")
    def key_state(self, contestant: Contestant) -> str:
        return "A key is stored." if contestant.key_token else "No key is stored."

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only a draft can be deleted: what has answered is retired instead."""
        if obj is not None and obj.state != State.DRAFT:
            return False
        return bool(super().has_delete_permission(request, obj))

    # --- buttons of the form: sent by POST with everything else

    @action(description="Save and test connection", permissions=["change"])
    def save_and_test(self, request: HttpRequest, contestant: Contestant) -> None:
        test = fetching.request_test(contestant=contestant, by=user_of(request))
        request.connection_test = test  # type: ignore[attr-defined]

    @action(description="Save and activate", permissions=["change"])
    def save_and_activate(self, request: HttpRequest, contestant: Contestant) -> None:
        self._change(request, [contestant], State.ACTIVE)

    @action(description="Save and pause", permissions=["change"])
    def save_and_pause(self, request: HttpRequest, contestant: Contestant) -> None:
        self._change(request, [contestant], State.PAUSED)

    def response_add(
        self, request: HttpRequest, obj: Contestant, post_url_continue: Any = None
    ) -> HttpResponse:
        """Back to its own page: the buttons that test and activate it are there."""
        response: HttpResponse = super().response_add(request, obj, post_url_continue)
        if "_save" not in request.POST:
            return response
        where = reverse("admin:evaluations_contestant_change", args=[obj.pk])
        return HttpResponseRedirect(where)

    def response_change(self, request: HttpRequest, obj: Contestant) -> HttpResponse:
        test = getattr(request, "connection_test", None)
        if test is not None:
            return HttpResponseRedirect(_page_of(test))
        for button in ("save_and_activate", "save_and_pause"):
            if f"evaluations_contestant_{button}" in request.POST:
                return HttpResponseRedirect(request.path)
        response: HttpResponse = super().response_change(request, obj)
        return response

    # --- actions of the list

    @admin.action(description="Activate", permissions=["change"])
    def activate(self, request: HttpRequest, chosen: QuerySet[Contestant]) -> None:
        self._change(request, chosen, State.ACTIVE)

    @admin.action(description="Pause", permissions=["change"])
    def pause(self, request: HttpRequest, chosen: QuerySet[Contestant]) -> None:
        self._change(request, chosen, State.PAUSED)

    @admin.action(description="Retire", permissions=["change"])
    def retire(self, request: HttpRequest, chosen: QuerySet[Contestant]) -> None:
        self._change(request, chosen, State.RETIRED)

    @admin.action(description="Test connection", permissions=["change"])
    def test(self, request: HttpRequest, chosen: QuerySet[Contestant]) -> HttpResponse:
        for contestant in chosen:
            fetching.request_test(contestant=contestant, by=user_of(request))
        return HttpResponseRedirect(
            reverse("admin:evaluations_connectiontest_changelist")
        )

    @admin.action(description="Ask for failed answers again", permissions=["change"])
    def retry_failed(self, request: HttpRequest, chosen: QuerySet[Contestant]) -> None:
        answers = sum(fetching.retry_failed(contestant=one) for one in chosen)
        self.message_user(request, f"{answers} answers will be asked for again.")

    def has_make_judges_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("evaluations.add_judge")

    @admin.action(description="Make a judge of it", permissions=["make_judges"])
    def make_judges(self, request: HttpRequest, chosen: QuerySet[Contestant]) -> None:
        for contestant in chosen:
            try:
                judge = judging.judge_from(contestant=contestant)
            except JudgingRefused as refused:
                self.message_user(request, str(refused), messages.ERROR)
            else:
                active = contestant.state == State.ACTIVE
                when = "" if active else ", once its contestant is active"
                self.message_user(request, f"{judge} can be asked under Judges{when}.")

    def _change(self, request: HttpRequest, chosen: Any, to: str) -> None:
        for contestant in chosen:
            try:
                change_state(contestant=contestant, to=to, by=user_of(request))
            except StateRefused as refused:
                self.message_user(request, str(refused), messages.ERROR)
            else:
                self.message_user(request, f"{contestant.name} is now {to}.")


def _page_of(test: ConnectionTest) -> str:
    return reverse("admin:evaluations_connectiontest_change", args=[test.pk])


@admin.register(ConnectionTest)
class ConnectionTestAdmin(ReadOnlyAdmin):
    list_display = ("contestant", "requested_at", "shown_state", "first_token_ms")
    list_filter = ("state",)
    list_select_related = ("contestant",)
    fields = (
        "contestant",
        "shown_state",
        ("requested_at", "finished_at"),
        "shown_answer",
        "shown_error",
        ("first_token_ms", "total_ms"),
        ("prompt_tokens", "completion_tokens"),
        ("served_model", "finish_reason"),
    )
    readonly_fields = ("shown_state", "shown_answer", "shown_error")

    @display(
        description="State",
        label={"passed": "success", "failed": "danger", "running": "info"},
    )
    def shown_state(self, test: ConnectionTest) -> str:
        return test.state

    @display(description="Answer")
    def shown_answer(self, test: ConnectionTest) -> SafeString:
        return raw_text(test.answer or "–")

    @display(description="What went wrong")
    def shown_error(self, test: ConnectionTest) -> SafeString:
        return raw_text(test.error or "–")

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        response: HttpResponse = super().change_view(
            request, object_id, *args, **kwargs
        )
        running = (ConnectionTest.State.QUEUED, ConnectionTest.State.RUNNING)
        if ConnectionTest.objects.filter(pk=object_id, state__in=running).exists():
            # Looks again by itself until the worker is done, without any script.
            response["Refresh"] = "2"
        return response
