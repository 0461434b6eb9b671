"""Questions, and the sets they came in."""

import hashlib
import json
import re
import unicodedata
import uuid
from collections.abc import Sequence
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q


def digest_of(messages: Sequence[dict[str, str] | str]) -> str:
    """SHA-256 of a canonical form: equal content gives an equal digest."""
    canonical = json.dumps(messages, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


# Marks that end or wrap a sentence, and tell no question from another.
MARKS = ".,;:!?…¿¡\"'“”„‘’«»‹›。、"
SPACE, LOOSE_MARKS = (
    re.compile(r"\s+"),
    re.compile(rf"(?<!\w)[{re.escape(MARKS)}]+|[{re.escape(MARKS)}]+(?!\w)"),
)


def wording_of(text: str) -> str:
    """SHA-256 of the words alone: equal whatever the case, the spaces and the marks.

    Marks within a word or a number count: 3.5 is not 35.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    words = SPACE.sub(" ", LOOSE_MARKS.sub(" ", folded)).strip()
    return hashlib.sha256(words.encode()).hexdigest()


def first_messages(turns: list[str]) -> list[dict[str, str]]:
    return [{"role": "user", "content": turns[0]}]


class PromptSet(models.Model):
    """Prompts of one origin under one licence."""

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    licence = models.CharField(max_length=120)
    source = models.CharField(max_length=300)
    description = models.TextField(blank=True)
    version = models.CharField(
        max_length=40,
        default="1",
        db_default="1",
        help_text="What the questions are frozen at.",
    )
    frozen_at = models.DateTimeField(null=True, blank=True)
    queue_weight = models.PositiveSmallIntegerField(
        default=1,
        db_default=1,
        help_text="How often the judge queue draws from it, against other sets; "
        "0 takes it out.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("title",)

    def __str__(self) -> str:
        return self.title


class PromptQuerySet(models.QuerySet["Prompt"]):
    def approved(self) -> Self:
        return self.filter(state=Prompt.State.APPROVED)

    def queued(self, *, of: PromptSet | None = None) -> Self:
        """Those the judge queue draws from; of one set where it is named."""
        drawn = self.approved().filter(prompt_set__queue_weight__gt=0)
        return drawn if of is None else drawn.filter(prompt_set=of)


class Prompt(models.Model):
    """What is asked: one or several turns of a volunteer's side."""

    class Origin(models.TextChoices):
        SET = "set"
        VOLUNTEER = "volunteer"
        LIVE = "live"

    class State(models.TextChoices):
        PENDING = "pending"
        APPROVED = "approved"
        REJECTED = "rejected"
        # Asked in a live battle, and for nobody else to see.
        PRIVATE = "private"

    class Found(models.TextChoices):
        """What makes two prompts near duplicates."""

        EXACT = "exact", "the same text"
        WORDING = "wording", "the same words"
        EMBEDDING = "embedding", "much the same meaning"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    prompt_set = models.ForeignKey(PromptSet, models.PROTECT, related_name="prompts")
    turns = ArrayField(models.TextField())
    digest = models.CharField(max_length=64, editable=False)
    # Of the messages that ask the first turn: what answers to it are found by.
    first_digest = models.CharField(max_length=64, editable=False, db_index=True)
    # Of the first turn's words: prompts of equal wording are drawn as if one. Empty
    # where nothing is known of it.
    wording = models.CharField(
        max_length=64, editable=False, blank=True, default="", db_default=""
    )
    language = models.CharField(max_length=12, default="en")
    categories = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    # Of a set made elsewhere: the question's number there.
    external_id = models.CharField(max_length=80, null=True, blank=True)  # noqa: DJ001  unique where known
    # Good answers, one a turn, where the set has them.
    references = ArrayField(models.TextField(), default=list, blank=True)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.SET)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    created_at = models.DateTimeField(auto_now_add=True)
    # When it was first drawn for the queue: a new prompt gets its first votes soon.
    drawn_at = models.DateTimeField(null=True, editable=False)
    # The first prompt of its group of near duplicates, and what makes it one of them.
    near = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="alike",
    )
    near_found = models.CharField(
        max_length=10, choices=Found, blank=True, default="", db_default=""
    )
    # The cosine of two embeddings; 1 for equal words.
    near_similarity = models.FloatField(null=True, editable=False)
    # When it was last compared with the others.
    near_checked_at = models.DateTimeField(null=True, editable=False)

    objects = PromptQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["prompt_set", "digest"], name="prompt_unique_in_its_set"
            ),
            models.UniqueConstraint(
                fields=["prompt_set", "external_id"],
                name="prompt_external_id_unique_in_its_set",
            ),
            models.CheckConstraint(
                condition=Q(turns__len__gte=1), name="prompt_has_a_turn"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["pending", "approved", "rejected", "private"]),
                name="prompt_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(near__isnull=True) | ~Q(near=F("id")),
                name="prompt_near_is_another",
            ),
            models.CheckConstraint(
                condition=Q(near_found__in=["", "exact", "wording", "embedding"]),
                name="prompt_near_found_is_known",
            ),
        )

    def __str__(self) -> str:
        return self.turns[0][:80]

    @property
    def category(self) -> str:
        return self.categories[0] if self.categories else ""

    def first_messages(self) -> list[dict[str, str]]:
        """What a contestant is sent for the first turn."""
        return first_messages(self.turns)

    def fill_digests(self) -> None:
        self.digest = digest_of(self.turns)
        self.first_digest = digest_of(self.first_messages())
        self.wording = wording_of(self.turns[0])
