"""Dumps: build by the add button, watch, withdraw."""

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from unfold.decorators import display

from evaluations import dumps
from evaluations.admin.base import ModelAdmin, user_of
from evaluations.models import Dump

COLOURS = {"published": "success", "failed": "danger", "building": "info"}
UNFINISHED = (Dump.State.QUEUED, Dump.State.BUILDING)


@admin.register(Dump)
class DumpAdmin(ModelAdmin):
    list_display = ("version", "shown_state", "progress", "votes", "published_at")
    list_filter = ("state",)
    ordering = ("-id",)
    actions = ("withdraw",)
    readonly_fields = (
        "what_happens",
        "version",
        "shown_state",
        "progress",
        "requested_at",
        "requested_by",
        "started_at",
        "published_at",
        "votes",
        "conversations",
        "files",
        "note",
    )
    fields = (
        ("version", "shown_state"),
        "progress",
        ("votes", "conversations"),
        ("requested_at", "requested_by"),
        ("started_at", "published_at"),
        "files",
        "note",
    )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fieldsets(self, request: HttpRequest, obj: Dump | None = None) -> Any:
        if obj is None:
            return ((None, {"fields": ("what_happens",)}),)
        return super().get_fieldsets(request, obj)

    @display(description="A new version")
    def what_happens(self, dump: Dump) -> str:
        days = settings.ARENA_DUMP_HOLD_DAYS
        return (
            "Save, and a worker writes all counted votes "
            f"that are at least {days} days old into files and publishes them."
        )

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Saving the empty form asks a worker for a new version."""
        buttons = {"show_save_and_add_another": False, "show_save_and_continue": False}
        response: HttpResponse = super().add_view(
            request, form_url, {**buttons, **(extra_context or {})}
        )
        return response

    def save_model(
        self, request: HttpRequest, obj: Dump, form: Any, change: bool
    ) -> None:
        obj.pk = dumps.request_dump(by=user_of(request)).pk
        obj.refresh_from_db()

    def response_add(
        self, request: HttpRequest, obj: Dump, post_url_continue: str | None = None
    ) -> HttpResponse:
        self.message_user(request, f"Dump {obj.version} is on its way.")
        return HttpResponseRedirect(_page_of(obj))

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        response: HttpResponse = super().change_view(
            request, object_id, *args, **kwargs
        )
        if Dump.objects.filter(pk=object_id, state__in=UNFINISHED).exists():
            response["Refresh"] = "2"
        return response

    def has_withdraw_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("evaluations.change_dump")

    @admin.action(description="Withdraw from download", permissions=["withdraw"])
    def withdraw(self, request: HttpRequest, chosen: QuerySet[Dump]) -> None:
        for dump in chosen.filter(state=Dump.State.PUBLISHED):
            # The data page shows the reason; who it was stands in the admin's log.
            dumps.withdraw_dump(dump=dump, reason="withdrawn by an administrator")
            self.log_change(request, dump, "Withdrawn from download.")
            self.message_user(
                request, f"Dump {dump.version} is withdrawn.", messages.WARNING
            )

    @display(description="State", ordering="state", label=COLOURS)
    def shown_state(self, dump: Dump) -> str:
        return dump.state

    @display(description="Progress")
    def progress(self, dump: Dump) -> str:
        if not dump.total:
            return "–"
        return f"{dump.done:,} of {dump.total:,} ({100 * dump.done // dump.total} %)"


def _page_of(dump: Model) -> str:
    return reverse("admin:evaluations_dump_change", args=[dump.pk])
