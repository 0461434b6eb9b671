"""What a contestant said to given messages, and how it was fetched."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from evaluations.models.contestants import Contestant


class AnswerQuerySet(models.QuerySet["Answer"]):
    def ready(self) -> Self:
        return self.filter(state=Answer.State.READY)

    def held(self) -> Self:
        """Those a living worker is fetching."""
        return self.filter(state=Answer.State.FETCHING, lease_until__gt=Now())

    def for_queue(self) -> Self:
        """Those that no live battle asks for."""
        return self.exclude(origin=Answer.Origin.LIVE)

    def stale(self) -> Self:
        """Those whose worker has not renewed its lease."""
        return self.filter(state=Answer.State.FETCHING, lease_until__lte=Now())


class Answer(models.Model):
    """One answer per contestant, messages and replicate, reused by many battles."""

    class State(models.TextChoices):
        QUEUED = "queued"
        FETCHING = "fetching"
        READY = "ready"
        FAILED = "failed"

    class Origin(models.TextChoices):
        FETCH = "fetch"
        IMPORT = "import"
        LIVE = "live"

    contestant = models.ForeignKey(Contestant, models.PROTECT, related_name="answers")
    messages = models.JSONField()
    messages_digest = models.CharField(max_length=64)
    replicate = models.PositiveSmallIntegerField(default=0)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.FETCH)

    text = models.TextField(blank=True)
    reasoning = models.TextField(blank=True)
    html = models.TextField(blank=True)
    renderer_version = models.PositiveSmallIntegerField(default=0)

    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    claims = models.PositiveSmallIntegerField(default=0)
    lease_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    queued_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    first_token_ms = models.PositiveIntegerField(null=True)
    total_ms = models.PositiveIntegerField(null=True)
    prompt_tokens = models.PositiveIntegerField(null=True)
    completion_tokens = models.PositiveIntegerField(null=True)
    finish_reason = models.CharField(max_length=40, blank=True)
    served_model = models.CharField(max_length=200, blank=True)
    # What it is asked with before the contestant's own parameters.
    overrides = models.JSONField(default=dict, db_default={}, editable=False)
    parameters = models.JSONField(default=dict)
    error_kind = models.CharField(max_length=30, blank=True)
    error = models.TextField(blank=True)
    style = models.JSONField(default=dict)
    # The rule by which the text was found to name its own model; empty: it does not.
    leak = models.CharField(max_length=40, blank=True)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["contestant", "messages_digest", "replicate"],
                name="answer_asked_once_per_replicate",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "fetching", "ready", "failed"]),
                name="answer_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state="fetching", lease_token__isnull=False)
                & Q(lease_until__isnull=False, started_at__isnull=False)
                | ~Q(state="fetching")
                & Q(lease_token__isnull=True, lease_until__isnull=True),
                name="answer_lease_only_while_fetching",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["ready", "failed"], finished_at__isnull=False)
                | Q(state__in=["queued", "fetching"], finished_at__isnull=True),
                name="answer_finished_when_it_says_so",
            ),
            models.CheckConstraint(
                condition=Q(claims__lte=2), name="answer_claimed_twice_at_most"
            ),
        )
        indexes = (
            models.Index(
                F("contestant"),
                F("queued_at"),
                name="answer_waiting",
                condition=Q(state="queued"),
            ),
            models.Index(
                F("lease_until"),
                name="answer_leased",
                condition=Q(state="fetching"),
            ),
            models.Index(
                F("contestant"),
                F("messages_digest"),
                name="answer_failed",
                condition=Q(state="failed"),
            ),
        )

    def __str__(self) -> str:
        return f"answer {self.pk} ({self.state})"

    @property
    def conversation(self) -> list[dict[str, str]]:
        """What the contestant has seen and said, which a next question goes behind."""
        return [*self.messages, {"role": "assistant", "content": self.text}]
