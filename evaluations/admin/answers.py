"""Answers: what came, and why the others did not."""

from django.contrib import admin
from django.utils.safestring import SafeString
from unfold.decorators import display

from evaluations.admin.base import ReadOnlyAdmin, raw_text
from evaluations.models import Answer

LIVE = "Of a live battle: its texts stand there, as far as they are not private."


@admin.register(Answer)
class AnswerAdmin(ReadOnlyAdmin):
    list_display = ("id", "contestant", "shown_state", "error_kind", "finished_at")
    list_filter = ("state", "error_kind", "origin", "contestant")
    list_select_related = ("contestant",)
    ordering = ("-id",)
    fields = (
        ("contestant", "origin"),
        "shown_state",
        "asked",
        "said",
        "thought",
        ("error_kind", "error"),
        ("queued_at", "started_at", "finished_at"),
        ("claims", "first_token_ms", "total_ms"),
        ("prompt_tokens", "completion_tokens", "finish_reason"),
        ("served_model", "parameters"),
    )
    readonly_fields = ("shown_state", "asked", "said", "thought")

    @display(
        description="State",
        ordering="state",
        label={"ready": "success", "failed": "danger", "fetching": "info"},
    )
    def shown_state(self, answer: Answer) -> str:
        return answer.state

    @display(description="Messages")
    def asked(self, answer: Answer) -> SafeString:
        lines = (f"{m['role']}: {m['content']}" for m in answer.messages)
        return _unless_live(answer, "\n\n".join(lines))

    @display(description="Text")
    def said(self, answer: Answer) -> SafeString:
        return _unless_live(answer, answer.text)

    @display(description="Reasoning")
    def thought(self, answer: Answer) -> SafeString:
        return _unless_live(answer, answer.reasoning or "–")


def _unless_live(answer: Answer, text: str) -> SafeString:
    return raw_text(LIVE if answer.origin == Answer.Origin.LIVE else text)
