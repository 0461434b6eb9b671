"""Uploaded files on their way in: tried first, written once an admin says so."""

from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

# Whoever imports says every second that it is at work, but for one long transaction.
SILENT_AFTER = timedelta(seconds=120)


class ImportJobQuerySet(models.QuerySet["ImportJob"]):
    def waiting(self) -> Self:
        """Those that a worker is to take up."""
        return self.filter(state__in=[ImportJob.State.QUEUED, ImportJob.State.ACCEPTED])

    def at_work(self) -> Self:
        return self.filter(state__in=[ImportJob.State.TRYING, ImportJob.State.WRITING])

    def stalled(self) -> Self:
        """Those whose worker has fallen silent."""
        return self.at_work().filter(heartbeat_at__lt=Now() - SILENT_AFTER)

    def claimable(self) -> Self:
        return self.waiting() | self.stalled()

    def open(self) -> Self:
        """Those that still need their file."""
        tried = self.filter(state=ImportJob.State.TRIED)
        return self.waiting() | self.at_work() | tried


class ImportJob(models.Model):
    """One upload: its dry run, and the import itself where it was wished."""

    class State(models.TextChoices):
        QUEUED = "queued", "waits for its dry run"
        TRYING = "trying", "dry run"
        TRIED = "tried", "to be confirmed"
        ACCEPTED = "accepted", "waits for a worker"
        WRITING = "writing", "being imported"
        DONE = "done", "imported"
        REFUSED = "refused", "refused"
        FAILED = "failed", "failed"
        DISCARDED = "discarded", "discarded"

    format = models.CharField(max_length=40)
    # What was said of the set beside the file.
    described = models.JSONField(default=dict, editable=False)
    file_name = models.CharField("file", max_length=200, editable=False)
    # Where the file lies until the job is over; nobody can guess it.
    folder = models.CharField(max_length=64, unique=True, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    step = models.CharField(max_length=60, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    # Of each kind of row: added, changed, already there.
    counts = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True
    )
    requested_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name = "import"
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        *("queued", "trying", "tried", "accepted", "writing"),
                        *("done", "refused", "failed", "discarded"),
                    ]
                ),
                name="import_job_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(done__lte=F("total")), name="import_job_done_within_total"
            ),
        )

    def __str__(self) -> str:
        return f"{self.file_name} ({self.format})"
