"""What all admin pages share: change here to run on the stock admin."""

from typing import Any, cast

from django.contrib.auth.models import User
from django.db.models import Model
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin, TabularInline

__all__ = [
    "ModelAdmin",
    "ReadOnlyAdmin",
    "ReadOnlyInline",
    "TabularInline",
    "raw_text",
    "user_of",
]


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
