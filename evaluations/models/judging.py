"""Models as judges: kept apart from people's votes, row by row."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from evaluations.models.answers import Answer
from evaluations.models.battles import Battle
from evaluations.models.contestants import Contestant
from evaluations.models.votes import Vote


class Judge(models.Model):
    """A model that gives verdicts, here over a connection or elsewhere long ago."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=120, unique=True)
    maker = models.CharField(
        max_length=120, help_text="Verdicts on models of the same maker are marked."
    )
    contestant = models.ForeignKey(
        Contestant,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="judges",
        help_text="Whose connection is asked; empty for verdicts made elsewhere.",
    )
    description = models.TextField(blank=True)
    licence = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class JudgeTemplate(models.Model):
    """What a judge is asked, in one version; one that was used is never edited."""

    class Kind(models.TextChoices):
        PAIR = "pair", "Which of two answers is better"
        SCORE = "score", "One answer, from 1 to 10"

    slug = models.SlugField(max_length=80)
    version = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=10, choices=Kind)
    system = models.TextField(blank=True)
    # With {question}, {answer_a}, {answer_b} or {answer}, and {reference}.
    text = models.TextField()
    # Put in for {reference} where the prompt has one; {reference} is its text.
    reference_text = models.TextField(blank=True)
    parameters = models.JSONField(
        default=dict, blank=True, help_text='Sent with each call: {"temperature": 0}.'
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("slug", "-version")
        constraints = (
            models.UniqueConstraint(
                fields=["slug", "version"], name="judge_template_once_a_version"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["pair", "score"]),
                name="judge_template_kind_is_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.slug} {self.version}"


class Reading(models.TextChoices):
    """What became of a judge's reply: a verdict that cannot be read is a failure."""

    READ = "read"
    UNREADABLE = "unreadable"
    FAILED = "failed"


class JudgeVerdictQuerySet(models.QuerySet["JudgeVerdict"]):
    def read(self) -> Self:
        return self.filter(state=Reading.READ)


class JudgeVerdict(models.Model):
    """What a judge said of one battle, its answers shown in one order."""

    judge = models.ForeignKey(Judge, models.PROTECT, related_name="verdicts")
    template = models.ForeignKey(
        JudgeTemplate, models.PROTECT, null=True, related_name="verdicts"
    )
    battle = models.ForeignKey(Battle, models.PROTECT, related_name="judge_verdicts")
    # The contestant shown first; "a" is that one's answer, as in Vote.
    left = models.CharField(max_length=1, choices=Vote.Side)
    # Where not, left only says whose answer is "a", and nobody knows the place.
    order_known = models.BooleanField(default=True, db_default=True)
    state = models.CharField(max_length=10, choices=Reading)
    verdict = models.CharField(max_length=10, choices=Vote.Verdict, blank=True)
    # Where the judge gave points to both, as Vicuna's did.
    score_a = models.FloatField(null=True)
    score_b = models.FloatField(null=True)
    reason = models.TextField(blank=True)
    # Its whole reply with served model, parameters and cost; null for imported ones.
    reply = models.ForeignKey(Answer, models.PROTECT, null=True, related_name="+")
    run = models.ForeignKey(
        "evaluations.Run", models.PROTECT, null=True, related_name="verdicts"
    )
    external_id = models.CharField(max_length=120, unique=True, null=True)  # noqa: DJ001  unique where known
    given_at = models.DateTimeField(null=True, db_default=Now())

    objects = JudgeVerdictQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["judge", "template", "battle", "left"],
                nulls_distinct=False,
                name="judge_verdict_once_an_order",
            ),
            models.CheckConstraint(
                condition=Q(state="read", verdict__in=["a", "b", "tie", "both_bad"])
                | Q(state__in=["unreadable", "failed"], verdict=""),
                name="judge_verdict_only_where_read",
            ),
            models.CheckConstraint(
                condition=Q(left__in=["x", "y"]), name="judge_verdict_side_is_known"
            ),
            models.CheckConstraint(
                condition=Q(score_a__isnull=True, score_b__isnull=True)
                | Q(score_a__isnull=False, score_b__isnull=False),
                name="judge_verdict_scores_both_or_none",
            ),
        )

    def __str__(self) -> str:
        return f"verdict {self.pk} of judge {self.judge_id}"


class JudgeScore(models.Model):
    """What a judge gave one answer alone, from 1 to 10."""

    judge = models.ForeignKey(Judge, models.PROTECT, related_name="scores")
    template = models.ForeignKey(
        JudgeTemplate, models.PROTECT, null=True, related_name="scores"
    )
    answer = models.ForeignKey(Answer, models.PROTECT, related_name="judge_scores")
    state = models.CharField(max_length=10, choices=Reading)
    score = models.FloatField(null=True)
    reason = models.TextField(blank=True)
    reply = models.ForeignKey(Answer, models.PROTECT, null=True, related_name="+")
    run = models.ForeignKey(
        "evaluations.Run", models.PROTECT, null=True, related_name="judge_scores"
    )
    external_id = models.CharField(max_length=120, unique=True, null=True)  # noqa: DJ001  unique where known
    given_at = models.DateTimeField(null=True, db_default=Now())

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["judge", "template", "answer"],
                nulls_distinct=False,
                name="judge_score_once",
            ),
            models.CheckConstraint(
                condition=Q(state="read", score__gte=1, score__lte=10)
                | Q(state__in=["unreadable", "failed"], score__isnull=True),
                name="judge_score_only_where_read",
            ),
        )

    def __str__(self) -> str:
        return f"score {self.pk} of judge {self.judge_id}"
