"""Live battles: whose they are, and how far their turns have come."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from evaluations.models.battles import Battle, BattleTurn
from evaluations.models.volunteers import Volunteer


class LiveBattleQuerySet(models.QuerySet["LiveBattle"]):
    def open(self) -> Self:
        return self.filter(ended_at__isnull=True)

    def idle(self, *, seconds: float) -> Self:
        """Open ones that nobody has acted in for so long."""
        return self.open().filter(acted_at__lt=Now() - timedelta(seconds=seconds))


class LiveBattle(models.Model):
    """A battle on a volunteer's own question; nobody else sees it."""

    class End(models.TextChoices):
        VOTED = "voted"
        LEFT = "left", "given up by its volunteer"
        IDLE = "idle", "left alone for too long"
        FAILED = "failed", "not answered"
        DELETED = "deleted"

    battle = models.OneToOneField(
        Battle, models.CASCADE, primary_key=True, related_name="live"
    )
    volunteer = models.ForeignKey(
        Volunteer, models.PROTECT, related_name="live_battles"
    )
    # The side of the battle that its volunteer sees as A.
    left = models.CharField(max_length=1, choices=[("x", "x"), ("y", "y")])
    # With the volunteer's own tick question and answers may be shown to others.
    publish = models.BooleanField(default=False)
    redraws = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(db_default=Now())
    acted_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=10, choices=End, blank=True)

    objects = LiveBattleQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["volunteer"],
                condition=Q(ended_at__isnull=True),
                name="live_one_open_per_volunteer",
            ),
            models.CheckConstraint(
                condition=Q(left__in=["x", "y"]), name="live_side_is_known"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end="")
                | Q(ended_at__isnull=False) & ~Q(end=""),
                name="live_ended_in_some_way",
            ),
        )
        indexes = (
            models.Index(
                F("acted_at"), name="live_open", condition=Q(ended_at__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return f"live {self.battle_id}"


class LiveTurnQuerySet(models.QuerySet["LiveTurn"]):
    def under_way(self) -> Self:
        return self.filter(done_at__isnull=True)

    def waiting(self) -> Self:
        """Those that no worker has taken."""
        return self.under_way().filter(lease_token__isnull=True)

    def held(self) -> Self:
        """Those that a living worker streams."""
        return self.under_way().filter(lease_until__gt=Now())

    def stale(self) -> Self:
        """Those whose worker has not renewed its lease."""
        return self.under_way().filter(lease_until__lte=Now())


class LiveTurn(models.Model):
    """How far a turn of a live battle has come: what the page has been given."""

    turn = models.OneToOneField(
        BattleTurn, models.CASCADE, primary_key=True, related_name="live"
    )
    # Of the last frames that are known to be out; rises over the whole battle.
    seq = models.PositiveIntegerField(default=0)
    begun_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    html_x = models.TextField(blank=True)
    html_y = models.TextField(blank=True)
    failures_x = models.PositiveSmallIntegerField(default=0)
    failures_y = models.PositiveSmallIntegerField(default=0)
    stop_asked_at = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)

    objects = LiveTurnQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(lease_token__isnull=True, lease_until__isnull=True)
                | Q(lease_token__isnull=False, lease_until__isnull=False),
                name="live_lease_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(lease_token__isnull=True),
                name="live_turn_done_is_free",
            ),
        )
        indexes = (
            models.Index(
                F("lease_until"),
                name="live_turn_leased",
                condition=Q(done_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"live turn {self.turn_id}"
