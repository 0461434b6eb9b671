"""The ledger and its volunteers: read, flag, never edit."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.decorators import display

from evaluations import voting
from evaluations.admin.base import ReadOnlyAdmin
from evaluations.models import Volunteer, Vote

AFTER_REVIEW = "left out after review"


@admin.register(Vote)
class VoteAdmin(ReadOnlyAdmin):
    list_display = ("public_id", "battle", "verdict", "left", "shown_state", "cast_at")
    list_filter = ("state", "verdict", "rule")
    list_select_related = ("battle",)
    search_fields = ("public_id", "battle__public_id", "volunteer__public_id")
    ordering = ("-id",)
    actions = ("flag", "unflag")
    exclude = ("idempotency_key",)

    def has_flag_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("evaluations.change_vote")

    @display(
        description="State",
        ordering="state",
        label={"counted": "success", "flagged": "danger", "pending": "info"},
    )
    def shown_state(self, vote: Vote) -> str:
        return vote.state

    @admin.action(description="Flag: leave out of the count", permissions=["flag"])
    def flag(self, request: HttpRequest, chosen: QuerySet[Vote]) -> None:
        flagged = 0
        for vote in chosen:
            # The volunteer is shown the reason; who it was stands in the admin's log.
            if voting.flag_vote(vote=vote, rule="review", reason=AFTER_REVIEW):
                self.log_change(request, vote, "Flagged.")
                flagged += 1
        self.message_user(request, f"{flagged} votes are left out of the count now.")

    @admin.action(description="Count flagged votes again", permissions=["flag"])
    def unflag(self, request: HttpRequest, chosen: QuerySet[Vote]) -> None:
        counted = 0
        for vote in chosen:
            if voting.unflag_vote(vote=vote):
                self.log_change(request, vote, "Counted again.")
                counted += 1
        self.message_user(request, f"{counted} votes count again.")


@admin.register(Volunteer)
class VolunteerAdmin(ReadOnlyAdmin):
    list_display = ("public_id", "origin", "consented_at", "has_judged")
    list_filter = ("origin", "has_judged")
    search_fields = ("public_id", "external_id")
    ordering = ("-id",)
    exclude = ("token_digest",)
