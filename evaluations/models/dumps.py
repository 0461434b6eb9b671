"""Published data: one row a version, its files under ARENA_VAR/dumps."""

from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Now

# A builder says every second that it is at work.
SILENT_AFTER = timedelta(seconds=60)


class DumpQuerySet(models.QuerySet["Dump"]):
    def published(self) -> Self:
        return self.filter(state=Dump.State.PUBLISHED)

    def under_way(self) -> Self:
        return self.filter(state__in=[Dump.State.QUEUED, Dump.State.BUILDING])

    def stalled(self) -> Self:
        """Those whose builder has fallen silent."""
        return self.filter(
            state=Dump.State.BUILDING, heartbeat_at__lt=Now() - SILENT_AFTER
        )

    def claimable(self) -> Self:
        """Those that a builder may take, over a silent one's head if need be."""
        return self.filter(state=Dump.State.QUEUED) | self.stalled()


class Dump(models.Model):
    """A version of the votes and conversations that anyone may download."""

    class State(models.TextChoices):
        QUEUED = "queued"
        BUILDING = "building"
        PUBLISHED = "published"
        FAILED = "failed"
        WITHDRAWN = "withdrawn"

    version = models.SlugField(max_length=40, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    requested_at = models.DateTimeField(db_default=Now())
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True
    )
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    votes = models.PositiveBigIntegerField(default=0)
    conversations = models.PositiveBigIntegerField(default=0)
    files = models.JSONField(default=list)
    note = models.TextField(blank=True)

    objects = DumpQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False),
                name="dump_published_at_a_moment",
            ),
            models.UniqueConstraint(
                Value(1),
                condition=Q(state__in=["queued", "building"]),
                name="dump_one_under_way",
            ),
        )

    def __str__(self) -> str:
        return self.version
