"""What marks a database whose votes are made up."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class Simulation(models.Model):
    """Where this row stands, all votes are a simulated crowd's. One row."""

    only = models.BooleanField(primary_key=True, default=True)
    label = models.CharField(max_length=40)
    rule = models.CharField(max_length=40)
    seed = models.PositiveBigIntegerField()
    parameters = models.JSONField()
    # True strengths by slug, in logits: what a perfect table would show.
    strengths = models.JSONField()
    begun_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(only=True), name="simulation_is_one_row"
            ),
        )

    def __str__(self) -> str:
        return f"simulation {self.label} ({self.rule})"
