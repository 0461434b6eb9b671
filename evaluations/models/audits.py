"""What the single votes of a moment say of how firm the table stands."""

from typing import Self

from django.db import models
from django.db.models.functions import Now

from evaluations.models.volunteers import Volunteer
from evaluations.rating.clusters import DesignEffects


class AuditQuerySet(models.QuerySet["Audit"]):
    def newest_first(self) -> Self:
        return self.order_by("-id")


class Audit(models.Model):
    """One audit; a new row each time, never edited."""

    method = models.CharField(max_length=80)
    parameters = models.JSONField()
    # All changes of transactions below it were seen.
    watermark = models.BigIntegerField()
    code_version = models.CharField(max_length=60)
    # Of the tallies of the votes read, as a table of the same votes has it.
    digest = models.CharField(max_length=64)
    votes = models.PositiveBigIntegerField()
    volunteers = models.PositiveBigIntegerField()
    results = models.JSONField()
    # Without whose votes another would lead; nobody is named outside the admin.
    turning_volunteer = models.ForeignKey(
        Volunteer, models.SET_NULL, null=True, related_name="+"
    )
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(db_default=Now())

    objects = AuditQuerySet.as_manager()

    def __str__(self) -> str:
        return f"audit of {self.finished_at:%Y-%m-%d %H:%M}"

    @property
    def design_effects(self) -> DesignEffects:
        """By slug: what volunteers who vote more than once do to variances."""
        return DesignEffects(self.results["effects"], self.results["pooled_effect"])
