"""The ledger: what volunteers decided. Content never changes, state does."""

import uuid
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from evaluations.models.battles import Battle
from evaluations.models.volunteers import Volunteer


class VoteQuerySet(models.QuerySet["Vote"]):
    def spent(self) -> Self:
        """Those that leave no second vote on the same battle."""
        return self.exclude(state=Vote.State.WITHDRAWN, rule="undo")

    def standing(self) -> Self:
        """Those not taken back."""
        return self.exclude(state=Vote.State.WITHDRAWN)

    def counted(self) -> Self:
        return self.filter(state=Vote.State.COUNTED)

    def pending(self) -> Self:
        return self.filter(state=Vote.State.PENDING)


class Vote(models.Model):
    """One volunteer's verdict on one battle, as it was shown: a is the left answer."""

    class Verdict(models.TextChoices):
        A = "a"
        B = "b"
        TIE = "tie"
        BOTH_BAD = "both_bad"

    class Side(models.TextChoices):
        X = "x"
        Y = "y"

    class State(models.TextChoices):
        PENDING = "pending"
        COUNTED = "counted"
        FLAGGED = "flagged"
        WITHDRAWN = "withdrawn"

    class Reason(models.TextChoices):
        CORRECT = "correct", "More correct"
        CLEAR = "clear", "Clearer"
        COMPLETE = "complete", "More complete"
        INSTRUCTIONS = "instructions", "Followed the instructions"
        STYLE = "style", "Better style"
        SAFE = "safe", "Safer"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    battle = models.ForeignKey(Battle, models.PROTECT, related_name="votes")
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="votes")
    verdict = models.CharField(max_length=10, choices=Verdict)
    left = models.CharField(max_length=1, choices=Side)
    idempotency_key = models.CharField(max_length=80, null=True)  # noqa: DJ001  imported votes have none
    reasons = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    comment = models.CharField(max_length=500, blank=True)
    reading_ms = models.PositiveIntegerField(null=True)
    # How the left answer differed from the right in form, (l - r) / (l + r) in
    # thousandths: tokens, headings, list items, bold. Unknown (null) counts as alike.
    style = ArrayField(models.SmallIntegerField(), null=True, editable=False)
    # Unknown (null) for votes imported without a date.
    cast_at = models.DateTimeField(null=True, db_default=Now())
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    rule = models.CharField(max_length=40, blank=True)
    state_reason = models.CharField(max_length=200, blank=True)

    objects = VoteQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["battle", "volunteer"],
                # An undone vote may be cast again at once; one withdrawn later may
                # not, for the names are known by then.
                condition=~Q(state="withdrawn", rule="undo"),
                name="vote_once_per_volunteer_and_battle",
            ),
            models.UniqueConstraint(
                fields=["volunteer", "idempotency_key"], name="vote_key_used_once"
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=["a", "b", "tie", "both_bad"]),
                name="vote_verdict_is_known",
            ),
            models.CheckConstraint(
                condition=Q(left__in=["x", "y"]), name="vote_side_is_known"
            ),
            models.CheckConstraint(
                condition=Q(style__isnull=True) | Q(style__len=4),
                name="vote_has_all_of_style",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["pending", "counted", "flagged", "withdrawn"]),
                name="vote_state_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["flagged", "withdrawn"]) | ~Q(rule=""),
                name="vote_left_out_by_a_rule",
            ),
            models.CheckConstraint(
                condition=~Q(state="pending") | Q(cast_at__isnull=False),
                name="vote_pending_since_a_moment",
            ),
        )
        indexes = (
            models.Index(
                F("cast_at"), name="vote_unsettled", condition=Q(state="pending")
            ),
            models.Index(
                F("volunteer"),
                name="vote_unsettled_of_volunteer",
                condition=Q(state="pending"),
            ),
        )

    def __str__(self) -> str:
        return f"vote {self.public_id} ({self.state})"

    @property
    def choice(self) -> str:
        """The side of the battle that was preferred; empty where neither was."""
        if self.verdict == self.Verdict.A:
            return self.left
        other = {self.Side.X: self.Side.Y, self.Side.Y: self.Side.X}
        is_b = self.verdict == self.Verdict.B
        return other[self.Side(self.left)].value if is_b else ""
