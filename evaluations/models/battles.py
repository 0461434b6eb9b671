"""Two answers set against each other, and what volunteers say of the pairing."""

import uuid
from collections.abc import Collection
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now, Random

from evaluations.models.answers import Answer
from evaluations.models.contestants import Contestant
from evaluations.models.prompts import Prompt, PromptSet
from evaluations.models.volunteers import Volunteer

# What a visitor learns of a contestant by voting.
REVEALED = (
    *("slug", "name", "maker", "licence", "open_weights"),
    *("parameters_b", "provider"),
)
# What checks the judgements stands in the queue as any other battle does, but for a
# repeat: that is offered to its volunteer alone.
QUEUED = Q(mode__in=["queue", "control"], only_for__isnull=True)
# An imported battle may be judged further without end.
WITHOUT_END = 32_000


class BattleQuerySet(models.QuerySet["Battle"]):
    def ready(self) -> Self:
        return self.filter(state=Battle.State.READY, withdrawn_at__isnull=True)

    def awaited(self) -> Self:
        """Those of the judge queue whose answers are on their way."""
        return self.filter(
            QUEUED, state=Battle.State.WAITING, withdrawn_at__isnull=True
        )

    def offered(self) -> Self:
        """Those the judge queue may still hand out."""
        return self.ready().filter(QUEUED, judgements__lt=F("judgements_wanted"))

    def on_set(self, prompt_set: PromptSet | None) -> Self:
        """Those on prompts of a set; all of them where none is named."""
        if prompt_set is None:
            return self
        return self.filter(prompt__prompt_set=prompt_set)

    def repeated_for(self, volunteer: Volunteer | None) -> Self:
        """Pairs of earlier votes of theirs, to be judged once more."""
        return self.ready().filter(only_for=volunteer) if volunteer else self.none()

    def same_model(self) -> Self:
        """Controls in which one contestant meets itself."""
        return self.filter(mode=Battle.Mode.CONTROL, repeat_of__isnull=True)

    def with_any_answer(self, answer_ids: Collection[int]) -> Self:
        """Those in which one of these answers stands."""
        turns = BattleTurn.objects.filter(
            Q(answer_x__in=answer_ids) | Q(answer_y__in=answer_ids)
        )
        return self.filter(pk__in=turns.values("battle"))

    def with_failed_answer(self) -> Self:
        failed = Answer.State.FAILED
        turns = BattleTurn.objects.filter(
            Q(answer_x__state=failed) | Q(answer_y__state=failed)
        )
        return self.filter(pk__in=turns.values("battle"))

    def with_equal_answers(self) -> Self:
        """Those in which the two answers of a turn look the same."""
        ready = Answer.State.READY
        turns = BattleTurn.objects.filter(
            Q(answer_x__text=F("answer_y__text"))
            | Q(answer_x__html=F("answer_y__html")),
            answer_x__state=ready,
            answer_y__state=ready,
        )
        return self.filter(pk__in=turns.values("battle"))

    def with_all_answers(self) -> Self:
        """Those of which no answer is missing."""
        ready = Answer.State.READY
        unready = BattleTurn.objects.exclude(
            answer_x__state=ready, answer_y__state=ready
        )
        return self.exclude(pk__in=unready.values("battle"))

    def with_contestants(self) -> Self:
        """With what a reveal shows of them, and never with their keys."""
        own = ("public_id", "state", "mode", "prompt", "withdrawn_at")
        sides = [f"contestant_{side}__{name}" for side in "xy" for name in REVEALED]
        check = ("repeat_of", "only_for")
        chosen = self.select_related("contestant_x", "contestant_y")
        return chosen.only(*own, *check, *sides)


class Battle(models.Model):
    """Contestants x and y on one prompt; which stands left is each volunteer's own.

    A control checks the judgements and counts in no rating: a contestant against
    itself, or a repeat. Triggers, written in the migrations, hold a repeat to the
    pair, the prompt and the answers that it shows again.
    """

    class Mode(models.TextChoices):
        QUEUE = "queue"
        LIVE = "live"
        CONTROL = "control"

    class State(models.TextChoices):
        WAITING = "waiting"
        READY = "ready"
        FAILED = "failed"

    class Origin(models.TextChoices):
        DRAW = "draw"
        IMPORT = "import"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mode = models.CharField(max_length=10, choices=Mode, default=Mode.QUEUE)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.DRAW)
    external_id = models.CharField(max_length=80, unique=True, null=True)  # noqa: DJ001  unique where known
    prompt = models.ForeignKey(Prompt, models.PROTECT, related_name="battles")
    contestant_x = models.ForeignKey(Contestant, models.PROTECT, related_name="+")
    contestant_y = models.ForeignKey(Contestant, models.PROTECT, related_name="+")
    # A swapped repeat: the battle it shows again, and to whom.
    repeat_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="repeats",
        db_index=False,
    )
    only_for = models.ForeignKey(
        Volunteer,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="repeats",
        db_index=False,
    )
    draw_rule = models.CharField(max_length=20, blank=True)
    draw_probability = models.FloatField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    shuffle = models.FloatField(db_default=Random())
    # How often it was handed to a visitor.
    shown = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    judgements = models.PositiveSmallIntegerField(default=0)
    judgements_wanted = models.PositiveSmallIntegerField(default=1)
    opened_at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=200, blank=True)

    objects = BattleQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(mode="control") | ~Q(contestant_x=F("contestant_y")),
                name="battle_between_two_contestants",
            ),
            models.CheckConstraint(
                condition=Q(repeat_of__isnull=True) | Q(mode="control"),
                name="battle_repeat_is_a_control",
            ),
            models.CheckConstraint(
                condition=Q(repeat_of__isnull=True, only_for__isnull=True)
                | Q(repeat_of__isnull=False, only_for__isnull=False),
                name="battle_repeat_is_for_one",
            ),
            models.CheckConstraint(
                condition=~Q(mode="control")
                | Q(repeat_of__isnull=True, contestant_x=F("contestant_y"))
                | Q(repeat_of__isnull=False) & ~Q(contestant_x=F("contestant_y")),
                name="battle_control_is_of_one_kind",
            ),
            models.UniqueConstraint(
                fields=["only_for", "repeat_of"],
                condition=Q(only_for__isnull=False),
                name="battle_repeated_once_per_volunteer",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "ready", "failed"]),
                name="battle_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(draw_probability__isnull=True)
                | Q(draw_probability__gt=0, draw_probability__lte=1),
                name="battle_draw_probability_is_one",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_reason=""),
                name="battle_withdrawn_with_a_reason",
            ),
        )
        indexes = (
            models.Index(
                F("origin"),
                F("shuffle"),
                name="battle_offered",
                condition=Q(state="ready", withdrawn_at__isnull=True)
                & QUEUED
                & Q(judgements__lt=F("judgements_wanted")),
            ),
            models.Index(
                F("contestant_x"), name="battle_control", condition=Q(mode="control")
            ),
            models.Index(
                F("repeat_of"),
                name="battle_repeated",
                condition=Q(repeat_of__isnull=False),
            ),
            models.Index(
                F("contestant_x"),
                F("contestant_y"),
                F("prompt"),
                name="battle_of_pair",
            ),
            models.Index(
                F("mode"),
                F("id").desc(),
                name="battle_drawn",
                condition=Q(origin="draw"),
            ),
            models.Index(
                F("opened_at"), name="battle_waiting", condition=Q(state="waiting")
            ),
        )

    def __str__(self) -> str:
        return f"battle {self.public_id}"


class BattleTurn(models.Model):
    """The two answers of one turn."""

    battle = models.ForeignKey(Battle, models.CASCADE, related_name="turns")
    number = models.PositiveSmallIntegerField(default=1)
    answer_x = models.ForeignKey(Answer, models.PROTECT, related_name="+")
    answer_y = models.ForeignKey(Answer, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(
                fields=["battle", "number"], name="turn_once_in_its_battle"
            ),
            models.CheckConstraint(
                condition=~Q(answer_x=F("answer_y")), name="turn_has_two_answers"
            ),
        )

    def __str__(self) -> str:
        return f"turn {self.number} of battle {self.battle_id}"


class Skip(models.Model):
    """A volunteer passed this battle by."""

    class Reason(models.TextChoices):
        NONE = "", "No reason given"
        OUTSIDE_FIELD = "outside_field", "Outside my field"

    battle = models.ForeignKey(Battle, models.CASCADE, related_name="skips")
    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="skips")
    reason = models.CharField(max_length=20, choices=Reason, blank=True)
    skipped_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["battle", "volunteer"], name="skip_once_per_volunteer"
            ),
        )

    def __str__(self) -> str:
        return f"skip of battle {self.battle_id}"


class Report(models.Model):
    """Somebody says this battle should not be shown."""

    class Reason(models.TextChoices):
        UNSAFE = "unsafe", "Dangerous or hateful"
        PRIVATE = "private", "Contains personal data"
        BROKEN = "broken", "An answer is broken or cut off"
        REVEALED = "revealed", "An answer names its model"
        OTHER = "other", "Something else"

    class State(models.TextChoices):
        OPEN = "open"
        UPHELD = "upheld"
        DISMISSED = "dismissed"

    battle = models.ForeignKey(Battle, models.CASCADE, related_name="reports")
    volunteer = models.ForeignKey(
        Volunteer, models.SET_NULL, null=True, related_name="reports"
    )
    reason = models.CharField(max_length=10, choices=Reason)
    comment = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    reported_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("-reported_at",)

    def __str__(self) -> str:
        return f"report on battle {self.battle_id}"
