"""How volunteers' prompts come into the pool: suggestions, and what was decided."""

from typing import Self

from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from evaluations.models.prompts import Prompt
from evaluations.models.volunteers import Volunteer


class Suggestion(models.Model):
    """A prompt that a volunteer wrote for everybody, and agreed to publish."""

    prompt = models.OneToOneField(Prompt, models.CASCADE, related_name="suggestion")
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="suggestions")
    suggested_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"suggestion {self.pk}"


class DecisionQuerySet(models.QuerySet["Decision"]):
    def standing(self) -> Self:
        """Those that were not undone."""
        return self.filter(undone_at__isnull=True)


class Decision(models.Model):
    """What somebody decided on a prompt; never edited, but undone at most once."""

    class Kind(models.TextChoices):
        APPROVE = "approve", "approved"
        REJECT = "reject", "rejected"
        EDIT = "edit", "edited"

    class Reason(models.TextChoices):
        DUPLICATE = "duplicate", "Asked already"
        PERSONAL = "personal", "Personal data"
        UNSAFE = "unsafe", "Harmful"
        UNCLEAR = "unclear", "Cannot be judged"
        LICENCE = "licence", "Somebody else’s text"
        OTHER = "other", "Something else"

    prompt = models.ForeignKey(Prompt, models.CASCADE, related_name="decisions")
    kind = models.CharField(max_length=10, choices=Kind)
    reason = models.CharField(max_length=10, choices=Reason, blank=True)
    # What it changed of the prompt, as an undo puts it back: state, or language and
    # categories; and what it changed that to.
    before = models.JSONField()
    after = models.JSONField(default=dict, db_default={})
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(db_default=Now())
    undone_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=["approve", "reject", "edit"]),
                name="decision_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=False) | Q(undone_by__isnull=True),
                name="decision_undone_at_some_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} of prompt {self.prompt_id}"


class PromptEmbedding(models.Model):
    """What a model of embeddings made of a prompt: float32, little-endian, length 1."""

    prompt = models.ForeignKey(Prompt, models.CASCADE, related_name="embeddings")
    model = models.CharField(max_length=200)
    vector = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["prompt", "model"], name="embedding_one_of_each_model"
            ),
        )

    def __str__(self) -> str:
        return f"embedding of prompt {self.prompt_id}"
