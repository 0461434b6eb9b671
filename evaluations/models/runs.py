"""Runs: many calls asked for together, with a plan, a price and an end."""

from decimal import Decimal
from typing import Self

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from evaluations.models.answers import Answer
from evaluations.models.battles import Battle
from evaluations.models.benchmarks import Benchmark, BenchmarkItem
from evaluations.models.contestants import Contestant
from evaluations.models.judging import Judge, JudgeTemplate
from evaluations.models.prompts import Prompt, PromptSet
from evaluations.models.votes import Vote


class RunQuerySet(models.QuerySet["Run"]):
    def under_way(self) -> Self:
        return self.filter(state=Run.State.RUNNING)

    def with_subject(self) -> Self:
        """With what they ask about."""
        return self.select_related("prompt_set", "judge", "template", "benchmark")


class Run(models.Model):
    """Answers to a frozen set, a judge's verdicts, or a benchmark's items."""

    class Kind(models.TextChoices):
        EVALUATION = "evaluation", "Contestants answer a question set"
        JUDGING = "judging", "A judge compares pairs"
        SCORING = "scoring", "A judge scores answers"
        BENCHMARK = "benchmark", "Contestants take a benchmark"

    class State(models.TextChoices):
        PLANNED = "planned"
        RUNNING = "running"
        PAUSED = "paused"
        FINISHED = "finished"
        STOPPED = "stopped"

    kind = models.CharField(max_length=10, choices=Kind)
    prompt_set = models.ForeignKey(
        PromptSet, models.PROTECT, null=True, blank=True, related_name="runs"
    )
    judge = models.ForeignKey(
        Judge, models.PROTECT, null=True, blank=True, related_name="runs"
    )
    template = models.ForeignKey(
        JudgeTemplate, models.PROTECT, null=True, blank=True, related_name="runs"
    )
    benchmark = models.ForeignKey(
        Benchmark, models.PROTECT, null=True, blank=True, related_name="runs"
    )
    contestants = models.ManyToManyField(Contestant, related_name="runs", blank=True)
    # Of a judge who compares pairs: which ones.
    voted_only = models.BooleanField(
        default=False, db_default=False, help_text="Only battles that people voted on."
    )
    battle_limit = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="No more battles than so many; empty for all.",
    )
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    # Why it is paused or was stopped, in words.
    note = models.CharField(max_length=300, blank=True)
    spend_limit = models.DecimalField(
        "spend limit (US$)",
        max_digits=12,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
        help_text="It pauses before the call that could pass this.",
    )
    # What calls have cost whose items were asked again.
    spent_before = models.DecimalField(
        max_digits=20, decimal_places=8, default=0, db_default=0, editable=False
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    created_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    state__in=["planned", "running", "paused", "finished", "stopped"]
                ),
                name="run_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(kind="evaluation", prompt_set__isnull=False)
                | Q(
                    kind__in=["judging", "scoring"],
                    judge__isnull=False,
                    template__isnull=False,
                )
                | Q(kind="benchmark", benchmark__isnull=False),
                name="run_knows_what_it_asks",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True)
                | Q(state__in=["finished", "stopped"]),
                name="run_finished_when_it_says_so",
            ),
        )

    def __str__(self) -> str:
        return f"run {self.pk} ({self.get_kind_display()})"

    @property
    def subject(self) -> str:
        """What it asks about: a set, a judge with its template, a benchmark."""
        parts = (self.prompt_set, self.judge, self.template, self.benchmark)
        return ", ".join(str(part) for part in parts if part)


class RunItemQuerySet(models.QuerySet["RunItem"]):
    def open(self) -> Self:
        """Those that have not ended."""
        return self.filter(state__in=[RunItem.State.WAITING, RunItem.State.ASKED])

    def answered(self) -> Self:
        """Those whose answer is there, or has failed, and that nobody has settled."""
        ended = [Answer.State.READY, Answer.State.FAILED]
        return self.filter(state=RunItem.State.ASKED, answer__state__in=ended)

    def under_way(self) -> Self:
        """Those whose answer is queued or being fetched."""
        coming = [Answer.State.QUEUED, Answer.State.FETCHING]
        return self.filter(state=RunItem.State.ASKED, answer__state__in=coming)

    def moving(self) -> Self:
        """Those asked that end without anybody's doing."""
        waits = Q(answer__state=Answer.State.QUEUED) & ~Q(
            contestant__state=Contestant.State.ACTIVE
        )
        return self.filter(~waits, state=RunItem.State.ASKED)

    def with_what_is_asked(self) -> Self:
        """With all that the messages of an item are made of."""
        whole = self.select_related(
            "run__template",
            "run__judge",
            "contestant",
            "answer",
            "prompt",
            "battle__prompt",
            "scored",
            "benchmark_item__benchmark",
        )
        sides = ("battle__turns__answer_x", "battle__turns__answer_y")
        return whole.prefetch_related(*sides)


class RunItem(models.Model):
    """One call of a run's plan, and the answer that it found or asked for."""

    class State(models.TextChoices):
        WAITING = "waiting"
        ASKED = "asked"
        DONE = "done"
        FAILED = "failed"

    run = models.ForeignKey(Run, models.CASCADE, related_name="items")
    number = models.PositiveIntegerField()
    # Who is asked: a contestant, or the one whose connection the judge has.
    contestant = models.ForeignKey(Contestant, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    answer = models.ForeignKey(Answer, models.PROTECT, null=True, related_name="+")
    # Asked for by this run, so that it pays; else the answer was there before.
    paid = models.BooleanField(default=False)
    note = models.CharField(max_length=300, blank=True)

    # What is asked: one of these.
    prompt = models.ForeignKey(Prompt, models.PROTECT, null=True, related_name="+")
    turn = models.PositiveSmallIntegerField(default=1)
    battle = models.ForeignKey(Battle, models.PROTECT, null=True, related_name="+")
    left = models.CharField(max_length=1, choices=Vote.Side, blank=True)
    scored = models.ForeignKey(Answer, models.PROTECT, null=True, related_name="+")
    benchmark_item = models.ForeignKey(
        BenchmarkItem, models.PROTECT, null=True, related_name="+"
    )

    objects = RunItemQuerySet.as_manager()

    class Meta:
        ordering = ("run", "number")
        constraints = (
            models.UniqueConstraint(
                fields=["run", "number"], name="run_item_has_its_number"
            ),
            models.UniqueConstraint(
                fields=["run", "contestant", "prompt", "turn"],
                condition=Q(prompt__isnull=False),
                name="run_item_once_a_turn",
            ),
            models.UniqueConstraint(
                fields=["run", "battle", "left"],
                condition=Q(battle__isnull=False),
                name="run_item_once_an_order",
            ),
            models.UniqueConstraint(
                fields=["run", "scored"],
                condition=Q(scored__isnull=False),
                name="run_item_once_an_answer",
            ),
            models.UniqueConstraint(
                fields=["run", "contestant", "benchmark_item"],
                condition=Q(benchmark_item__isnull=False),
                name="run_item_once_a_question",
            ),
            models.CheckConstraint(
                condition=Q(
                    prompt__isnull=False,
                    battle__isnull=True,
                    scored__isnull=True,
                    benchmark_item__isnull=True,
                )
                | Q(
                    prompt__isnull=True,
                    battle__isnull=False,
                    scored__isnull=True,
                    benchmark_item__isnull=True,
                )
                | Q(
                    prompt__isnull=True,
                    battle__isnull=True,
                    scored__isnull=False,
                    benchmark_item__isnull=True,
                )
                | Q(
                    prompt__isnull=True,
                    battle__isnull=True,
                    scored__isnull=True,
                    benchmark_item__isnull=False,
                ),
                name="run_item_asks_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(battle__isnull=True, left="")
                | Q(battle__isnull=False, left__in=["x", "y"]),
                name="run_item_of_a_battle_has_an_order",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", answer__isnull=True)
                | Q(state__in=["asked", "done"], answer__isnull=False)
                | Q(state="failed"),
                name="run_item_has_its_answer",
            ),
            models.CheckConstraint(
                condition=Q(turn__gte=1), name="run_item_turn_counts_from_one"
            ),
        )
        indexes = (
            models.Index(
                F("run"),
                F("number"),
                name="run_item_open",
                condition=Q(state__in=["waiting", "asked"]),
            ),
            models.Index(
                F("answer"), name="run_item_asked", condition=Q(state="asked")
            ),
        )

    def __str__(self) -> str:
        return f"item {self.number} of run {self.run_id}"
