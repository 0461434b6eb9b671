"""What all admin pages share: change here to run on the stock admin."""

from typing import Any, cast

from django import forms
from django.contrib.auth.models import User
from django.db.models import Model
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin, TabularInline
from unfold.widgets import UnfoldAdminDecimalFieldWidget

__all__ = [
    "ModelAdmin",
    "ReadOnlyAdmin",
    "ReadOnlyInline",
    "SpendLimitField",
    "TabularInline",
    "raw_text",
    "user_of",
]


class SpendLimitField(forms.DecimalField):
    """What a run may cost at most."""

    def __init__(self) -> None:
        super().__init__(
            required=False,
            min_value=0,
            max_digits=12,
            decimal_places=4,
            label="Spend limit (US$)",
            widget=UnfoldAdminDecimalFieldWidget,
            help_text="The run pauses before the call that could pass this.",
        )


class ReadOnlyAdmin(ModelAdmin):
    """Rows that only the arena itself writes."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        return False


class ReadOnlyInline(TabularInline):
    extra = 0
    can_delete = False
    show_change_link = True
    tab = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def user_of(request: HttpRequest) -> User:
    """The admin at work; the site lets nobody else in."""
    return cast(User, request.user)


def raw_text(text: str) -> SafeString:
    """A stranger's text as it is: never rendered, never markup."""
    return format_html('<pre class="raw">{}</pre>', text)
