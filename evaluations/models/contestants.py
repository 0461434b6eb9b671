"""Registered models and the log of what became of them."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator, URLValidator
from django.db import models
from django.db.models import F, Q

from evaluations.models.encryption import decrypt, encrypt

WEB_ADDRESS = URLValidator(schemes=["http", "https"])

# Largest number of parameters (billions) that a machine of the class runs well.
SIZE_CLASSES = (
    (Decimal(4), "phone"),
    (Decimal(15), "laptop"),
    (Decimal(80), "workstation"),
)


class ContestantQuerySet(models.QuerySet["Contestant"]):
    def active(self) -> Self:
        """Those that may be asked."""
        return self.filter(state=Contestant.State.ACTIVE)

    def playing(self) -> Self:
        """Those that battles are drawn from."""
        return self.active().filter(judge_only=False)

    def published(self) -> Self:
        """Those that visitors may read about."""
        return self.exclude(state=Contestant.State.DRAFT).filter(judge_only=False)


class Contestant(models.Model):
    """A registered model: what it is, how to reach it, whether it plays."""

    class State(models.TextChoices):
        DRAFT = "draft"
        ACTIVE = "active"
        PAUSED = "paused"
        RETIRED = "retired"

    class Provider(models.TextChoices):
        OPENAI = "openai", "OpenAI-compatible chat completions"
        ANTHROPIC = "anthropic", "Anthropic Messages"
        HOUSE = "house", "House program"

    slug = models.SlugField(
        max_length=80, unique=True, help_text="Public and stable: part of addresses."
    )
    name = models.CharField(max_length=120, unique=True)
    maker = models.CharField(max_length=120, help_text="Who trained it.")
    licence = models.CharField(
        max_length=120, blank=True, help_text="SPDX name or 'proprietary'."
    )
    open_weights = models.BooleanField(default=False)
    parameters_b = models.DecimalField(
        "parameters (billions)",
        max_digits=9,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.001"))],
        help_text="Leave empty where undisclosed.",
    )
    active_parameters_b = models.DecimalField(
        "active parameters (billions)",
        max_digits=9,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.001"))],
        help_text="For mixtures of experts.",
    )
    context_tokens = models.PositiveIntegerField(null=True, blank=True)
    release_date = models.DateField(null=True, blank=True)
    homepage = models.CharField(max_length=300, blank=True, validators=[WEB_ADDRESS])
    description = models.TextField(blank=True)
    variant_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="variants"
    )
    aliases = ArrayField(
        models.CharField(max_length=120),
        default=list,
        blank=True,
        help_text="Other names it goes by, separated by commas.",
    )

    provider = models.CharField(max_length=20, choices=Provider)
    base_url = models.CharField(
        max_length=300,
        blank=True,
        validators=[WEB_ADDRESS],
        help_text="For example https://api.example.org/v1; empty for a house program.",
    )
    api_model = models.CharField(
        max_length=200, blank=True, help_text="The name the provider's API expects."
    )
    key_token = models.TextField(blank=True, editable=False)
    key_variable = models.CharField(
        max_length=80,
        blank=True,
        help_text="Name of an environment variable that holds the key instead.",
    )
    parameters = models.JSONField(
        default=dict,
        blank=True,
        help_text='Sent with each request, for example {"temperature": 0.7}.',
    )
    judge_only = models.BooleanField(
        default=False,
        db_default=False,
        help_text="A connection for a judge: it is asked for verdicts and never plays.",
    )
    price_in = models.DecimalField(
        "price of a million prompt tokens (US$)",
        max_digits=12,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
        help_text="Leave empty where a call costs nothing that you wish to count.",
    )
    price_out = models.DecimalField(
        "price of a million answer tokens (US$)",
        max_digits=12,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )
    concurrency = models.PositiveSmallIntegerField(
        default=4,
        validators=[MinValueValidator(1)],
        help_text="Calls at the same time, over all workers.",
    )
    requests_per_minute = models.PositiveIntegerField(
        default=60,
        validators=[MinValueValidator(1)],
        help_text="Calls a minute, over all workers.",
    )

    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    failures_in_row = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ContestantQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=["draft", "active", "paused", "retired"]),
                name="contestant_state_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(variant_of=F("id")), name="contestant_not_its_own_variant"
            ),
            models.CheckConstraint(
                condition=Q(concurrency__gte=1, requests_per_minute__gte=1),
                name="contestant_limits_let_a_call_through",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_house_program(self) -> bool:
        return self.provider == self.Provider.HOUSE

    @property
    def size_class(self) -> str:
        if self.parameters_b is None:
            return "undisclosed"
        for largest, name in SIZE_CLASSES:
            if self.parameters_b <= largest:
                return name
        return "server"

    def store_key(self, plain: str) -> None:
        self.key_token = encrypt(plain)

    def stored_key(self) -> str:
        return decrypt(self.key_token)


class ContestantChange(models.Model):
    """One change of state: appended, never overwritten."""

    contestant = models.ForeignKey(
        Contestant, models.CASCADE, related_name="changes", editable=False
    )
    from_state = models.CharField(max_length=10, blank=True, editable=False)
    to_state = models.CharField(max_length=10, editable=False)
    note = models.CharField(max_length=300, blank=True, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False
    )
    changed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-changed_at", "-id")

    def __str__(self) -> str:
        return f"{self.contestant_id}: {self.from_state} → {self.to_state}"


def heading_of(members: Iterable[Contestant]) -> str:
    """Name a group that no vote connects with the others."""
    members = list(members)
    if all(member.is_house_program for member in members):
        return "House programs"
    if all(member.state == Contestant.State.RETIRED for member in members):
        return "Retired models"
    return "Models"
