"""Published rating tables: new rows each time, never edited."""

from typing import Self

from django.db import models
from django.db.models.functions import Now

from evaluations.models.contestants import Contestant
from evaluations.models.tallies import ALL, SLICE_LENGTH


class LeaderboardQuerySet(models.QuerySet["Leaderboard"]):
    def of_slice(self, name: str = ALL, adjustment: str = "") -> Self:
        """All publications of one table, the newest first."""
        return self.filter(slice=name, adjustment=adjustment).order_by("-id")

    def newest(self) -> Self:
        """The newest publication of each table."""
        return self.order_by("slice", "adjustment", "-id").distinct(
            "slice", "adjustment"
        )


class Leaderboard(models.Model):
    """One publication of a table, with all that is needed to recompute it."""

    class Adjustment(models.TextChoices):
        NONE = "", "as judged"
        STYLE = "style", "corrected for length and style"
        RELIABILITY = "reliability", "weighted by reliability"

    slice = models.CharField(max_length=SLICE_LENGTH, default=ALL)
    adjustment = models.CharField(
        max_length=20, choices=Adjustment, default=Adjustment.NONE, blank=True
    )
    method = models.CharField(max_length=80)
    parameters = models.JSONField()
    watermark = models.BigIntegerField()
    code_version = models.CharField(max_length=60)
    digest = models.CharField(max_length=64)
    votes = models.PositiveBigIntegerField()
    # Counted for the table of all votes alone.
    volunteers = models.PositiveBigIntegerField(null=True)
    # Of style control: what form is worth, in Elo points, with 95 % intervals.
    coefficients = models.JSONField(default=list)
    published_at = models.DateTimeField(db_default=Now())

    objects = LeaderboardQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(
                fields=["slice", "adjustment", "-id"], name="leaderboard_newest"
            ),
        )

    def __str__(self) -> str:
        return f"{self.slice} leaderboard of {self.published_at:%Y-%m-%d %H:%M}"


class Rating(models.Model):
    """One contestant's line in one leaderboard; groups are not comparable."""

    leaderboard = models.ForeignKey(Leaderboard, models.CASCADE, related_name="ratings")
    contestant = models.ForeignKey(Contestant, models.CASCADE, related_name="ratings")
    group = models.PositiveSmallIntegerField()
    rating = models.FloatField()
    rating_low = models.FloatField()
    rating_high = models.FloatField()
    standard_error = models.FloatField()
    rank_low = models.PositiveIntegerField()
    rank_high = models.PositiveIntegerField()
    votes = models.PositiveBigIntegerField()
    wins = models.PositiveBigIntegerField()
    losses = models.PositiveBigIntegerField()
    ties = models.PositiveBigIntegerField()
    both_bad = models.PositiveBigIntegerField()
    provisional = models.BooleanField()
    # Unknown in tables published before these were computed.
    votes_to_median = models.PositiveBigIntegerField(null=True)
    votes_to_separate = models.PositiveBigIntegerField(null=True)
    # Logits, for the chances of a win, a tie and a loss within the group.
    tie_strength = models.FloatField(null=True)
    tie_threshold = models.FloatField(null=True)
    # Elo points: of two contestants the squares add up to the difference's variance.
    comparison_error = models.FloatField(null=True)
    # By how much votes of the same volunteers agree more than chance: multiplies the
    # variance. Null where it is not known yet.
    design_effect = models.FloatField(null=True)

    class Meta:
        ordering = ("group", "-rating", "contestant__name")
        constraints = (
            models.UniqueConstraint(
                fields=["leaderboard", "contestant"],
                name="rating_once_in_a_leaderboard",
            ),
        )

    def __str__(self) -> str:
        return f"{self.contestant_id}: {self.rating:.0f}"

    @property
    def win_rate(self) -> float:
        """Share of battles won, a tie of either kind being half a win."""
        return (self.wins + (self.ties + self.both_bad) / 2) / self.votes

    @property
    def usable_share(self) -> float:
        """Share of battles that were not called both bad."""
        return 1 - self.both_bad / self.votes
