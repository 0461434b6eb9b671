"""Published tables: to look at, never to edit."""

from django.contrib import admin

from evaluations.admin.base import ReadOnlyAdmin, ReadOnlyInline
from evaluations.models import Audit, Leaderboard, Rating


class RatingInline(ReadOnlyInline):
    model = Rating
    fields = (
        "contestant",
        "group",
        "rating",
        "rating_low",
        "rating_high",
        "rank_low",
        "rank_high",
        "votes",
        "provisional",
    )
    readonly_fields = fields
    show_change_link = False


@admin.register(Leaderboard)
class LeaderboardAdmin(ReadOnlyAdmin):
    list_display = ("published_at", "slice", "votes", "volunteers", "code_version")
    list_filter = ("slice",)
    ordering = ("-id",)
    inlines = (RatingInline,)


@admin.register(Audit)
class AuditAdmin(ReadOnlyAdmin):
    list_display = ("finished_at", "votes", "volunteers", "code_version")
    ordering = ("-id",)
