"""Battles, and what visitors report about them."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from unfold.decorators import display

from evaluations import battles
from evaluations.admin.base import ModelAdmin, ReadOnlyAdmin, raw_text
from evaluations.models import Battle, Prompt, Report

PRIVATE = (
    "Private: its volunteer asked this for themselves. It is shown here only once "
    "somebody has reported it."
)
COLOURS = {"ready": "success", "failed": "danger", "waiting": "info"}


@admin.register(Battle)
class BattleAdmin(ReadOnlyAdmin):
    list_display = (
        "public_id",
        "contestant_x",
        "contestant_y",
        "shown_state",
        "judgements",
        "withdrawn_at",
    )
    list_filter = (
        "state",
        "origin",
        "mode",
        ("withdrawn_at", admin.EmptyFieldListFilter),
    )
    list_select_related = ("contestant_x", "contestant_y")
    search_fields = ("public_id", "external_id")
    ordering = ("-id",)
    actions = ("withdraw",)
    fields = (
        ("public_id", "external_id"),
        ("mode", "origin", "shown_state"),
        ("repeat_of", "only_for"),
        ("contestant_x", "contestant_y"),
        "asked",
        "said_x",
        "said_y",
        ("draw_rule", "draw_probability"),
        ("judgements", "judgements_wanted", "opened_at"),
        ("withdrawn_at", "withdrawn_reason"),
    )
    readonly_fields = ("shown_state", "asked", "said_x", "said_y")

    def has_withdraw_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("evaluations.change_battle")

    @admin.action(description="Withdraw from the queue", permissions=["withdraw"])
    def withdraw(self, request: HttpRequest, chosen: QuerySet[Battle]) -> None:
        for battle in chosen:
            battles.withdraw_battle(
                battle=battle, reason="withdrawn by an administrator"
            )
            self.log_change(request, battle, "Withdrawn from the queue.")

    @display(description="State", ordering="state", label=COLOURS)
    def shown_state(self, battle: Battle) -> str:
        return battle.state

    @display(description="Prompt")
    def asked(self, battle: Battle) -> SafeString:
        return _unless_private(battle, battle.prompt.turns)

    @display(description="Answer of x")
    def said_x(self, battle: Battle) -> SafeString:
        return _unless_private(battle, [t.answer_x.text for t in battle.turns.all()])

    @display(description="Answer of y")
    def said_y(self, battle: Battle) -> SafeString:
        return _unless_private(battle, [t.answer_y.text for t in battle.turns.all()])


def _unless_private(battle: Battle, texts: list[str]) -> SafeString:
    private = battle.prompt.state == Prompt.State.PRIVATE
    shown = not private or battle.reports.exists()
    return raw_text("\n\n".join(texts) if shown else PRIVATE)


@admin.register(Report)
class ReportAdmin(ModelAdmin):
    list_display = ("battle", "reason", "shown_state", "reported_at")
    list_filter = ("state", "reason")
    list_select_related = ("battle",)
    actions = ("uphold", "dismiss")
    fields = ("battle", "reason", "comment", "shown_state", "reported_at")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @display(
        description="State",
        ordering="state",
        label={"open": "warning", "upheld": "danger", "dismissed": "info"},
    )
    def shown_state(self, report: Report) -> str:
        return report.state

    @admin.action(description="Uphold and withdraw the pair", permissions=["change"])
    def uphold(self, request: HttpRequest, chosen: QuerySet[Report]) -> None:
        for report in chosen.select_related("battle"):
            battles.withdraw_battle(
                battle=report.battle, reason=f"reported: {report.get_reason_display()}"
            )
            self.log_change(request, report, "Upheld.")
        chosen.update(state=Report.State.UPHELD)

    @admin.action(description="Dismiss", permissions=["change"])
    def dismiss(self, request: HttpRequest, chosen: QuerySet[Report]) -> None:
        for report in chosen:
            self.log_change(request, report, "Dismissed.")
        chosen.update(state=Report.State.DISMISSED)
