"""Traditional test sets: what was reported elsewhere, and what was measured here."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from evaluations.models.contestants import Contestant


class Benchmark(models.Model):
    """One test set in one version, scored by one metric."""

    class Kind(models.TextChoices):
        REPORTED = "reported", "Scores made elsewhere"
        EXACT = "exact", "Exact match"
        CHOICE = "choice", "Multiple choice"
        NUMBER = "number", "Numeric answer"

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    version = models.CharField(max_length=80, blank=True)
    metric = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.REPORTED)
    higher_is_better = models.BooleanField(default=True)
    is_yardstick = models.BooleanField(
        default=True,
        help_text="Off for what is no measure of worth, as a length: it is shown, and "
        "not compared with people and judges.",
    )
    description = models.TextField(blank=True)
    licence = models.CharField(max_length=120)
    source = models.CharField(max_length=300)
    # For those that are run here: {question} and {choices} are filled in.
    prompt_template = models.TextField(blank=True)
    # A regular expression whose first group is the answer; empty: the kind's own rule.
    extraction = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name", "version")
        constraints = (
            models.UniqueConstraint(
                fields=["name", "version", "metric"], name="benchmark_once_a_version"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["reported", "exact", "choice", "number"]),
                name="benchmark_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(kind="reported") | ~Q(prompt_template=""),
                name="benchmark_run_here_has_a_template",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.version}".strip()


class BenchmarkItem(models.Model):
    """One question of a benchmark that is run here."""

    benchmark = models.ForeignKey(Benchmark, models.CASCADE, related_name="items")
    number = models.PositiveIntegerField()
    external_id = models.CharField(max_length=80, blank=True)
    question = models.TextField()
    choices = ArrayField(models.TextField(), default=list, blank=True)
    # Any of these is right; for a choice its letter.
    answers = ArrayField(models.TextField())

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(
                fields=["benchmark", "number"], name="benchmark_item_once"
            ),
            models.CheckConstraint(
                condition=Q(answers__len__gte=1), name="benchmark_item_has_an_answer"
            ),
        )

    def __str__(self) -> str:
        return f"item {self.number} of benchmark {self.benchmark_id}"


class BenchmarkScoreQuerySet(models.QuerySet["BenchmarkScore"]):
    def reported(self) -> Self:
        return self.filter(origin=BenchmarkScore.Origin.IMPORT)

    def public(self) -> Self:
        """Those whose model is confirmed, and has a page."""
        drafts = Q(contestant__state=Contestant.State.DRAFT)
        hidden = drafts | Q(contestant__judge_only=True)
        return self.filter(contestant__isnull=False).exclude(hidden)

    def newest_of_each(self) -> Self:
        """One for each benchmark and contestant: measured here before reported."""
        return self._newest("benchmark_id", "contestant_id")

    def newest_of_each_source(self) -> Self:
        return self._newest("benchmark_id", "contestant_id", "source")

    def _newest(self, *of_each: str) -> Self:
        newest = (F("measured_on").desc(nulls_last=True), "-id")
        return self.order_by(*of_each, "-origin", *newest).distinct(*of_each)


class BenchmarkScore(models.Model):
    """What one model reached, as its source names it, or as it was measured here."""

    class Origin(models.TextChoices):
        IMPORT = "import"
        RUN = "run"

    benchmark = models.ForeignKey(Benchmark, models.CASCADE, related_name="scores")
    origin = models.CharField(max_length=10, choices=Origin)
    reported_as = models.CharField(max_length=200)
    source = models.CharField(max_length=300)
    # Null until an admin has confirmed who is meant.
    contestant = models.ForeignKey(
        Contestant,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="benchmark_scores",
    )
    suggested = models.ForeignKey(
        Contestant, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True
    )
    value = models.FloatField()
    # For those measured here.
    items = models.PositiveIntegerField(null=True, blank=True)
    correct = models.PositiveIntegerField(null=True, blank=True)
    # Of the items those that no reply came to; they count as not right.
    failed = models.PositiveIntegerField(default=0, db_default=0)
    run = models.ForeignKey(
        "evaluations.Run", models.PROTECT, null=True, blank=True, related_name="scores"
    )
    measured_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = BenchmarkScoreQuerySet.as_manager()

    class Meta:
        ordering = ("benchmark", "reported_as")
        constraints = (
            models.UniqueConstraint(
                fields=["benchmark", "reported_as", "source"],
                condition=Q(origin="import"),
                name="benchmark_score_once_a_source",
            ),
            models.UniqueConstraint(
                fields=["run", "contestant"],
                condition=Q(origin="run"),
                name="benchmark_score_once_a_run",
            ),
            models.CheckConstraint(
                condition=Q(origin="import", run__isnull=True)
                | Q(
                    origin="run",
                    run__isnull=False,
                    contestant__isnull=False,
                    items__isnull=False,
                    correct__isnull=False,
                ),
                name="benchmark_score_says_where_from",
            ),
            models.CheckConstraint(
                condition=Q(correct__isnull=True)
                | Q(correct__lte=F("items") - F("failed")),
                name="benchmark_score_within_its_items",
            ),
        )

    def __str__(self) -> str:
        return f"{self.reported_as}: {self.value}"


class BenchmarkResult(models.Model):
    """One item answered: what was read out of the answer, and whether it is right."""

    run_item = models.OneToOneField(
        "evaluations.RunItem", models.CASCADE, related_name="benchmark_result"
    )
    extracted = models.TextField(blank=True)
    correct = models.BooleanField()

    def __str__(self) -> str:
        return f"result of run item {self.run_item_id}"
