"""Runs: look at the price, start, hold, go on, stop, ask again."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Final

from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.decorators import action, display

from evaluations import runs
from evaluations.admin.base import ModelAdmin, ReadOnlyAdmin, raw_text
from evaluations.models import Run, RunItem
from evaluations.runs import RunProgress, RunRefused
from evaluations.runs.spending import ENDED, cost_of_item
from evaluations.runs.telling import ESTIMATE_HEAD, estimate_rows

State = Run.State
COLOURS = {
    "running": "info",
    "finished": "success",
    "paused": "warning",
    "stopped": "danger",
}
# What can be done with a run, by how it stands.
FITTING: Final = {
    State.PLANNED: {"start_this", "discard_this"},
    State.RUNNING: {"pause_this", "stop_this"},
    State.PAUSED: {"resume_this", "stop_this", "retry_this"},
    State.FINISHED: {"retry_this"},
    State.STOPPED: set(),
}
SECONDS_BETWEEN_LOOKS = 3
BAR = '<progress max="{}" value="{}" aria-label="answers"></progress> {}'


class SavesLimitAlone(admin.ModelAdmin):  # type: ignore[type-arg]
    """What the plain admin does last: save; the workers write all else meanwhile."""

    def save_model(
        self, request: HttpRequest, obj: Run, form: Any, change: bool
    ) -> None:
        obj.save(update_fields=["spend_limit"])


@admin.register(Run)
class RunAdmin(ModelAdmin, SavesLimitAlone):
    list_display = (
        "id",
        "kind",
        "subject",
        "shown_state",
        "progress",
        "failed",
        "spent",
        "spend_limit",
    )
    list_filter = ("state", "kind", "prompt_set", "judge", "benchmark")
    list_per_page = 20
    show_full_result_count = False
    actions = ("pause", "resume", "stop", "retry")
    actions_submit_line = (
        "start_this",
        "discard_this",
        "resume_this",
        "pause_this",
        "retry_this",
        "stop_this",
    )
    fields = (
        ("kind", "subject"),
        ("shown_state", "note"),
        "progress",
        ("spent", "spend_limit"),
        "what_happens",
        "estimate",
        "failures",
        ("by", "created_at"),
        ("started_at", "finished_at"),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        flat = [name for row in self.fields for name in _names(row)]
        if obj and obj.state in {State.PLANNED, State.PAUSED}:
            flat.remove("spend_limit")
        return flat

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        is_planned = obj is not None and obj.state == State.PLANNED
        left_out = {"failures"} if is_planned else {"what_happens", "estimate"}
        return [row for row in self.fields if row not in left_out]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Run]:
        found: QuerySet[Run] = super().get_queryset(request)
        item = RunItem.State
        paid = Q(items__paid=True, items__answer__state__in=ENDED)
        return found.with_subject().annotate(  # type: ignore[attr-defined,no-any-return]
            waiting_items=Count("items", filter=Q(items__state=item.WAITING)),
            asked_items=Count("items", filter=Q(items__state=item.ASKED)),
            done_items=Count("items", filter=Q(items__state=item.DONE)),
            failed_items=Count("items", filter=Q(items__state=item.FAILED)),
            dollars=Sum(cost_of_item("items__"), filter=paid),
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """They are opened where there is something to ask about."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was asked tells what was paid; a mere plan is discarded."""
        return False

    def get_actions_submit_line(self, request: HttpRequest, object_id: Any) -> Any:
        state = Run.objects.filter(pk=object_id).values_list("state", flat=True).first()
        fitting = FITTING[State(state)] if state else set()
        offered = super().get_actions_submit_line(request, object_id)
        return [one for one in offered if one.action_name.endswith(tuple(fitting))]

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        response: HttpResponse = super().change_view(
            request, object_id, *args, **kwargs
        )
        if Run.objects.under_way().filter(pk=object_id).exists():
            # Looks again by itself, without any script; nothing can be typed there.
            response["Refresh"] = str(SECONDS_BETWEEN_LOOKS)
        return response

    def response_change(self, request: HttpRequest, obj: Run) -> HttpResponse:
        if not Run.objects.filter(pk=obj.pk).exists():
            return HttpResponseRedirect(reverse("admin:evaluations_run_changelist"))
        if any(name.endswith("_this") for name in request.POST):
            return HttpResponseRedirect(page_of(obj))
        response: HttpResponse = super().response_change(request, obj)
        return response

    # --- what is shown

    @display(description="About")
    def subject(self, run: Run) -> str:
        return run.subject

    @display(description="State", ordering="state", label=COLOURS)
    def shown_state(self, run: Run) -> str:
        return run.state

    @display(description="Progress")
    def progress(self, run: Any) -> SafeString:
        done = RunProgress(
            run.waiting_items, run.asked_items, run.done_items, run.failed_items
        )
        words = f"{done.ended:,} of {done.total:,} ({done.percent} %)"
        return format_html(BAR, done.total, done.ended, words)

    @display(description="Failed", ordering="failed_items")
    def failed(self, run: Any) -> SafeString | int:
        if not run.failed_items:
            return 0
        where = reverse("admin:evaluations_runitem_changelist")
        return format_html(
            '<a href="{}?run__id__exact={}&state__exact=failed">{}</a>',
            where,
            run.pk,
            run.failed_items,
        )

    @display(description="Spent (US$)", ordering="dollars")
    def spent(self, run: Any) -> str:
        return f"{run.spent_before + (run.dollars or Decimal(0)):.4f}"

    @display(description="The start")
    def what_happens(self, run: Run) -> str:
        is_answered = run.kind == Run.Kind.EVALUATION
        if not is_answered or run.prompt_set is None or run.prompt_set.frozen_at:
            return "Workers ask, answer by answer; it can be paused at any time."
        return (
            f"It freezes {run.prompt_set} at version {run.prompt_set.version}: no "
            "question of it can be changed any more. Then workers ask."
        )

    @display(description="Estimate")
    def estimate(self, run: Run) -> SafeString:
        return _table(ESTIMATE_HEAD, estimate_rows(runs.estimate(run=run)))

    @display(description="Failures")
    def failures(self, run: Run) -> SafeString | str:
        found = runs.failures_of(run)
        rows = [(each.contestant, f"{each.items:,}", each.note) for each in found]
        return _table(("contestant", "items", "why"), rows) if rows else "–"

    # --- what is done: one run by the buttons of its page, several from the list

    @action(description="Save and start", permissions=["change"])
    def start_this(self, request: HttpRequest, run: Run) -> None:
        self._do(request, runs.start_run, [run], "has begun")

    @action(description="Discard", permissions=["change"])
    def discard_this(self, request: HttpRequest, run: Run) -> None:
        self._do(request, runs.discard_run, [run], "is discarded")

    @action(description="Pause", permissions=["change"])
    def pause_this(self, request: HttpRequest, run: Run) -> None:
        self._do(request, runs.pause_run, [run], "is paused")

    @action(description="Save and resume", permissions=["change"])
    def resume_this(self, request: HttpRequest, run: Run) -> None:
        self._do(request, runs.resume_run, [run], "goes on")

    @action(description="Stop for good", permissions=["change"])
    def stop_this(self, request: HttpRequest, run: Run) -> None:
        self._do(request, runs.stop_run, [run], "is stopped")

    @action(description="Ask failed items again", permissions=["change"])
    def retry_this(self, request: HttpRequest, run: Run) -> None:
        self._do(request, runs.retry_failed, [run], "asks again for what failed")

    @admin.action(description="Pause", permissions=["change"])
    def pause(self, request: HttpRequest, chosen: QuerySet[Run]) -> None:
        self._do(request, runs.pause_run, chosen, "is paused")

    @admin.action(description="Resume", permissions=["change"])
    def resume(self, request: HttpRequest, chosen: QuerySet[Run]) -> None:
        self._do(request, runs.resume_run, chosen, "goes on")

    @admin.action(description="Stop for good", permissions=["change"])
    def stop(self, request: HttpRequest, chosen: QuerySet[Run]) -> None:
        self._do(request, runs.stop_run, chosen, "is stopped")

    @admin.action(description="Ask failed items again", permissions=["change"])
    def retry(self, request: HttpRequest, chosen: QuerySet[Run]) -> None:
        self._do(request, runs.retry_failed, chosen, "asks again for what failed")

    def _do(
        self, request: HttpRequest, act: Callable[..., Any], chosen: Any, done: str
    ) -> None:
        for run in chosen:
            try:
                act(run=run)
            except RunRefused as refused:
                self.message_user(request, f"{run}: {refused}", messages.ERROR)
            else:
                self.log_change(request, run, f"It {done}.")
                self.message_user(request, f"{str(run).capitalize()} {done}.")


@admin.register(RunItem)
class RunItemAdmin(ReadOnlyAdmin):
    list_display = ("run", "number", "contestant", "shown_state", "paid", "note")
    list_filter = ("state", "run__kind", "contestant")
    list_select_related = ("run", "contestant")
    ordering = ("-run", "number")
    fields = (
        ("run", "number"),
        ("contestant", "shown_state"),
        ("answer", "paid"),
        "note",
        "asked",
    )
    readonly_fields = ("shown_state", "asked")

    @display(
        description="State",
        ordering="state",
        label={"done": "success", "failed": "danger", "asked": "info"},
    )
    def shown_state(self, item: RunItem) -> str:
        return item.state

    @display(description="Asked")
    def asked(self, item: RunItem) -> SafeString:
        if item.answer is None:
            return raw_text("–")
        lines = (f"{m['role']}: {m['content']}" for m in item.answer.messages)
        return raw_text("\n\n".join(lines))


def page_of(run: Run) -> str:
    return reverse("admin:evaluations_run_change", args=[run.pk])


def _names(row: str | tuple[str, ...]) -> tuple[str, ...]:
    return (row,) if isinstance(row, str) else row


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> SafeString:
    cells = format_html_join("", '<th scope="col">{}</th>', ((text,) for text in head))
    lines = format_html_join(
        "",
        "<tr>{}</tr>",
        ((format_html_join("", "<td>{}</td>", ((t,) for t in row)),) for row in rows),
    )
    return format_html(
        '<div class="figures" tabindex="0" role="region" aria-label="figures">'
        "<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>",
        cells,
        lines,
    )
