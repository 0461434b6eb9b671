"""Ordered counts of outcomes, rolled up from the ledger exactly once."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q

from evaluations.models.contestants import Contestant
from evaluations.models.votes import Vote

ALL = "all"
CATEGORY, LANGUAGE, SET = "category:", "language:", "set:"
# What follows the kind has at most 80 characters: the slug of a set of prompts.
SLICE_LENGTH = 100
# Covariates of form and their products, as Vote.style has them.
FORMS = 4
PRODUCTS = FORMS * (FORMS + 1) // 2


def no_sums() -> list[int]:
    return [0] * FORMS


def no_products() -> list[int]:
    return [0] * PRODUCTS


class CurrentTransaction(Func):
    """The id of the writing transaction, as a number that never wraps."""

    template = "(pg_current_xact_id()::text::bigint)"
    output_field = models.BigIntegerField()


class TallyChange(models.Model):
    """What one vote adds to or takes from the tallies, written with the vote itself.

    It counts once in each of the slices; style is the vote's own.
    """

    vote = models.ForeignKey(Vote, models.CASCADE, related_name="+")
    slices = ArrayField(models.CharField(max_length=SLICE_LENGTH))
    style = ArrayField(models.SmallIntegerField())
    first = models.ForeignKey(
        Contestant, models.CASCADE, related_name="+", db_index=False
    )
    second = models.ForeignKey(
        Contestant, models.CASCADE, related_name="+", db_index=False
    )
    outcome = models.CharField(max_length=10, choices=Vote.Verdict)
    delta = models.SmallIntegerField()
    transaction = models.BigIntegerField(db_default=CurrentTransaction(), db_index=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(delta__in=[-1, 1]), name="tally_change_is_one_vote"
            ),
            models.CheckConstraint(
                condition=Q(slices__len__gte=1), name="tally_change_has_a_slice"
            ),
            models.CheckConstraint(
                condition=Q(style__len=FORMS), name="tally_change_has_all_of_style"
            ),
        )

    def __str__(self) -> str:
        return f"{self.delta:+d} {self.outcome} by vote {self.vote_id}"


class Tally(models.Model):
    """How often the first (shown left) met the second (shown right) with an outcome.

    Beside the count stand the sums of the votes' style and of its products, the upper
    triangle row by row: whole numbers, so that taking back is exact.
    """

    slice = models.CharField(max_length=SLICE_LENGTH, default=ALL)
    first = models.ForeignKey(Contestant, models.CASCADE, related_name="+")
    second = models.ForeignKey(Contestant, models.CASCADE, related_name="+")
    outcome = models.CharField(max_length=10, choices=Vote.Verdict)
    count = models.PositiveBigIntegerField()
    style_sums = ArrayField(models.BigIntegerField(), default=no_sums)
    style_products = ArrayField(models.BigIntegerField(), default=no_products)

    class Meta:
        verbose_name_plural = "tallies"
        constraints = (
            models.UniqueConstraint(
                fields=["slice", "first", "second", "outcome"], name="tally_once"
            ),
            models.CheckConstraint(
                condition=Q(count__gte=0), name="tally_not_negative"
            ),
            models.CheckConstraint(
                condition=~Q(first=F("second")), name="tally_between_two_contestants"
            ),
            models.CheckConstraint(
                condition=Q(style_sums__len=FORMS, style_products__len=PRODUCTS),
                name="tally_has_all_moments",
            ),
        )

    def __str__(self) -> str:
        return f"{self.first_id} {self.outcome} {self.second_id}: {self.count}"


class TallyMark(models.Model):
    """Changes of transactions below the mark are in the tallies. One row."""

    only = models.BooleanField(primary_key=True, default=True)
    transaction = models.BigIntegerField(default=0)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(only=True), name="tally_mark_is_one_row"
            ),
        )

    def __str__(self) -> str:
        return f"below transaction {self.transaction}"
